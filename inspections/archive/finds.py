"""案卷 for the box of the frame: by its number, that of the check, or whom it is about."""

from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of
from registry.facilities import finds as facilities

from .models import Volume, of_archive


def volumes(user, asked: Asked) -> Found | None:
    if not user.units_with(P.SEE_ARCHIVE):
        return None
    about = Q(facility__in=facilities.called(asked))
    return Found(
        of_archive(user).select_related("facility", "unit").order_by("-pk"),
        lambda check: Hit(
            f"{check.facility.name}：案卷",
            reverse("inspections:archive-file", args=[check.no]),
            check.no,
            check.unit.short_name,
        ),
        Q(no=asked.number) | Q(pk__in=Volume.objects.filter(any_is(asked, "no")).values("inspection")),
        part_of(asked, "no") | about,
    )
