"""报送 for the box of the frame: by the number of its receipt; a filing is read on the page of what was filed."""

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is

from .models import Filing


def filings(user, asked: Asked) -> Found | None:
    if not user.units_with(P.SEE_PLANS):
        return None
    rows = Filing.objects.visible_to(user).exclude(receipt_no="")
    return Found(
        rows.select_related("unit", "plan__unit", "draw").order_by("-pk"),
        lambda filing: Hit(
            f"{filing.unit}报送{filing.get_kind_display()}的回执",
            (filing.draw or filing.plan).get_absolute_url(),
            filing.receipt_no,
        ),
        any_is(asked, "receipt_no"),
    )
