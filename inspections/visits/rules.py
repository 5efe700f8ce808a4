"""Why something with a check cannot be done, as a sentence (七(五), 八(二))."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.utils.timezone import localtime

from benxi_shuangsuiji.refusal import why_not_reason
from inspections.acceptance.rules import why_not_accepted
from inspections.approvals.rules import why_not_approved
from inspections.checks.rules import conflicts_in_force, why_not_certified, why_not_team, why_nothing_to_check
from inspections.checks.states import ENDED, NOT_CARRIED_OUT, OPEN_TO_THE_TEAM, SHUT_OR_NOBODY, why_not_move
from inspections.evidence.rules import why_not_this_recorder
from inspections.exchange import leading
from inspections.models import (
    Answer,
    CheckAnswer,
    Conclusion,
    Inspection,
    InspectionStatus,
    Mode,
    Outcome,
)
from inspections.service.rules import why_not_served
from plans.amendments.rules import SHUT
from plans.bases import citations
from registry.inspectors.roster import away_words
from registry.inspectors.rules import why_not_scan
from registry.models import Facility

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


def why_not_this_point(point: CheckAnswer, answer: str, unfit: dict[str, str]) -> str:
    if point.item_code in unfit and answer != Answer.NOT_APPLICABLE:
        return f"{unfit[point.item_code]}。这一项记为不涉及。"
    return ""


def why_not_start(
    inspection: Inspection,
    by,
    *,
    at: datetime,
    now: datetime,
    identity_shown_at,
    recorder_no: str,
    present: list,
    unfit: Mapping[str, str],
    no_recorder_because: str = "",
) -> str:
    """Why a visit cannot begin. Off-site nobody enters, so nothing is shown and nothing is filmed (七(三)-b).

    The certificates may be shown a moment after the arrival, with the notice; before that nothing is checked.
    """
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
    if reason := why_not_approved(inspection, at) or leading.why_not_begin(inspection):
        return reason
    if strangers := [p.name for p in present if p.pk not in team]:
        return f"{'、'.join(strangers)}不在检查小组里。人员有变化时，先办理更换。"
    if reason := why_not_accepted(inspection, present):
        return reason
    day = at.date()
    if reason := why_not_led(inspection, present, onsite=onsite) or why_away(inspection, by, present, day):
        return reason
    if reason := why_nothing_to_check(inspection, unfit):
        return reason
    if reason := why_not_certified(present, day, "到场才能开始检查" if onsite else "参加才能开始检查"):
        return reason
    barred = conflicts_in_force([inspection.facility_id], day)
    if names := [p.name for p in present if (p.pk, inspection.facility_id) in barred]:
        return f"{'、'.join(names)}登记了与这家企业的利害关系，应当回避。办理更换之后再检查。"
    if onsite and identity_shown_at and not at <= identity_shown_at <= now:
        return "出示执法证的时间应当在到达之后、现在之前。"
    if not onsite:
        return ""
    return why_not_recorded(recorder_no, no_recorder_because) or why_not_this_recorder(inspection, recorder_no)


def why_not_recorded(recorder_no: str, because: str) -> str:
    """Filmed from the first minute, or it is said why not (七(五)-h)."""
    if not recorder_no.strip() and not because.strip():
        return "填写执法记录仪编号。现场检查全程佩戴并开启执法记录仪；没有记录仪的，写明原因。"
    if recorder_no.strip():
        return "填了记录仪编号，又写了没有记录仪的原因。只留一样。" if because.strip() else ""
    return why_not_reason(because, "没有记录仪的原因")


def why_not_shown(inspection: Inspection) -> str:
    """Nothing is checked before those who came have said who they are (七(五)-i)."""
    if inspection.mode != Mode.ONSITE or inspection.identity_shown_at:
        return ""
    return "还没有出示执法证件。先出示证件、送达检查通知书，再检查。"


def why_not_that_day(inspection: Inspection, tapped_at: datetime) -> str:
    """What a phone has kept waits for the arrival; what was answered before that day was not seen there."""
    if inspection.started_at is None or localtime(tapped_at).date() >= localtime(inspection.started_at).date():
        return ""
    return "这一点答在到场那天以前，没有收。在现场重新答。"


def why_not_led(inspection: Inspection, present: list, *, onsite: bool) -> str:
    """The leader leads: nobody else does in his place but by a replacement (七(五)-a, 七(二)-f)."""
    leader = next((m.inspector for m in inspection.members.all() if m.is_leader), None)
    if leader is None or leader in present:
        return ""
    word = "到场" if onsite else "参加"
    return f"组长{leader.name}没有{word}。组长{word}才能开始检查；组长不能来的，先办理更换组长。"


def why_away(inspection: Inspection, by, present: list, day: date) -> str:
    """Nobody who is registered as away that day comes to a visit, or begins one for the others (六(三)-p)."""
    mine = [
        m.inspector for m in inspection.members.all() if m.inspector.user_id == by.pk and m.inspector not in present
    ]
    if away := away_words([*present, *mine], day):
        return f"{'；'.join(away.values())}，当天不能参加检查。已经回来的，先由名录管理员登记销假；不能来的，办理更换。"
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
        return f"检查还没有开始。先登记{'到达' if inspection.mode == Mode.ONSITE else '开始'}。"
    if inspection.status not in OPEN_TO_THE_TEAM:
        return "检查已经提交，不能修改。需要改时由审核人退回。"
    return ""


def why_not_end_again(inspection: Inspection) -> str:
    returned = inspection.status == InspectionStatus.RETURNED
    return "检查已经结束，改好之后重新提交。" if returned else ""


def why_not_rest(inspection: Inspection, item_code: str) -> str:
    points = inspection.answers.filter(item_code=item_code)
    if not points.exists():
        return "这次检查没有这一项。"
    return "" if points.filter(answer="").exists() else "这一项已经全部有结论。"


def why_not_conclude(inspection: Inspection, seen: str | None) -> str:
    """What a partner has written meanwhile is read before it is overwritten; `seen`: the stamp of what was read."""
    if seen is None:
        return ""
    written = Conclusion.objects.filter(inspection=inspection).select_related("by").first()
    if written is None or seen == written.stamp:
        return ""
    return f"同组{written.by.full_name} {localtime(written.at):%H:%M} 已写了检查结果“{written}”。核对之后再改。"


def why_not_add(inspection: Inspection, by, text: str) -> str:
    """Only added to, and only once it is handed in (七(四)-5)."""
    if reason := why_not_team(inspection, by):
        return reason
    if inspection.status not in ENDED or inspection.status == InspectionStatus.RETURNED:
        return "检查还没有提交，直接改记录。"
    return why_not_reason(text, "追加说明")


def why_not_submit_again(inspection: Inspection) -> str:
    return "" if inspection.status == InspectionStatus.RETURNED else "这次检查没有被退回。"


class Given(NamedTuple):
    """The answer to one point. `seen`: its `stamp` when the page was opened; `found_under`: what a problem goes against."""

    answer: str
    words: str = ""
    seen: str | None = None
    found_under: str = ""

    @property
    def kept(self) -> dict[str, str]:
        return {"answer": self.answer, "words": self.words, "found_under": self.found_under}


def bases_of(point: CheckAnswer) -> list[str]:
    """What a problem at this point may rest on: the point's own first, then whatever its item cites (七(五)-l)."""
    cited = citations.gathered([point.item.legal_basis]) if point.item else ()
    return list(dict.fromkeys(basis for basis in (point.basis, *cited) if basis))


def why_not_answer(point: CheckAnswer, given: Given) -> str:
    """The tap is kept at once, its words may come later: the result is not written without them (`why_not_described`)."""
    if given.answer not in Answer.values:
        return "选择未发现问题、发现问题或不涉及。"
    if given.answer != Answer.FOUND and given.words.strip():
        return "写了问题，结果却不是“发现问题”。改选“发现问题”，或删去所写内容。"
    if given.answer == Answer.FOUND and given.found_under and given.found_under not in bases_of(point):
        return f"“{given.found_under}”不是这一项的依据。从列出的依据里选一条。"
    return ""


def why_not_described(answers: list[CheckAnswer]) -> str:
    """A problem is stated before the person in charge reads the record (七(五)-l)."""
    bare = [f"“{a.text}”" for a in answers if a.answer == Answer.FOUND and not a.words]
    return f"{'、'.join(bare)}没有写看到了什么。写了再办。" if bare else ""


def why_not_submit(*, outcome: str, finding: str, rectify_by, answers: list) -> str:
    """The outcome says what the answers say; a check that could not be carried out needs no answers (七(五)-l)."""
    if outcome not in Outcome.values:
        return "选择检查结果。"
    found = sum(a.answer == Answer.FOUND for a in answers)
    label = Outcome(outcome).label
    if outcome not in NOT_CARRIED_OUT and (missing := sum(not a.answer for a in answers)):
        return f"还有 {missing} 个检查点没有结论。全部查完再提交。"
    if refusal := why_not_described(answers):
        return refusal
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


def why_not_in_vain(
    inspection: Inspection,
    outcome: str,
    *,
    registry_status: str,
    earlier_attempt_on: date | None,
    measures: str,
    file: tuple[str, bytes] | None,
) -> str:
    """A visit in vain is proved: what the place is now, two attempts, the case against who refuses (七(二)-e, 七(五)-l)."""
    pick = inspection.pick
    if outcome not in SHUT_OR_NOBODY and pick and hasattr(pick, "drop"):
        return f"这家企业已经从名单上换下，结果仍是“{inspection.get_outcome_display()}”，不能改。"
    if outcome == Outcome.REFUSED and not measures.strip():
        return "不配合检查的，在现场处理里写明怎样处理，如立案的编号。"
    if outcome not in SHUT_OR_NOBODY:
        return why_not_served(inspection)
    if refusal := why_not_scan(file):
        return refusal
    if outcome == Outcome.NOT_OPERATING and not _says_shut(inspection.facility, registry_status):
        return "写明企业现在的情况：停产、关闭、注销或者迁出。名录的变更一并提出，由分管负责人批准。"
    if outcome == Outcome.UNREACHABLE and (refusal := _why_not_two_attempts(inspection, earlier_attempt_on)):
        return refusal
    proved = file is not None or inspection.outcome_file_id is not None
    return "" if proved else f"结果是“{Outcome(outcome).label}”，附上现场照片或其他证明材料。"


def _says_shut(place: Facility, registry_status: str) -> bool:
    """By the registry, by what is written now, or by what a returned record has asked for already."""
    waiting = place.proposals.pending().filter(subject="status", payload__status__in=SHUT)
    return place.status in SHUT or registry_status in SHUT or waiting.exists()


def _why_not_two_attempts(inspection: Inspection, earlier: date | None) -> str:
    if earlier is None:
        return "先后上门的日期不同，都没有找到人，才记为无法联系。填写上一次上门的日期；只去过一次的，改天再去。"
    if not localtime(inspection.dispatched_at).date() <= earlier < localtime(inspection.started_at).date():
        return "上一次上门的日期应当在派发之后，并且早于这一次到达的那一天。"
    return ""


def why_not_end(inspection: Inspection, *, at: datetime, now: datetime, rectify_by) -> str:
    if at > now:
        return "结束时间晚于现在。核对结束时间。"
    if at < inspection.started_at:
        return "结束时间早于到达时间。核对结束时间。"
    if rectify_by and rectify_by < at.date():
        return "整改期限早于检查结束的日期。"
    return ""
