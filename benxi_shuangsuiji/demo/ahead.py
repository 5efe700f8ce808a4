"""What waits in the running quarter on the demo's day: checks asked for anew, taken on, and one that somebody may not do."""

from datetime import date

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from inspections.approvals import actions as approving
from inspections.models import Inspection, InspectionStatus
from inspections.replacements import actions as replacing
from plans.models import AmendmentRequest, ChangeReason

from .cast import SECTION_HEAD
from .times import moment
from .visits import accept, approve_list

EVE, DAY = date(2026, 8, 18), date(2026, 8, 19)
TAKEN_ON = 2  # so many teams of each unit say before their day that they come
ASKED_ANEW = {"first_day": date(2026, 8, 20), "last_day": date(2026, 9, 25), "planned_on": date(2026, 9, 10)}


class Ahead:
    """Laid out the day before; what waits is decided in the afternoon after the demo begins, so that the year goes on."""

    def __init__(self, player):
        self.at, self.cast = player.at, player.cast

    def of_unit(self, unit: Unit, n: int, *, lively: bool) -> None:
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)
        if unit.code == SECTION_HEAD[1].removesuffix("-S"):
            self._section_first(unit)

        def take_on():
            for check in self._ahead(unit)[:TAKEN_ON]:
                accept(check)

        def ask_anew():
            for check in self._ahead(unit)[TAKEN_ON + 1 :][-2:]:
                approving.ask(inspection=check, **ASKED_ANEW, minutes=check.planned_minutes, by=planner)

        self.at(moment(EVE, 14, n), f"{unit}：改期重新报批", ask_anew, planner)
        self.at(moment(EVE, 15, n), f"{unit}：提前声明并接受", take_on)
        self.at(moment(DAY, 16, n), f"{unit}：批准改期", lambda: approve_list(unit, approver), approver)
        if lively:
            self._recusal(unit, approver)

    def _section_first(self, unit: Unit) -> None:
        """From the week of the demo on the head of its section has his say before the leader (五-2e)."""
        office = self.cast.of(Role.LEAD_OFFICE, "210500")
        chain = {"with_section": True, "with_bureau": False, "document": "本环办〔2026〕30号（示例）"}
        valid_from = date(2026, 8, 17)

        def set_chain():
            approving.set_chain(unit=unit, **chain, valid_from=valid_from, by=office)

        self.at(moment(date(2026, 8, 12), 9), f"{unit}：登记审批层级", set_chain, office)

    def _recusal(self, unit: Unit, approver) -> None:
        """One of a team asks to be taken off; the kinship is too distant, and the leader says so (七(五)-c)."""

        def ask():
            check = self._ahead(unit)[TAKEN_ON]
            person = check.members.filter(is_leader=False).first().inspector
            replacing.ask(
                draw=check.draw,
                reason=ChangeReason.RECUSE,
                evidence="企业负责人是本人远房亲属，本人声明 1 份（示例）",
                inspector=person,
                picks=[check.pick],
                by=person.user,
            )

        def answer():
            for request in AmendmentRequest.objects.pending().filter(draw__unit=unit, reason=ChangeReason.RECUSE):
                replacing.reject(request=request, by=approver, opinion="不属于应当回避的亲属关系")

        self.at(moment(EVE, 14, 30), f"{unit}：申请回避", ask)
        self.at(moment(DAY, 16, 30), f"{unit}：答复回避申请", answer, approver)

    def _ahead(self, unit: Unit) -> list[Inspection]:
        """Drawn, handed out, and nobody of the team has taken it on, in the order in which they are visited."""
        checks = Inspection.objects.filter(unit=unit, year=2026, number=3, draw__isnull=False)
        waiting = checks.filter(status=InspectionStatus.DISPATCHED, members__acceptance__accepted_at__isnull=True)
        return list(waiting.select_related("unit", "facility", "draw", "pick").order_by("no").distinct())
