"""Leave and other duty of the inspectors (六(三)-p, SSJ1 ISTATE)."""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from registry.models import AbsenceKind, Inspector, InspectorAbsence, InspectorChangeKind

from . import rules
from .actions import locked, save, write_change


@transaction.atomic
def record_absence(
    *, inspector: Inspector, kind: str, starts_on: date, by: User, ends_on: date | None = None, note: str = ""
) -> InspectorAbsence:
    """Note leave, a change of post or other duty; during it the person is not drawn. Everybody may note his own leave."""
    inspector = locked(inspector)
    refuse_if(
        rules.why_not_absence(inspector, by, kind=kind, starts_on=starts_on, ends_on=ends_on, today=clock.today())
    )
    absence = InspectorAbsence.objects.create(
        inspector=inspector,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note[:200],
        entered_by=by,
        entered_at=clock.now(),
    )
    save(inspector)
    write_change(
        inspector,
        InspectorChangeKind.ABSENCE,
        by=by,
        reason=note or AbsenceKind(kind).label,
        values={"absence": [None, _period(absence)]},
        on=starts_on,
    )
    trail.record("registry.inspector.absence", by=by, about=inspector, kind=kind)
    return absence


@transaction.atomic
def end_absence(*, absence: InspectorAbsence, on: date, by: User) -> InspectorAbsence:
    """Note the last day of an absence."""
    inspector = locked(absence.inspector)
    absence = _held(inspector, absence)
    refuse_if(rules.why_not_end_absence(absence, by, on=on))
    old, absence.ends_on = absence.ends_on, on
    absence.save(update_fields=["ends_on"])
    save(inspector)
    values = {"absence_until": [old and old.isoformat(), on.isoformat()]}
    write_change(inspector, InspectorChangeKind.BACK, by=by, reason="返岗", values=values, on=on)
    trail.record("registry.inspector.back", by=by, about=inspector)
    return absence


@transaction.atomic
def cancel_absence(*, absence: InspectorAbsence, reason: str, by: User) -> None:
    """Take back an absence that has not begun."""
    inspector = locked(absence.inspector)
    absence = _held(inspector, absence)
    refuse_if(rules.why_not_cancel_absence(absence, by, today=clock.today()) or why_not_reason(reason))
    period = _period(absence)
    absence.delete()
    save(inspector)
    write_change(inspector, InspectorChangeKind.BACK, by=by, reason=reason, values={"absence": [period, None]})
    trail.record("registry.inspector.absence_cancelled", by=by, about=inspector)


def _held(inspector: Inspector, absence: InspectorAbsence) -> InspectorAbsence:
    """As it stands now; somebody may just have taken it back."""
    held = inspector.absences.select_for_update().filter(pk=absence.pk).first()
    refuse_if("" if held else "这次离岗的登记已经取消。打开人员页看现在的情况。")
    return held


def _period(absence: InspectorAbsence) -> list:
    return [absence.kind, absence.starts_on.isoformat(), absence.ends_on and absence.ends_on.isoformat()]
