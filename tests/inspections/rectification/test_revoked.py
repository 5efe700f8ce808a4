"""What becomes of an order to correct when its decision is revoked, and its result withdrawn (八(二)-c, -e)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.notices.models import Duty, Message
from disclosure.models import Act, Ground, Publication
from disclosure.revisions import actions as revising
from inspections.archive.standing import files_of
from inspections.models import Rectification
from inspections.rectification import actions
from inspections.review import actions as review_actions
from tests import putting
from tests.browsing import html_of, refused, signed_in
from tests.disclosure.factories import ask_revision
from tests.factories import make_approver
from tests.inspections.rectification.factories import ask, make_rectification, report

pytestmark = [pytest.mark.django_db, pytest.mark.dates]


@pytest.mark.clause("八(二)-e", "八(二)-c", "七(七)-p")
def test_an_order_whose_decision_was_revoked_orders_nothing_and_its_file_can_be_bound(at):
    """What is withdrawn for its words goes on; what was revoked does not, and nobody waits for papers that cannot come."""
    at("2026-07-09 10:00")
    ends = []
    for ground in (Ground.PRIVATE, Ground.REVOKED):
        found = make_rectification()
        result = Publication.objects.results().get(no=found.inspection.no)
        document = {"document_no": "本政复决〔2026〕4号", "known_on": clock.today()} if ground == Ground.REVOKED else {}
        revision = ask_revision(result, Act.WITHDRAW, ground=ground, **document)
        revising.approve(revision=revision, by=make_approver(revision.unit), opinion="同意")
        (file,) = files_of([Rectification.objects.get(pk=found.pk).inspection])
        ends.append((Rectification.objects.get(pk=found.pk).state, file.closed_on, "整改审批表" in file.lacking))
    assert ends == [("OPEN", None, True), ("VOID", clock.today(), False)]
    assert not Duty.objects.filter(rule="D-21", period=found.inspection.no, closed_at=None).exists()


@pytest.mark.clause("八(二)-e", "八(二)-c")
def test_what_was_asked_of_an_order_that_came_to_nothing_is_over_with_it(at):
    """Nobody is asked to decide about it, no to-do stays, and once the order stands again the wish is passed on anew."""
    at("2026-07-09 10:00")
    found = make_rectification()
    check, leader = found.inspection, make_approver(found.inspection.unit)
    report(found, wish_until=found.due + timedelta(days=7), wish_because="压滤机要等厂家来人")
    act = ask(Rectification.objects.get(pk=found.pk), "EXTEND", until=found.due + timedelta(days=7))
    mine = Duty.objects.filter(rule__in=["D-21", "MENDASK", "MENDNEXT"], period__startswith=check.no)
    assert set(mine.open().values_list("rule", flat=True)) == {"D-21", "MENDASK"}
    with pytest.raises(DatabaseError, match="还有等决定的申请"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inspections_rectification SET state = 'VOID' WHERE id = %s", [found.pk])

    with putting.owner():  # without the 更正 that leads to it
        review_actions.mark_corrected(inspection=check, outcome="NO_ISSUE", rectify_by=None, by=leader)
    act.refresh_from_db()
    assert (act.get_state_display(), act.decided_by, list(mine.open())) == ("不再办理", None, [])
    assert Message.objects.filter(user=act.asked_by, title="延期的申请不再办理").exists()
    page = html_of(signed_in(leader).get(found.get_absolute_url()))
    assert "不再办理" in page and "等决定" not in page and 'value="approve"' not in page
    with refused("这份申请不再办理，不再变动"):
        actions.approve(act=act, by=leader)

    with putting.owner():
        review_actions.mark_corrected(inspection=check, outcome="RECTIFY_ORDERED", rectify_by=found.due, by=leader)
    assert set(mine.open().values_list("rule", flat=True)) == {"D-21", "MENDNEXT"}
    ask(Rectification.objects.get(pk=found.pk), "EXTEND", until=found.due + timedelta(days=7))
    assert set(mine.open().values_list("rule", flat=True)) == {"D-21", "MENDASK"}
