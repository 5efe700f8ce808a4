"""人员 for the box of the frame, as accounts: for the administrators who keep them."""

from urllib.parse import urlencode

from django.urls import reverse

from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of

from .models import User
from .roles import Permission as P


def accounts(user, asked: Asked) -> Found | None:
    if not (user.units_with(P.MANAGE_SYSTEM) or user.units_with(P.MANAGE_GRANTS)):
        return None
    return Found(
        User.objects.visible_to(user).select_related("unit").order_by("username"),
        lambda account: Hit(
            account.full_name,
            account.get_absolute_url(),
            account.username,
            f"{account.unit.short_name if account.unit else '没有单位'}　{'启用' if account.is_active else '停用'}",
        ),
        any_is(asked, "username"),
        part_of(asked, "username", "full_name"),
        f"{reverse('accounts:account-list')}?{urlencode({'q': asked.text})}",
    )
