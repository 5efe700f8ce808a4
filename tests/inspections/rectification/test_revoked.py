"""What becomes of an order to correct when its decision is revoked, and its result withdrawn (八(二)-c, -e)."""

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.notices.models import Duty
from disclosure.models import Act, Ground, Publication
from disclosure.revisions import actions as revising
from inspections.archive.standing import files_of
from inspections.models import Rectification
from tests.disclosure.factories import ask_revision
from tests.factories import make_approver
from tests.inspections.rectification.factories import make_rectification

pytestmark = pytest.mark.django_db


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
