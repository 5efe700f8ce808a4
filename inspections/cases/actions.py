"""立案, what is asked for in a case, and what each decision brings about (八(二)-e, -i; 行政处罚法 54—60)."""

from dataclasses import asdict

from django.db import transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.refusal import refuse_if, why_no_opinion
from inspections.followups.actions import answer_complaints, ask_for_ground, hand_over, kept, number_of
from inspections.models import Case, CaseAct, CaseActKind, CaseState, Degree, FollowUpStep, Inspection, Verdict
from registry.models import Category, Ground

from . import duties, rules


@transaction.atomic
def ask(*, inspection: Inspection, origin: str, matter: str, basis: str, by: User, review_ground: str = "") -> Case:
    """Put a case forward, from a result or from an order that was not followed."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw", "facility")
    words = {"origin": origin, "matter": matter.strip(), "basis": basis.strip(), "review_ground": review_ground}
    refuse_if(rules.why_not_file(inspection, by, **words))
    number = number_of(inspection, "L", Case.objects)
    case = Case.objects.create(no=number, inspection=inspection, **words, asked_by=by, asked_at=clock.now())
    duties.asked(case)
    trail.record("inspections.case.asked", by=by, about=inspection, origin=origin)
    return case


@transaction.atomic
def file_case(*, case: Case, by: User, document_no: str, opinion: str = "", review_ground: str | None = None) -> Case:
    """The leader files it: from this day the period runs. He may see a reason for 法制审核 that nobody named."""
    case = Case.objects.held(case, "asked_by")
    refuse_if(rules.why_not_file_it(case, by, document_no))
    document_no, now = document_no.strip(), clock.now()
    more = {"review_ground": review_ground} if review_ground else {}
    more |= {"document_no": document_no, "filed_on": localtime(now).date()}
    case.decide(CaseState.APPROVED, by=by, at=now, opinion=opinion, **more)
    duties.filing_decided(case)
    hand_over(case.inspection, FollowUpStep.CASE_OPENED, "已立案调查。", by, {"立案文号": document_no})
    trail.record("inspections.case.filed", by=by, about=case.inspection, document=document_no)
    return case


@transaction.atomic
def reject_case(*, case: Case, by: User, opinion: str) -> Case:
    case = Case.objects.held(case, "asked_by")
    refuse_if(rules.why_not_decide_filing(case, by) or why_no_opinion(opinion))
    case.decide(CaseState.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.filing_decided(case)
    trail.record("inspections.case.rejected", by=by, about=case.inspection)
    return case


@transaction.atomic
def ask_act(*, case: Case, asked: rules.Asked, by: User) -> CaseAct:
    """Extension, days that do not count, legal review, decision, ending: each is asked for and decided by another."""
    case, now = Case.objects.held(case, "asked_by"), clock.now()
    refuse_if(rules.why_not_this(case, by, asked, localtime(now).date()))
    words = asdict(asked)
    if ground := words.pop("review_ground"):
        case.review_ground = ground
        case.save(update_fields=["review_ground"])
    act = CaseAct.objects.create(case=case, **words | {"reason": asked.reason.strip()}, asked_by=by, asked_at=now)
    duties.act_asked(act)
    trail.record("inspections.case.act_asked", by=by, about=case.inspection, kind=asked.kind)
    return act


@transaction.atomic
def approve_act(
    *,
    act: CaseAct,
    by: User,
    document_no: str,
    opinion: str = "",
    qualification: str = "",
    file: tuple[str, bytes] | None = None,
) -> CaseAct:
    """`file`: the signed decision; it is written and served outside this system, which keeps its number and its scan."""
    act, now = _held(act), clock.now()
    today, inspection = localtime(now).date(), act.case.inspection
    refuse_if(rules.why_not_approve(act, by, document_no=document_no, qualification=qualification, today=today))
    more = {"qualification": qualification.strip()} if act.kind == CaseActKind.REVIEW else {}
    more |= {"document_no": document_no.strip(), "effective_on": today, "file": kept(file, by)}
    act.decide(State.APPROVED, by=by, at=now, opinion=opinion, **more)
    act.case = Case.objects.get(pk=act.case_id)  # with what was decided now among its acts
    act.case.inspection = inspection
    duties.act_decided(act)
    if act.kind == CaseActKind.VERDICT:
        _decided(act.case, act, by)
    elif act.kind == CaseActKind.ENDING:
        _move(act.case, CaseState.ENDED)
        hand_over(inspection, FollowUpStep.CASE_ENDED, "案件已结案。", by)
    trail.record("inspections.case.act_approved", by=by, about=inspection, kind=act.kind, document=act.document_no)
    return act


@transaction.atomic
def reject_act(*, act: CaseAct, by: User, opinion: str) -> CaseAct:
    act = _held(act)
    refuse_if(rules.why_not_return(act, by, opinion))
    act.decide(State.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.act_decided(act)
    trail.record("inspections.case.act_rejected", by=by, about=act.case.inspection, kind=act.kind)
    return act


def _decided(case: Case, act: CaseAct, by: User) -> None:
    """The decision ends the period, is handed over for publication, and tells those who asked for the check."""
    _move(case, CaseState.DECIDED)
    duties.decided(case, act.decided_at)
    facts = {"决定": act.get_verdict_display(), "文号": act.document_no, "失信程度": act.get_degree_display()}
    if act.public_words.strip():
        hand_over(case.inspection, FollowUpStep.CASE_DECIDED, act.public_words, by, facts)
    check = case.inspection
    answer_complaints(check, _told_of(act))
    _closer_look(case, act)


def _closer_look(case: Case, act: CaseAct) -> None:
    """A penalty that is more than slight: the place is one to look after, if a person agrees (六(二)-ad)."""
    check, grave = case.inspection, act.degree in (Degree.COMMON, Degree.SERIOUS)
    if act.verdict == Verdict.PENALTY and grave and check.facility.category == Category.GENERAL:
        evidence = f"{case.no}：{act.get_verdict_display()}，失信程度{act.get_degree_display()}"
        ask_for_ground(check, Ground.KF11, evidence=evidence, document=act.document_no, by=act.asked_by)


def _told_of(act: CaseAct) -> str:
    return act.public_words.strip() or act.get_verdict_display()


def check_moved(check: Inspection, by: User) -> None:
    """What was decided before the result became public: the complainants hear of it now, of a slight penalty too."""
    for case in Case.objects.filter(inspection=check):
        if case.verdict:
            case.inspection = check
            answer_complaints(check, _told_of(case.verdict))
            _closer_look(case, case.verdict)


def _move(case: Case, to: str) -> None:
    case.state = to
    case.save(update_fields=["state"])


def _held(act: CaseAct) -> CaseAct:
    case = Case.objects.held(act.case, "asked_by")
    act = CaseAct.objects.locked(act.pk, "asked_by")
    act.case = case
    return act
