"""企业办理 (/e/<token>/): whoever holds the notice acts for the enterprise in this check only (ui-2.md 32e, 32g; N-9, N-10).

Without login and cookie, like `inspections.codes.pages`; every look stands in the trail.
"""

from functools import partial, wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import client_address
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page
from inspections.checks import visit_codes
from inspections.checks.states import DROPPED
from inspections.codes import tries
from inspections.codes.models import EnterpriseLink, Try
from inspections.codes.pages import open_to_holders, phones
from inspections.models import PaperKind
from inspections.paperwork import papers
from inspections.service import notice

from . import actions, pages, rules
from .forms import StatementForm

GONE, UNKNOWN = 410, 404


def by_token(view):
    """Give the view the check of an address that is open; of any other say calmly what became of it."""

    @wraps(view)
    def found(request, token, **kwargs):
        token = visit_codes.read(token[:80])
        link = (
            EnterpriseLink.objects.filter(token=token)
            .select_related(
                "inspection__facility",
                "inspection__unit__phone",
                "inspection__executing_unit",
                "inspection__draw",
                "inspection__rating",
            )
            .first()
        )
        if link is None:
            tries.count(Try.Kind.UNKNOWN_CODE, client_address(request))
        state = "unknown" if link is None else "renewed" if link.ended_at else ""
        if link and not state and rules.ends_on(link) < clock.today():
            state = "over"
        if not state:
            return view(request, link.inspection, token, **kwargs)
        context = {"state": state, "phones": phones()}
        status = UNKNOWN if state == "unknown" else GONE
        return TemplateResponse(request, "inspections/enterprise/no_link.html", context, status=status)

    return found


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
    if kind == rules.NOTICE:
        content = notice.notice_pdf(inspection, site=request.build_absolute_uri("/")[:-1])
        name, content_type = notice.notice_name(inspection), "application/pdf"
    else:
        content, name, content_type = papers.made(inspection, PaperKind(kind), "pdf")
    actions.note_look(inspection=inspection, paper=pages.title_of(kind))
    return files.attachment(content, name=name, content_type=content_type)


@open_to_holders
@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def enterprise_state(request, inspection, token):
    """陈述申辩 or 异议: text and files, answered with a number."""
    obstacle = rules.why_not_state(inspection)
    form = None if obstacle else StatementForm(request.POST or None, request.FILES or None, inspection=inspection)
    context = {
        "inspection": inspection,
        "token": token,
        "obstacle": obstacle,
        "law": policy.on(clock.today()).recommended,
        "phone": getattr(inspection.unit, "phone", None),
    }

    def receipt(statement):
        return redirect("inspections:enterprise-receipt", token, statement.pk)

    if request.method == "POST" and form and form.is_valid() and tries.count(Try.Kind.REPORT, client_address(request)):
        context |= {"form": form, "waiting": True}
        return TemplateResponse(request, "inspections/enterprise/state.html", context, status=429)
    act = partial(actions.state, inspection=inspection)
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
