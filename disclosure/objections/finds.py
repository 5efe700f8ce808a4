"""更正与申诉 for the box of the frame: by the number of its receipt or what it is about."""

from django.urls import reverse

from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of

from .duties import address_of
from .models import Objection


def objections(user, asked: Asked) -> Found:
    return Found(
        Objection.objects.visible_to(user).select_related("publication", "unit").order_by("-pk"),
        lambda one: Hit(
            f"{one.publication.title}：{one.get_demand_display()}",
            address_of(one),
            one.receipt,
            one.get_state_display(),
        ),
        any_is(asked, "receipt"),
        part_of(asked, "receipt", "publication__title"),
    )


def of_everybody(user, asked: Asked) -> Found:
    """Of whose number no other room knows for this reader: what everybody reads of it on the public site."""
    return Found(
        Objection.objects.order_by("-pk"),
        lambda one: Hit(
            "更正与申诉", reverse("disclosure:objection", args=[one.receipt]), one.receipt, one.get_state_display()
        ),
        any_is(asked, "receipt"),
    )
