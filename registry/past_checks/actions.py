"""Checks from before the day of first use: entered with a workbook, approved by another, or said to be none (二-a)."""

from datetime import date, datetime

from django.db import transaction

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from registry.models import ImportBatch, NoPastChecks, PastCheck, PastChecks, PastState

from . import rules
from .duties import DECISION


def enter(batch: ImportBatch, by: User, now: datetime, progress) -> None:
    """What a confirmed workbook writes: its checks, which wait for the unit's leader; part of the import's transaction."""
    refuse_if(rules.why_no_past())
    request = PastChecks.objects.create(batch=batch, unit=batch.unit, asked_by=by, asked_at=now)
    lines = batch.lines.filter(content__isnull=False).order_by("number")
    rows = [content["new"] for content in lines.values_list("content", flat=True)]
    PastCheck.objects.bulk_create(
        [
            PastCheck(
                request=request,
                facility_id=row["facility"],
                day=date.fromisoformat(row["day"]),
                **{name: row[name] for name in ("kind", "mode", "items", "result", "public_at")},
            )
            for row in rows
        ],
        batch_size=500,
    )
    progress(len(rows), len(rows))
    title = f"批准补录的检查：{len(rows)} 次"
    DECISION.open(
        batch.unit,
        str(request.pk),
        role=Role.APPROVER,
        title=title,
        due=workdays.calendar().within_workdays(
            now.date(), policy.on(now.date()).recommended.recusal_decision_within_workdays
        ),
        url=_page(request),
        consequence="批准以前不计入覆盖率和次数，也不进入公示链。",
    )
    tell(
        role=Role.APPROVER,
        unit=batch.unit,
        key=f"{DECISION}:{request.pk}",
        title=f"{batch.unit}：{title}",
        body=f"来自《{batch.file.name}》。"[:400],
        url=_page(request),
        by=by,
    )


def take_back(batch: ImportBatch, by: User, now: datetime, progress) -> None:
    """The withdrawal of the import, as long as nobody has approved it: the checks go, the request says so."""
    request = PastChecks.objects.locked(batch.past.pk, "unit")
    refuse_if(rules.why_not_take_back(batch))
    request.checks.all().delete()
    if request.waits:
        DECISION.close(request.unit, str(request.pk), "补录已撤回", now)
    request.state = PastState.WITHDRAWN
    request.save(update_fields=["state"])


@transaction.atomic
def approve(*, request: PastChecks, by: User, opinion: str = "") -> PastChecks:
    """From now on they count, marked as history everywhere."""
    request = _decide(request, PastState.APPROVED, by, opinion)
    trail.record("registry.past.approved", by=by, about=request, **_figures(request))
    return request


@transaction.atomic
def send_back(*, request: PastChecks, by: User, opinion: str) -> PastChecks:
    refuse_if(why_not_reason(opinion, "意见"))
    request = _decide(request, PastState.RETURNED, by, opinion)
    trail.record("registry.past.returned", by=by, about=request, opinion=request.opinion, **_figures(request))
    return request


def _decide(request: PastChecks, state: PastState, by: User, opinion: str) -> PastChecks:
    request = PastChecks.objects.locked(request.pk, "unit", "batch__file")
    refuse_if(rules.why_not_decide(request, by))
    now = clock.now()
    request.decide(state, by=by, at=now, opinion=opinion)
    DECISION.close(request.unit, str(request.pk), f"补录{state.label}", now)
    return request


def _figures(request: PastChecks) -> dict:
    return {"checks": request.checks.count(), "sha256": request.batch.file.sha256}


@transaction.atomic
def say_none(*, unit: Unit, by: User) -> NoPastChecks:
    """The unit's word that there is nothing to enter, which the first seal of the city asks for."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    refuse_if(rules.why_not_say_none(unit, by))
    said = NoPastChecks.objects.create(unit=unit, said_by=by, said_at=clock.now())
    trail.record("registry.past.none", by=by, about=said)
    return said


def _page(request: PastChecks) -> str:
    return f"/desk/past-checks/{request.pk}/"
