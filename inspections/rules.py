"""Why something with a check cannot be done, as a sentence (七(五), 八(二))."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Q, When
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import full_date
from plans import basis_rules
from plans.models import Draw, DrawStatus, InspectionItem, Pick, PlanItem
from registry.models import Category, CertificateStatus, ConflictOfInterest, Inspector

from .models import (
    Answer,
    CheckAnswer,
    Inspection,
    InspectionStatus,
    Mode,
    OffsiteMeans,
    OnsiteReason,
    OnsiteRequest,
    Outcome,
    RequestState,
    TargetedStatus,
)
from .states import OPEN_TO_THE_TEAM, why_not_move

# Outcomes that follow from a problem, that say there was none, and under which the check could not be carried out
# (domain.md 2.4). 不配合检查 and 待后续处理 go with either.
AFTER_A_PROBLEM = {
    Outcome.ON_SITE_FIXED,
    Outcome.RECTIFY_ORDERED,
    Outcome.CASE_FILED,
    Outcome.TRANSFERRED,
    Outcome.TRANSFERRED_CRIMINAL,
}
WITHOUT_A_PROBLEM = {Outcome.NO_ISSUE, Outcome.NOT_OPERATING, Outcome.UNREACHABLE}
NOT_CARRIED_OUT = {Outcome.NOT_OPERATING, Outcome.UNREACHABLE, Outcome.REFUSED}
# SSJ1 7.2
OPEN_WORDS = {
    "FEW": "回避和条件限制后，可派的检查人员不足",
    "NOLEAD": "可派的检查人员中没有人可任组长",
    "CAP": "可派的检查人员任务已满",
}


def number_word(n: int) -> str:
    return "零一两三四五六七八九"[n]


# Dispatch


@dataclass(frozen=True)
class Waiting:
    """A pick without a check, its team, and why it cannot be dispatched ("" = it can)."""

    pick: Pick
    members: list
    obstacle: str


def waiting(draw: Draw, day: date) -> list[Waiting]:
    """The picks of a draw that have not been dispatched, in the order of the result."""
    picks = list(
        Pick.objects.standing()
        .filter(draw=draw, inspection__isnull=True)
        .select_related("facility")
        .prefetch_related("teams__members__inspector")
        .order_by("category", "no")
    )
    barred = conflicts_in_force([p.facility_id for p in picks], day)
    rows = list(PlanItem.objects.filter(plan=draw.plan_id).select_related("item"))
    unfit = basis_rules.obstacles((row.item for row in rows), day)
    planned = {c: [row.item_id for row in rows if getattr(row, c)] for c in Category.values}
    found = []
    for pick in picks:
        members = list(pick.team.members.all()) if pick.team else []
        obstacle = why_not_send(pick, members, barred, day)
        if not obstacle:
            obstacle = why_no_items(pick, planned[pick.category], unfit)
        found.append(Waiting(pick, members, obstacle))
    return found


def why_no_items(pick: Pick, planned: list[int], unfit: dict[int, str]) -> str:
    """Something must be left to check: planned for the category, on the public list, with a basis in force (N-3)."""
    if not planned:
        return f"计划里没有安排{pick.get_category_display()}对象的检查事项，由分管负责人核对计划。"
    if all(item in unfit for item in planned):
        return f"{unfit[planned[0]]}。"
    return ""


def unfit_items(inspection: Inspection, day: date) -> dict[str, str]:
    """Code of each item of a check that may not be inspected on `day` → why not (N-3)."""
    asked = inspection.answers.filter(item__isnull=False).values("item")
    items = InspectionItem.objects.filter(pk__in=asked).in_bulk()
    return {items[pk].code: reason for pk, reason in basis_rules.obstacles(items.values(), day).items()}


def why_nothing_to_check(inspection: Inspection, day: date) -> str:
    """A visit begins only if at least one of its items may be inspected (N-3)."""
    unfit = unfit_items(inspection, day)
    codes = set(inspection.answers.values_list("item_code", flat=True))
    return (
        f"{next(iter(unfit.values()))}。这次检查没有可以检查的事项，由计划员报牵头部门调整清单。"
        if codes and codes == set(unfit)
        else ""
    )


def why_not_this_point(point: CheckAnswer, answer: str, unfit: dict[str, str]) -> str:
    if point.item_code in unfit and answer != Answer.NOT_APPLICABLE:
        return f"{unfit[point.item_code]}。这一项记为不涉及。"
    return ""


def replaceable(draw: Draw):
    """The picks whose check has not begun, in the order of the law."""
    ranks = [When(category=category, then=rank) for rank, category in enumerate(Category)]
    begun = Q(inspection__isnull=False) & ~Q(inspection__status=InspectionStatus.DISPATCHED)
    return draw.picks.standing().exclude(begun).order_by(Case(*ranks), "no")


def why_nothing_to_replace(draw: Draw) -> str:
    return "" if replaceable(draw).exists() else "这次抽取的检查都已开始，不能再更换。"


def conflicts_in_force(facilities: Iterable[int], day: date) -> set[tuple[int, int]]:
    """(inspector, facility) pairs with a registered interest on that day (七(五)-c)."""
    return set(
        ConflictOfInterest.objects.filter(facility__in=facilities, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .values_list("inspector_id", "facility_id")
    )


def why_not_dispatch(draw: Draw, by) -> str:
    if not by.may(Permission.DISPATCH, draw.unit_id):
        return "只有本单位的计划员可以派发检查任务。"
    if draw.status not in (DrawStatus.DRAWN, DrawStatus.RELEASED):
        return f"{draw.draw_id} {draw.get_status_display()}，抽取完成之后才能派发。"
    return ""


def why_not_any(tasks: list[Waiting]) -> str:
    """Nothing is left to dispatch, or nothing of it can be."""
    if not tasks:
        return "本次抽取的检查任务已经全部派发，不能再派发一次。"
    if all(t.obstacle for t in tasks):
        return "没有可以派发的任务。" + "".join(f"第 {t.pick.no} 签：{t.obstacle}" for t in tasks[:3])
    return ""


def why_not_send(pick: Pick, members: list, barred: set[tuple[int, int]], day: date) -> str:
    """One leader, enough certificates valid today, nobody with an interest (七(五)-a, -b, -c; A-24)."""
    team = pick.team
    if team is None or team.open_reason or not members:
        reason = OPEN_WORDS.get(team.open_reason, "没有配齐检查小组") if team else "没有检查小组"
        return f"{reason}。由分管负责人批准更换，或由市执法队派人。"
    if reason := why_not_certified([m.inspector for m in members], day, "才能派发"):
        return reason
    if sum(m.is_leader for m in members) != policy.on(day).leaders_per_team:
        return "检查小组没有组长。由分管负责人批准更换。"
    if names := [m.inspector.name for m in members if (m.inspector_id, pick.facility_id) in barred]:
        return f"{'、'.join(names)}登记了与这家企业的利害关系，应当回避。由分管负责人批准更换。"
    return ""


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


# The team's work


def why_not_team(inspection: Inspection, by) -> str:
    if not by.units_with(Permission.FIELD_WORK) or not inspection.members.filter(inspector__user=by).exists():
        return "只有这次检查的检查小组成员可以填写。"
    return ""


def why_not_accept(inspection: Inspection, by) -> str:
    if not inspection.members.filter(inspector__user=by, is_leader=True).exists():
        return "由组长接收任务。"
    if inspection.accepted_at:
        return "任务已经接收。"
    return ""


def why_not_start(
    inspection: Inspection, by, *, at: datetime, now: datetime, identity_shown_at, recorder_no: str, present: list
) -> str:
    """Why a visit cannot begin. Off-site nobody enters, so nothing is shown and nothing is filmed (七(三)-b)."""
    if reason := why_not_team(inspection, by) or why_not_move(inspection, InspectionStatus.STARTED):
        return reason
    if not inspection.accepted_at:
        return "组长还没有接收这项任务。组长接收之后才能开始检查。"
    onsite = inspection.mode == Mode.ONSITE
    word = "到达时间" if onsite else "开始时间"
    if at > now:
        return f"{word}晚于现在。核对{word}。"
    if at < earliest_start(inspection):
        return f"{word}早于抽取和派发。核对{word}。"
    if at < inspection.accepted_at.replace(second=0, microsecond=0):
        return f"{word}早于组长接收任务的 {localtime(inspection.accepted_at):%m-%d %H:%M}。核对{word}。"
    team = {m.inspector_id for m in inspection.members.all()}
    if strangers := [p.name for p in present if p.pk not in team]:
        return f"{'、'.join(strangers)}不在检查小组里。人员有变化时，先办理更换。"
    day = at.date()
    if reason := why_nothing_to_check(inspection, day):
        return reason
    if reason := why_not_certified(present, day, "到场才能开始检查" if onsite else "参加才能开始检查"):
        return reason
    barred = conflicts_in_force([inspection.facility_id], day)
    if names := [p.name for p in present if (p.pk, inspection.facility_id) in barred]:
        return f"{'、'.join(names)}登记了与这家企业的利害关系，应当回避。办理更换之后再检查。"
    if onsite and not identity_shown_at:
        return "填写出示执法证的时间。现场检查要先表明身份。"
    if onsite and not at <= identity_shown_at <= now:
        return "出示执法证的时间应当在到达之后、现在之前。"
    if onsite and not recorder_no.strip():
        return "填写执法记录仪编号。现场检查全程佩戴并开启执法记录仪。"
    return ""


def earliest_start(inspection: Inspection) -> datetime:
    """To the minute, because people type minutes."""
    moment = inspection.dispatched_at
    if inspection.draw_id and inspection.draw.drawn_at:
        moment = max(moment, inspection.draw.drawn_at)
    return moment.replace(second=0, microsecond=0)


def why_not_write(inspection: Inspection, by) -> str:
    if reason := why_not_team(inspection, by):
        return reason
    if inspection.status == InspectionStatus.DISPATCHED:
        return "检查还没有开始。先登记到达。"
    if inspection.status not in OPEN_TO_THE_TEAM:
        return "检查已经提交，不能修改。需要改时由审核人退回。"
    return ""


def why_not_answer(answer: str, words: str) -> str:
    if answer not in Answer.values:
        return "选择未发现问题、发现问题或不涉及。"
    if answer == Answer.FOUND and not words.strip():
        return "发现问题要写明看到了什么。"
    if answer != Answer.FOUND and words.strip():
        return "写了问题，结果却不是“发现问题”。改选“发现问题”，或删去所写内容。"
    return ""


def why_not_submit(*, outcome: str, finding: str, rectify_by, answers: list) -> str:
    """The outcome says what the answers say; a check that could not be carried out needs no answers (七(五)-l)."""
    if outcome not in Outcome.values:
        return "选择检查结果。"
    found = sum(a.answer == Answer.FOUND for a in answers)
    label = Outcome(outcome).label
    if outcome not in NOT_CARRIED_OUT and (missing := sum(not a.answer for a in answers)):
        return f"还有 {missing} 个检查点没有结论。全部查完再提交。"
    if found and outcome in WITHOUT_A_PROBLEM:
        return f"有 {found} 个检查点发现问题，结果不能是“{label}”。改选结果，或改正检查点。"
    if not found and outcome in AFTER_A_PROBLEM:
        return f"没有检查点发现问题，结果不能是“{label}”。改选结果，或在检查点写明问题。"
    if outcome != Outcome.NO_ISSUE and not finding.strip():
        return f"结果是“{label}”，要写明检查情况。"
    if outcome == Outcome.RECTIFY_ORDERED and not rectify_by:
        return "责令限期改正要填写整改期限。"
    if outcome != Outcome.RECTIFY_ORDERED and rectify_by:
        return "只有“责令限期改正”填写整改期限。删去期限，或改选结果。"
    return ""


def why_not_end(inspection: Inspection, *, at: datetime, now: datetime, rectify_by) -> str:
    if at > now:
        return "结束时间晚于现在。核对结束时间。"
    if at < inspection.started_at:
        return "结束时间早于到达时间。核对结束时间。"
    if rectify_by and rectify_by < at.date():
        return "整改期限早于检查结束的日期。"
    return ""


# 正面清单: off-site first (七(三))


def why_not_offsite(inspection: Inspection, means: str, evidence: str) -> str:
    """What is looked at from outside is said as exactly as what is seen inside (七(三)-b)."""
    if inspection.mode != Mode.OFFSITE:
        return ""
    if means not in OffsiteMeans.values:
        return "选择非现场检查用的方式。"
    return why_not_reason(evidence, "非现场检查的依据")


def why_not_ask_onsite(inspection: Inspection, by) -> str:
    """Before anybody goes: the team or the planner asks (七(三)-a, -c)."""
    in_team = by.units_with(Permission.FIELD_WORK) and inspection.members.filter(inspector__user=by).exists()
    if not in_team and not by.may(Permission.DISPATCH, inspection.unit_id):
        return "由检查小组或本单位的计划员申请。"
    if inspection.mode != Mode.OFFSITE:
        return "这次检查本来就是现场检查。"
    if inspection.status != InspectionStatus.DISPATCHED:
        return "检查已经开始，不能再改检查方式。"
    if inspection.onsite_requests.filter(state=RequestState.PENDING).exists():
        return "已有一份申请等批准。"
    return ""


def why_not_onsite_words(reason: str, reference: str, words: str) -> str:
    if reason not in OnsiteReason.values:
        return "从列表里选原因。"
    return why_not_reason(reference, "编号") or why_not_reason(words, "情况")


def why_not_open_onsite(request: OnsiteRequest, by) -> str:
    if not by.may(Permission.APPROVE_AMENDMENT, request.inspection.unit_id):
        return "由本单位的分管负责人批准。"
    if request.state != RequestState.PENDING:
        return f"这份申请{request.get_state_display()}，不用再办。"
    if request.requested_by_id == by.pk:
        return "申请的人不能批准自己的申请。"
    if request.inspection.status != InspectionStatus.DISPATCHED:
        return "检查已经开始，不能再改检查方式。"
    return ""


# Review


def may_review(inspection: Inspection, by, day: date) -> bool:
    """The unit's leader, or another member of the team whose certificate is valid."""
    if by.may(Permission.REVIEW_RESULTS, inspection.unit_id):
        return True
    return any(
        m.inspector.certified_on(day)
        for m in inspection.members.filter(inspector__user=by).select_related("inspector")
        if by.units_with(Permission.FIELD_WORK)
    )


def why_not_review(inspection: Inspection, by, day: date) -> str:
    """A second person reviews, never the recorder (七(四)-5, 八(二)-b)."""
    if inspection.recorded_by_id == by.pk:
        return "检查结果由另一人审核，记录人不能审核自己的记录。"
    if not may_review(inspection, by, day):
        return "由分管负责人，或持有效执法证的其他小组成员审核。"
    if inspection.draw_id is None and inspection.targeted.filter(status=TargetedStatus.REQUESTED).exists():
        return "这次检查还没有补办批准。由分管负责人先补办，再审核结果。"  # N-6
    return why_not_move(inspection, InspectionStatus.REVIEWED)


def why_not_return(inspection: Inspection, by, opinion: str, day: date) -> str:
    """Before the review the reviewer, after it also the officer who publishes, sends a record back."""
    publishes = inspection.status == InspectionStatus.REVIEWED and by.may(Permission.PUBLISH, inspection.unit_id)
    if inspection.recorded_by_id == by.pk:
        return "检查结果由另一人审核，记录人不能退回自己的记录。"
    if not publishes and not may_review(inspection, by, day):
        return "由分管负责人，或持有效执法证的其他小组成员退回。"
    if reason := why_not_move(inspection, InspectionStatus.RETURNED):
        return reason
    if not opinion.strip():
        return "退回时写明哪里要改。"
    return why_not_reason(opinion, "退回的意见")


def why_not_mark_published(inspection: Inspection, by) -> str:
    """Who records does not publish (decisions.md 7); the other rules of publishing are those of `disclosure`."""
    if inspection.recorded_by_id == by.pk:
        return "检查结果由另一人公开，记录人不能公开自己的记录。"
    return why_not_move(inspection, InspectionStatus.PUBLISHED)


def why_not_this_version(inspection: Inspection, version: int | None) -> str:
    """Somebody changed the check since this form was opened (reliability.md P15)."""
    if version is not None and version != inspection.version:
        return "打开这一页之后，另一人改过这次检查，刚才的操作没有执行。核对最新内容后再提交。"
    return ""
