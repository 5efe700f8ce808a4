"""A quarter taken as far as the stories of the audit need it, through the actions."""

from inspections.models import Inspection
from inspections.replacements import actions as replacements
from plans.draw import actions as draw_actions
from plans.models import ChangeReason, Draw
from tests.factories import make_approver, make_planner
from tests.inspections.factories import answer_all, finish, make_dispatched, ready, start
from tests.plans.amendments.factories import PHOTO


def make_quarter(unit, key: int = 12, **fields) -> list[Inspection]:
    """The checks of the third quarter, all of 重点."""
    return make_dispatched(unit, key=key, general=0, special=0, inspectors=6, **fields)


def visit(check: Inspection, **outcome) -> Inspection:
    """Accepted and carried out, or in vain."""
    if check.accepted_at is None:
        ready(check)
    return finish(answer_all(start(Inspection.objects.get(pk=check.pk))), **outcome)


def release(check: Inspection) -> Draw:
    return draw_actions.release_draw(draw=Draw.objects.get(pk=check.draw_id))


def take_off(checks: list[Inspection], reason: str = ChangeReason.NOTDONE, number: int = 1, **fields):
    """Asked for by the planner, approved by the leader."""
    draw = checks[0].draw
    asked = replacements.ask(
        draw=draw,
        reason=reason,
        evidence="现场核查记录 1 份",
        by=make_planner(draw.unit),
        picks=[check.pick for check in checks],
        **{"file": PHOTO, **fields},
    )
    by = make_approver(draw.unit)
    return replacements.approve(request=asked, by=by, document_no=f"本环更〔2026〕{number} 号")
