"""What waits in the lively branch in August: interests, leave, parameters of its own."""

from datetime import date

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from inspections.models import InspectionStatus, VisitMember
from plans.local import actions as local
from plans.models import LotteryGame, Pick
from registry import book
from registry.inspectors import absences
from registry.interests import actions as interests_actions
from registry.models import (
    AbsenceKind,
    ConflictKind,
)

from .times import moment


class August:
    """Lays it out; every event is an action that the pages call too."""

    def __init__(self, player):
        self.at, self.cast = player.at, player.cast

    def of_lively_branch(self, unit: Unit) -> None:
        self._people(unit)
        self._choices(unit)

    def _people(self, unit: Unit) -> None:
        """Days before the demo's: one interest waits for the leader, one person is on leave, one leave lies ahead."""
        registrar = self.cast.of(Role.REGISTRAR, unit)

        def at_work():
            busy = VisitMember.objects.filter(inspection__unit=unit).exclude(
                inspection__status__in=[InspectionStatus.REVIEWED, InspectionStatus.PUBLISHED]
            )
            free = book.inspectors_of(unit).exclude(pk__in=busy.values("inspector")).order_by("-code")
            return [*free, *book.inspectors_of(unit).order_by("-code")]

        def declare():
            person = book.inspectors_of(unit).order_by("code")[2]
            drawn = Pick.objects.filter(draw__unit=unit).values("facility")
            facility = book.facilities_of(unit).exclude(pk__in=drawn).order_by("code").first()
            interests_actions.declare_conflict(
                inspector=person,
                facility=facility,
                kind=ConflictKind.BUSINESS,
                reason="亲属今年起为该企业供货（示例）",
                by=person.user,
            )

        def leave():
            person = at_work()[0]
            absences.record_absence(
                inspector=person,
                kind=AbsenceKind.LEAVE,
                starts_on=date(2026, 8, 17),
                ends_on=date(2026, 9, 4),
                note="年休假",
                by=registrar,
            )
            other = at_work()[1]
            absences.record_absence(
                inspector=other,
                kind=AbsenceKind.DUTY,
                starts_on=date(2026, 10, 12),
                ends_on=date(2026, 10, 16),
                note="省厅培训",
                by=other.user,
            )

        self.at(moment(date(2026, 8, 14), 9), f"{unit}：登记请假", leave, registrar)
        self.at(moment(date(2026, 8, 17), 9), f"{unit}：申报回避", declare)

    def _choices(self, unit: Unit) -> None:
        """The lively branch has asked for parameters of its own, which its leader has not decided yet (五-4a)."""
        planner = self.cast.of(Role.PLANNER, unit)

        def ask():
            local.ask_for_choices(
                unit=unit,
                valid_from=date(2026, 10, 1),
                reserved_key=90,
                reserved_general=90,
                team_size=2,
                game=LotteryGame.K8,
                positive_out=False,
                release_on_draw_day=False,
                reason="未查的企业集中在沿河片区，多留优先名额（示例）",
                by=planner,
            )

        self.at(moment(date(2026, 8, 18), 15), f"{unit}：提出本单位参数", ask, planner)
