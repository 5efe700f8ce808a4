"""统筹指导台账: what the city told the units, and what its lead office gave back, as one log (五-2b, 八(一)-a).

Returned filings are read where they are (`plans.Filing`), not copied. Nothing here says who was drawn (decisions.md 3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, table
from benxi_shuangsuiji.notices.deadlines.due_days import filing_due
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter, table_moment
from inspections.models import Instruction, InstructionAnswer, InstructionKind, InstructionState
from inspections.oversight.progress import Cell, receipt_cell
from plans.models import Filing, FilingKind, FilingState

from . import rules

RETURN = "RETURN"  # a filing that the lead office gave back
KINDS = [*InstructionKind.choices, (RETURN, "退回补正")]
TONES = {
    InstructionState.SENT: "wait",
    InstructionState.ANSWERED: "warn",
    InstructionState.RETURNED: "bad",
    InstructionState.ACCEPTED: "ok",
}
_INSTRUCTION, _FILING = "I", "F"


@dataclass(frozen=True)
class Entry:
    """One line of the log. `answer` and `opinion` are the last ones; a returned filing has a note in place of an answer."""

    no: str
    kind: str
    unit: Unit
    quarter: Quarter
    title: str
    text: str
    office: str
    by: str
    at: datetime
    due: date | None
    late: str
    state: str
    url: str
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    opinion: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None

    @property
    def kind_label(self) -> str:
        return dict(KINDS)[self.kind]

    @property
    def state_label(self) -> str:
        return InstructionState(self.state).label

    @property
    def tone(self) -> str:
        return TONES[InstructionState(self.state)]


# --- the log ----------------------------------------------------------------------------------------------------------


def lines(
    user, *, quarter: Quarter, whole_year: bool = False, unit: int | None = None, kind: str = "", state: str = ""
):
    """Which lines a reader asked for, newest first, as (source, pk, at): one query, whatever the sources."""
    period = Q(year=quarter.year) if whole_year else Q(year=quarter.year, number=quarter.number)
    told = Instruction.objects.visible_to(user).filter(period)
    given_back = _returned(user).filter(period)
    if unit:
        told, given_back = told.filter(unit=unit), given_back.filter(unit=unit)
    if state:
        told, given_back = told.filter(state=state), given_back.filter(stage=state)
    if kind == RETURN:
        told = told.none()
    elif kind:
        told, given_back = told.filter(kind=kind), given_back.none()
    return (
        told.order_by()
        .annotate(source=Value(_INSTRUCTION, output_field=CharField()), at=F("sent_at"))
        .values_list("source", "pk", "at")
        .union(
            given_back.order_by()
            .annotate(source=Value(_FILING, output_field=CharField()), at=F("decided_at"))
            .values_list("source", "pk", "at"),
            all=True,
        )
        .order_by("-at", "-pk")
    )


def _returned(user):
    """Filings that the lead office gave back, with what has become of them since."""
    later = Filing.objects.filter(
        kind=OuterRef("kind"),
        unit=OuterRef("unit"),
        year=OuterRef("year"),
        number=OuterRef("number"),
        asked_at__gt=OuterRef("decided_at"),
    )
    return (
        Filing.objects.visible_to(user)
        .filter(unit__in=user.units_with(Permission.SEE_PROGRESS), state=FilingState.RETURNED)
        .annotate(
            stage=Case(
                When(Exists(later.filter(state=FilingState.RECEIVED)), then=Value(InstructionState.ACCEPTED.value)),
                When(Exists(later.filter(state=FilingState.SENT)), then=Value(InstructionState.ANSWERED.value)),
                When(Exists(later), then=Value(InstructionState.RETURNED.value)),
                default=Value(InstructionState.SENT.value),
            )
        )
    )


def entries(user, found: Sequence[tuple[str, int, datetime]], today: date) -> list[Entry]:
    """The lines themselves, in the order given; a fixed number of queries."""
    asked = [pk for source, pk, _ in found if source == _INSTRUCTION]
    filed = [pk for source, pk, _ in found if source == _FILING]
    told = Instruction.objects.visible_to(user).select_related("unit", "sent_by").in_bulk(asked) if asked else {}
    last: dict[int, InstructionAnswer] = {
        answer.instruction_id: answer
        for answer in InstructionAnswer.objects.filter(instruction__in=asked)
        .select_related("answered_by", "decided_by")
        .order_by("answered_at", "pk")
    }
    given_back = (
        _returned(user).select_related("unit", "decided_by", "plan__unit", "draw").in_bulk(filed) if filed else {}
    )
    return [
        _of_instruction(told[pk], last.get(pk), today) if source == _INSTRUCTION else _of_filing(given_back[pk])
        for source, pk, _ in found
    ]


def _of_instruction(one: Instruction, answer: InstructionAnswer | None, today: date) -> Entry:
    answered = {}
    if answer:
        answered = {
            "answer": answer.words,
            "answered_by": answer.answered_by.full_name,
            "answered_at": answer.answered_at,
            "opinion": answer.opinion,
            "decided_by": answer.decided_by.full_name if answer.decided_by else "",
            "decided_at": answer.decided_at,
        }
    return Entry(
        no=one.no,
        kind=one.kind,
        unit=one.unit,
        quarter=one.quarter,
        title=one.title,
        text=one.text,
        office=one.get_office_display(),
        by=one.sent_by.full_name,
        at=one.sent_at,
        due=one.due,
        late=rules.late_words(one, today),
        state=one.state,
        url=one.get_absolute_url(),
        **answered,
    )


def _of_filing(filing: Filing) -> Entry:
    return Entry(
        no="",
        kind=RETURN,
        unit=filing.unit,
        quarter=Quarter(filing.year, filing.number),
        title=f"补正并重新报送{filing.get_kind_display()}",
        text=filing.opinion,
        office=Role.LEAD_OFFICE.label,
        by=filing.decided_by.full_name,
        at=filing.decided_at,
        due=None,
        late="",
        state=filing.stage,
        url=(filing.plan or filing.draw).get_absolute_url(),
    )


COLUMNS = [
    OutColumn("编号", 22),
    OutColumn("种类", 10),
    OutColumn("单位", 14),
    OutColumn("季度", 16),
    OutColumn("事项", 28),
    OutColumn("内容", 44),
    OutColumn("发出", 14),
    OutColumn("发出人", 12),
    OutColumn("发出时间", 18),
    OutColumn("办理期限", 12),
    OutColumn("状态", 12),
    OutColumn("回复", 44),
    OutColumn("回复人", 12),
    OutColumn("回复时间", 18),
    OutColumn("审定意见", 30),
    OutColumn("审定人", 12),
    OutColumn("审定时间", 18),
]


def workbook(found: Iterable[Entry], today: date) -> bytes:
    title = heading("全市统筹指导台账", "", today)
    return table(sheet="统筹指导台账", title=title, columns=COLUMNS, rows=(_row(entry) for entry in found), named_by=5)


def _row(entry: Entry) -> list[str]:
    return [
        entry.no,
        entry.kind_label,
        entry.unit.short_name,
        entry.quarter.label,
        entry.title,
        entry.text,
        entry.office,
        entry.by,
        table_moment(entry.at),
        entry.due.isoformat() if entry.due else "",
        entry.state_label,
        entry.answer,
        entry.answered_by,
        table_moment(entry.answered_at),
        entry.opinion,
        entry.decided_by,
        table_moment(entry.decided_at),
    ]


# --- what stands beside the nine steps in 全市进度 --------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How a unit stands with the city: its plan and its draw filed, and what it has still to answer."""

    unit: Unit
    plan: Cell
    draw: Cell
    waiting: int  # not closed yet
    late: int
    log_url: str
    remind_url: str


def standings(
    user,
    units: list[Unit],
    quarter: Quarter,
    today: date,
    calendar: Calendar,
    told: Iterable[Instruction] | None = None,
) -> list[Standing]:
    """One for each unit; two queries. `told`: the instructions of the quarter to these units, where a page has them already."""
    latest: dict[tuple[int, str], Filing] = {}
    first: dict[tuple[int, str], date] = {}
    for filing in Filing.objects.visible_to(user).of(quarter).filter(unit__in=units).order_by("asked_at", "pk"):
        key = (filing.unit_id, filing.kind)
        latest[key] = filing
        first.setdefault(key, localtime(filing.asked_at).date())
    waiting: dict[int, list[Instruction]] = {}
    if told is None:
        told = Instruction.objects.visible_to(user).of(quarter).filter(unit__in=units)
    for instruction in (one for one in told if one.state != InstructionState.ACCEPTED):
        waiting.setdefault(instruction.unit_id, []).append(instruction)
    dues = {FilingKind.PLAN: quarter.plan_due(calendar), FilingKind.DRAW: filing_due(quarter, calendar)}

    def cell(unit: Unit, kind: FilingKind) -> Cell:
        return _filed(latest.get((unit.pk, kind)), first.get((unit.pk, kind)), dues[kind], today, calendar)

    return [
        Standing(
            unit=unit,
            plan=cell(unit, FilingKind.PLAN),
            draw=cell(unit, FilingKind.DRAW),
            waiting=len(waiting.get(unit.pk, [])),
            late=sum(bool(rules.late_words(one, today)) for one in waiting.get(unit.pk, [])),
            log_url=f"{reverse('inspections:coordination-list')}?of={unit.code}&quarter={quarter}",
            remind_url=f"{reverse('inspections:coordination-new')}?of={unit.code}&quarter={quarter}",
        )
        for unit in units
    ]


def _filed(filing: Filing | None, first_sent: date | None, due: Due, today: date, calendar: Calendar) -> Cell:
    """A filing that came after its day says so for good."""
    if filing is None or first_sent is None:
        if due.is_over(today):
            return Cell("late", due.remaining(today))
        return Cell("no", f"{due.date.month}/{due.date.day} 前{due.mark}")
    behind = f"，晚 {(first_sent - due.date).days} 天" if due.is_over(first_sent) else ""
    if filing.state == FilingState.RECEIVED:
        return Cell("ok", f"{localtime(filing.decided_at):%-m/%-d} 签收{behind}")
    if filing.state == FilingState.RETURNED:
        return Cell("late" if due.is_over(today) else "run", f"退回补正{behind}")
    waits = receipt_cell(filing.asked_at, today, calendar)
    return replace(waits, text=f"{waits.text}{behind}")


def behind_words(cells: Iterable[tuple[str, Cell]]) -> str:
    """What a reminder begins with: the steps that are late, as 全市进度 shows them."""
    return "、".join(
        f"{step}{cell.text if '逾期' in cell.text else f'逾期（{cell.text}）'}"
        for step, cell in cells
        if cell.state == "late" and not cell.of_the_office
    )
