"""通报和评估 for the box of the frame: by 文号, number (TB-2026Q3, PG-210504-2026) or title."""

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Concat

from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of

from .models import Bulletin, BulletinKind


def bulletins(user, asked: Asked) -> Found:
    year, number = Cast(F("year"), CharField()), Cast(F("number"), CharField())
    called = Case(
        When(kind=BulletinKind.QUARTER, then=Concat(Value("TB-"), year, Value("Q"), number)),
        When(kind=BulletinKind.YEAR, then=Concat(Value("PG-"), F("unit__code"), Value("-"), year)),
        default=Concat(Value("ZJ-"), year),
        output_field=CharField(),
    )
    return Found(
        Bulletin.objects.visible_to(user).select_related("unit").alias(called=called).order_by("-year", "-pk"),
        lambda one: Hit(_title(one), one.get_absolute_url(), one.document_no or one.no, one.get_state_display()),
        any_is(asked, "called", "document_no"),
        part_of(asked, "called", "document_no"),
    )


def _title(one: Bulletin) -> str:
    period = f"{one.year} 年" + (f"第 {one.number} 季度" if one.number else "")
    return f"{period}{one.unit.short_name if one.unit else ''}{one.get_kind_display()}"
