"""What of a visit was recorded, and the stretches that were not (七(五)-h)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from inspections.models import Inspection, Mode, Recording, RecordingGap, Told

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Stretch:
    start: datetime
    end: datetime

    def __str__(self):
        return f"{localtime(self.start):%-H:%M}—{localtime(self.end):%-H:%M}"


def that_count(recordings: Iterable[Recording]) -> list[Recording]:
    """What the devices hold; until somebody has read them, what was said on the spot."""
    found = list(recordings)
    return [r for r in found if r.told == Told.DEVICE] or found


def uncovered(recordings: Iterable[Recording], start: datetime, end: datetime) -> list[Stretch]:
    """The stretches of the visit in which no recorder ran, the seconds between two files left out."""
    tolerated = policy.on(localtime(start).date()).recommended.recorder_gap_minutes * MINUTE
    found, reached = [], start
    for recording in sorted(that_count(recordings), key=lambda r: r.starts_at):
        until = recording.ends_at or end
        if recording.starts_at - reached > tolerated and recording.starts_at < end:
            found.append(Stretch(reached, recording.starts_at))
        reached = max(reached, until)
    if end - reached > tolerated:
        found.append(Stretch(reached, end))
    return found


def unexplained(inspection: Inspection, recordings: Iterable[Recording], end: datetime) -> list[Stretch]:
    """Those of them that nobody has given a reason for."""
    if inspection.mode != Mode.ONSITE or inspection.started_at is None or not inspection.recorder_no:
        return []
    found = list(recordings)
    explained = [(e.starts_at, _until(e, found) or end) for e in inspection.recording_gaps.all()]
    return [
        gap
        for gap in uncovered(found, inspection.there_since, end)
        if not any(start <= gap.start and gap.end <= until for start, until in explained)
    ]


def is_unread(inspection: Inspection) -> bool:
    """After the visit: no device has been read out, and nobody has said of the whole of it why there is nothing to read."""
    if inspection.mode != Mode.ONSITE or not (inspection.recorder_no and inspection.ended_at):
        return False
    if inspection.recordings.filter(told=Told.DEVICE).exists():
        return False
    whole = inspection.recording_gaps.filter(starts_at__lte=inspection.there_since, ends_at__gte=inspection.ended_at)
    return not whole.exists()


def _until(explained: RecordingGap, recordings: Iterable[Recording]) -> datetime | None:
    """How long a reason holds: one given while nothing ran, until something runs again; None while nothing does."""
    if explained.ends_at < explained.at:
        return explained.ends_at
    begun = (r.starts_at for r in recordings if r.told == Told.SPOT and r.starts_at >= explained.at)
    return min(begun, default=None)


def is_complete(inspection: Inspection) -> bool:
    """Whether the visit is covered from arrival to end by what the devices hold (K14)."""
    of_device = [r for r in inspection.recordings.all() if r.told == Told.DEVICE]
    return bool(of_device) and not uncovered(of_device, inspection.there_since, inspection.ended_at)
