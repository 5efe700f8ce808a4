"""What of all units is due, as far as a reader may know it: the duties behind the city's home (五-2b, decisions.md 3).

Whoever oversees the city reads the timetable of every unit, what its nameplates call `of_the_city`, and of checks what
follows from a result that everybody knows. The supervisor, who is in every circle, reads the rest too: how many, never whom.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.deadlines.lookup import law_of, name_of
from benxi_shuangsuiji.notices.deadlines.rule import Binding, Rule
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty, of_the_checks, of_the_city, of_the_unit
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import is_over
from inspections.archive.duties import BINDING
from inspections.checks.duties import REVIEW
from inspections.checks.naming import places as places_of
from inspections.coordination.duties import ANSWER
from inspections.models import Inspection, InspectionStatus
from inspections.rectification.duties import AGAIN
from plans.models import DrawStatus

SOON_DAYS = 7  # ui-2.md 22: what falls due in the city within so many days
_AFTER_THE_RESULT = (AGAIN.id, BINDING.id)
# Theirs are matters of the city itself: nobody urges those who urge.
OF_THE_CITY_ITSELF = {Role.LEAD_OFFICE, Role.SUPERVISOR, Role.BUREAU_READER, Role.OBSERVER}


def in_reach(user: User) -> QuerySet[Duty]:
    """Open duties that this reader may know of; his own among them, whatever they are about."""
    city = {"unit__in": user.units_with(P.SEE_CITY)}
    public = Inspection.objects.filter(status=InspectionStatus.PUBLISHED)
    released = Inspection.objects.filter(draw__status=DrawStatus.RELEASED)
    return Duty.objects.open().filter(
        Q(pk__in=Duty.objects.in_calendar_of(user).values("pk"))
        | Q(rule__in=_AFTER_THE_RESULT, period__in=public.values("no"), **city)
        | Q(rule=REVIEW.id, period__in=released.values("no"), **city)
        | Q(unit__in=user.units_with(P.SEE_CITY) & user.units_with(P.SEE_SEALED))
    )


def act_of(duty: Duty) -> str:
    """审核检查人员名录: what tells the acts of one rule apart without a facility or a person; "" where there is one act only."""
    step = subjects.house().steps.get(duty.rule)
    return step.named(duty) if step and step.named else ""


@dataclass(frozen=True)
class Matter:
    """Duties of one unit under one rule, of what is not overdue yet with one day: a row. `places`: number of a check that everybody knows → its place."""

    unit: Unit
    duties: tuple[Duty, ...]
    today: date
    mine: bool
    wait: str = ""  # 等南芬抽取
    is_told: bool = False  # it may be said to everybody who oversees the city: a 督办 is read outside the circle
    places: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def first(self) -> Duty:
        return self.duties[0]

    @property
    def due(self) -> date:
        return self.first.due

    @property
    def days(self) -> int:
        """How many days it is overdue."""
        return (self.today - self.due).days

    @property
    def step(self) -> Step | None:
        return subjects.house().steps.get(self.first.rule)

    @property
    def law(self) -> Rule | None:
        """What dates it: a step that only serves a deadline, as to mend what was given back, has days of the city's own."""
        return None if self.step and self.step.serves else law_of(self.first.rule)

    @property
    def is_the_plans(self) -> bool:
        """Whether 《实施方案》 dates it, and not the city."""
        return bool(self.law and self.law.binding == Binding.PLAN)

    @property
    def is_the_laws(self) -> bool:
        return bool(self.law and self.law.binding == Binding.LAW)

    @property
    def is_dated(self) -> bool:
        """By the plan or another law."""
        return self.is_the_plans or self.is_the_laws

    @property
    def is_the_citys(self) -> bool:
        """The city itself has days for it: by its table, its receipts, its 督办; the rest are steps within one office."""
        step = self.step
        return bool(self.law or (step and (step.of_the_city or step.event or (step.serves and self.is_told))))

    @property
    def title(self) -> str:
        """What it is; of what names a secret check or a person only the kind and how many."""
        one = self.first
        if len(self.duties) == 1 and (self.mine or self.is_told):
            return one.title.replace(one.period, self.places.get(one.period, one.period))
        return f"{self.kind}（{len(self.duties)} 件）"

    @property
    def kind(self) -> str:
        return act_of(self.first) or name_of(self.first.rule)

    @property
    def said(self) -> str:
        """The same for the log of coordination, in which no place is named, known or not."""
        return f"{self.kind}（{len(self.duties)} 件）" if self.first.period in self.places else self.title

    @property
    def is_an_answer(self) -> bool:
        """The unit owes an answer to a 督办, which is itself in the log: a second one about it would say nothing (PNG 22)."""
        return self.first.rule == ANSWER.id

    @property
    def may_be_urged(self) -> bool:
        return self._may_be_pressed and not self._is_only_reminded_of

    @property
    def may_be_reminded(self) -> bool:
        """What lies in the city's own hands, such as a receipt, or waits for an answer: whoever has it is told once more,
        without a 督办."""
        return self._may_be_pressed and self._is_only_reminded_of

    @property
    def _is_only_reminded_of(self) -> bool:
        return self.is_an_answer or self.first.role in OF_THE_CITY_ITSELF

    @property
    def _may_be_pressed(self) -> bool:
        return self.is_told and not self.mine and not self.wait


def matters(user: User, today: date) -> list[Matter]:
    """Everything overdue or due soon, by unit, rule and day; a fixed number of queries."""
    begins = first_use.day()
    if begins is None:
        return []
    asked = in_reach(user).filter(due__gte=begins, due__lte=today + timedelta(days=SOON_DAYS))
    found = list(asked.select_related("unit__serves", "unit__parent").order_by("due", "unit__position", "rule", "pk"))
    own = set(Duty.objects.visible_to(user).filter(pk__in=[d.pk for d in found]).values_list("pk", flat=True))
    # Of a released list everybody knows who was drawn, but not whose check has come to its end: the result tells that.
    places = places_of({d.period for d in found if d.rule in (*_AFTER_THE_RESULT, REVIEW.id)}, Q())
    waiting = agenda.waits(found, today)
    everybodys = {*of_the_unit(), *of_the_city()}
    rows: dict[tuple, list[Duty]] = {}
    for duty in found:
        day = None if is_over(duty.due, today) else duty.due  # of what is overdue the oldest speaks for its kind
        told = duty.rule in everybodys or duty.period in places
        # Of one rule the acts may be several: the audits of the two books of a month are two rows, each with its own 督办.
        key = day, duty.unit.drawing_unit, duty.rule, act_of(duty), duty.pk in own, waiting.get(duty.pk, ""), told
        rows.setdefault(key, []).append(duty)
    return [
        Matter(unit, tuple(those), today, mine, wait, told, places)
        for (_, unit, _, _, mine, wait, told), those in rows.items()
    ]


def in_calendar(user: User) -> set[str]:
    """Whose days the calendar of all units shows this reader."""
    secret = of_the_checks() if user.units_with(P.SEE_CITY) & user.units_with(P.SEE_SEALED) else ()
    return {*of_the_unit(), *of_the_city(), *secret}


def next_after(user: User, today: date) -> Duty | None:
    """What comes next, where nothing is overdue or due soon."""
    later = in_reach(user).filter(due__gt=today + timedelta(days=SOON_DAYS))
    return later.select_related("unit").order_by("due", "unit__position", "rule").first()
