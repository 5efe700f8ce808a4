from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission as P

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


def public_url(quarter) -> str:
    return reverse("disclosure:results-summary", args=[str(quarter).lower()])
