"""Importing workbooks: upload, check page, confirm, withdraw (ui.md 4.10). Each view once, for both registries."""

from functools import partial, wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.workbooks import writing as workbooks_out
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from registry import book_rules, sheets
from registry.facilities import wording
from registry.models import BatchKind, BatchState, ImportBatch, Rating, VocabularyTerm

from . import actions, rules
from .forms import ColumnsForm, EndingForm, ListUploadForm
from .pages import SHELVES, UNDER_WAY, BatchPage, Report, Shelf


def _my_unit(request, shelf: Shelf) -> Unit | None:
    """The chosen unit if it may be edited, else the first that may."""
    reach = request.user.units_with(shelf.permission)
    unit = shell.current_unit(request)
    if unit is not None and unit.pk in reach:
        return unit
    return Unit.objects.drawing().filter(pk__in=reach).first()


def _kind(request, shelf: Shelf) -> BatchKind:
    """Which kind of workbook, as the address says; the registry itself where it says nothing."""
    return next((k for k in shelf.kinds if k.value == request.GET.get("kind")), shelf.kinds[0])


def _upload(request, shelf):
    unit, kind = _my_unit(request, shelf), _kind(request, shelf)
    if unit is None:
        raise Http404
    form = ListUploadForm(request.POST or None, request.FILES or None, kind=kind, today=clock.today())

    def act(*, file, **_):
        return actions.check_workbook(
            file_name=file.name, content=file.read(), kind=kind, unit=unit, by=request.user, asked=form.asked()
        )

    def facts():
        batches = ImportBatch.objects.visible_to(request.user).filter(kind__in=shelf.kinds, unit=unit)
        kinds = ((k, k.label, None) for k in shelf.kinds if len(shelf.kinds) > 1)
        return {
            "chips": chips.choices(kinds, kind, lambda k: f"?kind={k.value}"),
            "batches": [BatchPage(b, shelf) for b in batches.select_related("file", "uploaded_by")[:20]],
        }

    return act_page(
        request,
        "registry/imports/import_upload.html",
        form,
        act,
        lambda batch: BatchPage(batch, shelf).urls["check"],
        "",
        refusals_at="file",
        facts=facts,
        shelf=shelf,
        label=kind.label,
        about=sheets.REMARKS.get(kind, ()),
        past_url=reverse("registry:past-list") if kind == BatchKind.HISTORY else "",
        unit=unit,
        template_url=f"{shelf.url('-template')}?kind={kind.value}",
        obstacle=book_rules.why_not_import(kind, unit, request.user),
    )


def _template(request, shelf):
    kind = _kind(request, shelf)
    terms = VocabularyTerm.objects.valid_on(clock.today()).order_by("rank")
    choices = {rating.value: tuple(t.label for t in terms if t.kind == rating) for rating in Rating}
    content = sheets.template(kind, choices if kind in (BatchKind.CREDIT, BatchKind.RISK) else None)
    return files.attachment(content, name=f"{kind.label}导入模板.xlsx", content_type=files.XLSX)


def _page_of(request, shelf, pk) -> BatchPage:
    batches = ImportBatch.objects.visible_to(request.user).filter(
        kind__in=shelf.kinds, unit__in=request.user.units_with(shelf.permission)
    )
    people = ("unit", "file", "uploaded_by", "confirmed_by", "withdrawn_by", "job")
    return BatchPage(get_object_or_404(batches.select_related(*people), pk=pk), shelf)


def _show(request, name: str, page: BatchPage, **context):
    context |= {"page": page, "batch": page.batch, "shelf": page.shelf}
    return TemplateResponse(request, f"registry/imports/{name}.html", context)


def _check(request, shelf, pk):
    """The check page; while the worker is at it, how far it has come; before that, which column is which."""
    page = _page_of(request, shelf, pk)
    state = page.batch.state
    if state == BatchState.ASKS:
        return redirect(shelf.url("-columns", pk))
    if state in UNDER_WAY or state == BatchState.REFUSED:
        return _show(request, "import_progress", page)
    return _show(request, "import_check", page, report=Report(page, request.user, request.GET.get("only", "")))


def _columns(request, shelf, pk):
    """Which sheet, which row holds the heads, and which column is which (X19, X21)."""
    page = _page_of(request, shelf, pk)
    batch = page.batch
    if batch.state != BatchState.ASKS:
        return redirect(page.urls["check"])
    form = ColumnsForm(batch.layout, sheets.COLUMNS[batch.kind], request.GET, request.POST or None)
    return act_page(
        request,
        "registry/imports/import_columns.html",
        form,
        lambda **_: actions.choose_columns(batch=batch, by=request.user, **form.layout()),
        page.urls["check"],
        "",
        page=page,
        batch=batch,
        shelf=shelf,
    )


def _marked(request, shelf, pk):
    """The uploaded workbook with faulty cells in red, a comment on each, and one more column of explanations."""
    batch = _page_of(request, shelf, pk).batch
    places = batch.counts["places"]
    faults: dict[tuple[int, int], str] = {}
    remarks: dict[int, str] = {batch.counts["header_row"]: "核对结果"}
    faulty = batch.lines.filter(content__isnull=True).values_list("problems", flat=True)
    for p in (p for problems in faulty.iterator() for p in problems):
        text = f"{p['problem']}。{p['remedy']}"
        at = (p["row"], places.get(p["column"], 0))
        faults[at] = f"{faults[at]}\n{text}" if at in faults else text
        line = f"{p['column']}：{text}"
        remarks[p["row"]] = f"{remarks[p['row']]}；{line}" if p["row"] in remarks else line
    content = workbooks_out.marked_copy(
        files.read(batch.file), sheet=batch.counts["sheet"], faults=faults, remarks=remarks
    )
    name = batch.file.name.removesuffix(".xlsx") + "_标好错误.xlsx"
    return files.attachment(content, name=name, content_type=files.XLSX)


def _press(request, shelf, pk, act, done):
    page = _page_of(request, shelf, pk)
    return press(request, partial(act, batch=page.batch, by=request.user), page.urls["check"], done)


@require_POST
def _confirm(request, shelf, pk):
    act = partial(actions.confirm_import, ending=EndingForm(request.POST).reason())
    return _press(request, shelf, pk, act, _confirmed)


def _confirmed(batch) -> str:
    if batch.state == BatchState.WRITING:
        return "正在后台导入，可以离开这一页"
    rows = batch.counts["added"] + batch.counts["changed"]
    if batch.kind == BatchKind.HISTORY:
        return f"已补录 {rows:,} 次检查，分管负责人批准以后计入；批准以前可以整批撤回"
    until = localtime(batch.confirmed_at + rules.WITHDRAWN_WITHIN)
    waits = "；类别、状态和正面清单的变更待批准" if batch.proposal_batches.exists() else ""
    return f"已导入 {rows:,} 行{waits}，{wording.moment_text(until, year=until.year)} 前可以整批撤回"


@require_POST
def _discard(request, shelf, pk):
    return _press(request, shelf, pk, actions.discard_import, "已放弃，名录没有变化")


def _withdraw(request, shelf, pk):
    """Ask once more, then withdraw the whole batch (ui.md 4.7)."""
    if request.method == "POST":
        return _press(request, shelf, pk, actions.withdraw_import, _withdrawn)
    page = _page_of(request, shelf, pk)
    counts = page.batch.counts
    consequence = (
        f"新增的 {counts['added']:,} {shelf.unit_word}会从名录移出，有变化的 "
        f"{counts['changed']:,} {shelf.unit_word}恢复到导入以前的内容。历史里两次都看得到。"
    )
    if page.batch.kind == BatchKind.HISTORY:
        consequence = f"补录的 {counts['added']:,} 次检查去掉，名录没有变化。"
    return _show(
        request,
        "import_withdraw",
        page,
        consequence=consequence,
        obstacle=rules.why_not_withdraw(page.batch, request.user, clock.now()),
    )


def _withdrawn(batch) -> str:
    if batch.state == BatchState.WITHDRAWING:
        return "正在后台撤回，可以离开这一页"
    return "整批撤回，名录恢复到导入以前"


def _page(shelf, view):
    """One view for both kinds of registry, each with its own permission."""

    @requires(shelf.permission)
    @wraps(view)
    def page(request, **kwargs):
        return view(request, shelf, **kwargs)

    page.__name__ = f"{shelf.stem}_import{view.__name__}"
    return page


VIEWS = {
    shelf.stem: {
        view.__name__.removeprefix("_"): _page(shelf, view)
        for view in (_upload, _template, _check, _columns, _marked, _confirm, _discard, _withdraw)
    }
    for shelf in SHELVES
}
