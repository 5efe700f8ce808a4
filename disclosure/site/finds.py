"""What everybody reads on the public site, for the box of the frame: the number of it opens its page for whoever works here too."""

from django.urls import reverse

from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is
from disclosure.draws.documents import PublicDocument
from disclosure.models import OWN, Publication

from .bulletin import public_url, unit_name


def published(user, asked: Asked) -> Found:
    """What is public of this number; what the register says of itself has pages of its own."""
    return Found(
        Publication.objects.current().exclude(kind__in=OWN).order_by("kind", "-pk"),
        lambda one: Hit(one.title, public_url(one), one.no, f"{one.unit_name}　{one.get_kind_display()}"),
        any_is(asked, "no"),
    )


def draws(user, asked: Asked) -> Found:
    """Draws whose lists are sealed: their page is public from then on."""
    return Found(
        PublicDocument.objects.filter(kind="MANIFEST").order_by("draw_id", "run"),
        lambda one: Hit(
            f"{unit_name(one.draw_id.partition('-')[0])} 抽取公示",
            reverse("disclosure:draw", args=[one.draw_id]),
            one.draw_id,
        ),
        any_is(asked, "draw_id"),
    )
