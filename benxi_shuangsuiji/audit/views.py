from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents import jobs as background
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web.chips import query_with
from benxi_shuangsuiji.workdays.days import full_date

from . import asking, jobs, sheets, trail, watch
from .forms import LogFilter, of_rows
from .models import AuditLink
from .words import words_for

MOST_EXPORTED = 5000


@requires(Permission.SEE_LOG)
@require_safe
def log(request):
    """操作记录: who did what, newest first. What is sealed stands there by number and digest only (decisions.md 6)."""
    form = LogFilter(request.GET, user=request.user)
    asked = _asked(request, form)
    whole = asking.followed(request.user, asked)
    found = asking.entries_for(request.user, asked, whole)
    total = found.order_by()[: asking.MOST + 1].count()
    last = request.GET.get("before", "")
    if last and not asking.is_line(last):
        chips.unread(request, "before")
        last = ""
    rows = list(asking.before(found, last).select_related("actor", "unit", "link")[: asking.PER_PAGE + 1])
    shown = rows[: asking.PER_PAGE]
    things, offices = asking.named(request.user, shown), asking.offices(shown)
    for entry in shown:
        entry.words, entry.thing, entry.office = words_for(entry), things[entry.pk], offices[entry.pk]
    house = subjects.house()
    looks = asking.looks_in(found) if not asked["kind"] else []
    # Of a number whose lines are left out by another part of the question, that there are none would be wrong.
    under = (
        [] if shown or whole or asked["wrong"] or of_rows(asked) else asking.stand_under(request.user, asked["about"])
    )
    context = {
        "form": form,
        "rows": shown,
        "total": total,
        "most": asking.MOST if total > asking.MOST else 0,
        "older_url": query_with(request, before=str(shown[-1].pk)) if len(rows) > len(shown) else "",
        "newest_url": query_with(request, before="") if last else "",
        "looks": [
            chips.Chip(house.verbs[verb], query_with(request, verb=verb, before=""), asked["verb"] == verb, n)
            for verb, n in looks
        ],
        "whole": whole,
        "under": [(draw, query_with(request, about=draw, before="")) for draw in under],
        "verb": house.verbs.get(asked["verb"], ""),
        "verb_off_url": query_with(request, verb="", before=""),
        "rows_since": asked["since"] if of_rows(asked) and not request.GET.get("since") else None,
        "filter_words": form.words(asked),
        "export_query": request.GET.urlencode(),
        "head": AuditLink.objects.order_by("-seq").first(),
        "watch": watch.state(),
    }
    return TemplateResponse(request, "audit/log.html", context)


def _asked(request, form: LogFilter) -> dict:
    """The form, and the one act of a link."""
    verb = request.GET.get("verb", "")
    return form.asked(verb)


@requires(Permission.SEE_LOG)
@require_safe
def export(request):
    """The same lines as a workbook, at most MOST_EXPORTED; that it was taken is in the log, not whom it was asked about."""
    form = LogFilter(request.GET, user=request.user)
    asked = _asked(request, form)
    if form.errors:
        return _not_exported(request, "查询条件有误，没有导出。改好条件再导出。")
    found = asking.entries_for(request.user, asked, asking.followed(request.user, asked))
    rows = list(found.select_related("actor", "unit", "link")[: MOST_EXPORTED + 1])
    if len(rows) > MOST_EXPORTED:
        say = f"超过 {MOST_EXPORTED:,} 条，没有导出。先写起止日期、操作人或者类别，再导出。"
        return _not_exported(request, say)
    content = sheets.workbook(rows, asking.named(request.user, rows), form.words(asked), clock.today())
    period = {name: str(asked[name]) for name in ("since", "until", "kind")}
    trail.record("audit.exported", by=request.user, rows=len(rows), **period)
    return files.attachment(content, name=f"操作记录_{clock.today():%Y%m%d}.xlsx", content_type=files.XLSX)


def _not_exported(request, say: str):
    messages.error(request, say)
    return redirect(reverse("audit:log") + "?" + request.GET.urlencode())


@requires(Permission.SEE_LOG)
@require_POST
def check(request):
    """Recompute the whole chain and say what came out; a long one in the background."""
    if AuditLink.objects.count() > jobs.AT_ONCE:
        job = background.ask_for(kind=jobs.KIND, title="校验操作记录", params={}, by=request.user)
        return redirect("documents:job-detail", job.pk)
    trail.seal()
    verdict = trail.verify()
    say = messages.success if verdict.broken_at is None else messages.error
    say(request, f"{full_date(clock.today())}校验：{jobs.words_of(verdict)}")
    jobs.said(verdict, by=request.user)
    return redirect("audit:log")
