"""What the pages of an enterprise without login have in common: how they answer, whom they name to ring (decisions.md 3)."""

from functools import wraps

from django.db.models import Prefetch
from django.views.decorators.csrf import csrf_exempt

from benxi_shuangsuiji.accounts.access import public_page
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from inspections.models import Inspection, InspectionStatus

from .models import UnitPhone


def open_to_holders(view):
    """Public, but of one visit: nobody keeps or finds the page, and its address goes nowhere else."""

    @wraps(view)
    def quiet(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"  # the address itself is what only the holder has
        return response

    return public_page(csrf_exempt(quiet))


def phones() -> list[Unit]:
    """The units with the numbers they keep, the city team's at night too."""
    kept = Prefetch("phone", queryset=UnitPhone.objects.all())
    units = list(Unit.objects.drawing().filter(phone__isnull=False).prefetch_related(kept))
    return sorted(units, key=lambda unit: unit.kind != UnitKind.CITY_TEAM)


def result_address(inspection: Inspection) -> str:
    """The public page of the result, once it is public; its address is the page map's (ui.md 7)."""
    return f"/results/{inspection.no}/" if inspection.status == InspectionStatus.PUBLISHED else ""
