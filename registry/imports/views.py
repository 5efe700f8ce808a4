"""Importing workbooks: upload, check page, confirm, withdraw (ui.md 4.10)."""

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.models import JobState
from benxi_shuangsuiji.documents.workbooks import writing as workbooks_out
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from registry import book_rules, sheets
from registry.facilities import wording
from registry.models import BatchKind, BatchState, Category, Ground, ImportBatch, Rating, VocabularyTerm

from . import actions, rules
from .forms import ColumnsForm, ListUploadForm

MOST_SHOWN = 300
# Two registries, each with its pages; lists about facilities go through the pages of the facilities.
_KINDS = {
    "facility": [k for k in BatchKind if not k.about_people],
    "inspector": [BatchKind.INSPECTOR],
}
_PERMISSION = {"facility": P.EDIT_FACILITIES, "inspector": P.EDIT_INSPECTORS}
_UNIT = {"facility": "家", "inspector": "人"}
_LIST = {"facility": "检查对象", "inspector": "检查人员"}
_CHIPS = ("新增", "类别", "依据", "状态", "其他")


def _stem(kind: str) -> str:
    return "inspector" if BatchKind(kind).about_people else "facility"


def _url(batch_or_stem, what="", *args):
    stem = batch_or_stem if isinstance(batch_or_stem, str) else _stem(batch_or_stem.kind)
    return reverse(f"registry:{stem}-import{what}", args=args)


def _my_unit(request, stem):
    """The chosen unit if it may be edited, else the first that may."""
    reach = request.user.units_with(_PERMISSION[stem])
    unit = shell.current_unit(request)
    if unit is not None and unit.pk in reach:
        return unit
    return Unit.objects.drawing().filter(pk__in=reach).first()


def _kind(request, stem) -> BatchKind:
    """Which kind of workbook, as the address says; the registry itself where it says nothing."""
    return next((k for k in _KINDS[stem] if k.value == request.GET.get("kind")), _KINDS[stem][0])


def _upload(request, stem):
    unit, kind = _my_unit(request, stem), _kind(request, stem)
    if unit is None:
        raise Http404
    form = ListUploadForm(request.POST or None, request.FILES or None, kind=kind, today=clock.today())
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = actions.check_workbook(
                file_name=file.name, content=file.read(), kind=kind, unit=unit, by=request.user, asked=form.asked()
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(_url(batch, "-check", batch.pk))
    batches = ImportBatch.objects.visible_to(request.user).filter(kind__in=_KINDS[stem], unit=unit)
    context = {
        "label": kind.label,
        "chips": chips.choices(
            ((k, k.label, None) for k in _KINDS[stem] if len(_KINDS[stem]) > 1), kind, lambda k: f"?kind={k.value}"
        ),
        "about": sheets.REMARKS.get(kind, ()),
        "unit": unit,
        "form": form,
        "batches": [
            {"batch": b, "url": _url(b, "-check", b.pk), "tone": _TONES[b.state]}
            for b in batches.select_related("file", "uploaded_by")[:20]
        ],
        "template_url": f"{_url(stem, '-template')}?kind={kind.value}",
        "list_url": reverse(f"registry:{stem}-list"),
        "list_label": _LIST[stem],
        "obstacle": book_rules.why_not_import(kind, unit, request.user),
    }
    return TemplateResponse(request, "registry/imports/import_upload.html", context)


_TONES = {
    BatchState.CHECKING: "run",
    BatchState.ASKS: "warn",
    BatchState.REFUSED: "bad",
    BatchState.WRITING: "run",
    BatchState.WITHDRAWING: "run",
    BatchState.CHECKED: "warn",
    BatchState.CONFIRMED: "ok",
    BatchState.DISCARDED: "wait",
    BatchState.WITHDRAWN: "wait",
}


def _template(request, stem):
    kind = _kind(request, stem)
    terms = VocabularyTerm.objects.valid_on(clock.today()).order_by("rank")
    choices = {rating.value: tuple(t.label for t in terms if t.kind == rating) for rating in Rating}
    content = sheets.template(kind, choices if kind in (BatchKind.CREDIT, BatchKind.RISK) else None)
    return files.attachment(content, name=f"{kind.label}导入模板.xlsx", content_type=files.XLSX)


def _batch(request, stem, pk):
    batches = ImportBatch.objects.visible_to(request.user).filter(
        kind__in=_KINDS[stem], unit__in=request.user.units_with(_PERMISSION[stem])
    )
    return get_object_or_404(
        batches.select_related("unit", "file", "uploaded_by", "confirmed_by", "withdrawn_by", "job"), pk=pk
    )


def _about(batch) -> dict:
    """What every page about one batch says."""
    stem = _stem(batch.kind)
    return {
        "batch": batch,
        "label": batch.get_kind_display(),
        "upload_url": f"{_url(stem)}?kind={batch.kind}" if len(_KINDS[stem]) > 1 else _url(stem),
        "discard_url": _url(batch, "-discard", batch.pk),
        "list_url": reverse(f"registry:{stem}-list"),
        "list_label": _LIST[stem],
    }


def _check(request, stem, pk):
    """The check page; while the worker is at it, how far it has come; before that, which column is which."""
    batch = _batch(request, stem, pk)
    if batch.state == BatchState.ASKS:
        return redirect(_url(batch, "-columns", batch.pk))
    if batch.state in _UNDER_WAY or batch.state == BatchState.REFUSED:
        return TemplateResponse(request, "registry/imports/import_progress.html", _about(batch) | _progress(batch))
    return TemplateResponse(request, "registry/imports/import_check.html", _about(batch) | _report(request, batch))


_UNDER_WAY = {BatchState.CHECKING, BatchState.WRITING, BatchState.WITHDRAWING}


def _progress(batch) -> dict:
    job = batch.job
    total = job.total if job else 0
    return {
        "job": job,
        "failed": job is not None and job.state == JobState.FAILED,
        "percent": min(100, round(100 * job.done / total)) if total else 0,
        "here": _url(batch, "-check", batch.pk),
    }


def _report(request, batch) -> dict:
    now, counts, unit_word = clock.now(), batch.counts, _UNIT[_stem(batch.kind)]
    chosen = request.GET.get("only", "")
    faulty, changing = batch.lines.filter(content__isnull=True), batch.lines.filter(content__isnull=False)
    errors = [p for line in faulty[:MOST_SHOWN] for p in line.problems]
    listed = changing.filter(groups__contains=[chosen]) if chosen in _CHIPS else changing
    changes = [c for c in _changes(batch, listed[:MOST_SHOWN]) if chosen not in _CHIPS or c["group"] == chosen]
    good = counts["added"] + counts["changed"]
    more_rows = max((listed.count() if chosen in _CHIPS else good) - MOST_SHOWN, 0)
    report = {
        "bad_rows": counts["faulty"],
        "good_rows": _importable(batch),
        "marked_url": _url(batch, "-marked", batch.pk) if errors else "",
        "counts": [
            {"label": "新增", "figure": f"{counts['added']:,}", "unit": unit_word},
            {"label": "有变化", "figure": f"{counts['changed']:,}", "unit": unit_word},
            {"label": "无变化", "figure": f"{counts['unchanged']:,}", "unit": unit_word},
            {"label": "有问题", "figure": f"{counts['faulty']:,}", "unit": "行", "bad": counts["faulty"] > 0},
            _missing(batch, unit_word),
        ],
        "cells": errors,
        "changing": good,
        "unit_word": unit_word,
        "changes": changes,
        "change_chips": _change_chips(batch, good, chosen),
    }
    return {
        "report": report,
        "notes": batch.notes[:MOST_SHOWN],
        "more_errors": max(counts["faulty"] - MOST_SHOWN, 0),
        "more_changes": more_rows,
        "good": good,
        "checked": batch.state == BatchState.CHECKED,
        "confirm_label": _confirm_label(batch),
        "obstacle": rules.why_not_confirm(batch, request.user),
        "withdraw_obstacle": rules.why_not_withdraw(batch, request.user, now)
        if batch.state == BatchState.CONFIRMED
        else "",
        "tone": _TONES[batch.state],
        "confirm_url": _url(batch, "-confirm", batch.pk),
        "withdraw_url": _url(batch, "-withdraw", batch.pk),
    }


def _missing(batch, unit_word) -> dict:
    """Whom the sheet does not name: told, and left alone; a year's list alone ends something for them."""
    figure = batch.counts["missing"]
    yearly = batch.kind == BatchKind.KEY_LIST
    note = "这一项依据到此为止" if yearly else "导入不会删除它们"
    label = "以前列入、这次没有" if yearly else "名录里有、表里没有"
    return {"label": label, "figure": f"{figure:,}", "unit": unit_word, "note": note if figure else ""}


def _confirm_label(batch) -> str:
    """The button states the numbers: how many rows go in, how many are left out."""
    skipped = f"，跳过 {batch.counts['faulty']:,} 行" if batch.counts["faulty"] else ""
    ended = f"，{batch.counts['absent']:,} 家不再列入" if batch.counts.get("absent") else ""
    return f"导入 {_importable(batch):,} 行{skipped}{ended}"


def _importable(batch) -> int:
    """Rows that go in; of rows that say the same twice only one does (reliability.md X39)."""
    return batch.counts["rows"] - batch.counts["faulty"] - batch.counts["same"]


def _change_chips(batch, good, chosen):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, count(*) FROM registry_importline, unnest(groups) name"
            " WHERE batch_id = %s AND content IS NOT NULL GROUP BY name",
            [batch.pk],
        )
        found = dict(cursor.fetchall())
    everything = [("", "全部", good)] if chosen in _CHIPS else []
    groups = [(name, name, n) for name in _CHIPS if (n := found.get(name, 0))]
    return chips.choices([*everything, *groups], chosen, lambda name: f"?only={name}" if name else "?")


def _changes(batch, some) -> list[dict]:
    """What will change, one line for each thing: row, name, item, old, new."""
    units = wording.section_names() if batch.kind == BatchKind.INSPECTOR else {}
    last = batch.counts.get("last_row", 10**9)
    lines = []
    for line in some:
        row = line.content
        base = {"row": line.number if line.number <= last else "—", "name": row["name"]}
        if not row["code"]:
            lines.append(
                {**base, "item": "新增", "before": "", "after": _what_is_new(batch, row, units), "group": "新增"}
            )
            continue
        old_category, new_category = row.get("category", (None, None))
        if old_category != new_category:
            reasons = "、".join(g["evidence"] for g in row["grounds"])
            lines.append(
                {
                    **base,
                    "item": "类别",
                    "before": Category(old_category).label,
                    "after": Category(new_category).label,
                    "reason": reasons,
                    "group": "类别",
                }
            )
        for ground in row.get("grounds", ()):
            lines.append(
                {
                    **base,
                    "item": "依据",
                    "before": "",
                    "after": Ground(ground["kind"]).label,
                    "reason": ground["evidence"],
                    "group": "依据",
                }
            )
        for kind in row.get("ended", ()):
            lines.append({**base, "item": "依据", "before": Ground(kind).label, "after": "取消", "group": "依据"})
        if rating := row.get("rating"):
            period = f"{rating['year']} 年 {rating['month']} 月" if rating["month"] else f"{rating['year']} 年"
            lines.append(
                {
                    **base,
                    "item": Rating(rating["kind"]).label,
                    "before": "",
                    "after": f"{period}：{rating['code']}",
                    "reason": rating["source"],
                    "group": "其他",
                }
            )
        if row.get("positive"):
            lines.append(
                {
                    **base,
                    "item": "正面清单",
                    "before": "",
                    "after": f"纳入（{row['positive']['batch']}）",
                    "group": "其他",
                }
            )
        for name, new in row["new"].items():
            after = wording.value_text(name, new, units)
            if name == "status" and row.get("status_on"):
                after += f" 自 {row['status_on']}"
            lines.append(
                {
                    **base,
                    "item": wording.title(batch.kind, name),
                    "before": wording.value_text(name, row["old"].get(name), units),
                    "after": after,
                    "group": "状态" if name == "status" else "其他",
                }
            )
    return lines


def _what_is_new(batch, row, units) -> str:
    if not BatchKind(batch.kind).about_people:
        facts = [Category(row["category"][1]).label, row["new"].get("industry_name", "")]
        facts.append(wording.value_text("permit_category", row["new"].get("permit_category")))
    else:
        facts = [wording.value_text("unit_id", row["new"].get("unit_id"), units), row["new"].get("position", "")]
        facts.append(row["new"].get("certificate_no") or "没有执法证，不参加抽取")
    return "　".join(f for f in facts if f and f != "—")


def _columns(request, stem, pk):
    """Which sheet, which row holds the heads, and which column is which (X19, X21)."""
    batch = _batch(request, stem, pk)
    if batch.state != BatchState.ASKS:
        return redirect(_url(batch, "-check", batch.pk))
    form = ColumnsForm(batch.layout, sheets.COLUMNS[batch.kind], request.GET, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = actions.choose_columns(batch=batch, by=request.user, **form.layout())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(_url(batch, "-check", batch.pk))
    context = _about(batch) | {"form": form, "template_url": f"{_url(batch, '-template')}?kind={batch.kind}"}
    return TemplateResponse(request, "registry/imports/import_columns.html", context)


def _marked(request, stem, pk):
    """The uploaded workbook with faulty cells in red, a comment on each, and one more column of explanations."""
    batch = _batch(request, stem, pk)
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


def _act(request, stem, pk, act, done):
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    batch = _batch(request, stem, pk)
    try:
        batch = act(batch=batch, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done(batch))
    return redirect(_url(batch, "-check", batch.pk))


def _confirmed(batch) -> str:
    if batch.state == BatchState.WRITING:
        return "正在后台导入，可以离开这一页"
    rows = batch.counts["added"] + batch.counts["changed"]
    until = localtime(batch.confirmed_at + rules.WITHDRAWN_WITHIN)
    return f"已导入 {rows:,} 行，{wording.moment_text(until, year=until.year)} 前可以整批撤回"


def _page(stem, view):
    """One view for both kinds of registry, each with its own permission."""

    @requires(_PERMISSION[stem])
    def page(request, **kwargs):
        return view(request, stem, **kwargs)

    page.__name__ = f"{stem}_import{view.__name__}"
    page.__doc__ = view.__doc__
    return page


def _confirm(request, stem, pk):
    return _act(request, stem, pk, actions.confirm_import, _confirmed)


def _discard(request, stem, pk):
    return _act(request, stem, pk, actions.discard_import, lambda batch: "已放弃，名录没有变化")


def _withdraw(request, stem, pk):
    """Ask once more, then withdraw the whole batch (ui.md 4.7)."""
    batch = _batch(request, stem, pk)
    if request.method == "POST":
        return _act(request, stem, pk, actions.withdraw_import, _withdrawn)
    context = {
        "batch": batch,
        "label": batch.get_kind_display(),
        "back": _url(batch, "-check", batch.pk),
        "consequence": f"新增的 {batch.counts['added']:,} {_UNIT[stem]}会从名录移出，有变化的 "
        f"{batch.counts['changed']:,} {_UNIT[stem]}恢复到导入以前的内容。历史里两次都看得到。",
        "obstacle": rules.why_not_withdraw(batch, request.user, clock.now()),
        "list_url": reverse(f"registry:{stem}-list"),
        "list_label": _LIST[stem],
    }
    return TemplateResponse(request, "registry/imports/import_withdraw.html", context)


def _withdrawn(batch) -> str:
    if batch.state == BatchState.WITHDRAWING:
        return "正在后台撤回，可以离开这一页"
    return "整批撤回，名录恢复到导入以前"


VIEWS = {
    stem: {
        name: _page(stem, view)
        for name, view in (
            ("upload", _upload),
            ("template", _template),
            ("check", _check),
            ("columns", _columns),
            ("marked", _marked),
            ("confirm", _confirm),
            ("discard", _discard),
            ("withdraw", _withdraw),
        )
    }
    for stem in _KINDS
}
