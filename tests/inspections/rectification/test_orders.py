"""责令改正通知书 as it was handed out, what a correction of the result does to it, and a file chosen by mistake (八(二)-e)."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.subject import Leaf
from benxi_shuangsuiji.subjects import house
from disclosure.models import Publication
from inspections.archive import standing
from inspections.codes import links
from inspections.models import Inspection, Rectification, RectificationOrder, RectificationReport, ReportFile
from inspections.rectification import papers
from inspections.rectification.pages import along
from tests.browsing import html_of, post_and_follow, refused, signed_in, text_of
from tests.disclosure.factories import make_revision
from tests.factories import PASSWORD, make_approver, make_disclosure_officer, make_observer, make_planner, make_unit
from tests.inspections.evidence.pictures import PDF, photo
from tests.inspections.factories import link_of
from tests.inspections.rectification.factories import (
    WORDS,
    ask,
    check_again,
    decided,
    leader_of,
    make_rectification,
    report,
)
from tests.inspections.rectification.test_pages import address, at_enterprise, file
from tests.plans.draw.factories import make_item_list

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day(at):
    at("2026-07-09 10:00")
    make_item_list()
    return at


def now(found) -> Rectification:
    return along(Rectification.objects.filter(pk=found.pk)).get()


def orders_in_the_file(found) -> list[Leaf]:
    kept = standing.file_of(Inspection.objects.select_related("unit").get(pk=found.inspection_id))
    return next(line for line in kept.lines if line.filed.name == "责令改正通知书").leaves


@pytest.mark.clause("八(二)-e", "四(3)-b")
def test_a_file_chosen_by_mistake_leaves_the_draft_and_nothing_leaves_what_was_handed_in(day):
    found, other, browser = make_rectification(), make_rectification(), Client()
    said = {
        "state_1": "DONE",
        "words_1": "已专设加药记录本",
        "state_2": "DOING",
        "words_2": "清空了",
        "by_name": "齐某",
    }
    page = browser.post(
        at_enterprise(found), said | {"do": "keep", "files_1": [file("加药.jpg", photo()), file("工资表.pdf", PDF)]}
    )
    assert "选错的，勾“拿掉”" in text_of(page)
    right, wrong = ReportFile.objects.order_by("pk")
    assert f'name="out" value="{wrong.pk}"' in " ".join(html_of(page).split())
    report(other, files={1: [("别家.jpg", photo(size=(640, 481)))]})
    theirs = ReportFile.objects.latest("pk")

    refusal = browser.post(
        at_enterprise(found), said | {"do": "keep", "words_2": "应急池清空", "out": [str(theirs.pk), "x"]}
    )
    assert refusal.status_code == 409 and "要拿掉的文件已经不在草稿里" in text_of(refusal)
    assert "应急池清空" in html_of(refusal) and ReportFile.objects.count() == 3  # what was typed is kept, nothing went
    done = browser.post(at_enterprise(found), said | {"do": "send", "out": str(wrong.pk)})
    receipt = text_of(browser.get(done.url))
    assert "加药.jpg" in receipt and "工资表" not in receipt
    twice = browser.post(
        at_enterprise(found), said | {"do": "send", "out": str(wrong.pk)}
    )  # pressed again: one receipt
    assert twice.url == done.url and RectificationReport.objects.filter(rectification=found).count() == 1
    late = browser.post(at_enterprise(found), said | {"do": "send", "out": str(right.pk)})
    assert late.status_code == 409 and "已经随报告" in text_of(late) and "不能拿掉" in text_of(late)
    for attack in (
        lambda: right.delete(),
        lambda: ReportFile.objects.filter(pk=right.pk).update(small=None),
        lambda: ReportFile.objects.create(line=right.line, file=right.file),
    ):
        with pytest.raises(DatabaseError, match=r"不能修改|permission denied"), transaction.atomic():
            attack()
    links.renew(inspection=found.inspection, by=make_planner(found.inspection.unit))
    gone = browser.post(f"/e/{done.url.split('/')[2]}/rectify/", said | {"out": str(right.pk)})
    assert gone.status_code == 410 and ReportFile.objects.filter(pk=right.pk).exists()


@pytest.mark.clause("七(七)-k", "八(二)-e")
def test_the_file_holds_each_order_as_it_was_handed_out_and_opens_nothing(day):
    make_unit("210001", kind=UnitKind.CITY_BUREAU, name="市局")
    found = make_rectification()
    decided(found, "EXTEND", until=date(2026, 8, 6))
    token = link_of(found.inspection).token
    printed = str(papers.order_of(now(found), "https://抽查.example"))
    assert token in printed and "2026 年 8 月 6 日" in printed  # for whoever needs it today
    day("2026-08-07 10:00")
    check_again(now(found), mended=(False, False))
    decided(now(found), "AGAIN", until=date(2026, 8, 28))
    house().check_moved(now(found).inspection, None)  # whatever moves later, nothing was handed out again
    first, again = RectificationOrder.objects.all()
    one, two = (str(papers.handed_out(order)) for order in (first, again))
    assert "2026 年 7 月 23 日" in one and "8 月 6 日" not in one and "2026 年 8 月 28 日前改正" in two
    assert token not in one + two and "交整改报告、申请延期，不用登录" not in one + two
    assert "签收" in one and all(words in one for words in WORDS)
    leaves = orders_in_the_file(found)
    assert [leaf.title for leaf in leaves] == ["责令改正通知书", "责令改正通知书（再责令一次）"]
    assert [leaf.on for leaf in leaves] == [date(2026, 7, 9), date(2026, 8, 7)]
    assert all(content.startswith(b"%PDF") for content in leaves[0].content("https://抽查.example"))
    for attack in (lambda: RectificationOrder.objects.update(due=date(2027, 1, 1)), first.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()


@pytest.mark.clause("八(二)-c", "八(二)-e")
def test_a_corrected_finding_is_read_against_the_order_by_the_team_and_decided_by_another():
    found = make_rectification()
    check, team = found.inspection, leader_of(found)
    result = Publication.objects.get(kind="RESULT", no=check.no)
    check_again(found)  # all is mended: the end may be asked for
    make_revision(
        result, words={"measures": "当场提出改正要求"} | {"finding": f"污水站 7 月 5 日至 9 日没有加药记录；{WORDS[1]}"}
    )
    found = now(found)
    assert [p.words for p in found.points.all()] == list(WORDS)  # nothing is taken over unread
    assert Duty.objects.open().get(rule="MENDNEXT").title.startswith("按更正核对整改的问题")
    with refused("先核对整改的问题。可以办理：按更正核对问题"):
        ask(found, "CLOSE")
    page = text_of(signed_in(team).get(address(found)))
    for words in ("检查结果更正", WORDS[0], "污水站 7 月 5 日至 9 日没有加药记录", "逐处核对"):
        assert words in page
    assert "正在核对问题的写法" in text_of(Client().get(at_enterprise(found, "")))
    with refused("第 1、2 处都要核对"):
        ask(found, "AMEND", said={1: "污水站 7 月 5 日至 9 日没有加药记录"})
    with refused("写明第 2 处的问题"):
        ask(found, "AMEND", said={1: "污水站 7 月 5 日至 9 日没有加药记录", 2: " "})
    typed = {"words_1": "污水站 7 月 5 日至 9 日没有加药记录", "words_2": WORDS[1], "reason": "笔录第 2 页是 7 月 5 日"}
    asked = post_and_follow(signed_in(team), address(found), typed)
    assert "等明山分局分管负责人决定" in text_of(asked)
    head = signed_in(make_approver(check.unit))
    shown = text_of(head.get(address(found)))
    assert "第 1 处改成：污水站 7 月 5 日至 9 日没有加药记录" in shown and "第 2 处照原文" in shown
    done = post_and_follow(head, address(found), decision="approve", opinion="同意", own_password=PASSWORD)
    assert "整改的问题已经核对" in text_of(done)
    assert [p.words for p in now(found).points.all()] == ["污水站 7 月 5 日至 9 日没有加药记录", WORDS[1]]
    assert [leaf.title for leaf in orders_in_the_file(found)] == ["责令改正通知书", "责令改正通知书（按更正核对问题）"]
    assert Duty.objects.open().get(rule="MENDNEXT").title.startswith("提出办结")
    decided(now(found), "CLOSE")


@pytest.mark.clause("八(二)-e", "四(3)-b")
def test_reasons_words_and_names_of_an_order_are_read_by_its_circle_alone():
    found = make_rectification()
    report(found, files={1: [("加药.jpg", photo())]}, wish_until=date(2026, 8, 6), wish_because="防渗施工 8 月初完工")
    decided(found, "EXTEND", until=date(2026, 8, 6))
    inside = text_of(signed_in(make_planner(found.inspection.unit)).get(address(found)))
    names = (leader_of(found).full_name, "照片和施工合同对得上", "已专设加药记录本", "防渗施工", "齐某")
    assert all(words in inside for words in names)
    for reader in (make_observer(), make_disclosure_officer(found.inspection.unit)):
        page = text_of(signed_in(reader).get(address(found)))
        assert "延长到 2026 年 8 月 6 日" in page and not [words for words in names if words in page]
