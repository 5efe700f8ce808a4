"""Pages of the archive: the list, one file, its papers, what two people decide (`/desk/archive/`, ui-2.md 25, 25b)."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, filled, pdf
from benxi_shuangsuiji.forms.pages import TONES, Ask, Decide, Row, act_page, decision_page, press
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from inspections.models import ArchiveRequest, Inspection, Volume, Wish, in_team
from registry import questions

from . import actions, pages, papers, rules
from .forms import AskForm, DecisionForm, EnclosureForm, ShelfForm, SupplementForm
from .models import of_archive
from .standing import File, file_of, files_of

WHO = [
    ("本单位档案员", "写明没有这份文书的理由；期满以后提出销毁或者继续保管"),
    ("本单位分管负责人", "批准，或者写明意见不批准；不能批准本人的申请"),
]


def _unit(request):
    return shell.unit_or_404(request, P.SEE_ARCHIVE)


def _file(request, no: str) -> File:
    return file_of(get_object_or_404(of_archive(request.user).select_related(*actions.ALONG), no=no))


def _about(check: Inspection) -> str:
    return f"{check.facility.name}　{check.no}"


def _site(request) -> str:
    return f"{request.scheme}://{request.get_host()}"


@requires(P.SEE_ARCHIVE)
@require_safe
def archive_list(request):
    """What is late, what it lacks and who has it; what can be bound now."""
    unit, year = _unit(request), shell.current_quarter(request).year
    chosen = chips.asked(request, "only", dict(pages.CHIPS))
    found = pages.listing(request.user, unit, year, chosen)
    words = [(key, label, found["counts"][key]) for key, label in pages.CHIPS]
    context = {
        **found,
        "unit": unit,
        "year": year,
        "chips": chips.choices(words, chosen, lambda key: chips.query_with(request, only=key)),
        "keeps": request.user.may(P.KEEP_ARCHIVE, unit),
        "foot": pages.FOOT,
        "year_parts": questions.ask.year_volume(unit, year),
        "within": policy.on(clock.today()).recommended.archive_within_workdays,
    }
    return TemplateResponse(request, "inspections/archive/archive_list.html", context)


@requires(P.SEE_ARCHIVE)
@require_safe
def archive_shelves(request):
    """双向并存: what paper and electronic disagree about (七(七)-r)."""
    unit = _unit(request)
    context = {"unit": unit, "mismatches": pages.mismatches(request.user, unit)}
    return TemplateResponse(request, "inspections/archive/archive_shelves.html", context)


@requires(P.SEE_ARCHIVE)
@require_safe
def archive_transfer(request, way):
    """移交清单 of a unit's year (七(七)-q)."""
    unit, year, now = _unit(request), shell.current_quarter(request).year, clock.now()
    checks = pages.bound(request.user, unit, year).select_related(*actions.ALONG).order_by("volumes__no")
    rows = papers.transfer_rows(files_of(checks))
    trail.record("inspections.archive.listed", by=request.user, unit=unit, year=year, volumes=len(rows))
    name = f"案卷移交清单_{unit.code}_{year}.{way}"
    if way == "xlsx":
        content = papers.transfer_workbook(rows, unit, year, now.date())
        return files.attachment(content, name=name, content_type=files.XLSX)
    made = filled.as_pdf(papers.transfer_paper(rows, unit, year, now))
    return files.attachment(made, name=name, content_type=pdf.PDF)


@requires(P.SEE_ARCHIVE)
def archive_file(request, no):
    """案卷 of one check; the form on it is the place where the paper lies."""
    file = _file(request, no)
    volume = file.bound

    def facts():
        trail.record("inspections.volume.read", by=request.user, about=file.check)
        return pages.shown(file, request.user)

    form = None
    if not rules.why_not_shelve(file, request.user):
        form = ShelfForm(request.POST or None, initial={"box": volume.box, "shelf": volume.shelf})
    return act_page(
        request,
        "inspections/archive/archive_file.html",
        form,
        partial(actions.shelve, check=file.check, by=request.user),
        request.path,
        "盒号和架位已登记。",
        late="成册以后登记盒号和架位。",
        facts=facts,
        file=file,
        check=file.check,
        volume=file.main,
        next_no=actions.next_no(file.check),
    )


@requires(P.KEEP_ARCHIVE)
@require_POST
def archive_bind(request, no):
    file = _file(request, no)
    act = partial(actions.bind, check=file.check, site=_site(request), by=request.user)
    back = reverse("inspections:archive-file", args=[no])
    return press(request, act, back, lambda made: f"正在成册，档号 {made.no}。可以离开这一页。")


@requires(P.KEEP_ARCHIVE)
@require_POST
def archive_bind_ready(request):
    """All of the unit from which nothing is missing, in one press."""
    unit = _unit(request)
    back = f"{reverse('inspections:archive-list')}?unit={unit.code}"
    act = partial(actions.bind_ready, unit=unit, site=_site(request), by=request.user)
    return press(request, act, back, lambda made: f"正在成册 {len(made)} 卷。可以离开这一页。")


@requires(P.KEEP_ARCHIVE)
@require_POST
def archive_urge(request, no):
    file = _file(request, no)
    back = f"{reverse('inspections:archive-list')}?unit={file.check.unit.code}"
    act = partial(actions.urge, check=file.check, by=request.user)
    return press(request, act, back, f"已催 {no} 的文书，告诉了检查小组组长和这一环节的责任人。")


@requires(P.KEEP_ARCHIVE)
def archive_supplement(request, no):
    """补充卷: for what came after the volume was bound."""
    file = _file(request, no)
    obstacle, back = rules.why_not_supplement(file, None, request.user), reverse("inspections:archive-file", args=[no])
    return act_page(
        request,
        "inspections/archive/archive_form.html",
        None if obstacle else SupplementForm(request.POST or None),
        partial(actions.supplement, check=file.check, site=_site(request), by=request.user),
        back,
        lambda made: f"正在成册，档号 {made.no}。",
        late=obstacle,
        obstacle=obstacle,
        about=_about(file.check),
        title="做补充卷",
        button="做补充卷",
        back=back,
        leaves=file.unbound if file.bound else [],
    )


@requires(P.KEEP_ARCHIVE, P.FIELD_WORK)
def archive_add(request, no):
    """A paper from outside, by the archivist or by the team that has it (七(七)-l, -m)."""
    mine = Inspection.objects.settled().filter(in_team(request.user))
    found = (of_archive(request.user) | mine).distinct().select_related(*actions.ALONG)
    check = get_object_or_404(found, no=no)
    obstacle = rules.why_not_add(check, request.user)
    back = (
        reverse("inspections:archive-file", args=[no])
        if request.user.may(P.SEE_ARCHIVE, check.unit)
        else check.field_url
    )
    return act_page(
        request,
        "inspections/archive/archive_form.html",
        None
        if obstacle
        else EnclosureForm(request.POST or None, request.FILES or None, initial={"dated": clock.today()}),
        partial(actions.add, check=check, by=request.user),
        back,
        lambda made: f"已收入{made.title}。",
        late=obstacle,
        obstacle=obstacle,
        refusals_at="file",
        about=_about(check),
        title="收入文书",
        button="收入案卷",
        back=back,
    )


@requires(P.SEE_ARCHIVE)
def archive_requests(request, no):
    """没有这份文书, 销毁, 继续保管: the archivist asks, the leader decides (七(七)-q)."""
    user, file = request.user, _file(request, no)
    people = ("asked_by", "decided_by", "inspection__unit")
    rows = [_row(asked) for asked in file.check.archive_requests.select_related(*people)]
    pending = next((row.asked for row in rows if row.asked.waits), None)
    keeps, decides = user.may(P.KEEP_ARCHIVE, file.check.unit), user.may(P.REVIEW_RESULTS, file.check.unit)
    return decision_page(
        request,
        about=file.check,
        template="inspections/archive/archive_requests.html",
        pending=pending,
        rows=rows,
        ask=Ask(
            partial(AskForm, file=file),
            partial(actions.ask, check=file.check, by=user),
            "申请已提交，等分管负责人批准。",
            obstacle=rules.why_not_open_ask(file, user, clock.today()),
        )
        if keeps
        else None,
        decide=_decide(pending, file, user) if pending and decides else None,
        nobody="由本单位分管负责人批准。" if pending else "",
        who=WHO,
        check=file.check,
    )


def _row(asked: ArchiveRequest) -> Row:
    more = asked.paper or (f"再保管 {asked.years} 年" if asked.years else "")
    return Row(asked, TONES[asked.state], f"{asked.get_wish_display()}　{more}".strip(), notes=[asked.reason])


def _decide(asked: ArchiveRequest, file: File, user) -> Decide:
    return Decide(
        DecisionForm,
        partial(actions.approve, asked=asked, by=user),
        partial(actions.reject, asked=asked, by=user),
        approved="已批准。",
        rejected="没有批准，已退回档案员。",
        obstacle=rules.why_not_approve(asked, file, user, clock.today()),
        may_return=not rules.why_not_open_decision(asked, user),
        title="销毁以后不能恢复" if asked.wish == Wish.DESTROY else "批准以后不能撤回",
        approve_button={Wish.DESTROY: "批准销毁", Wish.KEEP: "批准继续保管"}.get(Wish(asked.wish), "批准"),
        notes=pages.appraised(file, asked),
        danger=asked.wish == Wish.DESTROY,
    )


@requires(P.SEE_ARCHIVE)
@require_safe
def archive_volume(request, no, part):
    """合订本, as it was bound. Each copy is written down."""
    file = _file(request, no)
    volume = next((v for v in file.volumes if v.part == part and v.file_id and not v.destroyed_at), None)
    if volume is None:
        raise Http404
    trail.record("inspections.volume.taken", by=request.user, about=file.check, no=volume.no)
    return files.download(volume.file)


@requires(P.SEE_ARCHIVE)
@require_safe
def archive_front(request, no, sheet):
    """封面 or 卷内目录, to be looked at before the file is bound and printed afterwards."""
    file = _file(request, no)
    volume = file.main or Volume(inspection=file.check, asked_by=request.user, asked_at=clock.now())
    rows = list(volume.papers.all()) if volume.pk else []
    covers = papers.covers_of(file, volume)
    paper = covers.cover(len(rows), volume.pages) if sheet == "cover" else covers.catalogue(rows)
    return files.attachment(filled.as_pdf(paper), name=f"{paper.title}_{no}.pdf", content_type=pdf.PDF)


@requires(P.SEE_ARCHIVE)
@require_safe
def archive_paper(request, no, n):
    """The n-th paper of the file, as it lies, or would lie, in the volume."""
    # pikepdf is loaded with the first paper that somebody opens
    from benxi_shuangsuiji.documents.binding import content_of

    file = _file(request, no)
    if not 1 <= n <= len(file.leaves) or (file.bound and file.bound.destroyed_at):
        raise Http404
    leaf = file.leaves[n - 1]
    kept = next((p for v in file.volumes for p in v.papers.all() if p.key == leaf.key and p.file_id), None)
    content = files.read(kept.file) if kept else content_of(leaf, _site(request))
    trail.record("inspections.volume.read", by=request.user, about=file.check, paper=leaf.title)
    return files.attachment(content, name=f"{leaf.title}_{no}.pdf", content_type=pdf.PDF)
