"""待办 for the box of the frame: the number that a to-do of the reader names opens what it is about."""

from django.db.models import Q

from benxi_shuangsuiji.search.finding import Asked, Found, Hit

from .models import Duty


def todo(user, asked: Asked) -> Found | None:
    """Numbers of one thing only: of a quarter there are many duties."""
    no = asked.number
    if "-" not in no:
        return None
    about = Q(period=no) | Q(period__startswith=f"{no}:") | Q(title__endswith=f" {no}") | Q(title__contains=f"（{no}）")
    return Found(
        Duty.objects.open().visible_to(user).exclude(url="").select_related("unit").order_by("due", "pk"),
        lambda duty: Hit(duty.title, duty.url, no, f"{duty.unit.short_name}　待办"),
        about,
    )
