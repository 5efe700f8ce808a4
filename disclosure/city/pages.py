from types import SimpleNamespace

from django.http import Http404
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Permission as P
from disclosure.results.forms import quarter_of

from . import roundups


def waiting(user, quarter, today) -> dict | None:
    """For the publishing page: the summary of this quarter's results, when it can be made public."""
    if not user.units_with(P.PUBLISH_CITY):
        return None
    now = roundups.standing(quarter)
    if not now.reports:
        return None
    return {
        "now": now,
        "is_due": now.is_due(today),
        "title": roundups.title_of(quarter),
        "url": reverse("disclosure:publish-detail", args=["results", str(quarter)]),
        "public_url": public_url(quarter),
    }


def publish_context(request, no: str) -> SimpleNamespace:
    """What the publishing page shows of a quarter's results; 404 for everybody but the lead office."""
    quarter = quarter_of(no)
    if quarter is None or not request.user.units_with(P.PUBLISH_CITY):
        raise Http404
    now = roundups.standing(quarter)
    context = {
        "record": None,
        "kind": "results",
        "title": roundups.title_of(quarter),
        "now": now,
        "columns": roundups.COLUMNS,
        "totals": roundups.totals_of({"units": now.units}),
        "public_url": public_url(quarter),
        "obstacle": roundups.why_not_publish(now, request.user, clock.today()),
    }
    return SimpleNamespace(quarter=quarter, now=now, context=context)


def public_url(quarter) -> str:
    return reverse("disclosure:results-summary", args=[str(quarter).lower()])
