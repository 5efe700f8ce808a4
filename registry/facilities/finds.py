"""企业 for the box of the frame: names, former names, pinyin and codes, by the index of the list."""

from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, each

from .models import Facility, Spread
from .search import spread


def facilities(user, asked: Asked) -> Found | None:
    """Those in sight, also of those that are closed; a 统一社会信用代码 may have several places."""
    if not user.units_with(P.SEE_FACILITIES):
        return None
    rows = Facility.objects.visible_to(user).select_related("unit").alias(words=Spread("search_text"))
    typed = [asked.text, asked.number]
    return Found(
        rows.order_by("code"),
        _hit,
        Q(code__in=typed) | Q(uscc=asked.number) | Q(permit_no__in=typed) & ~Q(permit_no=""),
        each(asked, about),
        f"{reverse('registry:facility-list')}?{urlencode({'q': asked.text})}",
    )


def about(word: str) -> Q:
    """A word is part of what a facility is called; for rows with the alias `words`."""
    return Q(words__contains=spread(word))


def called(asked: Asked):
    """Keys of the facilities that are called so, for rooms whose things are about one; who may see those, they ask."""
    return Facility.objects.alias(words=Spread("search_text")).filter(each(asked, about)).order_by().values("pk")


def _hit(facility: Facility) -> Hit:
    words = f"{facility.unit.short_name}　{facility.get_category_display()}　{facility.get_status_display()}"
    return Hit(facility.name, facility.get_absolute_url(), facility.code, words)
