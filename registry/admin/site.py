"""The site behind /admin/: an index and what is registered here, nothing else.

No sign-in, no password page and no other app of Django's own: whoever comes signs in at /desk/login/, and the marks of
`accounts.access` decide, as on every page.
"""

from django.contrib import admin
from django.urls import include, path, reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P

from .. import freezes

KEEPS = (P.EDIT_FACILITIES, P.EDIT_INSPECTORS)
# What a page of the workbench keeps whole: on the index a line that leads there.
ELSEWHERE = (
    ("本单位标签", "本单位自己的标签，改名、停用；在工作台办理", "registry:facility-tags", P.EDIT_FACILITIES),
    ("评价等级", "各项评价的等级；由牵头部门维护，在工作台查看", "registry:facility-levels", P.EDIT_FACILITIES),
)


def kept_units(user, *permissions) -> list[Unit]:
    """The drawing units whose registries this person keeps; asked once a request."""
    if not hasattr(user, "_kept_units"):
        user._kept_units = list(Unit.objects.drawing().select_related("serves", "parent"))
    reach = set().union(*(user.units_with(p) for p in permissions or KEEPS))
    return [unit for unit in user._kept_units if unit.pk in reach]


class RegistrySite(admin.AdminSite):
    site_title = site_header = index_title = "名录后台"
    enable_nav_sidebar = False

    def has_permission(self, request):
        return bool(kept_units(request.user))

    def get_urls(self):
        lists = [path(f"{u.opts.app_label}/{u.opts.model_name}/", include(u.urls)) for u in self._registry.values()]
        return [path("", requires(*KEEPS)(require_safe(self.index)), name="index"), *lists]

    def get_app_list(self, request, app_label=None):
        """What the index offers: the lists here, then the pages of the workbench."""
        here = [
            (u.opts.verbose_name_plural, u.text, f"admin:{u.list_name}", u.permission) for u in self._registry.values()
        ]
        return [
            {"name": name, "text": text, "url": reverse(address)}
            for name, text, address, permission in (*here, *ELSEWHERE)
            if request.user.units_with(permission)
        ]

    def each_context(self, request):
        units = kept_units(request.user)
        return {
            **super().each_context(request),
            "title": self.site_title,
            "keeper": request.user,
            "freezes": freezes.of(units),
            "several_units": len(units) > 1,
        }


site = RegistrySite()
site.disable_action("delete_selected")
