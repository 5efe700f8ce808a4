"""人员 for the box of the frame: by name, pinyin, number or certificate."""

from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, each

from .models import Inspector


def inspectors(user, asked: Asked) -> Found:
    """Those of the units in sight; an inspector finds himself."""
    see_all = user.units_with(P.SEE_INSPECTORS)
    return Found(
        Inspector.objects.visible_to(user).select_related("unit").order_by("code"),
        _hit,
        Q(code__in=[asked.text, asked.number]) | Q(certificate_no=asked.number) & ~Q(certificate_no=""),
        each(asked, lambda word: Q(search_text__contains=word)),
        f"{reverse('registry:inspector-list')}?{urlencode({'q': asked.text})}" if see_all else "",
    )


def _hit(inspector: Inspector) -> Hit:
    words = f"{inspector.unit.short_name}　{inspector.get_employment_display()}"
    return Hit(inspector.name, inspector.get_absolute_url(), inspector.code, words)
