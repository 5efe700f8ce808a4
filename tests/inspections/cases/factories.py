"""Cases in each of their states, made through the actions."""

from benxi_shuangsuiji import clock
from inspections.cases import actions
from inspections.cases.rules import Asked
from inspections.models import Case, CaseAct, CaseActKind, Degree, Inspection, Origin, ReviewGround, Verdict
from tests.factories import make_approver
from tests.inspections.factories import make_reviewed, team_of

PROBLEM = "污水站加药记录不全"
FILED, DECIDED = "本环立〔2026〕7号", "本环罚〔2026〕3号"


def make_found(unit=None, **fields) -> Inspection:
    """A reviewed check with an order to mend."""
    return make_reviewed(unit, problem=PROBLEM, **fields)


def handler_of(check: Inspection):
    return team_of(check)[0].user


def ask(check: Inspection, **changes) -> Case:
    said = {
        "origin": Origin.RESULT,
        "matter": "涉嫌不正常运行水污染防治设施",
        "basis": "水污染防治法第三十九条、第八十三条",
        "by": handler_of(check),
    }
    return actions.ask(inspection=check, **said | changes)


def make_case(check: Inspection | None = None, **changes) -> Case:
    """Filed by another."""
    case = ask(check or make_found(), **changes)
    return actions.file_case(case=case, by=make_approver(case.inspection.unit), document_no=FILED)


def ask_act(case: Case, kind: str, **changes) -> CaseAct:
    said = {
        CaseActKind.EXTENSION: {"reason": "监测报告还没有出来"},
        CaseActKind.EXCLUDED: {
            "reason": "听证，本环听〔2026〕1号",
            "first_day": clock.today(),
            "last_day": clock.today(),
        },
        CaseActKind.REVIEW: {"reason": "事实、证据和拟作的决定", "review_ground": ReviewGround.HEARING},
        CaseActKind.DISCUSSED: {
            "reason": "一致同意罚款 60 万元",
            "participants": "局长某甲、副局长某乙、副局长某丙",
            "first_day": clock.today(),
        },
        CaseActKind.VERDICT: {
            "reason": "台账和监测报告证明违法事实成立",
            "verdict": Verdict.PENALTY,
            "degree": Degree.COMMON,
            "public_words": "罚款 10 万元。",
        },
        CaseActKind.ENDING: {"reason": "罚款已缴纳，票据 1 份"},
    }[CaseActKind(kind)]
    asked = Asked(kind=kind, **said | {k: v for k, v in changes.items() if k != "by"})
    return actions.ask_act(case=case, asked=asked, by=changes.get("by", case.asked_by))


def approve_act(act: CaseAct, by=None, **changes) -> CaseAct:
    more = {"qualification": "法律职业资格证 A2019"} if act.kind == CaseActKind.REVIEW else {}
    said = {"document_no": DECIDED} | more | changes
    return actions.approve_act(act=act, by=by or make_approver(act.case.inspection.unit), **said)


def act(case: Case, kind: str, by=None, **changes) -> CaseAct:
    return approve_act(ask_act(case, kind, **changes), by)


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)
