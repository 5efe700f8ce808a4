from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from registry.models import Facility, PermitCondition

from . import rules, sheet


@transaction.atomic
def enter(*, facility: Facility, lines: str, by: User) -> tuple[int, int]:
    """Make the conditions those of the permit as it is typed; returns (how many are new, how many are ended).

    Checks that were dispatched keep the points they have: what was asked there stays what was asked.
    """
    facility = Facility.objects.locked(facility.pk, "unit")
    refuse_if(rules.why_not_enter(facility, by))
    wanted, faults = sheet.read(lines)
    refuse_if(rules.why_not_lines(faults))
    standing = {c.key: c for c in facility.permit_conditions.standing()}
    refuse_if(rules.why_nothing_new(wanted, set(standing)))
    now = clock.now()
    gone = [c.pk for key, c in standing.items() if key not in set(wanted)]
    PermitCondition.objects.filter(pk__in=gone).update(ended_on=now.date(), ended_by=by)
    new = [entry for entry in wanted if entry not in standing]
    PermitCondition.objects.bulk_create(
        PermitCondition(
            facility=facility,
            kind=kind,
            text=text,
            limit=limit,
            permit_no=facility.permit_no,
            entered_by=by,
            entered_at=now,
        )
        for kind, text, limit in new
    )
    trail.record("registry.permit.conditions", by=by, about=facility, new=len(new), ended=len(gone))
    return len(new), len(gone)
