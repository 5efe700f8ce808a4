"""Whether there are people enough for what is planned (七(五))."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from registry.models import Inspector


@dataclass(frozen=True)
class Staff:
    """Who can be sent in the quarter (七(五)): all with a certificate that outlasts the window, and the leaders."""

    people: int
    leaders: int

    def why_not_enough(self, objects: int, team_size: int, days: int) -> str:
        """Whether the teams can be made and the checks done, each person and each leader one check a day (七(五))."""
        if not self.people:
            return "没有可派的检查人员"
        if self.people < team_size or not self.leaders:
            return f"可派 {self.people} 人，能任组长 {self.leaders} 人，配不成 {team_size} 人一组"
        places = objects * team_size
        if places > self.people * days:
            return f"{objects} 家要 {places} 人次，{self.people} 人在 {days} 个工作日里只有 {self.people * days} 人次，人手不够"
        if objects > self.leaders * days:
            return f"{objects} 家要 {objects} 次组长，{self.leaders} 名组长在 {days} 个工作日里只有 {self.leaders * days} 次，组长不够"
        return ""

    def each(self, objects: int, team_size: int) -> str:
        return f"{objects * team_size / self.people:.1f}" if self.people else "—"


def count(unit: Unit, *, draw_on: date, window_to: date) -> Staff:
    """Count the people of the unit and of the section that serves it; one query."""
    people = (
        Inspector.objects.filter(
            Q(unit=unit) | Q(unit__serves=unit) | Q(unit__parent=unit, unit__kind=UnitKind.HQ_SECTION)
        )
        .certified(draw_on, window_to)
        .filter(Q(left_on__isnull=True) | Q(left_on__gt=draw_on))
        .exclude(absences__starts_on__lte=draw_on, absences__ends_on__isnull=True)
        .exclude(absences__starts_on__lte=draw_on, absences__ends_on__gte=draw_on)
    )
    leads = list(people.values_list("can_lead", flat=True))
    return Staff(people=len(leads), leaders=sum(leads))
