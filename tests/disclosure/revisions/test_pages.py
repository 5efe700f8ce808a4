"""The pages of corrections: what everybody reads, what the officer's and the leader's page says (ui-2.md 27)."""

from urllib.parse import unquote

import pytest
from django.test import Client

from benxi_shuangsuiji.documents import filled
from disclosure import digests
from disclosure.models import Act, Publication
from disclosure.revisions import desk_pages
from disclosure.site import bulletin
from tests.browsing import html_of, post, post_and_follow, queries, signed_in
from tests.disclosure.factories import ask_revision, make_published_result, make_revision
from tests.disclosure.objections.factories import decide, make_objection, propose
from tests.factories import make_approver, make_disclosure_officer, make_planner, make_supervisor, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.clause("八(二)-c")]


def make_corrections(newest: Publication, numbers: range) -> Publication:
    """The same result corrected as often as there are numbers; its newest version."""
    for n in numbers:
        newest = make_revision(newest, words={"finding": f"设施运行正常，第 {n} 稿"})
    return newest


def test_the_public_list_asks_no_more_for_thirty_than_for_one():
    first, client = make_published_result(), Client()
    second = make_corrections(first, range(1))
    one = queries(client, "/notices/revisions/")
    make_corrections(second, range(1, 30))
    assert queries(client, "/notices/revisions/") == one
    listed = html_of(client.get("/notices/revisions/")).partition('<ol class="news">')[2].partition("</ol>")[0]
    assert listed.count("<time") == 30


def test_a_correction_and_a_withdrawal_are_news_of_their_own(at):
    at("2026-07-06 10:00")
    result, other = make_published_result(problem="标签缺项 2 处"), make_published_result()
    make_revision(result, words={"finding": "标签缺项 3 处"})
    make_revision(other, Act.WITHDRAW)
    news = {n.title: (n.kind, n.url) for n in bulletin.news({})}
    assert news[f"{result.title}已更正"] == ("更正", f"/results/{result.no}/")
    assert news[f"检查结果 {other.no}已撤下"] == ("撤下", f"/results/{other.no}/")
    assert other.facility_name not in html_of(Client().get("/notices/"))


def test_who_has_no_part_sees_no_form_and_another_unit_no_page():
    unit = make_unit()
    result = make_published_result(unit)
    path = f"/desk/publish/result/{result.no}/revise/"
    ask_revision(result, words={"finding": "设施运行正常"})
    officer = html_of(signed_in(make_disclosure_officer(unit)).get(path))
    assert (
        "批准更正</button>" not in officer
        and "已有一份申请等决定" not in officer
        and "等明山分局分管负责人决定" in officer
    )
    assert "批准更正</button>" not in html_of(signed_in(make_supervisor()).get(path))
    assert signed_in(make_planner(unit)).get(path).status_code == 403
    assert signed_in(make_disclosure_officer(make_unit("210503"))).get(path).status_code == 404


def test_a_refusal_of_the_leader_keeps_what_is_public_and_his_word_changes_it():
    unit = make_unit()
    result = make_published_result(unit)
    revision = ask_revision(result, words={"finding": "设施运行正常"})
    leader, path = signed_in(make_approver(unit)), f"/desk/publish/result/{result.no}/revise/"
    silent = post(leader, path, decision="reject", request=revision.pk)
    assert silent.status_code == 409 and "写明退回的意见" in html_of(silent)
    done = post(leader, path, decision="approve", request=revision.pk)
    assert done.status_code == 302
    assert Publication.objects.current().get().snapshot["finding"] == "设施运行正常"


def test_the_officer_finds_what_is_public_by_its_number():
    unit = make_unit()
    result = make_published_result(unit)
    officer = signed_in(make_disclosure_officer(unit))
    found = officer.get(f"/desk/publish/?no={result.no.lower()}", follow=True)
    assert found.redirect_chain[0][0] == f"/desk/publish/result/{result.no}/"
    assert f'href="/desk/publish/result/{result.no}/revise/"' in html_of(found)
    assert "没有这个编号的公示" in html_of(officer.get("/desk/publish/?no=210503-2026Q3-9999"))


def test_what_a_page_offers_to_download_is_what_its_digest_is_of():
    result = make_published_result(problem="标签缺项 2 处")
    corrected = make_revision(result, words={"finding": "标签缺项 3 处"})
    client = Client()
    for version in (result, corrected):
        text = client.get(f"/results/{result.no}/{version.version}/snapshot.json").content.decode()
        assert digests.digest_of_text(text) == version.digest


def test_the_officer_takes_back_on_the_page_and_the_leader_who_comes_late_reads_the_result():
    unit = make_unit()
    result = make_published_result(unit)
    revision = ask_revision(result, words={"finding": "设施运行正常"})
    path = f"/desk/publish/result/{result.no}/revise/"
    officer, leader = signed_in(revision.asked_by), signed_in(make_approver(unit))
    assert "可以撤回申请。" in html_of(officer.get(path)) and "撤回申请</button>" in html_of(officer.get(path))
    assert "撤回申请</button>" not in html_of(leader.get(path))
    assert post(officer, path, decision="take_back", request=revision.pk).status_code == 302
    late = post_and_follow(leader, path, decision="approve", request=revision.pk)
    assert "已经办完" in html_of(late) and "撤回，没有决定过。" in html_of(late)


def test_what_the_leader_sends_back_the_officer_completes_on_the_same_form():
    unit = make_unit()
    result = make_published_result(unit)
    revision = ask_revision(result, words={"finding": "设施运行正常"}, file=("笔录.pdf", b"%PDF-1.7 proof"))
    path = f"/desk/publish/result/{result.no}/revise/"
    officer, leader = signed_in(revision.asked_by), signed_in(make_approver(unit))
    assert f'value="more">退回{revision.asked_by.full_name}补充材料</button>' in html_of(leader.get(path))
    silent = post(leader, path, decision="more", request=revision.pk)
    assert silent.status_code == 409 and "写明退回的意见" in html_of(silent)
    assert post(leader, path, decision="more", request=revision.pk, opinion="补上当天的照片").status_code == 302
    assert "补上再提出；到期没有补，申请自动结束。" in html_of(leader.get(path))
    again = officer.get(path)
    assert "退回补充：补上当天的照片。" in html_of(again) and "补充并重新提出</button>" in html_of(again)
    form = again.context["form"]
    assert form.fields["place.finding"].initial == "设施运行正常"
    typed = {name: field.initial for name, field in form.fields.items() if field.initial not in (None, "", False)}
    assert post(officer, path, typed | {"evidence": "检查笔录第 2 页，照片 3"}).status_code == 302
    assert "笔录.pdf" in html_of(leader.get(path))
    pending = leader.get(path).context["decision"].pending
    got = leader.get(f"{path}{pending.pk}/file/")
    assert b"".join(got.streaming_content if got.streaming else [got.content]) == b"%PDF-1.7 proof"


def test_the_page_says_by_name_who_may_do_what_and_which_one_it_is_about():
    unit = make_unit()
    result = make_published_result(unit)
    leader = make_approver(unit)
    revision = ask_revision(result, words={"finding": "设施运行正常"})
    read = html_of(signed_in(leader).get(f"/desk/publish/result/{result.no}/revise/"))
    assert f"{leader.full_name}（分管负责人）" in read and f"{revision.asked_by.full_name}（提出的人）" in read
    assert "（记录这条结果的人）" in read and "关于哪一条" in read and "第 2 版，登记为“更正”" in read
    assert "<h1" in read and "更正申请" in read


@pytest.mark.clause("七(五)-k")
def test_who_decides_reads_whether_an_objection_to_the_result_waits():
    unit = make_unit()
    result, leader = make_published_result(unit), make_approver(unit)
    ask_revision(result, words={"finding": "设施运行正常"})
    path = f"/desk/publish/result/{result.no}/revise/"
    assert ("异议", "没有在办的") in signed_in(leader).get(path).context["about_which"]
    said = make_objection(result)
    assert f'<a href="/desk/corrections/{said.receipt}/">{said.receipt}</a>' in html_of(signed_in(leader).get(path))
    decide(propose(said))
    assert ("异议", "没有在办的") in signed_in(leader).get(path).context["about_which"]


def test_what_differs_is_marked_and_texts_with_little_in_common_stay_whole():
    old, new = desk_pages.pieces("2 号锅炉停运", "3 号锅炉停运")
    assert [p.words for p in old if p.differs] == ["2"] and "".join(p.words for p in new) == "3 号锅炉停运"
    assert desk_pages.pieces("台账齐全", "排放口编号写错")[0] == [desk_pages.Piece("台账齐全", True)]
    assert desk_pages.pieces("", "补上") == ([], [desk_pages.Piece("补上", True)])


def test_what_must_stand_in_a_result_is_not_optional_on_the_form():
    unit = make_unit()
    result = make_published_result(unit)
    officer, path = signed_in(make_disclosure_officer(unit)), f"/desk/publish/result/{result.no}/revise/"
    form = officer.get(path).context["form"]
    needed = {name for name, field in form.fields.items() if field.required}
    assert {"place.facility.name", "place.district", "place.checked_on", "place.outcome"} <= needed
    assert not needed & {"place.finding", "place.measures", "place.rectify_by", "file"}
    empty = post(officer, path, {n: f.initial or "" for n, f in form.fields.items()} | {"place.facility.name": ""})
    assert empty.status_code == 200 and "检查对象" in html_of(empty)


def test_the_card_says_what_is_corrected_by_whom_and_until_when(at, monkeypatch):
    at("2026-07-06 10:00")
    unit = make_unit()
    result = make_published_result(unit, problem="标签缺项 2 处")
    path, leader = f"/desk/publish/result/{result.no}/revise/", make_approver(unit)
    first = ask_revision(result, words={"finding": "标签缺项 3 处"})
    client = signed_in(leader)
    page = html_of(client.get(path))
    assert "更正“描述”一句" in page and "（分管负责人）决定，7 月 8 日（周三）前" in page and "次提出" not in page
    post(client, path, decision="more", request=first.pk, opinion="补上当天的照片")
    ask_revision(result, words={"finding": "标签缺项 3 处", "measures": "当场贴上"}, by=first.asked_by)
    page = html_of(client.get(path))
    assert "更正 2 处" in page and "第 2 次提出" in page and f"{first.asked_by.full_name}　公示员" in page
    papers = []
    monkeypatch.setattr(filled, "as_pdf", lambda paper: papers.append(paper) or b"%PDF-1.7")
    answer = client.get(f"{path}{result.revisions.get(state='ASKED').pk}/paper.pdf")
    assert answer.content == b"%PDF-1.7" and f"更正审批表_{result.no}.pdf" in unquote(answer["Content-Disposition"])
    said = str(papers[0])
    assert "标签缺项 2 处" in said and "标签缺项 3 处" in said and "第 2 次提出" in said and "等决定" in said
