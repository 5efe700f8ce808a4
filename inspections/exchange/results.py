"""Results that were written on the platform, where it leads them: kept for the team until ours is handed in (issue 17, decision 0102)."""

from datetime import datetime

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.notices.telling import tell_people
from inspections.checks.states import OPEN_TO_THE_TEAM
from inspections.models import (
    CodeKind,
    DifferenceState,
    ExchangePackage,
    Inspection,
    InspectionStatus,
    PlatformDifference,
    PlatformResult,
    RecordKind,
    Side,
)

from . import duties, leading
from .comparing import NOT_TAKEN_OVER
from .records import Codes
from .taking import ours_of

KEPT = ("started_at", "ended_at", "handed_in_at", "mode", "finding", "measures", "rectify_by")
ADOPTED = "检查组采用了平台结果"
WAITING = (InspectionStatus.DISPATCHED, *OPEN_TO_THE_TEAM)


def led_there(check: Inspection) -> bool:
    led = leading.at(check.dispatched_at)
    return led.in_use and led.results == Side.PLATFORM


def keep(check: Inspection, record: dict, package: ExchangePackage, codes: Codes, at: datetime) -> None:
    """For the team, who hear of it. Ours that is handed in already is compared instead, and a person decides."""
    if check.status not in WAITING or not led_there(check):
        return
    content = {name: record[name] for name in KEPT}
    content["outcome"] = ours_of(codes, CodeKind.OUTCOME, record["outcome"])
    content["answers"] = [
        {"item": ours_of(codes, CodeKind.ITEM, a["item"]), **{n: a[n] for n in ("number", "answer", "words")}}
        for a in record["answers"]
    ]
    _, new = PlatformResult.objects.get_or_create(
        inspection=check,
        version=record["record_version"],
        defaults={"package": package, "content": content, "came_at": at},
    )
    if new:
        people = check.members.values_list("inspector__user", flat=True)
        title, words = "1 份检查结果从移动执法平台来了", f"{check.no}，核对以后可以采用，不用再录。"
        tell_people(people, title, words, check.field_url)


def newest(check: Inspection) -> PlatformResult | None:
    """The last one that came."""
    rows = PlatformResult.objects.filter(inspection=check).select_related("package", "adopted_by")
    return rows.order_by("-version").first()


def adopted(check: Inspection) -> PlatformResult | None:
    """The one that the team took over last."""
    rows = PlatformResult.objects.filter(inspection=check, adopted_at__isnull=False)
    return rows.select_related("package", "adopted_by").order_by("-version").first()


def source_words(check: Inspection) -> str:
    """On the record: that what stands there came from the platform, under which number, and who took it over."""
    result = adopted(check)
    if result is None:
        return ""
    return f"采用移动执法平台 {leading.number_of(check)} 的检查结果（{result}）：{result.adopted_by.full_name}"


def take_over(result: PlatformResult, by: User, at: datetime) -> None:
    """It is ours from now on: what differed of the outcome and the points is decided with it; when they were there is not."""
    result.adopted_by, result.adopted_at = by, at
    result.save(update_fields=["adopted_by", "adopted_at"])
    open_ones = PlatformDifference.objects.filter(inspection=result.inspection_id, state=DifferenceState.OPEN)
    open_ones.filter(kind=RecordKind.RESULTS).exclude(field__in=NOT_TAKEN_OVER).update(
        state=DifferenceState.THEIRS, words=ADOPTED, decided_by=by, decided_at=at
    )
    duties.look_again(result.inspection.unit, at, by)
