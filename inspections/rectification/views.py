"""后续处理 on the desk: the list, and one 整改 with what is asked and decided about it (/desk/followups/, ui-2.md 24)."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.pictures_limits import JPEG
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, act_page, decision_page
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import short_date
from inspections.checks.pages import site_of
from inspections.followups.pages import has_papers, in_the_circle, list_page
from inspections.models import ActKind, Rectification, RectificationAct, ReportFile
from inspections.paperwork.blocks import written

from . import actions, pages, papers, rules
from .forms import AskForm, CheckAgainForm, OpinionForm
from .pages import SEES, Standing

DECIDES = {  # the button, and what follows when it is pressed
    ActKind.EXTEND: (
        "同意延到 {until}",
        "同意以后，公开页上的期限改成 {until}，写明原期限和批准日期。不同意，期限不变，企业在通知书的链接里看到意见。",
    ),
    ActKind.HALT: ("同意中止", "同意以后整改期中止，公开页写明；复产那天接着算。"),
    ActKind.RESUME: ("同意恢复", "同意以后停产的天数不算在内，期限往后推。"),
    ActKind.CLOSE: ("同意办结", "同意以后整改办结，不能撤回；公示员公开“已改好”。"),
    ActKind.AGAIN: ("同意再责令一次", "同意以后没有改好的再责令到 {until}，公开页写明。"),
    ActKind.AMEND: (
        "同意核对的写法",
        "同意以后，整改的问题按这里的写法，期限不变；有改动的，企业办理的网页上是新的通知书。",
    ),
    ActKind.TO_CASE: ("同意转立案", "同意以后这次整改到此为止，转立案办理；问题、证据和文书一起带过去。"),
}


@requires(*SEES)
@require_safe
def rectifications(request):
    """整改 of one unit: those that run, the most urgent first; or what is over."""
    unit, today = shell.current_unit(request), clock.today()
    found = Rectification.objects.visible_to(request.user)
    mine = found.filter(inspection__unit=unit) if unit else found
    over = request.GET.get("over") == "1"
    n = mine.running().count()
    choices = [("", "在办", n), ("1", "已了结", mine.count() - n)]
    return list_page(
        request,
        "inspections/rectification/rectifications.html",
        pages.along(found.exclude(pk__in=found.running()) if over else found.running()),
        lambda page: pages.standings(page, today, in_the_circle(request.user, page)),
        order=("-closed_at" if over else "due", "pk"),
        name="后续处理",
        heads=("检查对象", "状态", "期限", "到哪一步"),
        empty="责令限期改正的检查结果审核以后到这里。",
        tones=pages.TONES,
        chips=chips.choices(choices, "1" if over else "", lambda v: chips.query_with(request, over=v)),
    )


def _one(request, no: str) -> Rectification:
    return get_object_or_404(pages.along(Rectification.objects.visible_to(request.user)), inspection__no=no)


@requires(*SEES)
def rectification(request, no):
    """One 整改: how long is left and what is asked of me, what was ordered, what came, what comes next, what is public."""
    found, user, today = _one(request, no), request.user, clock.today()
    reads = _in_circle(user, found)
    standing = pages.standing_of(found, today, reads)
    kinds = rules.kinds_for(found)
    kind = request.GET.get("act", "")
    kind = kind if kind in kinds else kinds[0]
    mine = rules.in_the_team(found.inspection, user)
    pending = standing.pending
    if pending is not None:
        pending.rectification = found

    def facts():
        trail.record("inspections.sealed.viewed", by=user, about=found.inspection, page="rectification")
        return {}

    may_ask = mine and not rules.why_not_go_on(found)
    return decision_page(
        request,
        about=found,
        template="inspections/rectification/rectification.html",
        pending=pending,
        rows=[_row(act) for act in found.acts.all()] if reads else [],
        ask=_ask(found, user, kind, standing) if may_ask else None,
        decide=_decide(pending, user, today) if pending else None,
        nobody=rules.why_not_go_on(found) if pending is None else "",
        due=pages.due_of(pending, today) if pending else None,
        facts=facts,
        standing=standing,
        tone=pages.TONES[found.state],
        acts=[(k, ActKind(k).label, k == kind) for k in kinds] if may_ask and pending is None else [],
        papers=standing.papers(user, reads),
        course=standing.course if reads else [{**entry, "who": ""} for entry in standing.course],
        why_not_again=rules.why_not_check_again(found, user),
        reads=reads,
        decider=f"{pending.decided_in.short_name}分管负责人" if pending else "",
        never_public=pages.NEVER_PUBLIC,
    )


def _row(act: RectificationAct) -> Row:
    which = f"第 {'、'.join(map(str, act.points))} 处" if act.points else ""
    until = f"到 {short_date(act.until)}" if act.until else f"　{short_date(act.on)}起" if act.on else ""
    words = {p.n: p.words for p in act.rectification.points.all()} if act.waits else {}
    notes = [f"第 {n} 处{'照原文' if words.get(int(n)) == new else f'改成：{new}'}" for n, new in act.said.items()]
    links = []
    if act.file:
        links = [(act.file.name, f"{act.rectification.get_absolute_url()}acts/{act.pk}/file/")]
    return Row(
        act,
        pages.ACT_TONES[act.state],
        act.reason,
        notes=notes,
        links=links,
        asked_as=Role.INSPECTOR.label,
        decided_as=Role.APPROVER.label,
        name=f"{act.get_kind_display()}：{which}{until}" if which or until else act.get_kind_display(),
    )


def _ask(found: Rectification, user, kind: str, standing: Standing) -> Ask:
    wish = standing.wish
    notes = [rules.BY_ANOTHER]
    if wish and kind == ActKind.EXTEND:
        notes.insert(
            0, f"企业申请延到 {short_date(wish.wish_until)}：{wish.wish_because}。对照写明建议同意还是不同意。"
        )
    return Ask(
        partial(AskForm, rectification=found, kind=kind, wish=wish),
        lambda **typed: actions.ask(
            rectification=found,
            kind=kind,
            by=user,
            **{name: value for name, value in typed.items() if value is not None},
        ),
        "已提出，等分管负责人决定。",
        obstacle=rules.why_not_open_ask(found, user) or rules.why_too_late(found, kind, clock.today()),
        title=f"提出{ActKind(kind).label}",
        button=f"提出{ActKind(kind).label}",
        notes=notes,
    )


def _decide(act: RectificationAct, user, today) -> Decide | None:
    until = short_date(act.until) if act.until else ""
    button, follows = (words.format(until=until) for words in DECIDES[ActKind(act.kind)])
    return Decide(
        OpinionForm,
        partial(actions.approve, act=act, by=user),
        partial(actions.reject, act=act, by=user),
        approved=f"已同意{act.get_kind_display()}，等公示员公开。",
        rejected=f"没有同意{act.get_kind_display()}，其他照旧。",
        obstacle=rules.why_not_approve(act, user, today),
        may_return=not rules.why_not_open_decision(act, user),
        title="",
        approve_button=button,
        reject_button=f"不同意{act.get_kind_display()}",
        danger=act.kind == ActKind.TO_CASE,
        notes=[follows],
        more=partial(actions.send_back, act=act, by=user),
        more_button=f"退回{act.asked_by.full_name}补充材料",
        sent_back=f"已退回，等{act.asked_by.full_name}补充。",
    )


@requires(*SEES)
def rectification_again(request, no):
    """安排复查: asked for from here, approved as every targeted check."""
    found, today = _one(request, no), clock.today()
    obstacle = rules.why_not_check_again(found, request.user)
    standing = pages.standing_of(found, today)
    data = request.POST or None
    form = CheckAgainForm(data, rectification=found, today=today, again_by=standing.again_by)
    return act_page(
        request,
        "inspections/rectification/again.html",
        None if obstacle else form,
        partial(actions.check_again, rectification=found, by=request.user),
        found.get_absolute_url(),
        lambda asked: f"已提出复查 {asked.no}，等分管负责人批准。",
        late=obstacle,
        obstacle=obstacle,
        standing=standing,
        rectification=found,
    )


@requires(*SEES)
@require_safe
def rectification_file(request, no, pk, small=False):
    """A photograph or paper of the enterprise, for the team and the circle; who takes it is written down (四(3)-b)."""
    found = _for_circle(request, no)
    kept = get_object_or_404(
        ReportFile.objects.select_related("file", "small"),
        pk=pk,
        line__report__rectification=found,
        line__report__sent_at__isnull=False,
    )
    if small:
        if kept.small is None:
            raise Http404
        return files.attachment(files.read(kept.small), name="小图.jpg", content_type=JPEG)
    answer = files.download(kept.file)
    trail.record("inspections.rectification.file", by=request.user, about=found.inspection, no=kept.line.report.no)
    return answer


@requires(*SEES)
@require_safe
def rectification_act_file(request, no, pk):
    """What proves a request."""
    found = _for_circle(request, no)
    act = get_object_or_404(found.acts.select_related("file"), pk=pk, file__isnull=False)
    return files.download(act.file)


@requires(*SEES)
@require_safe
def rectification_paper(request, no, pk):
    """延期审批表, 办结审批表 …: of what was decided."""
    found = _for_circle(request, no)
    act = get_object_or_404(found.acts.exclude(decided_at=None).select_related("decided_in"), pk=pk)
    act.rectification = found
    content, content_type = written(papers.paper_of(act), "pdf")
    trail.record("inspections.rectification.paper", by=request.user, about=found.inspection, kind=act.kind)
    return files.attachment(content, name=papers.name_of(act), content_type=content_type)


@requires(*SEES)
@require_safe
def rectification_order(request, no):
    """打印整改单: what was ordered, for the enterprise, with the code of its page (N-10)."""
    found = _for_circle(request, no)
    content, content_type = written(papers.order_of(found, site_of(request)), "pdf")
    trail.record("inspections.rectification.paper", by=request.user, about=found.inspection, kind="ORDER")
    return files.attachment(content, name=f"责令改正通知书_{no}.pdf", content_type=content_type)


def _in_circle(user, found: Rectification) -> bool:
    """Reasons, photographs and opinions are for the team, the circle and who decides, and never public."""
    return has_papers(user, found.inspection) or any(
        user.may("REVIEW_RESULTS", act.decided_in_id) for act in found.acts.all()
    )


def _for_circle(request, no: str) -> Rectification:
    found = _one(request, no)
    if not _in_circle(request.user, found):
        raise Http404
    return found
