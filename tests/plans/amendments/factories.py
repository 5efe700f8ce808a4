"""What a replacement rests on: a file, and what the registry says of the place (七(二)-e)."""

from plans.models import ChangeReason, Pick
from registry.models import Facility

PHOTO = ("现场照片.jpg", b"\xff\xd8\xff photo")
STATUS = {ChangeReason.HALT: "SUSPENDED", ChangeReason.CLOSED: "CLOSED", ChangeReason.MOVED: "MOVED_OUT"}


def grounds(reason: str, *picks: Pick) -> dict:
    """The file that such a request carries; of objects the registry then says what it says."""
    if status := STATUS.get(reason):
        Facility.objects.filter(pk__in=[pick.facility_id for pick in picks]).update(status=status)
    return {"file": PHOTO} if reason.startswith("O") else {}
