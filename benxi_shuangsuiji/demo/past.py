"""The demo's time before 2026: the day of first use, one branch's checks of 2025, and the first entry of the chain."""

from datetime import date

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, table
from benxi_shuangsuiji.notices.first_use import actions as first_use
from plans.carry import actions as carry
from plans.models import Carry
from registry import book
from registry.imports import actions as imports
from registry.models import BatchKind, Category, PastChecks, PastKind, PastMode, PastResult
from registry.past_checks import actions as past_checks
from registry.sheets import COLUMNS

from .times import moment

FIRST_DAY = date(2026, 1, 1)
CHECKS = (
    (Category.GENERAL, date(2025, 5, 20), PastKind.RANDOM, PastResult.CLEAN, True),
    (Category.GENERAL, date(2025, 8, 12), PastKind.RANDOM, PastResult.FOUND, True),
    (Category.GENERAL, date(2025, 11, 6), PastKind.RANDOM, PastResult.CLEAN, False),
    (Category.KEY, date(2025, 9, 3), PastKind.RANDOM, PastResult.CLEAN, True),
    (Category.SPECIAL, date(2025, 10, 15), PastKind.SPECIAL, PastResult.FOUND, False),
)


class Past:
    """Of the other units one says that it has nothing, and the rest say nothing and are named in the chain's entry."""

    def __init__(self, player):
        self.at, self.cast = player.at, player.cast

    def begin(self) -> None:
        """Said at the server by whoever sets the system up, before anybody is asked for anything."""
        first_use.set_first_use(day=FIRST_DAY, document="本环办〔2025〕40号（示例）")

    def lay_out(self, lead: Unit, entering: Unit, without: Unit) -> None:
        registrar, approver = (self.cast.of(role, entering) for role in (Role.REGISTRAR, Role.APPROVER))
        leader = self.cast.of(Role.APPROVER, without)
        office, team_leader = self.cast.of(Role.LEAD_OFFICE, lead), self.cast.of(Role.APPROVER, lead)
        self.at(
            moment(date(2025, 12, 10), 10),
            f"{entering}补录 2025 年的检查",
            lambda: self._enter(entering, registrar),
            registrar,
        )
        self.at(
            moment(date(2025, 12, 11), 9),
            f"{entering}批准补录的检查",
            lambda: past_checks.approve(
                request=PastChecks.objects.get(unit=entering), by=approver, opinion="与纸质台账相符"
            ),
            approver,
        )
        self.at(
            moment(date(2025, 12, 11), 10),
            f"{without}声明没有需要补录的检查",
            lambda: past_checks.say_none(unit=without, by=leader),
            leader,
        )
        self.at(
            moment(date(2025, 12, 26), 10),
            "提出历史抽查结转",
            lambda: carry.ask_to_carry(document_no="本环检〔2025〕12号（示例）", by=office),
            office,
        )
        self.at(
            moment(date(2025, 12, 29), 10),
            "批准历史抽查结转",
            lambda: carry.approve_carry(asked=Carry.objects.get(), by=team_leader, opinion="同意"),
            team_leader,
        )

    def _enter(self, unit: Unit, by) -> None:
        columns = [c for c in COLUMNS[BatchKind.HISTORY] if c.field not in ("uscc", "permit_no")]
        taken: set[int] = set()
        rows = []
        for number, (category, day, kind, result, public) in enumerate(CHECKS, 1):
            facility = book.facilities_of(unit).filter(category=category).exclude(pk__in=taken).order_by("code").first()
            taken.add(facility.pk)
            said = {
                "code": facility.code,
                "name": facility.name,
                "day": day,
                "kind": kind.label,
                "items": "A01" if kind == PastKind.RANDOM else "",
                "mode": PastMode.ONSITE.label,
                "result": result.label,
                "public_at": f"明环检公〔2025〕{number}号（示例）" if public else "",
            }
            rows.append([said[c.field] for c in columns])
        content = table(
            sheet=BatchKind.HISTORY.label, columns=[OutColumn(c.title, c.width) for c in columns], rows=rows
        )
        batch = imports.check_workbook(
            file_name="2025 年检查台账（示例）.xlsx", content=content, kind=BatchKind.HISTORY, unit=unit, by=by
        )
        imports.confirm_import(batch=batch, by=by)
