"""法律依据 for the box of the frame: by title or 文号."""

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of

from .models import LegalBasis


def bases(user, asked: Asked) -> Found | None:
    if not user.units_with(P.SEE_ITEMS):
        return None
    return Found(
        LegalBasis.objects.visible_to(user).order_by("title", "pk"),
        lambda basis: Hit(f"《{basis.title}》", basis.get_absolute_url(), basis.document_no, basis.get_kind_display()),
        any_is(asked, "document_no"),
        part_of(asked, "title", "document_no"),
    )
