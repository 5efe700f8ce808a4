"""公开确认: publishing asks; it says what, where, and that there is no way back (四(3)-e, 八(二)-c; ui-2.md 26)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from benxi_shuangsuiji.accounts import fresh
from disclosure.models import Publication
from disclosure.publishing import reading
from inspections.models import Conclusion, Inspection, InspectionStatus
from inspections.privacy.actions import keep_name
from inspections.review import actions as reviewing
from tests.browsing import html_of, post, post_and_follow, signed_in, text_of
from tests.disclosure.factories import make_published_result, make_step, press_publish, press_several
from tests.factories import make_approver, make_disclosure_officer, make_unit
from tests.inspections.factories import answer_all, finish, make_reviewed, make_started, tell
from tests.plans.factories import make_list, make_plan

pytestmark = pytest.mark.django_db
PASSWORD = "Bianhe-2026-qiao"


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def officer(unit):
    return make_disclosure_officer(unit)


@pytest.fixture
def desk(officer):
    return signed_in(officer)


def page_of(check) -> str:
    return reverse("disclosure:publish-confirm", args=[check.no])


def stale(client) -> None:
    session = client.session
    session[fresh.SESSION_KEY] = (timezone.now() - timedelta(hours=11)).isoformat()
    session.save()


@pytest.mark.clause("八(二)-c", "四(3)-e")
def test_it_says_which_words_where_what_stays_inside_and_that_there_is_no_way_back(unit, desk):
    check = make_reviewed(unit, problem="标签缺项 2 处")
    text = text_of(desk.get(page_of(check)))
    public = desk.get(page_of(check)).context["page"].lines
    assert len(public) > 8 and all(line.text in html_of(desk.get(page_of(check))) for line in public)
    for words in (
        f"公开{check.facility.name}的检查结果？",
        "没有找到姓名和号码。按样子找，找不全，读一遍再公开。",
        "照片和扫描件 0 张、录像 0 段",
        "公示日志里新的一条，只记指纹",
        "公开以后不能撤回",
        "公开这条结果",
        "先不公开，回到审核",
    ):
        assert words in text
    assert check.contact_person not in text and check.enterprise_opinion not in text
    assert not Publication.objects.exists()

    done = post_and_follow(desk, page_of(check), shown=desk.get(page_of(check)).context["page"].shown)
    assert f"已公开{check.facility.name}的检查结果。" in text_of(done)
    assert f'<a href="/results/{check.no}/">打开公开页</a>' in html_of(done)
    assert "已经公开" in text_of(desk.get(page_of(check)))  # opened once more: the same page, once published
    again = post_and_follow(desk, page_of(check), shown="")
    assert "这次没有再公开" in text_of(again) and Publication.objects.count() == 1


@pytest.mark.clause("八(二)-c")
def test_the_original_record_stands_beside_it_with_the_differences_marked(unit, desk):
    check = make_reviewed(unit, problem="现场负责人王建国已确认，电话 13804140000")
    Inspection.objects.filter(pk=check.pk).update(finding="现场负责人已确认")
    check.answers.filter(answer="FOUND").update(words="标签缺项 2 处")
    side = html_of(desk.get(f"{page_of(check)}?compare=1"))
    assert "<del>王建国</del>" in side and "不公开" in text_of(desk.get(f"{page_of(check)}?compare=1"))
    assert check.enterprise_opinion in side and Conclusion.objects.get(inspection=check).finding == check.finding
    text = html_of(desk.get(page_of(check)))
    assert "<del>现场负责人王建国</del> <ins>现场负责人</ins>" in text and "号码，已删" in text
    assert "13804140000" not in text and "都处理了" in text


@pytest.mark.clause("八(二)-c")
def test_a_find_that_is_not_settled_stops_it_and_a_name_that_stays_is_marked_with_its_number(unit, officer, desk):
    check = make_reviewed(unit, problem="现场负责人王建国已确认")
    text = text_of(desk.get(page_of(check)))
    assert "还有 2 处没有处理：" in text and 'aria-disabled="true"' in html_of(desk.get(page_of(check)))
    assert press_publish(desk, check.no).status_code == 409 and not Publication.objects.exists()
    keep_name(inspection=check, name="王建国", reason="经营者就是被检查人", by=officer)
    page = html_of(desk.get(page_of(check)))
    assert "<mark>王建国</mark><sup>" in page and "经营者就是被检查人" in page
    assert press_publish(desk, check.no).status_code == 302


@pytest.mark.clause("七(五)-k", "八(二)-b")
def test_not_told_and_ones_own_record_say_why_and_publish_nothing(unit, officer, desk):
    untold = finish(answer_all(make_started(unit)), told=False)
    check = reviewing.review_result(inspection=untold, by=make_approver(unit))
    assert "检查结果还没有告知企业" in text_of(desk.get(page_of(check)))
    assert press_publish(desk, check.no).status_code == 409
    own = make_reviewed(unit)
    own.answers.update(answered_by=officer)
    assert "由另一名公示员公开" in text_of(desk.get(page_of(own)))
    assert press_publish(desk, own.no).status_code == 409 and not Publication.objects.exists()


def test_the_password_is_asked_again_after_five_minutes_and_a_wrong_one_publishes_nothing(unit, officer, desk):
    officer.set_password(PASSWORD)
    officer.save()
    desk.force_login(officer)
    check = make_reviewed(unit)
    stale(desk)
    assert "再输一次登录密码" in text_of(desk.get(page_of(check)))
    wrong = press_publish(desk, check.no, own_password="falsch-falsch-1")
    assert wrong.status_code == 409 and "密码不对" in text_of(wrong) and "公开这条结果" in text_of(wrong)
    assert not Publication.objects.exists()
    assert press_publish(desk, check.no, own_password=PASSWORD).status_code == 302
    stale(desk)
    other = make_reviewed(unit)
    assert "再输一次登录密码" in text_of(press_several(desk, [other.no]))
    assert Publication.objects.count() == 1


@pytest.mark.clause("八(二)-c")
def test_what_was_reviewed_again_meanwhile_is_read_again_with_the_change_marked(unit, desk):
    check = make_reviewed(unit, problem="标签缺项 2 处")
    shown = desk.get(page_of(check)).context["page"].shown
    Inspection.objects.filter(pk=check.pk).update(measures="责令补贴标签")
    tell(Inspection.objects.get(pk=check.pk))
    answer = post(desk, page_of(check), shown=shown)
    assert answer.status_code == 409 and "重新审核通过。重新读一遍再公开" in text_of(answer)
    assert "<ins>责令补贴标签</ins>" in html_of(answer) and not Publication.objects.exists()
    assert post(desk, page_of(check), shown="made up").status_code == 409
    assert press_publish(desk, check.no).status_code == 302
    assert Publication.objects.get().snapshot["measures"] == "责令补贴标签"


@pytest.mark.clause("四(3)-e", "八(二)-c")
def test_several_at_once_only_without_a_finding_each_with_its_whole_text(unit, desk):
    clean, second, bad = make_reviewed(unit), make_reviewed(unit), make_reviewed(unit, problem="标签缺项 2 处")
    foreign = make_reviewed(make_unit("210503"))
    page = desk.get("/desk/publish/confirm/")
    text, html = text_of(page), html_of(page)
    assert "2 条可以一起公开，1 条要逐条打开" in text and "要逐条打开的 1 条" in text
    assert html.count('type="checkbox"') == 2 and html.count("全文<span") == 2 and "检查人员 2 人" in text
    assert page_of(bad) in html and foreign.facility.name not in html

    none = press_several(desk, [])
    assert "没有打勾，什么也没有公开。" in text_of(none) and not Publication.objects.exists()
    rows = {f"shown-{r.inspection.no}": r.shown for r, _ in page.context["rows"]}
    Inspection.objects.filter(pk=second.pk).update(measures="当面提醒")
    tell(Inspection.objects.get(pk=second.pk))
    done = post_and_follow(desk, "/desk/publish/confirm/", rows, no=[clean.no, second.no, bad.no, foreign.no])
    assert set(Publication.objects.values_list("no", flat=True)) == {clean.no}
    said = text_of(done)
    assert "公开了 1 条，留下 2 条。" in said and "打开公开页" in said
    assert f"{second.facility.name}没有公开：打开这一页以后内容改过" in said
    assert f"{bad.facility.name}没有公开：发现问题" in said


@pytest.mark.clause("四(3)-c", "四(3)-d")
def test_nothing_is_published_from_the_list_and_every_kind_asks_in_the_same_words(unit, desk):
    check, plan, item_list = (
        make_reviewed(unit),
        make_plan(unit, upto="APPROVED"),
        make_list(year=2027, upto="APPROVED"),
    )
    step = make_step(make_published_result(unit))
    listing = html_of(desk.get("/desk/publish/"))
    assert 'type="checkbox"' not in listing and post(desk, "/desk/publish/", no=[check.no]).status_code in (200, 405)
    assert not Publication.objects.filter(no=check.no).exists()
    city = signed_in(make_disclosure_officer(item_list.unit))
    stepping = signed_in(make_disclosure_officer(step.inspection.unit))
    for browser, page in (
        (desk, page_of(check)),
        (desk, f"/desk/publish/plan/{unit.code}-{plan.quarter}/"),
        (city, f"/desk/publish/list/{item_list.unit.code}-{item_list.year}/"),
        (stepping, reverse("disclosure:followup", args=[step.no])),
    ):
        text = text_of(browser.get(page))
        assert "公开以后不能撤回" in text and "公开到哪里" in text and "先不公开，回到" in text, page


def test_a_result_that_went_back_is_not_on_the_page_any_more(unit, desk):
    check = make_reviewed(unit)
    shown = desk.get(page_of(check)).context["page"].shown
    reviewing.return_result(inspection=check, by=make_approver(unit), opinion="补写第 2 项")
    assert post(desk, page_of(check), shown=shown).status_code == 404
    check.refresh_from_db()
    assert check.status == InspectionStatus.RETURNED and not Publication.objects.exists()


def test_of_sentences_in_one_line_only_the_last_keeps_its_stop():
    """“…已确认。；责令…”, as the page said it once."""
    assert (
        reading.joined(["现场负责人已确认。", "", "责令 8 月 1 日前改正。"])
        == "现场负责人已确认；责令 8 月 1 日前改正。"
    )
    assert reading.joined(["一处。"]) == "一处。" and reading.joined([]) == ""
