"""All addresses (page map: ui.md 7). Public at /, staff at /desk/, inspectors' phones at /field/, registry upkeep at /admin/."""

from django.urls import include, path

from benxi_shuangsuiji.health import views as health_views
from benxi_shuangsuiji.web import views
from registry.admin import site

urlpatterns = [
    path("healthz/", health_views.healthz, name="healthz"),
    path("desk/health/", health_views.health, name="health"),
    path("desk/health/mails/", health_views.mails_again, name="mails-again"),
    path("desk/continue/", views.continue_form, name="continue"),
    path("", include("benxi_shuangsuiji.accounts.urls")),
    path("", include("benxi_shuangsuiji.audit.urls")),
    path("", include("benxi_shuangsuiji.workdays.urls")),
    path("", include("benxi_shuangsuiji.notices.urls")),
    path("", include("benxi_shuangsuiji.documents.urls")),
    path("", include("benxi_shuangsuiji.help.urls")),
    path("", include("benxi_shuangsuiji.search.urls")),
    path("", include("registry.urls")),
    path("admin/", site.urls),
    path("", include("plans.urls")),
    path("", include("inspections.urls")),
    path("", include("disclosure.urls")),
]
handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
