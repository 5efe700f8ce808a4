"""更正 and 撤下 of one publication (ui-2.md 27), what was withdrawn, and what has been public long enough."""

from collections import Counter
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, filled
from benxi_shuangsuiji.documents.pdf import PDF
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, TakeBack, act_page, decision_page
from benxi_shuangsuiji.notices.agenda import badge_of
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import short_date
from disclosure.models import OF_THE_CITY, Change, Publication
from disclosure.site import bulletin
from disclosure.words import PAGE_OF

from . import actions, desk_pages, duties, papers, places, rules, terms
from .forms import DecisionForm, ReadingForm, RevisionForm
from .models import Act, Ground, Revision, RevisionState
from .pages import CANNOT_BE_CALLED_BACK

TONES = {
    RevisionState.ASKED: "run",
    RevisionState.APPROVED: "ok",
    RevisionState.RETURNED: "bad",
    RevisionState.MORE: "warn",
    RevisionState.WITHDRAWN: "wait",
}
PARTS = (P.PUBLISH, P.PUBLISH_CITY, P.APPROVE_REVISION, P.SEE_WITHDRAWN)
FOLLOWS = {
    Act.CORRECT: "批准以后立即更正公开页，不能撤回：旧文字一直留着，旁边写明更正日期、理由和批准的人所在单位。"
    "已经被下载、转发的旧文字收不回来。",
    Act.WITHDRAW: "批准以后立即撤下，不能撤回：各版旧文字封存，公开页只留事由、理由、日期、文号和决定单位。"
    + CANNOT_BE_CALLED_BACK,
    Act.REISSUE: "批准以后立即撤下各版旧文字并封存，同时公开改好的一版，不能撤回。" + CANNOT_BE_CALLED_BACK,
}
PER_PAGE = 40
MEND = "在写错的地方改成正确的内容，没有写错的照旧。"


@requires(*PARTS)
def revision(request, kind, no):
    """One page for the whole course: what is asked, old and new words, the decision, and what was decided before."""
    publication, unit = _newest_or_404(request.user, kind, no)
    user, today = request.user, clock.today()
    rows = _rows(_revisions(user, publication))
    pending = next((row.asked for row in rows if row.asked.waits), None)
    before, owed = actions.sent_back(publication), duties.owed(publication, unit)
    act = request.GET.get("act", "")
    if act not in Act.values:
        act = before.act if before else Act.WITHDRAW if owed else Act.CORRECT
    may_ask = rules.may_ask(publication, user, unit) and not publication.is_withdrawn
    return decision_page(
        request,
        about=publication,
        template="disclosure/revisions/revision.html",
        pending=pending,
        rows=rows,
        ask=_ask(publication, user, unit, act, request.GET.get("ground", ""), before, owed) if may_ask else None,
        decide=_decide(pending, user) if pending and user.may(P.APPROVE_REVISION, unit) else None,
        take_back=_take_back(pending, user) if pending else None,
        nobody=desk_pages.sentence_of(publication, rows[0].asked if rows else None, user, today),
        who=desk_pages.who_may(publication, unit, pending, today),
        due=badge_of(duties.duty_of(pending), today) if pending else None,
        heading=f"{pending.get_act_display() if pending else Act(act).label}申请"
        if pending or may_ask
        else "更正和撤下",
        decider=desk_pages.decider_of(publication, unit, pending, today),
        paper=_paper_of(rows),
        about_which=desk_pages.about_which(publication, pending),
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
    parts = [P.PUBLISH_CITY if found and found.kind in OF_THE_CITY else P.PUBLISH, *PARTS[2:]]
    if not unit or not any(user.may(part, unit) for part in parts):
        raise Http404
    return found, unit


def _revisions(user: User, publication: Publication):
    found = Revision.objects.visible_to(user).filter(publication__kind=publication.kind, publication__no=publication.no)
    return found.select_related("asked_by", "decided_by", "publication", "unit", "became", "file")


def _paper_of(rows: list[Row]) -> str:
    """The form of the request whose card is shown: what waits, else the last one."""
    if not rows:
        return ""
    p, asked = rows[0].asked.publication, rows[0].asked
    return reverse("disclosure:revision-paper", args=[PAGE_OF[p.kind], p.no, asked.pk])


def _sealed(publication: Publication) -> list[Publication]:
    same = Publication.everything.filter(kind=publication.kind, no=publication.no)
    readable = Publication.objects.filter(kind=publication.kind, no=publication.no).values("pk")
    return list(same.exclude(pk__in=readable).exclude(change=Change.WITHDRAWAL).order_by("-version"))


def _rows(revisions) -> list[Row]:
    """The newest first; of each how often the same was asked for about the same version."""
    found, asked_for = [], Counter()
    for asked in reversed(list(revisions)):
        asked_for[asked.publication_id, asked.act] += 1
        found.insert(0, _row(asked, asked_for[asked.publication_id, asked.act]))
    return found


def _row(asked: Revision, nth: int) -> Row:
    notes = [f"证明材料：{asked.evidence}", *([f"文号：{asked.document_no}"] if asked.document_no else [])]
    if asked.known_on:
        notes.append(f"撤销、变更决定的日期：{asked.known_on}")
    if asked.is_withdrawal:
        notes.insert(0, f"{asked.get_act_display()}：{asked.get_ground_display()}")
    if asked.names_because:
        notes.append(f"文字里的姓名要公开，因为：{asked.names_because}")
    links = []
    if asked.file_id:
        at = [PAGE_OF[asked.publication.kind], asked.publication.no, asked.pk]
        links = [(asked.file.name, reverse("disclosure:revision-file", args=at))]
    differences = desk_pages.differences_of(asked)
    return Row(
        asked,
        TONES[asked.state],
        asked.reason,
        notes=notes,
        links=links,
        more=differences,
        asked_as=desk_pages.ASKER[asked.publication.kind in OF_THE_CITY],
        decided_as=Role.APPROVER.label,
        nth=nth,
        name=desk_pages.name_of(asked, differences),
    )


def _ask(
    publication: Publication, user: User, unit: Unit, act: str, ground: str, before: Revision | None, owed: Duty | None
) -> Ask:
    """`before`: what was sent back, with which the form begins."""

    before = before if before and before.act == act else None

    def ask(**typed):
        return actions.ask(publication=publication, by=user, **typed)

    chosen = ground if ground in Ground.values else ""
    return Ask(
        partial(RevisionForm, publication=publication, act=act, ground=chosen, before=before),
        ask,
        "申请已提交，等分管负责人决定。",
        obstacle=rules.why_not_open(publication, user, unit),
        title=f"补充{Act(act).label}申请" if before else f"申请{Act(act).label}",
        button="补充并重新提出" if before else f"提出{Act(act).label}",
        notes=[
            *([desk_pages.sent_back_sentence(before)] if before else []),
            *([f"撤下的时限照算，{short_date(owed.due)}前撤下。"] if owed else []),
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
        more=partial(actions.send_back, revision=pending, by=user),
        more_button=f"退回{pending.asked_by.full_name}补充材料",
        sent_back=f"已退回，等{pending.asked_by.full_name}补充。",
    )


def _take_back(pending: Revision, user: User) -> TakeBack | None:
    if rules.why_not_take_back(pending, user):
        return None
    act = partial(actions.take_back, revision=pending, by=user)
    return TakeBack(act, "申请已撤回，公开的文字没有改动。")


@requires(*PARTS)
@require_safe
def revision_file(request, kind, no, pk):
    """What proves a request, for those who have a part in it; it is never public."""
    publication, _ = _newest_or_404(request.user, kind, no)
    asked = get_object_or_404(_revisions(request.user, publication), pk=pk)
    if asked.file is None:
        raise Http404
    return files.download(asked.file)


@requires(*PARTS)
@require_safe
def revision_paper(request, kind, no, pk):
    """更正审批表 or 撤下审批表 of one request, for those who have a part in it."""
    publication, _ = _newest_or_404(request.user, kind, no)
    row = next((row for row in _rows(_revisions(request.user, publication)) if row.asked.pk == pk), None)
    if row is None:
        raise Http404
    try:
        content = filled.as_pdf(papers.paper_of(row))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(duties.address_of(publication))
    trail.record("disclosure.revision.paper", by=request.user, about=publication, unit=row.asked.unit)
    return files.attachment(content, name=papers.name_of(row.asked), content_type=PDF)


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
@require_safe
def terms_over(request):
    """公示期满: what of the unit has been public for its whole term, the oldest first."""
    unit = shell.unit_or_404(request, P.PUBLISH)
    page = Paginator(terms.over(unit.code, clock.today()), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(p, terms.term_of(p), f"{duties.address_of(p)}?act={Act.WITHDRAW}&ground={Ground.TERM}") for p in page]
    context = {"unit": unit, "page": page, "rows": rows}
    return TemplateResponse(request, "disclosure/revisions/terms_over.html", context)
