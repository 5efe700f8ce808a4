"""Pages of the visit and of the desk: who finds what, what is kept, how many queries (decisions.md 3, ui.md 7.2)."""

import base64
import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.demo.hand import hand
from benxi_shuangsuiji.documents import jobs, pdf
from benxi_shuangsuiji.documents.models import Job, JobState
from inspections.dispatch import actions as dispatch_actions
from inspections.models import Answer, Inspection, InspectionStatus, Mode, Outcome, Paper, PaperKind, Recorder
from inspections.paperwork.actions import keep_scan
from inspections.review import actions as review_actions
from inspections.service import actions as service_actions
from inspections.signatures import marks
from inspections.visits import actions as visits_actions
from inspections.visits.pages import short_name
from tests.browsing import enter, html_of, post, post_and_follow, queries, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_facility,
    make_inspector,
    make_observer,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.evidence.pictures import photo
from tests.inspections.factories import (
    answer_all,
    begun,
    finish,
    look,
    make_dispatched,
    make_finished,
    make_inspection,
    make_published,
    make_reviewed,
    make_started,
    sign_all,
    start,
    team_of,
)
from tests.plans.amendments.factories import PHOTO
from tests.plans.draw.factories import make_held_draw

pytestmark = pytest.mark.django_db
S = InspectionStatus


def minutes(moment):
    return f"{moment:%Y-%m-%dT%H:%M}"


def arrival(inspection, **changes):
    now = clock.now()
    return {
        "present": [p.pk for p in team_of(inspection)],
        "at": minutes(now - timedelta(minutes=10)),
        "recorder": "other",
        "recorder_no": "BX-MS-07",
        **changes,
    }


def drawn(**fields):
    """What the pad puts into its form."""
    mark = hand("齐某")
    picture = marks.PNG + base64.b64encode(mark.content).decode()
    return {"path": json.dumps(mark.path), "picture": picture, **fields}


# The whole visit on a phone, without script


@pytest.mark.clause("七(四)-5")
def test_a_visit_from_the_arrival_to_the_review(client):
    inspection = make_inspection()
    leader, member = team_of(inspection)
    base = f"/field/{inspection.no}/"
    enter(client, leader.user)

    page = html_of(client.get("/field/"))
    assert inspection.facility.name in page and "已批准，可以到场" in page and base + "arrive/" in page
    assert "早于组长接收任务" in html_of(post(client, base + "arrive/", **arrival(inspection, at="2026-07-06T08:30")))
    assert f"已批准　{inspection.approvals.get().no}" in html_of(client.get(base + "arrive/"))
    response = post(client, base + "arrive/", **arrival(inspection))
    assert response.url == base + "code/"
    inspection.refresh_from_db()
    assert (inspection.status, inspection.recorder_no) == (S.STARTED, "BX-MS-07")
    service_actions.deliver(inspection=inspection, paper=Paper.NOTICE, by=leader.user, at=clock.now())

    first, second, third = inspection.answers.order_by("item_code", "number")
    page = text_of(client.get(base + "check/"))
    assert "已答 0 点，共 3 点" in page and "接着查第 1 项" in page
    response = post(
        client,
        base + "check/1/",
        go="next",
        **{f"answer_{first.pk}": "NONE_FOUND", f"answer_{second.pk}": "NOT_APPLICABLE"},
    )
    assert response.url == base + "check/2/"
    response = post(
        client, base + "check/2/", go="next", **{f"answer_{third.pk}": "FOUND", f"words_{third.pk}": "2 只吨桶未贴标签"}
    )
    assert client.get(response.url, follow=True).redirect_chain[-1][0] == base + "finish/"

    page = text_of(client.get(base + "finish/"))
    assert re.search(r"未核对： 记录仪 BX-MS-07，检查人员声明：\d+:\d\d 录到现在，没有登记停止", page)
    assert "3 个检查点都有答案" in page and "发现问题 1 点" in page and "2 只吨桶未贴标签。" in page
    response = post(
        client,
        base + "finish/",
        outcome="RECTIFY_ORDERED",
        finding="2 只吨桶未贴标签。",
        rectify_by="2026-07-20",
        seen="",
    )
    assert response.url == base + "read/"
    page = text_of(client.get(response.url))
    assert "2 项，3 个检查点。未发现问题 1 点，发现问题 1 点，不涉及 1 点" in page
    assert "责令 2026 年 7 月 20 日前改正" in page and f"{member.name} 执法证" in page
    response = post(client, base + "read/", words="标签第二天补上。")
    assert response.url == base + "sign/"
    assert "还没有签名" in html_of(post(client, response.url, who="somebody", name="齐某", position="厂长"))
    response = post(client, base + "sign/", **drawn(who="somebody", name="齐某", position="厂长"))
    assert response.url == base + "submit/"
    post(client, f"{base}sign/{leader.pk}/", **drawn())
    page = html_of(post(client, base + "submit/", at=""))
    assert f"还差{member.name}的签名。" in page
    enter(client, member.user)
    post(client, f"{base}sign/{member.pk}/", scan=SimpleUploadedFile("签名.jpg", PHOTO[1]))
    assert "签在纸上，已上传" in html_of(client.get(base + "submit/"))
    response = post(client, base + "submit/", at="")
    assert response.url == base + "submit/"
    page = text_of(client.get(base + "submit/"))
    assert "的检查已提交" in page and inspection.no in page and "8 月 3 日前，还剩 20 个工作日" in page

    reviewer = make_approver(inspection.unit)
    assert "审核通过" in html_of(enter(client, reviewer).get(f"/desk/tasks/{inspection.no}/"))
    inspection.refresh_from_db()
    post(client, f"/desk/tasks/{inspection.no}/review/", version=inspection.version, decision="pass")
    inspection.refresh_from_db()
    assert (inspection.status, inspection.reviewed_by, inspection.outcome, inspection.enterprise_opinion) == (
        S.REVIEWED,
        reviewer,
        Outcome.RECTIFY_ORDERED,
        "标签第二天补上。",
    )


def test_an_answer_that_can_be_kept_is_kept_beside_one_that_has_to_be_mended(client):
    inspection = make_started()
    enter(client, team_of(inspection)[0].user)
    first, second, _ = inspection.answers.order_by("item_code", "number")
    page = post(
        client,
        f"/field/{inspection.no}/check/1/",
        **{f"answer_{first.pk}": "NONE_FOUND", f"answer_{second.pk}": "NONE_FOUND", f"words_{second.pk}": "没贴标签"},
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.answer, second.answer) == (Answer.NONE_FOUND, "")
    assert "有错误：" in html_of(page) and "结果却不是“发现问题”" in html_of(page)
    assert f'<details class="mt2" id="w{second.pk}" open>' in html_of(page)


def test_a_problem_without_words_passes_at_the_tap_and_the_end_leads_back_to_it(client):
    inspection = make_started()
    enter(client, team_of(inspection)[0].user)
    _first, second, _ = inspection.answers.order_by("item_code", "number")
    url = f"/field/{inspection.no}/check/1/"
    assert post(client, url, **{f"answer_{second.pk}": "FOUND", f"basis_{second.pk}": "某法第一条"}).status_code == 302
    page = html_of(client.get(url))
    assert f'<details class="mt2" id="w{second.pk}" open>' in page and "某法第一条</option>" in page
    page = html_of(client.get(f"/field/{inspection.no}/finish/"))
    assert f"“{second.text}”没有写看到了什么" in page and f"/check/1/#p{second.pk}" in page


def test_one_point_alone_is_kept(client):
    inspection = make_started()
    enter(client, team_of(inspection)[0].user)
    _first, second, _ = inspection.answers.order_by("item_code", "number")
    url = f"/field/{inspection.no}/check/1/"
    post(client, url, **{f"answer_{second.pk}": "NOT_APPLICABLE", f"seen_{second.pk}": ""})
    assert list(inspection.answers.order_by("item_code", "number").values_list("answer", flat=True)) == [
        "",
        Answer.NOT_APPLICABLE,
        "",
    ]


@pytest.mark.clause("七(五)-l")
def test_the_rest_of_an_item_is_declared_on_its_screen_and_taken_back(client):
    inspection = make_started()
    leader, member = team_of(inspection)
    enter(client, leader.user)
    first, second, third = inspection.answers.order_by("item_code", "number")
    url = f"/field/{inspection.no}/check/1/"
    page = html_of(client.get(url))
    assert "本项其余 2 点未发现问题" in page and "依据和查法" in page and page.count("依据：某法第一条") == 1
    visits_actions.answer_point(inspection=inspection, pk=first.pk, answer=Answer.FOUND, words="停运", by=member.user)

    response = post(client, url, go="rest", **{f"seen_{first.pk}": "", f"seen_{second.pk}": ""})

    page = html_of(client.get(response.url))
    assert "刚把 1 点记为未发现问题" in page
    answers = dict(inspection.answers.values_list("pk", "answer"))
    assert answers == {first.pk: Answer.FOUND, second.pk: Answer.NONE_FOUND, third.pk: ""}
    post(client, url, go="undo", just=[second.pk])
    second.refresh_from_db()
    assert second.answer == ""


def test_a_name_in_public_words_is_marked_and_taken_out_by_one_press(client):
    inspection = make_started()
    enter(client, team_of(inspection)[0].user)
    third = inspection.answers.order_by("item_code", "number").last()
    url = f"/field/{inspection.no}/check/2/"
    words = "应急池没有排空，现场负责人王建国已确认，电话 13900000000。"
    posted = {f"answer_{third.pk}": "FOUND", f"words_{third.pk}": words}
    post(client, url, **posted)
    page = html_of(client.get(url))
    assert "疑为个人姓名：王建国" in page and "改为“现场负责人”" in page and "疑为电话：139******00" in page
    assert "疑有姓名、电话或证件号" in html_of(client.get(f"/field/{inspection.no}/finish/"))
    post(
        client,
        url,
        mend=third.pk,
        **{**posted, f"seen_{third.pk}": visits_actions.stamp(inspection.answers.get(pk=third.pk))},
    )
    third.refresh_from_db()
    assert third.words == "应急池没有排空，现场负责人已确认，电话 13900000000。"


@pytest.mark.clause("八(二)-c")
def test_every_public_text_is_read_before_it_is_handed_in_and_the_finding_follows_its_points(client):
    inspection = answer_all(make_started())
    leader = team_of(inspection)[0].user
    point = inspection.answers.order_by("item_code", "number").last()
    enter(client, leader)

    def answered(words):
        visits_actions.answer_point(inspection=inspection, pk=point.pk, answer=Answer.FOUND, words=words, by=leader)
        return html_of(client.get(f"/field/{inspection.no}/finish/"))

    def concluded(finding, measures=""):
        said = {"outcome": Outcome.ON_SITE_FIXED, "finding": finding, "measures": measures, "rectify_by": None}
        visits_actions.conclude(inspection=inspection, by=leader, **said)
        return html_of(client.get(f"/field/{inspection.no}/finish/"))

    clean = "公开的文字里没有姓名、电话和证件号"
    assert f"“{point.text}”的文字里疑有姓名" in answered("池边没有标志，电话 13900000000")
    concluded("池边没有标志，电话 13900000000。")
    assert clean in answered("池边没有标志")
    assert inspection.conclusion.finding == "池边没有标志。"
    assert "检查情况里疑有姓名、电话或证件号" in concluded("另有说明，电话 13900000000。")
    page = answered("罐区没有标志")  # what somebody wrote himself stays, and is read
    assert "检查情况里疑有姓名" in page and "另有说明，电话 13900000000。" in page and clean not in page
    assert "现场处理里疑有姓名、电话或证件号" in concluded("罐区没有标志。", "已打 13900000000 告知")

    finish(inspection, outcome=Outcome.ON_SITE_FIXED, finding="罐区没有标志。")
    review_actions.return_result(inspection=inspection, by=make_approver(inspection.unit), opinion="写清是哪个罐")
    assert "2 号罐没有标志。</textarea>" in answered("2 号罐没有标志")


def test_a_running_task_leads_back_to_the_code_and_the_safety_notes_and_counts_what_is_left(client):
    visit = make_started()
    leader, point = team_of(visit)[0].user, visit.answers.first()
    visits_actions.answer_point(inspection=visit, pk=point.pk, answer=Answer.FOUND, words="桶上没有标签", by=leader)
    read = html_of(enter(client, leader).get(visit.field_url))
    for name in ("code/", "dossier/", "evidence/"):
        assert f'href="{visit.field_url}{name}"' in read
    first = read.split('<li data-points="')[1].split("</li>")[0]
    assert "发现问题" not in first and re.search(r"还有 <span data-n=\"open\">\d+</span> 个", first)
    assert f"{localtime(visit.started_at):%-H:%M} 到场" in html_of(client.get("/field/"))


def test_who_came_and_has_not_served_the_notice_is_led_to_the_code_from_every_page(client):
    """The main button said 接着查 and no page led to the one step that all answers waited for (七(五)-i)."""
    visit = start(make_inspection(), served=False, identity_shown_at=None)
    enter(client, team_of(visit)[0].user)
    task, code = f"/field/{visit.no}/", f"/field/{visit.no}/code/"

    def bar(page: str) -> str:
        return page[page.rindex("btn-a") :]

    page = html_of(client.get(task))
    assert code in bar(page) and "接着查" not in bar(page)
    end = html_of(client.get(f"{task}finish/"))
    assert f'还没有登记出示执法证件、送达检查通知书 <a href="{code}">出示检查码</a>' in end
    assert f'href="{code}"' in html_of(client.get(f"{task}check/1/"))
    for page in ("/field/", f"{task}check/"):
        assert code in bar(html_of(client.get(page))) and "接着查" not in bar(html_of(client.get(page))), page
    service_actions.deliver(inspection=visit, paper=Paper.NOTICE, by=team_of(visit)[0].user, at=clock.now())
    assert "接着查" in bar(html_of(client.get("/field/"))) and code not in bar(html_of(client.get(f"{task}check/")))
    assert "接着查" in bar(html_of(client.get(task))) and "还没有登记出示" not in html_of(client.get(f"{task}finish/"))


def test_a_result_is_chosen_before_it_is_sent_and_a_signature_ends_what_was_refused_for_want_of_it(client):
    visit = answer_all(start(make_inspection()))
    enter(client, team_of(visit)[0].user)
    end = html_of(client.get(f"/field/{visit.no}/finish/"))
    assert re.search(r'name="outcome"\s+required\s+value="NO_ISSUE"', end)
    leave = html_of(client.get(f"/field/{visit.no}/submit/"))
    pads = re.findall(r"<form[^>]*sign[^>]*>", leave)
    assert pads and all(f'data-ends="/field/{visit.no}/submit/"' in pad for pad in pads)


@pytest.mark.clause("七(五)-k")
def test_the_person_in_charge_reads_what_was_found_once(client):
    visit = answer_all(make_started())
    leader, point = team_of(visit)[0].user, visit.answers.first()
    visits_actions.answer_point(inspection=visit, pk=point.pk, answer=Answer.FOUND, words="桶上没有标签", by=leader)
    said = {"outcome": Outcome.ON_SITE_FIXED, "measures": "当场贴好", "rectify_by": None}
    visits_actions.conclude(inspection=visit, finding="桶上没有标签。", by=leader, **said)
    read = f"{visit.field_url}read/"
    assert html_of(enter(client, leader).get(read)).count("桶上没有标签") == 1
    visits_actions.conclude(inspection=visit, finding="桶上没有标签，共 3 个。", by=leader, **said)
    assert "检查情况：桶上没有标签，共 3 个。" in html_of(client.get(read))


def test_back_and_on_keep_what_was_answered(client):
    inspection = make_started()
    enter(client, team_of(inspection)[0].user)
    third = inspection.answers.order_by("item_code", "number").last()
    response = post(client, f"/field/{inspection.no}/check/2/", go="back", **{f"answer_{third.pk}": "NONE_FOUND"})
    third.refresh_from_db()
    assert (response.url, third.answer) == (f"/field/{inspection.no}/check/1/", Answer.NONE_FOUND)


@pytest.mark.parametrize("name", ["arrive/", "check/", "check/1/", "finish/", "read/", "sign/", "refuse/", "submit/"])
def test_the_pages_of_a_visit_are_there_before_it_and_only_the_act_is_refused(client, name):
    inspection = make_inspection()
    enter(client, team_of(inspection)[0].user)
    page = client.get(f"/field/{inspection.no}/{name}")
    assert page.status_code == 200
    assert ("先登记到" in html_of(page)) == (name != "arrive/")


def test_the_recorder_of_the_last_visit_stands_ready(client):
    unit = make_unit()
    team = [make_inspector(unit, with_user=True) for _ in range(2)]
    make_finished(unit, team=team)
    inspection = make_inspection(unit, team=team)
    enter(client, team[1].user)
    page = html_of(client.get(f"/field/{inspection.no}/arrive/"))
    assert "BX-MS-07　已经开启" in page and "上次也用这台，7 月 6 日" in page
    post(client, f"/field/{inspection.no}/arrive/", **arrival(inspection, recorder="last", recorder_no=""))
    inspection.refresh_from_db()
    assert (inspection.status, inspection.recorder_no) == (S.STARTED, "BX-MS-07")


@pytest.mark.clause("七(五)-h")
def test_a_recorder_of_before_that_would_be_refused_is_not_offered(client):
    """A number of the last visit that is none, or a device out of use since: it stood ready, ticked, and was refused."""
    unit = make_unit()
    team = [make_inspector(unit, with_user=True) for _ in range(2)]
    last = make_finished(unit, team=team)
    inspection = make_inspection(unit, team=team)
    enter(client, team[1].user)
    url = f"/field/{inspection.no}/arrive/"
    Inspection.objects.filter(pk=last.pk).update(recorder_no="没带")
    assert "上次也用这台" not in html_of(client.get(url)) and "记录仪已经开启" in html_of(client.get(url))
    Inspection.objects.filter(pk=last.pk).update(recorder_no="BX-MS-07")
    assert "上次也用这台" in html_of(client.get(url))
    Recorder.objects.create(unit=unit, no="BX-MS-07", in_use=False, why_not_in_use="送修")
    assert "上次也用这台" not in html_of(client.get(url))


def test_a_visit_without_a_recorder_says_why(client):
    inspection = make_inspection()
    enter(client, team_of(inspection)[0].user)
    url = f"/field/{inspection.no}/arrive/"
    assert "写明原因" in html_of(post(client, url, **arrival(inspection, recorder="none")))
    post(client, url, **arrival(inspection, recorder="none", no_recorder_because="两台都在送修"))
    inspection.refresh_from_db()
    assert (inspection.recorder_no, inspection.no_recorder_because) == ("", "两台都在送修")


@pytest.mark.parametrize(
    ("who", "words"),
    [(slice(0, 1), "至少两名持有效执法证的人员到场才能开始检查"), (slice(1, 2), "没有到场")],
)
def test_an_arrival_without_the_team_is_refused_on_the_page(client, who, words):
    inspection = make_inspection()
    enter(client, team_of(inspection)[0].user)
    present = [p.pk for p in team_of(inspection)[who]]
    page = post(client, f"/field/{inspection.no}/arrive/", **arrival(inspection, present=present))
    assert words in html_of(page)
    inspection.refresh_from_db()
    assert inspection.status == S.DISPATCHED


@pytest.mark.clause("七(三)-b", "一-b")
def test_an_offsite_check_asks_for_no_recorder_and_no_signature(client):
    inspection = make_inspection(mode=Mode.OFFSITE)
    base = f"/field/{inspection.no}/"
    enter(client, team_of(inspection)[0].user)
    page = html_of(client.get(base + "arrive/"))
    assert "开始检查" in page and "执法记录仪" not in page and "企业联系人" in page
    data = arrival(inspection)
    del data["recorder"], data["recorder_no"]
    assert post(client, base + "arrive/", **data).url == base + "looks/"
    answer_all(inspection)
    assert "还没有登记非现场查看" in html_of(client.get(base + "finish/"))
    look(inspection)
    response = post(client, base + "finish/", outcome="NO_ISSUE")
    assert response.url == base + "submit/"
    assert "检查人员签名" not in html_of(client.get(base + "submit/"))
    post(client, base + "submit/", at="")
    inspection.refresh_from_db()
    assert inspection.status == S.FINISHED


def test_two_who_finish_at_once_do_not_overwrite_each_other(client):
    inspection = answer_all(make_started())
    _leader, member = team_of(inspection)
    finish(inspection)
    inspection.refresh_from_db()
    approver = make_approver(inspection.unit)
    review_actions.return_result(inspection=inspection, by=approver, opinion="补充照片")
    enter(client, member.user)
    data = {"version": inspection.version, "outcome": "NO_ISSUE"}
    page = post(client, f"/field/{inspection.no}/finish/", **data)
    assert "另一人改过这次检查" in html_of(page)


def test_when_one_is_handed_in_the_page_says_who_reviews_by_when_and_leads_to_the_next(client):
    inspection = make_finished()
    leader, member = team_of(inspection)
    reviewer = make_approver(inspection.unit)
    page = f"/field/{inspection.no}/submit/"
    enter(client, leader.user)
    alone = text_of(client.get(page))
    assert f"{reviewer.full_name}审核" in alone and "前审核并公开" in alone and "去查" not in alone
    other = make_inspection(inspection.unit, team=[leader, member])
    answer = client.get(page)
    assert f"去查{short_name(other.facility.name)}" in text_of(answer)
    assert f"/field/{other.no}/arrive/" in answer.content.decode()


def test_pressed_three_times_it_is_handed_in_once(client):
    inspection = answer_all(make_started())
    by = team_of(inspection)[0].user
    visits_actions.conclude(inspection=inspection, by=by, outcome="NO_ISSUE", finding="", measures="", rectify_by=None)
    sign_all(inspection)
    enter(client, by)
    url = f"/field/{inspection.no}/submit/"
    answers = [post(client, url, at="") for _ in range(3)]
    assert {a.url for a in answers} == {url}
    assert AuditEntry.objects.filter(verb="inspections.visit.finished").count() == 1
    page = client.get(url)
    assert "已提交" in html_of(page) and "没有" not in text_of(page)[:60]
    for name in ("check/", "check/1/", "finish/", "read/", "sign/"):
        assert client.get(f"/field/{inspection.no}/{name}").url == url


def test_a_refusal_to_sign_is_noted_with_its_witness(client):
    inspection = answer_all(make_started())
    by = team_of(inspection)[0].user
    visits_actions.conclude(inspection=inspection, by=by, outcome="NO_ISSUE", finding="", measures="", rectify_by=None)
    enter(client, by)
    url = f"/field/{inspection.no}/refuse/"
    assert "填写见证人姓名" in html_of(post(client, url, because="UNREAD", seen_by="witness"))
    response = post(client, url, because="UNREAD", seen_by="witness", **drawn(witness="聂某"))
    assert response.url == f"/field/{inspection.no}/submit/"
    assert "现场负责人没有签名：不愿看记录" in html_of(client.get(response.url))
    post(client, url, because="LEFT", seen_by="nobody")
    standing = inspection.signatures.get(replaced_at__isnull=True)
    assert (standing.refused_because, standing.witness, standing.drawing) == ("LEFT", "", None)


def test_a_visit_made_on_paper_is_entered_from_its_scan(client):
    inspection = make_inspection()
    by = team_of(inspection)[0].user
    base = f"/field/{inspection.no}/"
    enter(client, by)
    post(client, base + "arrive/", **arrival(inspection))
    inspection.refresh_from_db()
    service_actions.deliver(inspection=inspection, paper=Paper.NOTICE, by=by, at=inspection.started_at)
    answer_all(inspection)
    post(client, base + "finish/", outcome="NO_ISSUE", seen="")
    scan = SimpleUploadedFile("笔录.pdf", b"%PDF-1.7 scan")
    people = [p.pk for p in team_of(inspection)]
    response = post(
        client, base + "paper/", scan=scan, name="齐某", position="厂长", inspectors=people, at=minutes(clock.now())
    )
    assert response.url == base + "submit/"
    post(client, base + "submit/", at=minutes(clock.now()))
    inspection.refresh_from_db()
    assert (inspection.status, inspection.contact_person) == (S.FINISHED, "齐某")


def test_what_is_handed_in_leads_from_the_list_to_what_comes_next_and_back_to_the_record(client):
    visit = make_finished(problem="2 只吨桶没有标签")
    day = html_of(enter(client, team_of(visit)[0].user).get("/field/"))
    next_page = f"{visit.field_url}submit/"
    assert f'href="{next_page}"' in day
    read = html_of(client.get(next_page))
    assert "追加说明" in read and f'href="{visit.field_url}"' in read
    assert f'href="{next_page}"' in html_of(client.get(visit.field_url))


def test_a_paper_that_came_back_signed_stands_among_the_papers_and_leads_to_its_scan(client):
    visit = make_finished()
    leader, digest = team_of(visit)[0].user, lambda *_: ""
    keep_scan(
        inspection=visit, by=leader, name="通知书.jpg", content=photo(), paper=PaperKind.NOTICE, digest_today=digest
    )
    read = html_of(enter(client, leader).get(f"{visit.field_url}submit/"))
    assert 'href=""' not in read and "行政检查通知书，签名后的扫描件" in read
    assert re.search(rf'href="/desk/tasks/{visit.no}/evidence/\d+/"', read)


def test_something_is_added_after_it_is_handed_in(client):
    inspection = make_finished()
    enter(client, team_of(inspection)[1].user)
    base = f"/field/{inspection.no}/"
    assert "追加说明" in html_of(client.get(base + "submit/"))
    assert post(client, base + "note/", text="漏记一张照片，附后。").url == base + "submit/"
    assert "漏记一张照片，附后。" in html_of(client.get(base + "submit/"))


def test_the_desk_shows_signatures_and_what_was_added_and_hands_out_the_paper(client):
    inspection = make_finished()
    visits_actions.add_note(inspection=inspection, by=team_of(inspection)[1].user, text="漏记一张照片")
    enter(client, make_planner(inspection.unit))
    page = html_of(client.get(f"/desk/tasks/{inspection.no}/"))
    assert "签在纸上，已上传" in page and "漏记一张照片" in page
    first = inspection.signatures.first()
    url = f"/desk/tasks/{inspection.no}/signatures/{first.pk}/"
    assert url in page and client.get(url).content == PHOTO[1]
    assert enter(client, make_planner(make_unit("210503"))).get(url).status_code == 404


def test_a_signature_of_somebody_outside_the_team_has_no_page(client):
    inspection = make_started()
    stranger = make_inspector(inspection.unit, with_user=True)
    enter(client, team_of(inspection)[0].user)
    assert client.get(f"/field/{inspection.no}/sign/{stranger.pk}/").status_code == 404


def test_the_partners_answer_is_not_overwritten_from_an_old_page(client):
    inspection = make_started()
    leader, member = team_of(inspection)
    point = inspection.answers.order_by("item_code", "number").first()
    visits_actions.answer_point(inspection=inspection, pk=point.pk, answer=Answer.NONE_FOUND, by=leader.user)
    enter(client, member.user)
    page = post_and_follow(
        client,
        f"/field/{inspection.no}/check/1/",
        **{f"answer_{point.pk}": "NOT_APPLICABLE", f"seen_{point.pk}": ""},
    )
    assert f"同组{leader.user.full_name}" in html_of(page)
    point.refresh_from_db()
    assert point.answer == Answer.NONE_FOUND


# Who finds what


def addresses(inspection):
    tails = ("", "check/", "check/1/", "finish/", "read/", "sign/", "refuse/", "paper/", "submit/")
    return [f"/field/{inspection.no}/{tail}" for tail in tails]


@pytest.mark.clause("七(五)-o")
def test_only_the_team_finds_its_task(client):
    inspection = make_started()
    colleague = team_of(make_started(inspection.unit))[0]
    for url in addresses(inspection):
        assert enter(client, team_of(inspection)[1].user).get(url).status_code == 200
        assert enter(client, colleague.user).get(url).status_code == 404
        assert enter(client, make_planner(inspection.unit)).get(url).status_code == 403
    enter(client, colleague.user)
    assert inspection.facility.name not in html_of(client.get("/field/"))
    for tail in (
        "accept/",
        "arrive/",
        "check/1/",
        "finish/",
        "read/",
        "sign/",
        "refuse/",
        "paper/",
        "submit/",
        "note/",
    ):
        assert post(client, f"/field/{inspection.no}/{tail}").status_code == 404


@pytest.mark.clause("七(五)-o")
def test_another_units_people_find_nothing(client):
    inspection, other = make_finished(), make_unit("210503")
    for maker in (make_planner, make_approver):
        enter(client, maker(other))
        assert client.get(f"/desk/tasks/{inspection.no}/").status_code == 404
        assert post(client, f"/desk/tasks/{inspection.no}/review/", decision="pass").status_code in (403, 404)
        page = client.get(f"/desk/tasks/?unit={inspection.unit.code}")
        assert inspection.no not in html_of(page)


@pytest.mark.clause("七(五)-o")
@pytest.mark.parametrize("maker", [make_registrar, make_disclosure_officer])
def test_before_publication_those_outside_the_circle_see_nothing(client, maker):
    inspection = make_reviewed()
    enter(client, maker(inspection.unit))
    for url in ("/desk/tasks/", f"/desk/tasks/{inspection.no}/", "/desk/city/"):
        assert client.get(url).status_code in (403, 404)


@pytest.mark.clause("七(五)-o")
def test_every_look_of_the_desk_at_a_sealed_check_is_written_down(client):
    inspection, published = make_finished(), make_published()

    def looks():
        return list(
            AuditEntry.objects.filter(verb="inspections.sealed.viewed")
            .order_by("pk")
            .values_list("about_key", flat=True)
        )

    for user in (make_planner(inspection.unit), make_approver(inspection.unit), make_supervisor()):
        before = len(looks())
        enter(client, user)
        client.get(f"/desk/tasks/{inspection.no}/")
        assert looks()[before:] == [inspection.no]
        client.get(f"/desk/tasks/{published.no}/")
        assert len(looks()) == before + 1
        client.get(f"/desk/tasks/?unit={inspection.unit.code}")
        assert len(looks()) == before + 2
    details = AuditEntry.objects.filter(verb="inspections.sealed.viewed").values_list("details", flat=True)
    assert not any(inspection.facility.name in str(d) for d in details)


@pytest.mark.clause("七(五)-o")
def test_the_team_looking_at_a_task_before_the_visit_is_written_down(client):
    inspection = make_inspection()
    enter(client, team_of(inspection)[0].user)
    client.get(f"/field/{inspection.no}/")
    entry = AuditEntry.objects.get(verb="inspections.sealed.viewed")
    assert (entry.about_key, entry.actor) == (inspection.no, team_of(inspection)[0].user)


# The desk


def test_the_list_shows_its_states_and_filters(client):
    unit = make_unit()
    waiting = make_inspection(unit, facility=make_facility(unit, name="枫岭焦化"))
    finished = make_finished(unit, facility=make_facility(unit, name="清砚环保"))
    enter(client, make_planner(unit))

    def names(query=""):
        return set(re.findall("枫岭焦化|清砚环保", html_of(client.get(f"/desk/tasks/{query}"))))

    assert names() == {"枫岭焦化", "清砚环保"}
    assert names("?status=FINISHED") == {"清砚环保"}
    assert names("?q=枫岭") == {"枫岭焦化"}
    assert names(f"?q={finished.no}") == {"清砚环保"}
    assert names(f"?q={team_of(waiting)[1].name}") == {"枫岭焦化"}
    assert names("?outcome=NO_ISSUE") == {"清砚环保"}
    assert names("?category=key") == set()
    assert names("?quarter=2026Q2") == set()
    page = html_of(client.get("/desk/tasks/"))
    assert re.search(r"待审核\s*1", page) and re.search(r"全部\s*2", page)


def test_the_leader_of_the_unit_reviews_at_the_desk(client):
    inspection = make_finished(problem="吨桶未贴标签")
    enter(client, make_approver(inspection.unit))
    page = html_of(client.get(f"/desk/tasks/{inspection.no}/"))
    assert "还剩 20 个工作日" in page and "8 月 3 日" in page and "吨桶未贴标签" in page
    post(
        client,
        f"/desk/tasks/{inspection.no}/review/",
        version=inspection.version,
        decision="return",
        opinion="写明数量",
    )
    inspection.refresh_from_db()
    assert (inspection.status, inspection.opinion) == (S.RETURNED, "写明数量")
    page = html_of(enter(client, team_of(inspection)[0].user).get(f"/field/{inspection.no}/"))
    assert "审核退回" in page and "写明数量" in page
    page = html_of(client.get(f"/field/{inspection.no}/finish/"))
    assert "重新提交" in page and "结束时间" not in page


def test_the_planner_sees_why_he_cannot_review(client):
    inspection = make_finished()
    page = html_of(enter(client, make_planner(inspection.unit)).get(f"/desk/tasks/{inspection.no}/"))
    assert "由分管负责人审核" in page and "审核通过" not in page


def test_a_recorder_who_is_also_the_leader_of_the_unit_cannot_review_at_the_desk(client):
    unit = make_unit()
    both = make_inspector(unit, user=make_user((Role.INSPECTOR, unit), (Role.APPROVER, unit)))
    inspection = make_finished(unit, team=[both, make_inspector(unit, with_user=True)])
    enter(client, both.user)
    post(client, f"/desk/tasks/{inspection.no}/review/", version=inspection.version, decision="pass")
    inspection.refresh_from_db()
    assert inspection.status == S.FINISHED


@pytest.mark.clause("五-4i")
def test_the_planner_dispatches_from_the_draw(client, at):
    draw = make_held_draw()
    enter(client, make_planner(draw.unit))
    url = f"/desk/draws/{draw.draw_id}/dispatch/"
    page = html_of(client.get(url))
    assert all(p.facility.name in page for p in draw.picks.select_related("facility"))
    assert AuditEntry.objects.filter(verb="inspections.sealed.viewed", about_key=draw.draw_id).count() == 1
    response = post(client, url)
    assert response.url == f"/desk/tasks/?unit={draw.unit.code}&quarter=2026Q3"
    assert Inspection.objects.count() == draw.picks.count()
    assert "已经全部派发" in html_of(client.get(url))
    assert "已经全部派发" in html_of(post(client, url))


def test_another_units_draw_is_not_found_and_the_leader_does_not_dispatch(client, at):
    draw = make_held_draw()
    url = f"/desk/draws/{draw.draw_id}/dispatch/"
    assert enter(client, make_planner(make_unit("210503"))).get(url).status_code == 404
    assert enter(client, make_approver(draw.unit)).get(url).status_code == 403


@pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango")
def test_the_forms_of_a_quarter_are_packed_by_the_worker(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    inspection, other = make_finished(), make_finished(make_unit("210503"))
    enter(client, make_planner(inspection.unit))
    response = post(client, f"/desk/tasks/forms/?unit={inspection.unit.code}&quarter=2026Q3")
    job = Job.objects.get()
    assert response.url == f"/desk/jobs/{job.pk}/"
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 1, 1), job.error
    content = client.get(f"/desk/jobs/{job.pk}/result/").content
    assert inspection.no.encode() in content and other.no.encode() not in content
    assert enter(client, make_planner(other.unit)).get(f"/desk/jobs/{job.pk}/result/").status_code == 404


# The city


@pytest.mark.clause("五-2b")
def test_the_city_page_counts_a_check_only_once_its_result_is_public(client, at):
    team = make_city_team()
    first, *rest = make_dispatched()
    office = make_user((Role.LEAD_OFFICE, team))
    total = len(rest) + 1

    def cells():
        page = html_of(enter(client, office).get("/desk/city/?quarter=2026Q3"))
        row = re.search(r'<th scope="row">\s*<a[^>]*>明山分局</a>(.*?)</tr>', page, re.S)[1]
        return [re.sub(r"<[^>]+>|\s", "", c) for c in re.findall(r"<td>(.*?)</td>", row, re.S)]

    before = cells()
    assert before[4:6] == [f"明山分局检查，未开始0/{total}", f"明山分局公示，未开始0/{total}"]
    for status in (S.STARTED, S.FINISHED, S.REVIEWED):
        begun(first, status=status)
        assert cells() == before
    begun(first, status=S.PUBLISHED, outcome=Outcome.RECTIFY_ORDERED)
    after = cells()
    assert [cell.partition("，")[2] for cell in after[4:7]] == [f"1/{total}", f"1/{total}", "1家"]


def test_the_city_page_opens_for_city_roles_and_for_no_administrator_or_branch(client):
    branch, team = make_unit(), make_city_team()
    for user in (
        make_supervisor(),
        make_observer(),
        make_user((Role.LEAD_OFFICE, team)),
        make_user((Role.BUREAU_READER, team)),
    ):
        page = html_of(enter(client, user).get("/desk/city/"))
        assert re.search(rf'<th scope="row">\s*<a[^>]*>{branch.short_name}</a>', page)
    assert enter(client, make_user((Role.ADMIN_AUDIT, team))).get("/desk/city/").status_code == 403
    assert enter(client, make_planner(branch)).get("/desk/city/").status_code == 403


# Queries


def test_lists_need_the_same_queries_for_one_row_and_for_thirty(client):
    unit = make_unit()
    team = [make_inspector(unit, with_user=True) for _ in range(2)]
    pages = {"/desk/tasks/": make_planner(unit), "/field/": team[0].user}

    def counted():
        return {url: queries(enter(client, user), url) for url, user in pages.items()}

    make_inspection(unit, team=team)
    one = counted()
    for _ in range(29):
        make_inspection(unit, team=team)
    assert counted() == one
    assert "共 30 家" in html_of(enter(client, pages["/desk/tasks/"]).get("/desk/tasks/"))


def test_the_city_page_needs_the_same_queries_for_one_unit_and_for_eight(client):
    user = make_user((Role.LEAD_OFFICE, make_city_team()))
    one = queries(enter(client, user), "/desk/city/")
    for n in range(7):
        make_unit(f"21050{n}B", kind=UnitKind.BRANCH)
    assert queries(enter(client, make_user((Role.LEAD_OFFICE, make_city_team()))), "/desk/city/") == one


def test_dispatching_needs_no_more_queries_for_more_picks(at):
    def counted(**size):
        draw = make_held_draw(**size)
        planner = make_planner(draw.unit)
        planner.units_with("DISPATCH")
        with CaptureQueriesContext(connection) as seen:
            made = dispatch_actions.dispatch(draw=draw, by=planner)
        return len(made), len(seen)

    few, queries_for_few = counted(unit=make_unit("210503"), key=0, general=0)
    many, queries_for_many = counted(key=30, general=60, inspectors=12)
    assert many > 10 * few and queries_for_many == queries_for_few


def test_a_page_of_the_visit_that_cannot_be_opened_yet_says_why(client):
    inspection = make_inspection(accepted=False)
    enter(client, team_of(inspection)[0].user)
    for page in ("arrive/", "check/", "check/1/", "finish/", "submit/"):
        answer = client.get(f"/field/{inspection.no}/{page}", follow=True)
        assert "组长还没有接收这项任务" in html_of(answer)


def test_a_returned_result_is_mended_from_the_list_and_keeps_its_outcome(client):
    inspection = make_finished()
    reviewer = make_approver(inspection.unit)
    review_actions.return_result(inspection=inspection, by=reviewer, opinion="补照片日期")
    leader = team_of(inspection)[0].user
    told = leader.inbox.get(title__contains="被退回")
    assert told.url == f"/field/{inspection.no}/" and "补照片日期" in told.body
    assert inspection.facility.name not in told.title + told.body
    enter(client, leader)
    page = html_of(client.get("/field/"))
    assert "审核退回，要改" in page and f'href="/field/{inspection.no}/finish/"' in page
    form = client.get(f"/field/{inspection.no}/finish/").content.decode()
    assert re.search(r'value="NO_ISSUE"\s+checked', form)
