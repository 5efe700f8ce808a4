"""Why something cannot be published, and who may publish it: 谁检查、谁录入、谁公开 (八(二))."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.notices.agenda import left_until
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import Calendar, is_over, short_date
from disclosure import words
from disclosure.city.standing import Standing
from inspections.checks.publication_days import publication_limit
from inspections.models import Answer, Inspection, InspectionStatus, Mode, Outcome
from inspections.privacy import findings as privacy
from inspections.review.rules import WITHHELD
from inspections.service.rules import why_not_told
from inspections.signatures import rules as signatures
from plans.models import ItemList, ListStatus, PlanStatus, QuarterlyPlan


def why_not_officer(unit: Unit, by: User) -> str:
    """Only the unit that checked publishes, through its disclosure officer (八(二)-b)."""
    if not by.may(Permission.PUBLISH, unit):
        return f"只有{unit.short_name}的公示员可以公开。谁检查、谁录入、谁公开。"
    return ""


def why_not_publish_list(item_list: ItemList, by: User) -> str:
    """An approved list, published by somebody who did not write it (decisions.md 7)."""
    if reason := why_not_officer(item_list.unit, by):
        return reason
    if item_list.status == ListStatus.PUBLISHED:
        return "这份清单已经公开。"
    if item_list.status != ListStatus.APPROVED:
        return "清单批准之后才能公开。"
    if by.pk in (item_list.created_by_id, item_list.submitted_by_id):
        return "编制清单的人不能自己公开，由另一名公示员公开。"
    return ""


def why_not_publish_plan(plan: QuarterlyPlan, by: User) -> str:
    """An approved plan, published by somebody who did not write it (decisions.md 7)."""
    if reason := why_not_officer(plan.unit, by):
        return reason
    if plan.status == PlanStatus.PUBLISHED:
        return "这份计划已经公开。"
    if plan.status != PlanStatus.APPROVED:
        return "计划批准之后才能公开。"
    if by.pk in (plan.created_by_id, plan.submitted_by_id):
        return "编制计划的人不能自己公开，由另一名公示员公开。"
    return ""


def why_not_publish_result(inspection: Inspection, by: User, *, today: date, late_reason: str = "") -> str:
    """A reviewed result, by an officer who did not record it, in time or with the reason, without personal data."""
    if reason := why_not_yet(inspection, by):
        return reason
    if is_late(inspection, today):
        if not late_reason.strip():
            return late_words(inspection)
        if reason := why_not_reason(late_reason, "逾期原因"):
            return reason
    texts = [*privacy.texts_of(inspection), ("逾期原因", late_reason)]
    return why_not_settled(privacy.unsettled(inspection, privacy.findings(inspection, texts)))


def why_not_settled(found: list[privacy.Finding]) -> str:
    """What was found and neither mended nor given a reason for (八(二)-c)."""
    said = privacy.why_not_clean(found)
    return f"还有 {len(found)} 处没有处理：{said}" if said else ""


def why_not_together(inspection: Inspection, by: User, *, today: date) -> str:
    """What has to be opened and read by itself: all but what was found in order, in time, without a name (ui-2.md 26)."""
    if reason := why_not_yet(inspection, by):
        return reason
    if is_late(inspection, today):
        return "已过公开时限，要写明原因"
    if inspection.outcome != Outcome.NO_ISSUE:
        return words.OUTCOMES[inspection.outcome].group
    found = privacy.findings(inspection)
    return f"有 {len(found)} 处疑为姓名或者号码" if found else ""


def why_not_yet(inspection: Inspection, by: User) -> str:
    """What stands in the way before texts and dates are looked at."""
    if reason := why_not_officer(inspection.unit, by):
        return reason
    if inspection.status == InspectionStatus.PUBLISHED:
        return "这项结果已经公开。"
    if inspection.status != InspectionStatus.REVIEWED:
        return "结果由另一人审核通过之后才能公开。"
    if inspection.withheld_at:
        return WITHHELD
    if reason := why_not_told(inspection):
        return reason
    if by.pk == inspection.recorded_by_id or any(a.answered_by_id == by.pk for a in inspection.answers.all()):
        return "记录检查情况的人不能公开自己的记录，由另一名公示员公开。"
    if by.pk == inspection.reviewed_by_id:
        return "审核这项结果的人不能公开，由另一名公示员公开。"
    return ""


def is_late(inspection: Inspection, today: date) -> bool:
    """Whether the 20 working days are over (八(二)-d)."""
    return inspection.publish_by is not None and is_over(inspection.publish_by, today)


def late_words(inspection: Inspection) -> str:
    ended = ended_on(inspection)
    limit = policy.on(ended).publish_within_workdays
    return f"距 {short_date(ended)}查结已满 {limit} 个工作日。现在公开，并写明逾期原因。"


def ended_on(inspection: Inspection) -> date:
    return localtime(inspection.ended_at).date()


def why_not_publish_summary(now: Standing, by: User) -> str:
    """The lead office, once every unit's plan has arrived; after the day of 七(六)-a with the missing ones named (D-3b)."""
    if not by.units_with(Permission.PUBLISH_CITY):
        return "由牵头部门汇总公开。"
    if now.published and not now.changes:
        return f"{now.quarter.label}的计划汇总已经公开，各单位的计划没有变化。"
    if not now.is_due:
        late = "" if now.is_late else "过了报送时限可以点名公开。"
        return f"还没有收齐：{'、'.join(now.missing)}的计划没有公开，或者公开后没有签收。{late}"
    return ""


@dataclass(frozen=True)
class Check:
    """One automatic check on the publishing page (ui.md 7.2)."""

    ok: bool
    text: str


def _signed(inspection: Inspection, people: int) -> list[Check]:
    """Everybody signed, or it is noted why the person in charge did not (N-10)."""
    if not signatures.is_signed(inspection, inspection.outcome):
        return []
    standing = signatures.standing(inspection)
    if wanted := signatures.missing(inspection, standing):
        return [Check(False, f"还差{'、'.join(wanted)}的签名")]
    refused = next((s.get_refused_because_display() for s in standing if s.refused_because), "")
    said = f"现场负责人没有签名：{refused}" if refused else "现场负责人已签名"
    return [Check(True, f"{people} 名检查人员已签名，{said}")]


def checks_of(inspection: Inspection, found: list[privacy.Finding]) -> list[Check]:
    """What the machine has looked at, so that the officer looks at the rest."""
    answers = list(inspection.answers.all())
    open_points = sum(not a.answer for a in answers)
    not_carried_out = inspection.outcome in (Outcome.NOT_OPERATING, Outcome.UNREACHABLE, Outcome.REFUSED)
    items = len({a.item_code for a in answers})
    people = len(inspection.who_came)
    needed = policy.on(ended_on(inspection)).min_team_size
    word = "到场" if inspection.mode == Mode.ONSITE else "参加"
    checks = [
        Check(
            not open_points or not_carried_out,
            f"{items} 项检查事项都有结论" if not open_points else f"{open_points} 个检查点没有结论",
        ),
        Check(people >= needed, f"{people} 名检查人员{word}，至少 {needed} 名"),
        *_signed(inspection, people),
    ]
    if inspection.mode == Mode.ONSITE and not not_carried_out:
        has = bool(inspection.recorder_no)
        checks.append(Check(has, "执法记录仪编号已登记" if has else "没有登记执法记录仪编号"))
    checks.append(
        Check(
            inspection.reviewed_by_id is not None and inspection.reviewed_by_id != inspection.recorded_by_id,
            "记录和审核不是同一人",
        )
    )
    if any(a.answer == Answer.FOUND for a in answers):
        handled = bool(inspection.outcome) and inspection.outcome != Outcome.NO_ISSUE
        checks.append(Check(handled, "有问题的事项已有处理意见" if handled else "有问题的事项还没有处理意见"))
    if found:
        checks += [Check(False, f.sentence) for f in found]
    else:
        checks.append(Check(True, "没有发现电话、身份证号码和没有写明理由的姓名。机器会漏看，公开前通读一遍"))
    return checks


@dataclass(frozen=True)
class WorkdayStrip:
    """The working days between the end of the check and the limit, one cell each (ui.md 7.2)."""

    ended_on: date
    due: date
    today: date
    passed: int
    limit: int
    provisional: bool
    calendar: Calendar

    @property
    def cells(self) -> list[str]:
        return ["over" if self.is_over else "on" if n < self.passed else "" for n in range(self.limit)]

    @property
    def mark(self) -> str:
        return "（暂定）" if self.provisional else ""

    @property
    def tone(self) -> str:
        """Amber from five working days on, red when it is over (ui.md 4.2)."""
        return self._left[1]

    @property
    def is_over(self) -> bool:
        """By the day itself: on a Saturday as many working days have passed as on the Friday that was the last."""
        return is_over(self.due, self.today)

    @property
    def words(self) -> str:
        """As the to-do says it of the same deadline (issue 16)."""
        return self._left[0]

    @property
    def _left(self) -> tuple[str, str]:
        return left_until(self.due, self.ended_on, self.today, self.calendar)


def strip_of(inspection: Inspection, calendar: Calendar, today: date) -> WorkdayStrip:
    ended = ended_on(inspection)
    due = publication_limit(inspection, calendar)
    return WorkdayStrip(
        ended_on=ended,
        due=due.date,
        today=today,
        passed=calendar.workdays_between(ended, today),
        limit=policy.on(ended).publish_within_workdays,
        provisional=due.provisional,
        calendar=calendar,
    )
