"""The pages of 整改 (ui-2.md 24, 32f): list, one 整改, the re-inspection asked for from it, the enterprise's link."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents import pictures
from inspections.codes import links
from inspections.models import Rectification, RectificationReport, ReportFile, TargetedCheck
from inspections.rectification import papers
from tests.browsing import html_of, post, post_and_follow, queries, signed_in, text_of
from tests.documents import page_validation
from tests.factories import (
    PASSWORD,
    make_approver,
    make_disclosure_officer,
    make_listed,
    make_observer,
    make_planner,
    make_unit,
)
from tests.inspections.evidence.pictures import HEIC, PDF, photo
from tests.inspections.factories import link_of, make_inspection, team_of
from tests.inspections.rectification.factories import (
    ask,
    check_again,
    decided,
    leader_of,
    make_rectification,
    report,
)
from tests.plans.draw.factories import make_item_list

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day(at):
    at("2026-07-09 10:00")
    make_item_list()
    return at


def address(found, rest="") -> str:
    return reverse("inspections:rectification", args=[found.inspection.no]) + rest


def at_enterprise(found, rest="rectify/") -> str:
    return f"/e/{link_of(found.inspection).token}/{rest}"


def file(name, content) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.clause("八(二)-e", "七(四)-7")
def test_the_leader_reads_it_all_and_decides_with_his_password():
    found = make_rectification()
    report(found, files={1: [("加药.jpg", photo())]}, wish_until=date(2026, 8, 6), wish_because="防渗施工 8 月初完工")
    ask(found, "EXTEND", until=date(2026, 8, 6))
    leader = signed_in(make_approver(found.inspection.unit))
    page = text_of(leader.get(address(found)))
    for words in (
        "还剩 14 天",
        "第 2 处到 8 月 6 日",
        "已专设加药记录本",
        "同意延到 8 月 6 日",
        "原期限",
        "公众看到的",
    ):
        assert words in page
    assert "2026 年 8 月 6 日（7 月 9 日批准延期）" in page
    wrong = post(leader, address(found), decision="approve", opinion="", own_password="falsch-falsch-1")
    assert wrong.status_code in (302, 409)
    done = post_and_follow(leader, address(found), decision="approve", opinion="同意", own_password=PASSWORD)
    assert "等公示员公开" in text_of(done)
    act = found.acts.get()
    assert act.state == "APPROVED"
    paper = leader.get(reverse("inspections:rectification-paper", args=[found.inspection.no, act.pk]))
    assert paper.content.startswith(b"%PDF")


@pytest.mark.clause("八(二)-e")
def test_the_team_asks_and_the_others_read(client):
    found = make_rectification()
    mine = signed_in(leader_of(found))
    page = mine.get(address(found))
    assert "提出延期" in text_of(page) and "安排复查" not in text_of(page).replace("安排复查。", "")
    sent = post_and_follow(mine, address(found), points=["2"], until="2026-08-06", reason="施工合同对得上，建议同意")
    assert "等明山分局分管负责人决定" in text_of(sent)
    officer = signed_in(make_disclosure_officer(found.inspection.unit))
    assert officer.get(address(found)).status_code == 200
    assert signed_in(make_observer()).get(address(found)).status_code == 200
    away = signed_in(make_planner(make_unit("210503")))
    assert away.get(address(found)).status_code == 404
    assert client.get(address(found)).status_code == 302


@pytest.mark.clause("八(二)-e")
def test_the_re_inspection_is_asked_for_from_its_page():
    found = make_rectification()
    planner = signed_in(make_planner(found.inspection.unit))
    page = html_of(planner.get(address(found, "again/")))
    assert "环境执法复核" in page and "污染防治设施运行情况" in page
    team = team_of(found.inspection)
    said = {
        "leader": team[0].pk,
        "members": [team[1].pk],
        "items": [make_item_list().items.get().pk],
        "mode": "ONSITE",
        "finish_by": "2026-07-30",
    }
    done = post_and_follow(planner, address(found, "again/"), said)
    asked = TargetedCheck.objects.get(original=found.inspection)
    listed = make_rectification()
    make_listed(listed.inspection.facility)
    form = signed_in(make_planner(listed.inspection.unit)).get(address(listed, "again/")).context["form"]
    assert form["mode"].value() == "OFFSITE" and "OTHER" not in dict(form.fields["onsite_reason"].widget.choices)
    assert f"已提出复查 {asked.no}" in text_of(done) and asked.cap_exemption == "RECHECK"
    assert "办完以后再安排" in text_of(planner.get(address(found, "again/")))


@pytest.mark.clause("八(二)-e")
def test_a_list_of_thirty_costs_what_a_list_of_one_costs():
    first = make_rectification()
    client = signed_in(make_planner(first.inspection.unit))
    report(first)
    once = queries(client, reverse("inspections:rectifications"))
    report(make_rectification())
    for _ in range(28):
        check = make_inspection(first.inspection.unit, people=0, accepted=False, approved=False, points=[])
        Rectification.objects.create(inspection=check, due=first.due, opened_at=clock.now())
    assert queries(client, reverse("inspections:rectifications")) == once
    page = text_of(client.get(reverse("inspections:rectifications")))
    assert page.count("改完 1 处，复查以前不算改好") == 2 and "共 30 件" in page
    check_again(first)
    decided(first, "CLOSE")
    assert "办结" in text_of(client.get(reverse("inspections:rectifications") + "?over=1"))


@pytest.mark.clause("八(二)-e", "四(3)-b")
def test_the_enterprises_link_takes_what_is_in_order_and_loses_nothing_of_the_rest():
    found, browser = make_rectification(), Client()
    assert "交整改报告" in text_of(browser.get(at_enterprise(found, "")))
    big = b"\xff\xd8\xff" + b"0" * (40 * pictures.MIB)
    said = {"state_1": "DONE", "words_1": "已专设加药记录本", "state_2": "DOING", "by_name": "齐某", "do": "send"}
    refused = browser.post(
        at_enterprise(found),
        said | {"files_1": [file("大.jpg", big), file("加药.jpg", photo())], "files_2": [file("手机.heic", HEIC)]},
    )
    page = text_of(refused)
    assert refused.status_code == 409 and "40.1 MB，最多 10 MB" in page and "HEIC" in page
    assert "已专设加药记录本" in html_of(refused) and "加药.jpg 已收下" in page
    assert RectificationReport.objects.get().sent_at is None
    again = text_of(browser.get(at_enterprise(found)))
    assert "加药.jpg 已收下" in again
    kept = browser.post(at_enterprise(found), said | {"do": "keep"})
    assert "草稿已存，7 月 9 日 10:00" in text_of(kept)
    sent = browser.post(at_enterprise(found), said | {"files_2": [file("合同.pdf", PDF)]})
    assert sent.status_code == 302
    twice = browser.post(at_enterprise(found), said)
    assert twice.url == sent.url and RectificationReport.objects.count() == 1
    receipt = text_of(browser.get(sent.url))
    assert "已收到整改报告" in receipt and "合同.pdf" in receipt and "加药.jpg" in receipt
    assert ReportFile.objects.count() == 2
    other = browser.post(at_enterprise(found), said | {"words_1": "另一个窗口里写的", "by_name": "闻某"})
    assert other.url != sent.url and "另一个窗口里写的" in text_of(
        browser.get(other.url)
    )  # not the receipt of another's


@pytest.mark.clause("八(二)-e")
def test_a_link_that_is_wrong_renewed_or_over_says_so_and_opens_nothing(day):
    found, browser = make_rectification(), Client()
    other = make_rectification()
    old = at_enterprise(found)
    assert browser.get("/e/AAAA/rectify/").status_code == 404
    links.renew(inspection=found.inspection, by=make_planner(found.inspection.unit))
    gone = browser.post(old, {"do": "send"})
    assert gone.status_code == 410 and "这个网址已换新" in text_of(gone)
    report(other)
    mine = other.reports.get()
    token = link_of(found.inspection).token
    assert browser.get(f"/e/{token}/rectify/{mine.pk}/").status_code == 404
    day("2028-01-05 10:00")
    over = browser.get(at_enterprise(found))
    assert over.status_code == 410 and "不再收件" in text_of(over)


@pytest.mark.clause("八(二)-e")
def test_the_order_is_a_paper_for_the_enterprise_and_its_link_says_what_is_due_and_what_happens_then(day):
    found, browser = make_rectification(), Client()
    link, team = f"/e/{link_of(found.inspection).token}/", signed_in(leader_of(found))
    paper = papers.order_of(found, "https://抽查.example")
    words = str(paper.blocks)
    assert paper.address.endswith(link) and link in paper.foot[0]
    for said in ("污水站 7 月 3 日至 9 日没有加药记录", "某法第一条", "2026 年 7 月 23 日前改正", "转立案查处"):
        assert said in words
    assert "打印整改单" in text_of(team.get(address(found)))
    for reader, url in ((team, address(found, "order.pdf")), (browser, f"{link}rectify/order.pdf")):
        assert page_validation.faults(reader.get(url).content) == []  # PDF/A-3a and PDF/UA-1
    officer = signed_in(make_disclosure_officer(found.inspection.unit))
    assert officer.get(address(found, "order.pdf")).status_code == 404
    assert "打印整改单" not in text_of(officer.get(address(found)))

    def told() -> str:
        return text_of(browser.get(link))

    assert "7 月 23 日前改完，交整改报告" in told() and "最迟 8 月 6 日复查" in told() and "转立案查处" in told()
    report(found, wish_until=date(2026, 8, 6), wish_because="防渗施工 8 月初完工")
    assert "延期的申请等决定，决定以前期限不变" in told()
    day("2026-07-24 10:00")
    decided(found, "HALT", on=date(2026, 7, 24))
    assert "停产期间不计算改正期限" in told()


@pytest.mark.clause("四(3)-b")
def test_photographs_of_the_enterprise_are_for_the_circle_and_who_takes_them_is_written_down():
    found = make_rectification()
    report(found, files={1: [("加药.jpg", photo())]})
    kept = ReportFile.objects.get()
    at = [reverse(f"inspections:rectification-{n}", args=[found.inspection.no, kept.pk]) for n in ("file", "small")]
    planner = signed_in(make_planner(found.inspection.unit))
    assert [planner.get(a)["Content-Type"] for a in at] == ["image/jpeg", "image/jpeg"]
    assert AuditEntry.objects.filter(verb="inspections.rectification.file").count() == 1
    officer = signed_in(make_disclosure_officer(found.inspection.unit))
    assert [officer.get(a).status_code for a in at] == [404, 404]
