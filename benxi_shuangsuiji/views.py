"""Pages that belong to no app: health, errors, form trouble."""

from django.db import connection
from django.http import HttpResponse
from django.template.response import TemplateResponse

from .accounts.access import NeedsPermission, public_page


@public_page
def healthz(request):
    """Say whether this process can reach its database; for the proxy and the container."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


def csrf_failure(request, reason=""):
    return TemplateResponse(request, "403_csrf.html", {"posted": request.POST.items()}, status=403).render()


def forbidden(request, exception=None):
    missing = exception.permissions if isinstance(exception, NeedsPermission) else ()
    return TemplateResponse(request, "403.html", {"missing": [p.label for p in missing]}, status=403)


forbidden.access = "public"
