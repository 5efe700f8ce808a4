from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.documents import jobs as background
from benxi_shuangsuiji.workdays.days import full_date

from . import jobs, trail, watch
from .models import AuditEntry, AuditLink
from .words import words_for


@requires(Permission.SEE_LOG)
@require_safe
def log(request):
    """操作记录: who did what, newest first. What is sealed stands there by number and digest only (decisions.md 6)."""
    entries = AuditEntry.objects.visible_to(request.user).select_related("actor", "unit", "link").order_by("-pk")
    verb = request.GET.get("verb", "")
    about, who = (request.GET.get(name, "").strip()[:80] for name in ("about", "who"))
    verbs = subjects.house().verbs
    if verb in verbs:
        entries = entries.filter(verb=verb)
    elif not request.GET.get("rows"):
        entries = entries.exclude(verb__startswith="row.")
    if about:
        entries = entries.filter(about_key__icontains=about)
    if who:
        entries = entries.filter(actor__full_name=who)
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    for entry in page:
        entry.words = words_for(entry)
    context = {
        "page": page,
        "verbs": sorted(verbs.items(), key=lambda v: v[1]),
        "verb": verb,
        "about": about,
        "who": who,
        "head": AuditLink.objects.order_by("-seq").first(),
        "watch": watch.state(),
    }
    return TemplateResponse(request, "audit/log.html", context)


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
