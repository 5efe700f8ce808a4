"""案卷 of a result that a law keeps from the public: bound like any other, with its ground and document (二-b, 七(四)-9)."""

import pytest
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Role
from disclosure.models import Publication
from disclosure.publishing import actions as publishing
from inspections.archive import actions, duties, papers
from inspections.archive.models import of_archive
from inspections.indicators import of_endings
from inspections.indicators.facts import Scope
from inspections.models import Inspection, Taken
from inspections.review import actions as review
from inspections.withholding import actions as withholding
from plans.draw import actions as draw_actions
from tests.browsing import enter, refused, text_of
from tests.factories import make_approver, make_city_team, make_disclosure_officer, make_unit, make_user
from tests.inspections.archive.test_archive import SITE, archivist, bound, file_of, lacking, taken_in
from tests.inspections.factories import answer_all, finish, make_dispatched, make_reviewed, ready, start
from tests.inspections.withholding.test_withholding import DOCUMENT, SAID, again
from tests.inspections.withholding.test_withholding import approve as approve_withholding
from tests.inspections.withholding.test_withholding import ask as ask_withholding

pytestmark = pytest.mark.django_db


def withheld(check=None) -> Inspection:
    """Reviewed, not to be published by an approved ground."""
    check = check or make_reviewed()
    approve_withholding(ask_withholding(check))
    return Inspection.objects.select_related("unit", "draw").get(pk=check.pk)


@pytest.mark.clause("二-b", "七(四)-9", "七(七)-o")
def test_a_withheld_result_is_bound_with_its_ground_and_the_document_and_without_a_public_page(one_page, client):
    check = withheld()
    by = archivist(check.unit)
    duties.keep_daily(force=True)
    duty = duties.BINDING.duties.get()
    assert (duty.period, duty.due) == (check.no, file_of(check).due.date) and check.facility.name not in duty.title
    assert file_of(check).closed_on == check.withheld_at.astimezone().date()
    assert check.no in text_of(enter(client, by).get(reverse("inspections:archive-list")))
    assert lacking(check) == ["不公开的批准文件"]
    with refused("缺不公开的批准文件，不能成册"):
        actions.bind(check=check, site=SITE, by=by)
    taken_in(check, by, Taken.GROUND, number=DOCUMENT)
    volume = bound(check, by)
    titles = [paper.title for paper in volume.papers.all()]
    assert titles[-3:] == ["依法不公开审批表", "不公开的批准文件", "卷内备考表"] and "公开页打印件" not in titles
    said = "".join(one_page)
    assert DOCUMENT in said and SAID in said and "没有公开页打印件：依法不公开。" in said
    assert not duties.BINDING.duties.open().exists()
    circle, outside = (Scope.of([check.unit], check.year, circle=who) for who in ({check.unit_id}, ()))
    assert [row.counts for row in of_endings.archived(circle)] == [True] and not [*of_endings.archived(outside)]


@pytest.mark.clause("二-b", "0-c")
def test_of_a_withheld_result_nothing_leaves_the_unit_and_the_archivist_waits_for_the_release(at, one_page, client):
    check = make_dispatched()[0]
    ready(check)
    check = finish(answer_all(start(check)))
    check = withheld(review.review_result(inspection=check, by=make_approver(check.unit)))
    page, by = reverse("inspections:archive-file", args=[check.no]), archivist(check.unit)
    duties.keep_daily(force=True)
    assert not duties.BINDING.duties.exists() and enter(client, by).get(page).status_code == 404
    at(check.draw.release_at)
    draw_actions.release_draw(draw=check.draw)
    assert enter(client, by).get(page).status_code == 200
    check.draw.refresh_from_db()
    assert (
        file_of(check).closed_on == check.draw.released_at.astimezone().date() > check.withheld_at.astimezone().date()
    )
    for user in (make_user((Role.OBSERVER, make_city_team())), archivist(make_unit("210503"))):
        assert enter(client, user).get(page).status_code == 404
    taken_in(check, by, Taken.GROUND)
    volume = bound(check, by)
    (row,) = papers.transfer_rows([file_of(check)])
    assert volume.no in row and check.facility.name not in "".join(row)
    assert not Publication.everything.filter(no=check.no).exists()


@pytest.mark.clause("二-b")
def test_when_the_ground_is_gone_the_published_words_go_into_a_supplement(one_page):
    check = withheld()
    by = archivist(check.unit)
    duties.keep_daily(force=True)
    lift = {"withholding": check.withholdings.get(), "by": make_approver(check.unit), "because": "权利人书面同意公开。"}
    withholding.lift(**lift)
    duties.keep_daily(force=True)  # not settled any more: nothing is due until it is public
    assert not duties.BINDING.duties.open().exists() and file_of(check).due is None
    approve_withholding(ask_withholding(again(check)))
    taken_in(check, by, Taken.GROUND)
    bound(again(check), by)
    withholding.lift(**lift | {"withholding": check.withholdings.standing().get()})
    assert of_archive(by).filter(pk=check.pk).exists()  # its volume stays on its shelf
    publishing.publish_result(
        inspection=again(check), by=make_disclosure_officer(check.unit), late_reason="依法不公开的依据没有了"
    )
    assert sorted(leaf.title for leaf in file_of(again(check)).unbound) == ["依法不公开审批表", "公开页打印件"]
