"""Importing workbooks: upload, check page, confirm, withdraw (ui.md 4.10). Each view once, for both registries."""

from collections.abc import Callable
from functools import partial, wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import chips
from registry.models import BatchKind, BatchState

from . import actions, kinds, marking, remembered, rules
from .forms import ColumnsForm, EndingForm, ListUploadForm
from .pages import BatchPage, Report
from .shelf_pages import CITY_LISTS, FACILITIES, INSPECTORS, Shelf


def _kind(request, shelf: Shelf) -> BatchKind:
    """Which kind of workbook, as the address says; the registry itself where it says nothing."""
    return BatchKind(chips.asked(request, "kind", [kind.value for kind in shelf.kinds], shelf.kinds[0].value))


def _upload(request, shelf):
    unit, kind = shelf.unit(request), _kind(request, shelf)
    if unit is None:
        raise Http404
    form = ListUploadForm(request.POST or None, request.FILES or None, kind=kind, today=clock.today())

    def act(*, file, **_):
        return actions.check_workbook(
            file_name=file.name,
            content=file.read(),
            kind=kind,
            unit=unit,
            by=request.user,
            asked=form.asked() | shelf.asked,
        )

    def facts():
        batches = shelf.batches(request.user).filter(unit=unit)
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
        about=shelf.about(kind),
        past_url=reverse("registry:past-list") if kind == BatchKind.HISTORY else "",
        unit=unit,
        template_url=f"{shelf.url('-template')}?kind={kind.value}",
        obstacle=kinds.of(kind).why_not(unit, request.user, shelf.asked),
    )


@require_safe
def _template(request, shelf):
    kind = _kind(request, shelf)
    return files.attachment(shelf.template(kind), name=f"{kind.label}导入模板.xlsx", content_type=files.XLSX)


def _page_of(request, shelf, pk) -> BatchPage:
    people = ("unit", "file", "uploaded_by", "confirmed_by", "withdrawn_by", "job")
    return BatchPage(get_object_or_404(shelf.batches(request.user).select_related(*people), pk=pk), shelf)


def _show(request, name: str, page: BatchPage, **context):
    context |= {"page": page, "batch": page.batch, "shelf": page.shelf}
    return TemplateResponse(request, f"registry/imports/{name}.html", context)


@require_safe
def _check(request, shelf, pk):
    """The check page; while the worker is at it, how far it has come; before that, which column is which."""
    page = _page_of(request, shelf, pk)
    state = page.batch.state
    if state == BatchState.ASKS:
        return redirect(shelf.url("-columns", pk))
    if page.batch.parts.exists() or state == BatchState.SPLIT:
        return _show(request, "import_parts", page, why_not_take_back=rules.why_not_discard(page.batch, request.user))
    if state in rules.BUSY or state == BatchState.REFUSED or not page.batch.counts:
        return _show(request, "import_progress", page)
    return _show(request, "import_check", page, report=Report(page, request.user, request.GET.get("only", "")))


def _columns(request, shelf, pk):
    """Which sheet, which row holds the heads, and which column is which (X19, X21)."""
    page = _page_of(request, shelf, pk)
    batch = page.batch
    if batch.state != BatchState.ASKS:
        return redirect(page.urls["check"])
    known = partial(remembered.columns_of, batch, user=request.user)
    form = ColumnsForm(batch.layout, kinds.of(batch.kind).columns(), request.GET, request.POST or None, known)
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


@require_safe
def _marked(request, shelf, pk):
    """The uploaded table with faulty cells in red, a comment on each, and one more column of explanations."""
    page = _page_of(request, shelf, pk)
    batch = page.batch
    if not marking.tables_of(batch):
        raise Http404
    if marking.takes_long(batch):
        return redirect("documents:job-detail", marking.job_for(batch, request.user).pk)
    try:
        content = marking.mark(batch)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.urls["check"])
    return files.attachment(content, name=marking.name_of(batch), content_type=files.XLSX)


def _press(request, shelf, pk, act, done):
    page = _page_of(request, shelf, pk)
    return press(request, partial(act, batch=page.batch, by=request.user), page.urls["check"], done)


@require_POST
def _confirm(request, shelf, pk):
    """One button; where a reason was typed beside it, a refusal shows the page again with the reason in its field."""
    form = EndingForm(request.POST)
    ending = form.reason()
    if not ending:
        return _press(request, shelf, pk, actions.confirm_import, partial(_confirmed, shelf))
    page = _page_of(request, shelf, pk)
    return act_page(
        request,
        "registry/imports/import_check.html",
        form,
        lambda **_: actions.confirm_import(batch=page.batch, by=request.user, ending=ending),
        page.urls["check"],
        partial(_confirmed, shelf),
        refusals_at="ending",
        page=page,
        batch=page.batch,
        shelf=shelf,
        report=Report(page, request.user, typed=form),
    )


def _confirmed(shelf, batch) -> str:
    if batch.state == BatchState.WRITING:
        return "正在后台导入，可以离开这一页"
    counts = batch.counts
    if batch.kind == BatchKind.HISTORY:
        return f"已补录 {counts['added']:,} 次检查，分管负责人批准以后计入；批准以前可以整批撤回"
    waits = "；类别、状态和正面清单的变更待批准" if batch.proposal_batches.exists() else ""
    word = shelf.unit_word
    what = f"新增 {counts['added']:,} {word}，有变化 {rules.changed(counts):,} {word}"
    if batch.asked.get("ending"):
        what += f"，提出取消 {counts['absent']:,} {word}"
    return f"已导入 {rules.good_rows(counts):,} 行：{what}{waits}。{shelf.until(batch)}"


@require_POST
def _again(request, shelf, pk):
    return _press(request, shelf, pk, actions.check_again, _checked_again)


def _checked_again(batch) -> str:
    if batch.state == BatchState.CONFIRMED:
        return "没有撤回，名录没有变化；要撤回的，再撤回一次"
    if batch.state == BatchState.CHECKING:
        return "正在后台重新核对，可以离开这一页"
    return "已重新核对，看过下面的结果再导入"


@require_POST
def _discard(request, shelf, pk):
    return _press(request, shelf, pk, actions.discard_import, partial(_discarded, shelf))


def _discarded(shelf, batch) -> str:
    if batch.parts.exists():
        return "各单位还没有确认的部分已收回"
    return f"已放弃，{shelf.book}没有变化"


def _withdraw(request, shelf, pk):
    """Ask once more, then withdraw the whole batch (ui.md 4.7)."""
    if request.method == "POST":
        return _press(request, shelf, pk, actions.withdraw_import, partial(_withdrawn, shelf))
    page = _page_of(request, shelf, pk)
    obstacle = rules.why_not_withdraw(page.batch, request.user, clock.now())
    # A batch of which nothing was written has nothing to tell: while it is being checked it has no figures at all.
    consequence = "" if obstacle else _taken_out(shelf, page.batch)
    return _show(request, "import_withdraw", page, consequence=consequence, obstacle=obstacle)


def _taken_out(shelf, batch) -> str:
    counts = batch.counts
    if batch.kind == BatchKind.HISTORY:
        return f"补录的 {counts['added']:,} 次检查去掉，名录没有变化。"
    return (
        f"新增的 {counts['added']:,} {shelf.unit_word}会从{shelf.book}移出，有变化的 "
        f"{rules.changed(counts):,} {shelf.unit_word}恢复到导入以前的内容。历史里两次都看得到。"
    )


def _withdrawn(shelf, batch) -> str:
    if batch.state == BatchState.WITHDRAWING:
        return "正在后台撤回，可以离开这一页"
    if batch.kind == BatchKind.HISTORY:
        return "整批撤回，补录的检查已去掉"
    return f"整批撤回，{shelf.book}恢复到导入以前"


def _page(stem, permissions, shelf_of, view):
    @requires(*permissions)
    @wraps(view)
    def page(request, **given):
        return view(request, shelf_of(request, given), **given)

    page.__name__ = f"{stem}_import{view.__name__}"
    return page


def pages_of(stem: str, permissions: tuple[P, ...], shelf_of: Callable[..., Shelf]) -> dict[str, Callable]:
    """The pages of one shelf; `shelf_of` takes out of the parts of an address what names the shelf."""
    views = (_upload, _template, _check, _columns, _marked, _confirm, _again, _discard, _withdraw)
    return {view.__name__.removeprefix("_"): _page(stem, permissions, shelf_of, view) for view in views}


_FILES = {"template": "template.xlsx", "marked": "<int:pk>/marked.xlsx"}  # the others are pages called as their view


def addresses(folder: str, stem: str, view: dict[str, Callable]) -> list:
    """Where the pages of a shelf are; `stem` begins their names."""
    upload = path(f"{folder}import/", view["upload"], name=f"{stem}-import")
    check = path(f"{folder}import/<int:pk>/", view["check"], name=f"{stem}-import-check")
    acts = [name for name in view if name not in ("upload", "check")]
    others = ((name, _FILES.get(name, f"<int:pk>/{name}/")) for name in acts)
    return [upload, check, *(path(f"{folder}import/{at}", view[n], name=f"{stem}-import-{n}") for n, at in others)]


def _always(shelf: Shelf) -> Callable[..., Shelf]:
    return lambda request, given: shelf


VIEWS = {
    shelf.stem: pages_of(shelf.stem, shelf.permissions, _always(shelf))
    for shelf in (FACILITIES, INSPECTORS, CITY_LISTS)
}
