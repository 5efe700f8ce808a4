from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays.days import Quarter, full_date
from inspections.frequency.items import beyond_the_year
from inspections.models import CheckAnswer, Inspection, InspectionStatus
from plans.bases import rules as basis_rules
from plans.models import InspectionItem
from registry.models import CertificateStatus, ConflictOfInterest, Inspector

from .states import DROPPED

# SSJ1 7.2
OPEN_WORDS = {
    "FEW": "回避和条件限制后，可派的检查人员不足",
    "NOLEAD": "可派的检查人员中没有人可任组长",
    "CAP": "可派的检查人员任务已满",
}


def number_word(n: int) -> str:
    return "零一两三四五六七八九"[n]


def unfit_items(inspection: Inspection, day: date) -> dict[str, str]:
    """Code of each item of a check that may not be inspected on `day` → why not (N-3, 七(一)4)."""
    return unfit_of_each([inspection], day)[inspection.pk]


def unfit_of_each(inspections: list[Inspection], day: date) -> dict[int, dict[str, str]]:
    """As `unfit_items`, check by check; as many queries for a list as for one."""
    asked = CheckAnswer.objects.filter(inspection__in=inspections).order_by()
    rows = list(asked.values_list("inspection_id", "item_code", "item_id").distinct())
    items = InspectionItem.objects.filter(pk__in={item for _, _, item in rows}).select_related("list")
    gone, beyond = basis_rules.obstacles(items, day), beyond_the_year(inspections, day)
    found = {inspection.pk: {} for inspection in inspections}
    for pk, code, item in rows:
        if reason := gone.get(item) or beyond.get(pk, {}).get(code):
            found[pk][code] = reason
    return found


def why_nothing_to_check(inspection: Inspection, unfit: Mapping[str, str]) -> str:
    """A check is approved, and begins, only if at least one of its items may be inspected; `unfit`: those that may not."""
    if not unfit or set(inspection.answers.values_list("item_code", flat=True)) != set(unfit):
        return ""
    reason = next(iter(unfit.values()))
    return f"{reason}。这次检查没有可以检查的事项，由计划员报牵头部门，调整清单或者更换对象。"


def conflicts_in_force(facilities: Iterable[int], day: date) -> set[tuple[int, int]]:
    """(inspector, facility) pairs with a registered interest on that day (七(五)-c)."""
    return set(
        ConflictOfInterest.objects.filter(facility__in=facilities, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .values_list("inspector_id", "facility_id")
    )


def why_not_certified(people: list[Inspector], day: date, purpose: str) -> str:
    """At least two people, and everybody with a certificate valid on the day (七(五)-b, A-24)."""
    valid = [p for p in people if p.certified_on(day)]
    needed = policy.on(day).min_team_size
    lapsed = "；".join(certificate_words(p, day) for p in people if p not in valid)
    if len(valid) < needed:
        tail = f"（{lapsed}）" if lapsed else ""
        return (
            f"至少{number_word(needed)}名持有效执法证的人员{purpose}，现在是 {len(valid)} 名{tail}。"
            "补齐人员，或办理更换。"
        )
    if lapsed:
        return f"{lapsed}，不能参加检查。办理更换，或只由其余人员到场。"
    return ""


def certificate_words(person: Inspector, day: date) -> str:
    if not person.certificate_no:
        return f"{person.name}没有执法证"
    if person.certificate_status != CertificateStatus.VALID:
        return f"{person.name}的执法证已{person.get_certificate_status_display()}"
    if person.certificate_to < day:
        return f"{person.name}的执法证 {full_date(person.certificate_to)}到期"
    return f"{person.name}的执法证 {full_date(person.certificate_from)}起才有效"


def after_its_quarter(inspection: Inspection, today: date) -> str:
    """What is said of a random check that begins, or would begin, when its quarter is over (六(一)2-g); it is still made."""
    begun = localtime(inspection.started_at).date() if inspection.started_at else None
    quarter = Quarter(inspection.year, inspection.number)
    if inspection.draw_id is None or (begun or today) <= quarter.last_day:
        return ""
    when = f"{full_date(begun)}开始检查" if begun else "还没有开始检查"
    return f"{quarter.label}抽中，{when}，已过本季度（应在 {full_date(quarter.last_day)}以前）"


# The team's work
def why_not_team(inspection: Inspection, by) -> str:
    if not by.units_with(Permission.FIELD_WORK) or not inspection.members.filter(inspector__user=by).exists():
        return "只有这次检查的检查小组成员可以填写。"
    return ""


def why_not_this_version(inspection: Inspection, version: int | None) -> str:
    """Somebody changed the check since this form was opened (reliability.md P15)."""
    if version is not None and version != inspection.version:
        return "打开这一页之后，另一人改过这次检查，刚才的操作没有执行。核对最新内容后再提交。"
    return ""


def unfinished_in(unit, day: date) -> str:
    """What keeps a unit from being closed: checks whose result is not public yet."""
    over = [InspectionStatus.PUBLISHED, *DROPPED]
    left = day <= clock.today() and Inspection.objects.filter(unit=unit).exclude(status__in=over).exists()
    return "还有检查的结果没有公开，先办完" if left else ""  # not how many: who closes units is in no circle (七(五)-o)
