"""The site behind /admin/: an index and what is registered here, nothing else.

No sign-in, no password page and no other app of Django's own: whoever comes signs in at /desk/login/, and the marks of
`accounts.access` decide, as on every page.
"""

from django.contrib import admin
from django.urls import include, path, reverse

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P

from .. import freezes

KEEPS = (P.EDIT_FACILITIES, P.EDIT_INSPECTORS)


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
        return [path("", requires(*KEEPS)(self.index), name="index"), *lists]

    def get_app_list(self, request, app_label=None):
        """What the index offers: each list with its address, and whether it can be added to here."""
        return [
            {
                "name": upkeep.opts.verbose_name_plural,
                "text": upkeep.text,
                "url": reverse(upkeep.address("changelist")),
                "add_url": reverse(upkeep.address("add")) if upkeep.has_add_permission(request) else "",
                "add_words": upkeep.add_words,
            }
            for upkeep in sorted(self._registry.values(), key=lambda upkeep: upkeep.position)
            if upkeep.has_module_permission(request)
        ]

    def get_log_entries(self, request):
        """None: history is in the registry's own changes and in the trail, there is no third (decisions.md 6)."""
        return ()

    def each_context(self, request):
        units = kept_units(request.user)
        return {
            **super().each_context(request),
            "title": self.site_title,
            "keeper": request.user,
            "several_units": len(units) > 1,
            "freezes": freezes.of(units),
        }


site = RegistrySite()
site.disable_action("delete_selected")
