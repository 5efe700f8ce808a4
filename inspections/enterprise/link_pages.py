"""The address of a notice: what it opens, and what is said of one that is wrong, renewed or over (ui-2.md 32e, N-9)."""

from functools import wraps

from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import client_address
from inspections.checks import visit_codes
from inspections.codes import tries
from inspections.codes.models import EnterpriseLink, Try
from inspections.codes.pages import phones

from . import rules

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
