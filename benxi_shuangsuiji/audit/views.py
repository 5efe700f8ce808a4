from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays.days import full_date

from . import trail
from .models import AuditEntry, AuditLink
from .words import words_for


@requires(Permission.SEE_LOG)
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
    }
    return TemplateResponse(request, "audit/log.html", context)


@requires(Permission.SEE_LOG)
@require_POST
def check(request):
    """Recompute the whole chain and say what came out."""
    trail.seal()
    verdict = trail.verify()
    if verdict.broken_at is None:
        messages.success(request, f"{full_date(clock.today())}校验：{verdict.checked} 条记录逐条相连，没有改动。")
    else:
        messages.error(request, f"第 {verdict.broken_at} 条记录与前一条接不上，可能被改动。立即报告市执法队监督员。")
    trail.record("audit.checked", by=request.user, checked=verdict.checked, broken_at=verdict.broken_at)
    return redirect("audit:log")
