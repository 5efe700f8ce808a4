"""企业 as everybody reads of them, for the box of the frame: whoever works here finds no less than the public does (四(3)-a)."""

from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is
from disclosure.models import RosterRow
from disclosure.rosters import search
from registry.models import Facility


def enterprises(user, asked: Asked) -> Found:
    """Those of the public rosters; of whom the reader has the registry's own page, that one stands there already."""
    rows = RosterRow.objects.filter(is_last=True)
    if user.units_with(P.SEE_FACILITIES):
        rows = rows.exclude(code__in=Facility.objects.visible_to(user).values("code"))
    meant = search.matching(rows, " ".join(asked.words)).values("pk")
    return Found(
        rows.select_related("publication").order_by("name", "code"),
        lambda row: Hit(
            row.name,
            reverse("disclosure:enterprise", args=[row.code]),
            row.code,
            f"{row.publication.unit_name}　{row.category_label}",
        ),
        any_is(asked, "code", "uscc"),
        Q(pk__in=meant),
    )
