"""What was found goes on through the pages alone: a case and a referral keep their clocks until the public reads the end (八(二)-e, -f)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import Case, CaseActKind, FollowUp, Inspection, Referral
from tests.browsing import post, post_and_follow, signed_in, text_of
from tests.disclosure.factories import make_published_result
from tests.factories import make_approver, make_disclosure_officer
from tests.inspections.factories import team_of

pytestmark = pytest.mark.django_db


def decide(browser, url, asked, **said) -> str:
    return text_of(post_and_follow(browser, url, decision="approve", request=asked.pk, **said))


@pytest.mark.clause("八(二)-e", "八(二)-f")
def test_a_case_and_a_referral_keep_their_clocks_from_the_finding_to_the_public_page(at, client):
    at("2026-07-13 10:00")
    result = make_published_result(problem="污水站加药记录不全")
    check = Inspection.objects.get(no=result.no)
    leaders = [make_approver(check.unit) for _ in range(2)]
    handler, leader, second = (signed_in(user) for user in (team_of(check)[0].user, *leaders))
    officer, public = signed_in(make_disclosure_officer(check.unit)), reverse("disclosure:result", args=[check.no])

    # a case: put forward, filed, ninety days
    start = reverse("inspections:case-new")
    assert check.no in text_of(handler.get(start))
    said = {"origin": "RESULT", "matter": "涉嫌不正常运行水污染防治设施", "basis": "水污染防治法第八十三条"}
    page = text_of(post_and_follow(handler, f"{start}?check={check.no}", **said))
    case = Case.objects.get()
    assert "待批准立案" in page and "批准立案以后" not in page
    url = case.get_absolute_url()
    page = decide(leader, url, case, document_no="本环立〔2026〕7号", review_ground="HEARING")
    days = policy.on(clock.today()).other_law.case_closed_within_days
    filed = clock.today()
    assert f"还剩 {days} 天" in page and f"{full_date(filed + timedelta(days=days))}前作出决定" in page

    # it cannot be decided before the review; days of the hearing do not count, thirty more are given
    assert "法制审核通过以后才能作出决定" in text_of(handler.get(url))
    at("2026-08-03 10:00")
    held = {"first_day": "2026-07-20", "last_day": "2026-07-29"}
    for kind, asked, more in (
        (CaseActKind.EXCLUDED, {"reason": "听证，本环听〔2026〕1号", **held}, {}),
        (CaseActKind.EXTENSION, {"reason": "监测报告还没有出来"}, {}),
        (CaseActKind.REVIEW, {"reason": "拟罚款十万元", "review_ground": "HEARING"}, {"qualification": "A2019"}),
    ):
        assert "已提出" in text_of(post_and_follow(handler, f"{url}?act={kind}", **asked))
        act = case.acts.get(kind=kind)
        page = decide(second, url, act, document_no=f"本环案〔2026〕{act.pk}号", **more)
    law = policy.on(filed).other_law
    due = filed + timedelta(days=days + law.case_extension_days + 10)
    assert f"{full_date(due)}前作出决定" in page and "不计入 10 天" in page

    # decided by somebody else than who reviewed, and public once the officer has read it
    fine = {"verdict": "PENALTY", "degree": "COMMON", "public_words": "罚款 10 万元。", "reason": "事实清楚，证据充分"}
    post(handler, f"{url}?act=VERDICT", fine)
    verdict = case.acts.get(kind=CaseActKind.VERDICT)
    assert "法制审核的人不能再作决定" in text_of(second.get(url))
    assert "已作出决定" in decide(leader, url, verdict, document_no="本环罚〔2026〕3号")
    assert "罚款 10 万元" not in text_of(client.get(public))
    for step in FollowUp.objects.filter(inspection=check, kind="CASE"):
        post(officer, reverse("disclosure:followup", args=[step.no]))
    page = text_of(client.get(public))
    assert "罚款 10 万元。" in page and "本环罚〔2026〕3号" in page
    assert "事实清楚" not in page and "听证" not in page and "水污染防治法第八十三条" not in page

    # a referral: three working days from the finding, the letter, receipt and answer
    start = f"{reverse('inspections:referral-new')}?check={check.no}"
    today = clock.today()
    letter = {"kind": "DEPARTMENT", "body": "本溪市水务局", "matter": "涉嫌无证取水", "basis": "取水许可条例第三条"}
    page = text_of(post_and_follow(handler, start, **letter, enclosed="笔录 1 份", found_on=today.isoformat()))
    within = workdays.calendar().within_workdays(today, policy.on(today).recommended.referral_within_workdays).date
    asked = Referral.objects.get()
    assert f"还剩 {policy.on(today).recommended.referral_within_workdays} 个工作日" in page
    url = asked.get_absolute_url()
    assert "待送出" in decide(leader, url, asked, document_no="本环移〔2026〕2号")
    at(f"{within + timedelta(days=1)} 10:00")
    assert "逾期 1 天" in text_of(handler.get(url))
    sent = {"at": f"{clock.today()} 09:30", "way": "机要，单号 0716"}
    assert "等回执" in text_of(post_and_follow(handler, url, **sent))
    receipt = {"taken": "yes", "on": clock.today().isoformat(), "number": "水务收〔2026〕9号"}
    assert "已受理" in text_of(post_and_follow(handler, url, **receipt))
    answer = {"on": clock.today().isoformat(), "words": "已责令补办取水许可"}
    assert "已反馈" in text_of(post_and_follow(handler, url, **answer))
    for step in FollowUp.objects.filter(inspection=check, kind="REFERRAL"):
        post(officer, reverse("disclosure:followup", args=[step.no]))
    page = text_of(client.get(public))
    assert "本溪市水务局反馈了处理结果" in page and "补办取水许可" not in page
