"""Which results are evidence for 环境信用评价, with basis and day (八(二)-g).

Only what is public and neither withdrawn nor under objection; a natural person is not rated.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.timezone import localtime

from inspections.models import Answer, CaseAct, CheckAnswer, FollowUpStep, Inspection, InspectionStatus
from plans.bases import citations
from registry import questions

from .repair import Repair, in_public, repair_of

# (key in the JSON, heading, width, what it holds)
FIELDS = [
    ("no", "公示编号", 24, "检查结果的公示编号，也是公开页的地址"),
    ("name", "检查对象", 30, "名录里现在的名称"),
    ("uscc", "统一社会信用代码", 22, "18 位"),
    ("unit", "实施单位", 16, "实施检查的单位"),
    ("source", "检查来源", 14, "随机抽取，或者针对性检查的来源"),
    ("checked_on", "检查日期", 13, "检查结束的日期"),
    ("result", "检查结果", 18, "公开的检查结果；更正过的是更正以后的"),
    ("finding", "发现的问题", 46, "公开的描述；没有发现问题的为空"),
    ("basis", "依据", 46, "发现的问题所依据的法律条款"),
    ("published_on", "公开日期", 13, "首次公开的日期"),
    ("decision", "处理决定", 20, "公开的行政处罚或者不予处罚决定；没有公开的为空"),
    ("decision_no", "决定书文号", 24, "没有决定的为空"),
    ("decided_on", "决定日期", 13, "没有决定的为空"),
    ("degree", "失信程度", 10, "行政处罚的轻微、一般、严重"),
    ("repair", "信用修复状态", 18, "整改、履行和最短公示期办到哪一步"),
    ("repair_why", "状态的依据", 36, "由哪一天、哪一份文书得出"),
]


@dataclass(frozen=True)
class Evidence:
    check: Inspection
    repair: Repair

    @property
    def values(self) -> dict[str, str | date | None]:
        check, verdict = self.check, self._verdict()
        found = [a for a in check.answers.all() if a.answer == Answer.FOUND]
        return {
            "no": check.no,
            "name": check.facility.name,
            "uscc": check.facility.uscc,
            "unit": check.unit.short_name,
            "source": check.get_source_display(),
            "checked_on": localtime(check.ended_at).date(),
            "result": check.get_outcome_display(),
            "finding": check.finding,
            "basis": "；".join(citations.gathered(a.found_under or a.basis for a in found)),
            "published_on": localtime(check.published_at).date(),
            "decision": verdict.get_verdict_display() if verdict else "",
            "decision_no": verdict.document_no if verdict else "",
            "decided_on": verdict.effective_on if verdict else None,
            "degree": verdict.get_degree_display() if verdict else "",
            "repair": self.repair.words,
            "repair_why": self.repair.why,
        }

    def _verdict(self):
        """The decision once its step is public; one whose degree is never public does not come here."""
        if in_public(self.check, FollowUpStep.CASE_DECIDED) is None:
            return None
        return next((v for case in self.check.cases.all() if (v := case.verdict)), None)


def published(user, unit, first: date, last: date):
    """What became public in those days and still is, of legal persons, as far as this reader may know it."""
    found = Inspection.objects.visible_to(user).filter(
        status=InspectionStatus.PUBLISHED,
        withdrawn_at__isnull=True,
        published_at__date__range=(first, last),
        facility__is_natural_person=False,
    )
    return found.filter(unit=unit) if unit else found


def rows(user, unit, first: date, last: date, today: date) -> list[Evidence]:
    acts = Prefetch("cases__acts", CaseAct.objects.select_related("asked_by"))
    points = Prefetch("answers", CheckAnswer.objects.order_by("item_code", "number"))
    found = (
        published(user, unit, first, last)
        .exclude(no__in=questions.ask.under_objection())
        .select_related("facility", "unit", "rectification")
    )
    found = found.prefetch_related("cases", acts, points, "followups").order_by("published_at", "no")
    return [Evidence(check, repair_of(check, today)) for check in found]


def left_out(user, unit, first: date, last: date) -> int:
    """How many wait for the answer to an objection."""
    return published(user, unit, first, last).filter(no__in=questions.ask.under_objection()).count()
