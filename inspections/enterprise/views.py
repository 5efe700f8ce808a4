"""企业办理 (/e/<token>/): whoever holds the notice acts for the enterprise in this check only (ui-2.md 32e, 32g; N-9, N-10).

Without login and cookie, like `inspections.codes.pages`; every look stands in the trail.
"""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import client_address
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page
from inspections.checks.pages import site_of
from inspections.checks.states import DROPPED
from inspections.codes import tries
from inspections.codes.models import Try
from inspections.codes.pages import open_to_holders
from inspections.paperwork import papers

from . import actions, pages, rules
from .forms import StatementForm
from .link_pages import by_token


@open_to_holders
@require_safe
@by_token
def enterprise(request, inspection, token):
    actions.note_look(inspection=inspection)
    context = pages.page(inspection, token, clock.today())
    context["void"] = inspection.status in DROPPED
    return TemplateResponse(request, "inspections/enterprise/enterprise.html", context)


@open_to_holders
@require_safe
@by_token
def enterprise_paper(request, inspection, token, kind):
    """One paper as PDF: the same that the team prints."""
    kind = next((k for k in rules.kinds(inspection) if k.lower() == kind), None)
    if kind is None or rules.why_not_this_paper(inspection, kind):
        raise Http404
    content, name, content_type = papers.made(inspection, kind, "pdf", site=site_of(request))
    actions.note_look(inspection=inspection, paper=kind.label)
    return files.attachment(content, name=name, content_type=content_type)


@open_to_holders
@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def enterprise_state(request, inspection, token):
    """陈述申辩: text and files, answered with a number."""
    obstacle = rules.why_not_state(inspection)
    form = None if obstacle else StatementForm(request.POST or None, request.FILES or None)
    context = {
        "inspection": inspection,
        "token": token,
        "obstacle": obstacle,
        "law": policy.on(clock.today()).recommended,
        "phone": getattr(inspection.unit, "phone", None),
    }

    def receipt(statement):
        return redirect("inspections:enterprise-receipt", token, statement.pk)

    if (
        request.method == "POST"
        and form
        and form.is_valid()
        and tries.too_many(Try.Kind.STATEMENT, client_address(request))
    ):
        context |= {"form": form, "waiting": True}
        return TemplateResponse(request, "inspections/enterprise/state.html", context, status=429)

    def act(**typed):
        kept = actions.state(inspection=inspection, **typed)
        tries.note(Try.Kind.STATEMENT, client_address(request))
        return kept

    return act_page(request, "inspections/enterprise/state.html", form, act, receipt, "", **context)


@open_to_holders
@require_safe
@by_token
def enterprise_receipt(request, inspection, token, pk):
    """What was handed in, its number, and the answer when there is one."""
    statement = get_object_or_404(inspection.statements.prefetch_related("files__file"), pk=pk)
    context = {"inspection": inspection, "statement": statement, "token": token}
    context["back"] = reverse("inspections:enterprise", args=[token])
    return TemplateResponse(request, "inspections/enterprise/receipt.html", context)
