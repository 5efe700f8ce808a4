"""Numbers of the plan changed by data: proposed by one person, approved by another, in force from a day to come (附-b)."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock, policy, subjects, workdays
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.fresh import Fresh
from benxi_shuangsuiji.notices import moving
from benxi_shuangsuiji.notices.models import DutyMove, PolicyChange, PolicyDecision
from benxi_shuangsuiji.notices.numbers.duties import DECISION
from benxi_shuangsuiji.notices.telling import notify, tell
from benxi_shuangsuiji.policy.changes import Change, why_not_number
from benxi_shuangsuiji.refusal import refuse_if, why_not_decided, why_not_reason

_LOCK = 0x9A11C4  # of this table alone; sealed tables cannot be locked by the runtime login


def _read() -> tuple[Change, ...]:
    rows = PolicyDecision.objects.filter(approved=True).order_by("pk")
    names = ("parameter", "value", "effective_from", "source_document")
    return tuple(Change(*row) for row in rows.values_list(*(f"change__{name}" for name in names)))


# The approved changes in order of approval. One begins tomorrow at the earliest, so that a few seconds in which a process
# knows the old line harm nobody.
approved: Fresh[tuple[Change, ...]] = Fresh(_read, ())
forget = approved.forget


def why_not_propose(by: User) -> str:
    return "" if by.units_with(Permission.MANAGE_SYSTEM) else "参数修改由系统管理员按文件提出。"


def why_not_decide_any(by: User) -> str:
    return "" if by.units_with(Permission.KEEP_BASES) else "参数修改由牵头部门审批。"


def why_not_decide(change: PolicyChange, by: User) -> str:
    if PolicyDecision.objects.filter(change=change).exists():
        return "这项修改已经审批过。"
    if change.proposed_by_id == by.pk:
        return "修改是本人提出的，由另一个人审批。"
    return why_not_decide_any(by)


def why_not_again(parameter: str, value: int, effective_from: date) -> str:
    """One that waits is decided first; one that was approved is refused as the number of that day already."""
    same = PolicyChange.objects.filter(parameter=parameter, value=value, effective_from=effective_from)
    return "同样的修改已经提出，等牵头部门审批。" if same.filter(decision__isnull=True).exists() else ""


@transaction.atomic
def propose(*, parameter: str, value: int, effective_from: date, source_document: str, by: User) -> PolicyChange:
    """Put a new number forward with its document; it changes nothing until it is approved."""
    _lock()
    refuse_if(
        why_not_propose(by)
        or why_not_reason(source_document, "依据文件")
        or why_not_number(parameter, value, effective_from, policy.line(), clock.today())
        or why_not_again(parameter, value, effective_from)
    )
    change = PolicyChange.objects.create(
        parameter=parameter,
        value=value,
        effective_from=effective_from,
        source_document=source_document.strip(),
        proposed_by=by,
        proposed_at=clock.now(),
    )
    _ask_for_decision(change, by)
    trail.record(
        "notices.policy.proposed",
        by=by,
        about=change,
        parameter=parameter,
        value=value,
        effective_from=effective_from,
        document=change.source_document,
    )
    return change


@transaction.atomic
def decide(*, change: PolicyChange, approve: bool, opinion: str, by: User) -> list[DutyMove]:
    """Approve or refuse; an approved number is a version from its day on. Returns the duties whose dates moved."""
    _lock()
    refuse_if(why_not_decide(change, by) or why_not_decided(opinion, approve=approve))
    if approve:  # time has gone by, and others may have been approved meanwhile
        line = policy.line()
        refuse_if(why_not_number(change.parameter, change.value, change.effective_from, line, clock.today()))
    now = clock.now()
    PolicyDecision.objects.create(change=change, approved=approve, opinion=opinion.strip(), by=by, at=now)
    for unit in Unit.objects.filter(kind=UnitKind.CITY_TEAM):
        DECISION.close(unit, str(change.pk), "notices.policy.decided", now)
    moved = []
    if approve:
        forget()
        moved = moving.recompute(workdays.calendar(), at=now, because=f"{change}：{change.source_document}", by=by)
        transaction.on_commit(forget)
        for heard in subjects.house().heard:
            if heard.number_changed:
                heard.number_changed(change, by)
    _tell_proposer(change, approve, opinion.strip(), at=now)
    trail.record(
        "notices.policy.decided",
        by=by,
        about=change,
        approved=approve,
        opinion=opinion.strip(),
        version=policy.on(change.effective_from).version if approve else "",
        moved=len(moved),
    )
    return moved


def _ask_for_decision(change: PolicyChange, by: User) -> None:
    """The lead office decides, at the latest on the day before the number begins; afterwards it is too late."""
    for unit in Unit.objects.filter(kind=UnitKind.CITY_TEAM):
        title = f"审批参数修改：{change.what.words} {change.shown}"
        role, url = Role.LEAD_OFFICE, change.get_absolute_url()
        DECISION.open(
            unit,
            str(change.pk),
            role=role,
            title=title[:120],
            due=workdays.calendar().fixed(change.effective_from - timedelta(days=1)),
            url=url,
            consequence=f"到 {change.effective_from:%Y-%m-%d} 还没有同意的，不能再同意，按新的生效日期重新提出。",
        )
        body = f"{by.full_name}提出，{change.effective_from:%Y-%m-%d} 起，依据 {change.source_document}。"
        tell(role=role, unit=unit, key=f"{DECISION}:{change.pk}", title=title, body=body, url=url, by=by)


def _tell_proposer(change: PolicyChange, approved: bool, opinion: str, *, at: datetime) -> None:
    answer = "已同意" if approved else "没有同意"
    notify(
        user=change.proposed_by,
        key=f"{DECISION}:{change.pk}:decided",
        title=f"参数修改{answer}：{change.what.words} {change.shown}",
        body=f"审批意见：{opinion}",
        url=reverse("notices:deadline-rules"),
        at=at,
    )


def _lock() -> None:
    """One at a time, each with what the one before has approved."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    forget()
