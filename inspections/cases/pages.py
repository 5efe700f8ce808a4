"""What the pages of a case show: its steps, its clock, what was asked in it, what the public reads of it (PNG 24)."""

from datetime import date

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import TONES as TONES_OF_REQUESTS
from benxi_shuangsuiji.forms.pages import Row
from benxi_shuangsuiji.workdays.days import full_date, short_date
from inspections.followups.pages import MOST, figures, handled_by, has_papers, strip
from inspections.models import Case, CaseAct, CaseActKind, CaseState, Inspection, Rectification

from . import clock, rules

TONES = {"ASKED": "warn", "APPROVED": "run", "RETURNED": "bad", "DECIDED": "ok", "ENDED": "ok"}
WHO = [
    ("检查小组、本单位计划员", "提出立案，承办，提出延期、法制审核、处理决定和结案；不能批准"),
    ("本单位分管负责人", "批准或者退回；参加检查的、承办的不能批"),
    ("牵头部门，或者另一位分管负责人", "法制审核；审核的人不能再作决定"),
    ("公示员", "公开立案、决定和结案，办理的人不能自己公开"),
]


def to_file(user):
    """Results of which no case was made."""
    return handled_by(user).exclude(cases__in=Case.objects.exclude(state=CaseState.RETURNED))[:MOST]


def follows(check: Inspection, user) -> list[tuple[str, str]]:
    """What came of a check, and what may be put forward: (words, address), for its page and for those of its cases."""
    found = [(f"案件 {case.no}", case.get_absolute_url()) for case in check.cases.all()]
    found += [(f"移送 {referral.no}", referral.get_absolute_url()) for referral in check.referrals.all()]
    for words, name, why_not in (
        ("提出立案", "inspections:case-new", rules.why_not_open(check, user)),
        ("提出移送", "inspections:referral-new", rules.why_nothing_follows(check, user)),
    ):
        found += [] if why_not else [(words, f"{reverse(name)}?check={check.no}")]
    return found


def papers_of(case: Case, user) -> list[tuple[str, str]]:
    """Where the problem, the evidence and the papers lie that the case goes on from."""
    check = case.inspection
    found = [("检查记录和证据", check.get_absolute_url())] if user.may(P.SEE_SEALED, check.unit_id) else []
    order = Rectification.objects.filter(inspection=check).first()
    found += [("整改", order.get_absolute_url())] if order else []
    circle = has_papers(user, check)
    found += [("立案审批表", reverse("inspections:case-filing", args=[case.no]))] if circle and not case.waits else []
    for act in case.acts.all() if circle else ():
        if act.file_id:
            found.append(
                (
                    f"{act.get_kind_display()} {act.document_no}",
                    reverse("inspections:case-act-file", args=[case.no, act.pk]),
                )
            )
    return found + [link for link in follows(check, user) if link[1] != case.get_absolute_url()]


def steps(case: Case, today: date) -> list[dict]:
    """发现问题 → 立案 → （法制审核） → 处理决定 → 结案."""
    check, verdict, over = case.inspection, case.verdict, case.last(CaseActKind.ENDING)
    found = [("发现问题", localtime(check.ended_at).date(), "")]
    found.append(("立案", case.filed_on, "等分管负责人批准" if case.waits else case.get_state_display()))
    if case.review_ground:
        review = case.last(CaseActKind.REVIEW)
        found.append(("法制审核", review and review.effective_on, "决定以前"))
    due = full_date(clock.due_of(case).date) + "前" if case.filed_on else "立案以后算期限"
    found.append(("处理决定", verdict and verdict.effective_on, due))
    found.append(("结案", over and over.effective_on, "履行以后"))
    late = case.state == CaseState.APPROVED and today > clock.due_of(case).date
    return strip(found, late=late, over=case.state == CaseState.RETURNED)


def stats(case: Case, today: date) -> list[dict]:
    """How long is left, and how the period is counted."""
    if case.filed_on is None:
        return []
    text, tone = clock.left(case, today)
    verdict, due, running = case.verdict, clock.due_of(case).date, case.state == CaseState.APPROVED
    decided = (
        (verdict.get_verdict_display().split("，")[-1], verdict.document_no)
        if verdict
        else ("还没有", "由分管负责人决定")
    )
    return figures(
        [
            ("办案期限", text if running else "已作出决定", f"{full_date(due)}前作出决定", running and tone == "over"),
            ("立案", short_date(case.filed_on), case.document_no, False),
            ("期限怎样算", f"{(due - case.filed_on).days} 天", clock.words(case), False),
            ("处理决定", *decided, False),
        ]
    )


def facts_of(act: CaseAct) -> list[tuple[str, str]]:
    """What exactly is asked for."""
    found = [("理由", act.reason)]
    if act.days:
        days = f"{full_date(act.first_day)}至 {full_date(act.last_day)}，共 {act.days} 天"
        found.append(("不计入", days))
    if act.participants:
        found += [("讨论日期", full_date(act.first_day)), ("参加的人", act.participants)]
    if act.discussion_ground:
        found.append(("应当集体讨论", act.get_discussion_ground_display()))
    if act.verdict:
        found += [("决定", act.get_verdict_display()), ("公开的内容", act.public_words)]
    if act.degree:
        found.append(("失信程度", act.get_degree_display()))
    if act.kind == CaseActKind.REVIEW:
        found.append(("应当审核", act.case.get_review_ground_display()))
    if act.qualification:
        found.append(("审核人员的资格", act.qualification))
    return found


def row_of(act: CaseAct) -> Row:
    return Row(
        act,
        TONES_OF_REQUESTS[act.state],
        act.get_kind_display(),
        notes=[act.reason],
        more=facts_of(act),
        asked_as="承办",
    )


def filing(case: Case) -> Row:
    """What was put forward, and by whom it was filed."""
    more = [("来由", case.get_origin_display()), ("案由", case.matter), ("涉嫌违反", case.basis)]
    more.append(("发现的问题", case.inspection.finding))
    more.append(("法制审核", case.get_review_ground_display() or "不属于应当审核的情形"))
    more.append(("承办", case.asked_by.full_name))
    if case.filed_on:
        words = f"{case.decided_by.full_name}　{localtime(case.decided_at):%Y-%m-%d %H:%M}　{case.document_no}"
        more.append(("批准", f"{words}\n{case.opinion}" if case.opinion else words))
    return Row(case, TONES[case.state], "提出立案", more=more)


def reads(user, case: Case) -> bool:
    """Reasons, opinions and who took part: the circle of the check, and the lead office, which reviews (decisions.md 3)."""
    return has_papers(user, case.inspection) or user.may(P.KEEP_BASES, case.inspection.unit_id)


def rows_of(case: Case) -> list[Row]:
    """While the filing waits, itself; then what was asked for in the case."""
    return [row_of(act) for act in case.acts.all()] if case.filed_on else [filing(case)]
