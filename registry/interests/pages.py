"""What the pages about avoidance have in common, and who may see them (七(五)-c)."""

from benxi_shuangsuiji.accounts.roles import Permission as P
from registry.inspectors import rules as inspectors_rules
from registry.models import InterestState

from . import rules


def sees_unit(user, unit) -> bool:
    """Who keeps the list, who approves, and the supervisors; nobody else reads others' interests."""
    if unit is None or not user.may(P.SEE_INSPECTORS, unit):
        return False
    return any(user.may(p, unit) for p in (P.EDIT_INSPECTORS, P.APPROVE_REGISTRY, P.SEE_LOG))


def sees_interests(user, inspector) -> bool:
    return inspector.user_id == user.pk or sees_unit(user, inspector.unit.drawing_unit)


def panel(inspector, user, today) -> dict:
    """What the panel of one person shows: his interests, his declarations, and what this user may do with them."""
    may_edit, own = inspectors_rules.may_edit_inspector(inspector, user), inspector.user_id == user.pk
    conflicts = inspector.conflicts.select_related("facility", "declared_by", "decided_by")
    declarations = list(inspector.declarations.select_related("declared_by", "decided_by")[:3])
    this_year = next((d for d in declarations if d.year == today.year and d.state != InterestState.RETURNED), None)
    cards = []
    for conflict in conflicts.order_by("-declared_at", "-pk"):
        conflict.inspector = inspector
        over = conflict.valid_to is not None and conflict.valid_to < today and conflict.state == InterestState.APPROVED
        cards.append(
            {
                "c": conflict,
                "text": "已到期" if over else conflict.get_state_display(),
                "tone": "wait" if over else TONES[conflict.state],
                "may_decide": not rules.why_not_decide(conflict, user),
                "may_end": may_edit and conflict.state in (InterestState.PENDING, InterestState.APPROVED) and not over,
            }
        )
    for declaration in declarations:
        declaration.inspector = inspector
        declaration.tone = TONES[declaration.state]
        declaration.may_decide = not rules.why_not_decide(declaration, user)
    return {
        "inspector": inspector,
        "cards": cards,
        "declarations": declarations,
        "year": today.year,
        "declared": this_year is not None,
        "may_declare": (own or may_edit) and not inspector.left_on,
        "own": own,
    }


TONES = {
    InterestState.PENDING: "warn",
    InterestState.APPROVED: "ok",
    InterestState.RETURNED: "bad",
    InterestState.ENDED: "wait",
}
