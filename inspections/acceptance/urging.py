"""催: whoever sees to it that tasks are taken on reminds those who have not, from the list his to-do leads to (七(五)-c, -o)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.notices import agenda, reminders
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import refuse_if
from registry.models import Inspector

from .duties import ACCEPTANCE, LEADING, OWN, period_of, waiting_for_acceptance
from .naming import is_meant, led_by_sections

NAMED = 3  # so many stand on the button; more of them the list below it names


@dataclass(frozen=True)
class Waiting:
    """`people`: whom he sees to and who has not accepted; `duties`: what each of them who can be reached, and can do it now, has to do."""

    sees_to: bool
    people: dict[int, Inspector]
    duties: tuple[Duty, ...]
    reminded: frozenset[int]  # whom somebody has reminded today already

    @property
    def to_remind(self) -> list[Duty]:
        return [duty for duty in self.duties if duty.person_id not in self.reminded]

    @property
    def button(self) -> str:
        asked = {duty.person_id for duty in self.to_remind}
        names = [person.name for person in self.people.values() if person.user_id in asked]
        return f"催{'、'.join(names)}接受任务" if len(names) <= NAMED else f"催这 {len(names)} 人接受任务"

    @property
    def said(self) -> str:
        """In place of the button, where a press would only be refused."""
        if not self.people or self.to_remind:
            return ""
        return f"今天已催 {len(self.reminded)} 人。{self.left_out}" if self.reminded else self.why_not

    @property
    def left_out(self) -> str:
        """Who of them is not reminded at all, and why: the list names him among those who have not accepted."""
        can = {duty.person_id for duty in self.duties}
        names = [person.name for person in self.people.values() if person.user_id not in can]
        return (
            f"{'、'.join(names[:NAMED])}{'等' if len(names) > NAMED else ''}在等更换申请的决定，或者没有账号，不催。"
            if names
            else ""
        )

    @property
    def why_not(self) -> str:
        if not self.sees_to:
            return "由督促接受任务的计划员或者分管负责人催。"
        if not self.people:
            return "任务都接受了，不用催。看下面现在的情况。"
        if not self.duties:
            return "没有接受的人在等更换申请的决定，或者没有账号，现在催不了。没有账号的，由授权管理员先授权，或者线下联系。"
        return "" if self.to_remind else "今天已经催过。明天还没有接受的，再催。"


def waiting(by: User, tasks: Q) -> Waiting:
    """Of these checks, by his own open to-dos: a section's leader sees to his people, the planner to everybody (五-2e)."""
    today = clock.today()
    mine = list(Duty.objects.visible_to(by).open().filter(rule__in=[ACCEPTANCE.id, LEADING.id]))
    if not mine:
        return Waiting(False, {}, (), frozenset())
    found = waiting_for_acceptance(tasks).select_related("inspector", "inspection__draw")
    led = led_by_sections({duty.period for duty in mine})
    people, owed = {}, set()
    for member in found.order_by("inspection__no", "pk"):
        period = period_of(member.inspection)
        if any(duty.period == period and is_meant(duty, member, led) for duty in mine):
            people[member.inspector_id] = member.inspector
            owed.add(f"{period}:{member.inspector.user_id}")
    own = list(Duty.objects.open().filter(rule=OWN.id, period__in=owed).order_by("pk"))
    held = agenda.waits(own, today)
    reach = tuple(duty for duty in own if duty.pk not in held)
    told = reminders.urged(reach)
    return Waiting(True, people, reach, frozenset(d.person_id for d in reach if today in told.get(d.pk, ())))


@transaction.atomic
def urge(*, tasks: Q, by: User) -> int:
    """Each of them once a day; how many people hear of it."""
    found = waiting(by, tasks)
    refuse_if(found.why_not)
    return reminders.urge(duties=found.to_remind, by=by, refused=_why_not_now)


def _why_not_now(duties: Sequence[Duty], by: User, today: date) -> str:
    return "刚刚有人接受了任务。重新打开页面，看还等谁。" if any(duty.closed_at for duty in duties) else ""
