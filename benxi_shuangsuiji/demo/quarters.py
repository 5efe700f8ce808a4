"""The demo's quarters: plan, publication, seal, public values, draw, replacement and filing of every unit."""

import zlib
from datetime import date
from random import Random

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.publishing import actions as disclosing
from inspections.acceptance import actions as taking
from inspections.replacements import actions as replacing
from plans.draw import actions as drawing
from plans.filings import actions as filing
from plans.filings import actions as filings_actions
from plans.models import AmendmentRequest, ChangeReason, Draw, Filing, SourceKind
from plans.quarterly import actions as quarterly_actions
from registry.models import Category, OperatingStatus
from registry.proposals.actions import propose_status

from .times import moment
from .visits import PHOTO, Visits, approve_list

LATE_BRANCH = "210505"  # its third-quarter draw is left to whoever tries the system (decisions.md 8)
LATE_DAY = date(2026, 8, 19)  # …on the demo's own day, so that a newcomer can seal at once and draw half an hour later
LATE_REASON = "七月名录核对未完成，抽取改在八月"
UNAUDITED_REASON = "名录专人六月起借调，变更由计划员逐条核对过"
NO_RECORD_BRANCH = "210521"  # its draw of July was sent without the signed record, and given back
UNSIGNED_BRANCH = "210522"  # its draw of July waits for the lead office's signature
# One object and one person are replaced, in a quarter that is public and in the running one (decisions.md 8).
REPLACED = {
    ("210504", 2): (ChangeReason.HALT, "企业停产报告，现场核实照片 2 张"),
    ("210502", 3): (ChangeReason.RECUSE, "与企业负责人有近亲属关系，本人声明 1 份"),
}
# Which item is checked where, of the built-in list: 15 to 35 points for each check, as one team does in a day.
CHECKED_AT = {
    "A01": (Category.KEY, Category.GENERAL, Category.SPECIAL),
    "B01": (Category.KEY, Category.SPECIAL),
    "B02": (Category.KEY, Category.GENERAL, Category.SPECIAL),
    "B03": (Category.KEY,),
    "C01": (Category.KEY, Category.SPECIAL),
    "C02": (Category.KEY,),
    "C03": (Category.GENERAL,),
    "F01": (Category.KEY, Category.SPECIAL),
    "F02": (Category.GENERAL, Category.SPECIAL),
    "G02": (Category.GENERAL,),
    "G03": (Category.SPECIAL,),
    "H01": (Category.KEY, Category.SPECIAL),
}


def chosen_items() -> dict[str, dict[str, bool]]:
    """The table above as a plan takes it; later quarters copy it from the one before."""
    return {code: {str(c): c in where for c in Category} for code, where in CHECKED_AT.items()}


def late_plan() -> dict:
    """What the late branch changes in its published plan: the day, and dice instead of a lottery that is over."""
    due = moment(LATE_DAY, 10, 20)
    return {
        "draw_at": moment(LATE_DAY, 10, 30),
        "window_from": LATE_DAY,
        "fallback_label": "",
        "fallback_due": None,
        "sources": [
            {"kind": SourceKind.DICE, "label": witness, "due": due} for witness in ("司法局见证人", "居民代表见证人")
        ],
    }


class Quarters:
    """Lays out the quarters of the year; what happens after a draw is laid out when it is held."""

    def __init__(self, player):
        self.at, self.cast, self.calendar = player.at, player.cast, player.calendar
        self.drawing_units, self.visits = player.drawing_units, Visits(player)

    def _workday_before(self, day: date, n: int) -> date:
        return self.calendar.subtract_workdays(day, n)

    def lay_out(self, quarter: Quarter) -> None:
        plan_day = quarter.plan_due(self.calendar).target
        draw_day = quarter.draw_due(self.calendar).target
        start = self._workday_before(plan_day, 3)
        if quarter == Quarter(2026, 1):
            start = date(2026, 1, 4)  # the item list is published on that working Sunday
        lead_office = self.cast.of(Role.LEAD_OFFICE, "210500")
        for n, unit in enumerate(self.drawing_units):
            planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)
            officer = self.cast.of(Role.DISCLOSURE_OFFICER, unit)
            label = f"{unit} {quarter.label}"

            def plan(unit=unit):
                return unit.plans.get(year=quarter.year, number=quarter.number)

            def draft(unit=unit, planner=planner):
                made = quarterly_actions.draft_plan(unit=unit, quarter=quarter, by=planner)
                if quarter.number == 1:
                    made = quarterly_actions.save_plan(plan=made, by=planner, data={"items": chosen_items()})
                quarterly_actions.submit_plan(plan=made, by=planner)

            self.at(moment(start, 10, n), f"{label}：编制计划", draft, planner)
            self.at(
                moment(start, 15, n),
                f"{label}：批准计划",
                lambda p=plan, a=approver: quarterly_actions.approve_plan(plan=p(), by=a, opinion="同意"),
                approver,
            )
            self.at(
                moment(plan_day, 9, 30 + n),
                f"{label}：公开计划",
                lambda p=plan, o=officer: disclosing.publish_plan(plan=p(), by=o),
                officer,
            )
            self.at(
                moment(plan_day, 14, n),
                f"{label}：市执法队收到计划",
                lambda p=plan: filings_actions.receive_plan(plan=p(), by=lead_office),
                lead_office,
            )
            if unit.code == LATE_BRANCH and quarter.number == 3:
                self._change(quarter, unit, plan, lead_office)
                continue
            self._draw(quarter, unit, plan, draw_day, n)
        self.at(
            moment(plan_day, 16),
            f"{quarter.label}：汇总公开",
            lambda: disclosing.publish_plan_summary(quarter=quarter, by=lead_office),
            lead_office,
        )

    def _change(self, quarter: Quarter, unit: Unit, plan, lead_office) -> None:
        """The day before the demo's: a new version of the late branch's plan, whose draw the newcomer holds."""
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)
        officer, label = self.cast.of(Role.DISCLOSURE_OFFICER, unit), f"{unit} {quarter.label}"
        day = self._workday_before(LATE_DAY, 1)

        def change():
            revised = quarterly_actions.revise_plan(plan=plan(), by=planner, reason=LATE_REASON)
            revised = quarterly_actions.save_plan(plan=revised, by=planner, data=late_plan())
            quarterly_actions.submit_plan(plan=revised, by=planner, late_reason=LATE_REASON)

        steps = [
            (10, "更改已公开的计划", change, planner),
            (
                14,
                "批准更改的计划",
                lambda: quarterly_actions.approve_plan(plan=plan(), by=approver, opinion="同意"),
                approver,
            ),
            (15, "公开更改的计划", lambda: disclosing.publish_plan(plan=plan(), by=officer), officer),
            (
                16,
                "市执法队收到更改的计划",
                lambda: filings_actions.receive_plan(plan=plan(), by=lead_office),
                lead_office,
            ),
        ]
        for hour, words, act, by in steps:
            self.at(moment(day, hour, 5), f"{label}：{words}", act, by)

    def _draw(self, quarter: Quarter, unit: Unit, plan, draw_day: date, n: int) -> None:
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)
        label = f"{unit} {quarter.label}"
        seal_day = self._workday_before(draw_day, 3 if quarter.number != 4 else 1)

        def draw() -> Draw:
            return Draw.objects.get(unit=unit, year=quarter.year, number=quarter.number)

        def enter(by):
            for source in plan().sources.order_by("position"):
                drawing.enter_value(draw=draw(), position=source.position, value=public_value(source), by=by)

        def hold():
            drawing.hold_draw(draw=draw(), by=planner)
            self._hand_out(unit, draw(), moment(draw_day, 11, n))
            if (unit.code, quarter.number) in REPLACED:
                self._replace(quarter, unit, draw, draw_day)
            else:
                self.visits.lay_out(quarter, unit)

        self.at(
            moment(seal_day, 10, n),
            f"{label}：核对名单",
            lambda: drawing.prepare_draw(plan=plan(), by=planner),
            planner,
        )
        self.at(
            moment(seal_day, 16, n),
            f"{label}：封存名单",
            lambda: drawing.seal_draw(draw=draw(), by=approver, registry_reason=UNAUDITED_REASON),
            approver,
        )
        self.at(moment(draw_day, 9, n), f"{label}：录入公开随机数", lambda: enter(planner), planner)
        self.at(moment(draw_day, 9, 10 + n), f"{label}：第二人录入", lambda: enter(approver), approver)
        self.at(moment(draw_day, 9, 30 + n), f"{label}：抽取", hold, planner)
        self._file(quarter, unit, draw, draw_day, n)
        release = moment(date(quarter.year, quarter.months[2], 25), 12)
        self.at(release, f"{label}：公开名单", lambda: drawing.release_draw(draw=draw()))

    def _hand_out(self, unit: Unit, draw: Draw, approved_at) -> None:
        """The checks go to their teams, and their list to the leader, who approves it at once."""
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)
        taking.hand_out(draw=draw, by=planner)
        self.at(approved_at, f"{unit}：批准检查", lambda: approve_list(unit, approver), approver)

    def _file(self, quarter: Quarter, unit: Unit, draw, draw_day: date, n: int) -> None:
        """In the afternoon the draw is reported to the city team, which signs for it the next day (七(二)-j)."""
        planner, lead_office = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.LEAD_OFFICE, "210500")
        label = f"{unit} {quarter.label}"
        self.at(
            moment(draw_day, 16, n),
            f"{label}：报市执法队备案",
            lambda: filing.file_draw(draw=draw(), by=planner),
            planner,
        )
        if quarter.number == 3 and unit.code == UNSIGNED_BRANCH:
            return

        def decide():
            sent = Filing.objects.get(draw=draw())
            if quarter.number == 3 and unit.code == NO_RECORD_BRANCH:
                filing.return_filing(filing=sent, by=lead_office, opinion="没有附签字的抽取记录，扫描后重新报送")
            else:
                filing.receive_filing(filing=sent, by=lead_office)

        day = self.calendar.add_workdays(draw_day, 1)
        self.at(moment(day, 9, n), f"{label}：市执法队办理备案", decide, lead_office)

    def _replace(self, quarter: Quarter, unit: Unit, draw, day: date) -> None:
        """In the afternoon of the draw: one object or one person is replaced, then the visits are laid out."""
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)
        reason, evidence = REPLACED[unit.code, quarter.number]
        label = f"{unit} {quarter.label}"

        def ask():
            pick = draw().picks.filter(category=Category.GENERAL).order_by("no").first()
            if reason == ChangeReason.HALT:
                registrar = self.cast.of(Role.REGISTRAR, unit)
                propose_status(
                    facility=pick.facility,
                    status=OperatingStatus.SUSPENDED,
                    on=day,
                    reason="企业报告停产",
                    evidence=evidence,
                    by=registrar,
                )
                more = {"file": PHOTO}
            else:
                more = {"inspector": pick.team.members.last().inspector}
            replacing.ask(draw=draw(), reason=reason, evidence=evidence, by=planner, picks=[pick], **more)

        def approve():
            request = AmendmentRequest.objects.pending().get(draw=draw())
            replacing.approve(
                request=request, by=approver, document_no=f"本环{unit.short_name[:2]}更〔{quarter.year}〕1 号"
            )
            if reason == ChangeReason.HALT:
                self._hand_out(unit, draw(), moment(day, 16, 30))
            self.visits.lay_out(quarter, unit)

        self.at(moment(day, 14, 10), f"{label}：申请更换", ask, planner)
        self.at(moment(day, 15, 20), f"{label}：批准更换", approve, approver)


def public_value(source) -> str:
    """The demo's invented outcome of a public source; the same for everybody who asks for the same label."""
    chance = Random(zlib.crc32(source.label.encode()))
    if source.kind == SourceKind.LOTTERY:
        return ",".join(f"{n:02d}" for n in sorted(chance.sample(range(1, 81), 20)))
    if source.kind == SourceKind.DICE:
        return "".join(str(chance.randint(1, 6)) for _ in range(10))
    return "".join(str(chance.randint(0, 9)) for _ in range(7))
