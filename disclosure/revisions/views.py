"""更正 and 撤下 of one publication (ui-2.md 27), what was withdrawn, and what has been public long enough."""

from functools import partial

from django.core.paginator import Paginator
from django.http import Http404
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, act_page, decision_page
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import due_date
from disclosure.models import Change, Publication
from disclosure.site import bulletin
from disclosure.words import PAGE_OF

from . import actions, duties, places, rules, terms
from .forms import DecisionForm, ReadingForm, RevisionForm
from .models import Act, Ground, Revision, RevisionState
from .pages import CANNOT_BE_CALLED_BACK

TONES = {RevisionState.ASKED: "warn", RevisionState.APPROVED: "ok", RevisionState.RETURNED: "bad"}
PARTS = (P.PUBLISH, P.PUBLISH_CITY, P.APPROVE_REVISION, P.SEE_WITHDRAWN)
WHO = [
    ("公示单位的公示员（全市汇总：牵头部门）", "提出更正、撤下"),
    ("公示单位的分管负责人", "批准，或者不批准；不能决定本人提出的"),
    ("记录这条结果的人", "只能看，不能提出，也不能决定"),
    ("市执法队监督员", "写明理由，可以看已撤下的原文"),
]
FOLLOWS = {
    Act.CORRECT: "批准以后立即更正公开页，不能撤回：旧文字一直留着，旁边写明更正日期、理由和批准的人所在单位。"
    "已经被下载、转发的旧文字收不回来。",
    Act.WITHDRAW: "批准以后立即撤下，不能撤回：各版旧文字封存，公开页只留事由、理由、日期、文号和决定单位。"
    + CANNOT_BE_CALLED_BACK,
    Act.REISSUE: "批准以后立即撤下各版旧文字并封存，同时公开下面改好的一版，不能撤回。" + CANNOT_BE_CALLED_BACK,
}
PER_PAGE = 40
MEND = "在写错的地方改成正确的内容，没有写错的照旧。"


@requires(*PARTS)
def revision(request, kind, no):
    """One page for the whole course: what is asked, old and new words, the decision, and what was decided before."""
    publication, unit = _newest_or_404(request.user, kind, no)
    user, today = request.user, clock.today()
    rows = [_row(asked) for asked in _revisions(user, publication)]
    pending = next((row.asked for row in rows if row.asked.waits), None)
    act = request.GET.get("act", "")
    act = act if act in Act.values else Act.CORRECT
    may_ask = rules.may_ask(publication, user, unit) and not publication.is_withdrawn
    return decision_page(
        request,
        about=publication,
        template="disclosure/revisions/revision.html",
        pending=pending,
        rows=rows,
        ask=_ask(publication, user, unit, act, request.GET.get("ground", "")) if may_ask else None,
        decide=_decide(pending, user) if pending and user.may(P.APPROVE_REVISION, unit) else None,
        nobody=_nobody(publication, pending),
        who=WHO,
        due=_due(pending, today) if pending else None,
        publication=publication,
        kind_label=publication.get_kind_display(),
        acts=[(value, label, value == act) for value, label in Act.choices] if may_ask and not pending else [],
        public_url=bulletin.public_url(publication),
        sealed=_sealed(publication) if user.may(P.SEE_WITHDRAWN, unit) else [],
        kind=kind,
    )


def _newest_or_404(user: User, kind: str, no: str) -> tuple[Publication, Unit]:
    kinds = {page: name for name, page in PAGE_OF.items()}
    found = Publication.everything.filter(kind=kinds[kind], no__iexact=no).order_by("-version").first()
    unit = found and Unit.objects.filter(code=found.unit_code).first()
    parts = [P.PUBLISH_CITY if found and found.kind in rules.OF_THE_CITY else P.PUBLISH, *PARTS[2:]]
    if not unit or not any(user.may(part, unit) for part in parts):
        raise Http404
    return found, unit


def _revisions(user: User, publication: Publication):
    found = Revision.objects.visible_to(user).filter(publication__kind=publication.kind, publication__no=publication.no)
    return found.select_related("asked_by", "decided_by", "publication", "unit", "became")


def _sealed(publication: Publication) -> list[Publication]:
    same = Publication.everything.filter(kind=publication.kind, no=publication.no)
    readable = Publication.objects.filter(kind=publication.kind, no=publication.no).values("pk")
    return list(same.exclude(pk__in=readable).exclude(change=Change.WITHDRAWAL).order_by("-version"))


def _row(asked: Revision) -> Row:
    notes = [f"证明材料：{asked.evidence}", *([f"文号：{asked.document_no}"] if asked.document_no else [])]
    if asked.is_withdrawal:
        notes.insert(0, f"{asked.get_act_display()}：{asked.get_ground_display()}")
    return Row(asked, TONES[asked.state], asked.reason, notes=notes, more=_differences(asked))


def _differences(asked: Revision) -> list[tuple[str, str, str]]:
    """Old and new, as long as the old words are not sealed."""
    if not Publication.objects.filter(pk=asked.publication_id).exists():
        return []
    return places.differences(asked.publication, asked.changes)


def _ask(publication: Publication, user: User, unit: Unit, act: str, ground: str) -> Ask:
    def ask(**typed):
        return actions.ask(publication=publication, by=user, **typed)

    chosen = ground if ground in Ground.values else ""
    return Ask(
        partial(RevisionForm, publication=publication, act=act, ground=chosen),
        ask,
        "申请已提交，等分管负责人决定。",
        obstacle=rules.why_not_open(publication, user, unit),
        title=f"申请{Act(act).label}",
        button=f"提出{Act(act).label}",
        notes=[
            FOLLOWS[act],
            *([MEND] if act != Act.WITHDRAW else []),
            *([echo] if act != Act.CORRECT and (echo := rules.echoes(publication)) else []),
        ],
    )


def _decide(pending: Revision, user: User) -> Decide:
    label = pending.get_act_display()
    return Decide(
        DecisionForm,
        partial(actions.approve, revision=pending, by=user),
        partial(actions.reject, revision=pending, by=user),
        approved=f"已{label}。",
        rejected=f"没有批准{label}，公开的文字没有改动。",
        obstacle=rules.why_not_approve(pending, user, clock.today()),
        may_return=not rules.why_not_open_decision(pending, user),
        title="",
        approve_button=f"批准{label}",
        reject_button=f"不批准{label}",
        danger=pending.is_withdrawal,
        notes=[FOLLOWS[pending.act]],
    )


def _nobody(publication: Publication, pending: Revision | None) -> str:
    if publication.is_withdrawn:
        return "这条公示已经撤下，原文已封存。"
    return rules.DECIDER if pending else rules.ROLE


def _due(pending: Revision, today) -> dict | None:
    step = duties.WITHDRAWAL if pending.is_withdrawal else duties.DECISION
    duty = (
        Duty.objects.open()
        .filter(rule=str(step), unit=pending.unit, url=duties.address_of(pending.publication))
        .first()
    )
    if duty is None:
        return None
    over = duty.due < today
    return {
        "text": f"逾期 {(today - duty.due).days} 天" if over else f"还剩 {(duty.due - today).days} 天",
        "state": "over" if over else "soon",
        "title": due_date(duty.due, today),
    }


@requires(P.SEE_WITHDRAWN)
def withdrawn_text(request, kind, no, version):
    """Sealed words for somebody with the right, after his reason; the page is never kept (八(二)-c)."""
    newest, _ = _newest_or_404(request.user, kind, no)
    publication = next((p for p in _sealed(newest) if str(p.version) == version), None)
    if publication is None:
        raise Http404
    template = "disclosure/revisions/withdrawn_text.html"

    def shown(read: Publication):
        lines = [(p.label, p.shown(p.value)) for p in places.places_of(read) if p.value]
        context = {"publication": read, "lines": lines, "back": duties.address_of(read)}
        return TemplateResponse(request, template, context, headers={"Cache-Control": "no-store"})

    return act_page(
        request,
        template,
        ReadingForm(request.POST or None),
        partial(actions.show_withdrawn, publication=publication, by=request.user),
        shown,
        "",
        publication=publication,
        back=duties.address_of(publication),
    )


@requires(P.PUBLISH)
def terms_over(request):
    """公示期满: what of the unit has been public for its whole term, the oldest first."""
    unit = shell.unit_or_404(request, P.PUBLISH)
    page = Paginator(terms.over(unit.code, clock.today()), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(p, terms.term_of(p), f"{duties.address_of(p)}?act={Act.WITHDRAW}&ground={Ground.TERM}") for p in page]
    context = {"unit": unit, "page": page, "rows": rows}
    return TemplateResponse(request, "disclosure/revisions/terms_over.html", context)
