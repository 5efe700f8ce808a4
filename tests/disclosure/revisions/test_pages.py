"""The pages of corrections: what everybody reads, what the officer's and the leader's page says (ui-2.md 27)."""

import pytest
from django.test import Client

from disclosure import digests
from disclosure.models import Act, Change, Publication
from disclosure.publications import publish
from disclosure.site import bulletin
from tests.browsing import html_of, post, queries, signed_in
from tests.disclosure.factories import ask_revision, make_published_result, make_revision
from tests.factories import make_approver, make_disclosure_officer, make_planner, make_supervisor, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.clause("八(二)-c")]


def make_corrections(first: Publication, numbers: range) -> None:
    """Corrected results like this one, without a check behind each."""
    unit, by = make_unit(), first.published_by
    columns = ("title", "year", "number", "facility_code", "facility_name", "outcome", "checked_on")
    like = {name: getattr(first, name) for name in columns}
    said = {"reason": "写错", "document_no": "", "decided_by": "分管负责人", "corrected_on": "2026-07-06", "places": []}
    for n in numbers:
        for snapshot in (first.snapshot, first.snapshot | {"correction": said}):
            publish("RESULT", f"{first.no}-{n}", by=by, unit=unit, snapshot=snapshot, change=Change.CORRECTION, **like)


def test_the_public_list_asks_no_more_for_thirty_than_for_one():
    first, client = make_published_result(), Client()
    make_corrections(first, range(1))
    one = queries(client, "/notices/revisions/")
    make_corrections(first, range(1, 30))
    assert queries(client, "/notices/revisions/") == one
    assert html_of(client.get("/notices/revisions/")).count("<time") == 30


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
        and "等本单位分管负责人决定" in officer
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
