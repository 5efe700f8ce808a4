"""Which duty an alert of 全市进度 is about, and what was written of the same matter: a 督办 is one, from wherever it is sent
(五-1a, 八(一)-a)."""

import re
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Quarter, is_over
from inspections.archive.duties import BINDING
from inspections.checks.duties import ALL_PUBLIC, REVIEW
from inspections.coverage.steps import CHECKED
from inspections.models import Inspection, InspectionStatus, Instruction, InstructionKind
from inspections.oversight.progress import STEPS
from inspections.rectification.duties import AGAIN
from inspections.reports.duties import RESULTS, RESULTS_AGAIN
from plans.draw.duties import FILING
from plans.filings.duties import MENDING
from plans.lists.duties import LIST
from plans.models import DrawStatus, FilingKind
from plans.quarterly.duties import DRAW, PLAN, PLAN_AGAIN, PUBLICATION, PUBLICATION_AGAIN
from registry.audits.duties import AUDIT

from .duties import ANSWER
from .urging import day_of, quarter_of

# Key of an alert (`oversight.pages.City`) → the steps whose duties it is about. What has no day of its own has none.
_STEPS: dict[str, tuple[Step, ...]] = {
    "step-0": (LIST,),
    "step-1": (PLAN, PLAN_AGAIN),
    "step-2": (PUBLICATION, PUBLICATION_AGAIN),
    "step-3": (DRAW,),
    "step-4": (CHECKED,),
    "step-5": (ALL_PUBLIC,),
    "step-6": (AGAIN,),
    "step-7": (RESULTS, RESULTS_AGAIN),
    "step-8": (BINDING,),
    "results": (REVIEW,),
    "filed-计划报送": (PUBLICATION, MENDING[FilingKind.PLAN]),
    "filed-抽取备案": (FILING, MENDING[FilingKind.DRAW]),
    "audit": (AUDIT,),
    "answer": (ANSWER,),
}
_OF_A_CHECK = (REVIEW, AGAIN, BINDING)
_DAYS = re.compile(r"逾期 *[0-9]+ *天(（暂定）)?$")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


def _about(key: str) -> tuple[tuple[Step, ...], str]:
    """The steps, and with which letters the period begins: an audit is of one of the two books."""
    kind, _, book = key.partition("-") if key.startswith("audit-") else (key, "", "")
    return _STEPS.get(kind, ()), f"{book}:" if book else ""


def duty_of(key: str, unit: Unit, quarter: Quarter, today: date) -> Duty | None:
    """The oldest that is overdue. Of the secret checks only what everybody knows; and the duty of a quarter's checks whether
    it is open or not, for that tells how far they are (decisions.md 3)."""
    steps, begins = _about(key)
    known = Q(status=InspectionStatus.PUBLISHED) | Q(draw__status=DrawStatus.RELEASED)
    checks = Inspection.objects.filter(known, unit=unit, year=quarter.year, number=quarter.number)
    rows = Duty.objects.filter(rule__in=[step.id for step in steps], unit=unit, period__startswith=begins)
    rows = rows.exclude(rule__in=[s.id for s in _OF_A_CHECK]) | rows.filter(period__in=checks.values("no"))
    secret = [step.id for step in steps if step.of_the_checks]
    for duty in rows.filter(Q(closed_at__isnull=True) | Q(rule__in=secret)).order_by("due", "pk"):
        if is_over(duty.due, today) and quarter_of(duty) in (None, quarter):
            return duty
    return None


def told_of(key: str, title: str, told: Iterable[Instruction]) -> list[Instruction]:
    """Of these instructions to one unit those of this matter."""
    steps, begins = _about(key)
    return [one for one in told if _speaks_of(one, {step.id for step in steps}, begins, (_plain(title),))]


def about(user, duties: Iterable[Duty]) -> dict[int, list[Instruction]]:
    """Duty → what was written about it, the last one last; one query.

    What is overdue in one unit under one rule is a row and urged as one, though the 督办 keeps only the oldest duty of it: what
    was written of that one speaks for each that was overdue on the day, also once the oldest is done.
    """
    duties = list(duties)
    written = Q(duty__rule__in={duty.rule for duty in duties}) | Q(duty=None, kind=InstructionKind.REMIND)
    told = Instruction.objects.visible_to(user).filter(written, unit__in={duty.unit.drawing_unit for duty in duties})
    of_a_unit: dict[int, list[Instruction]] = {}
    for one in told.select_related("duty").order_by("sent_at", "pk"):
        of_a_unit.setdefault(one.unit_id, []).append(one)
    return {
        duty.pk: [
            one
            for one in of_a_unit.get(duty.unit.drawing_unit.pk, ())
            if _speaks_of(one, {duty.rule}, _act(duty), _words_of(duty.rule)) and _is_of_its_days(one, duty)
        ]
        for duty in duties
    }


def _act(duty: Duty) -> str:
    """With which letters the periods of its act begin: what was said of one book's audit was not said of the other's."""
    step = subjects.house().steps.get(duty.rule)
    return f"{duty.period.partition(':')[0]}:" if step and step.named else ""


def _is_of_its_days(one: Instruction, duty: Duty) -> bool:
    """One written beside no duty is of the quarter that it names, for whose plan or draw it was."""
    if one.duty is None and quarter_of(duty) not in (None, one.quarter):
        return False
    return one.duty_id == duty.pk or is_over(duty.due, day_of(one))


def _speaks_of(one: Instruction, rules: set[str], begins: str, words: tuple[str, ...]) -> bool:
    """Whether it is of a matter: by the duty that it was written about, without one by the words. The home and 全市进度 ask the
    same, so that neither says 没有督办过 of what stands in the log."""
    if one.duty:
        return one.duty.rule in rules and one.duty.period.startswith(begins)
    return any(_plain(one.title).endswith(said) for said in words if said)


def _words_of(rule: str) -> tuple[str, ...]:
    """抽取逾期: how the alerts about duties of this rule are called."""
    keys = [key for key, steps in _STEPS.items() if rule in {step.id for step in steps}]
    names = [STEPS[int(n)] if kind == "step" else n for kind, _, n in (key.partition("-") for key in keys) if n]
    return tuple(f"{name}逾期" for name in names)


def _plain(title: str) -> str:
    """Without what changes from day to day: 抽取逾期 40 天 and 抽取逾期 are of one matter."""
    return _NUMBER.sub("", _DAYS.sub("逾期", title))
