from inspections.models import Inspection


def _locked(inspection: Inspection) -> Inspection:
    return Inspection.objects.select_for_update(of=("self",)).select_related("unit", "draw").get(pk=inspection.pk)


def _save(inspection: Inspection) -> None:
    inspection.version += 1
    inspection.save()
