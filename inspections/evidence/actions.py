"""What people do with evidence: keep it, hand it out, enter recordings and samples (四(3)-b, 七(五)-h).

A photograph is opened in its limited process before the transaction begins; its bytes are on the disk before its row is.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, pictures, videos
from benxi_shuangsuiji.refusal import Refused, refuse_if, why_not_reason
from inspections.models import (
    CheckAnswer,
    Custody,
    CustodyAct,
    Evidence,
    EvidenceKind,
    Inspection,
    Mode,
    Recorder,
    Recording,
    RecordingGap,
    Sample,
    Struck,
    Told,
)
from registry.models import Inspector

from . import duties, places, recordings, rules


@dataclass(frozen=True)
class Place:
    """Where the phone was, in degrees, and how sure it was of it."""

    latitude: Decimal
    longitude: Decimal
    accuracy_m: int | None = None


def keep_photo(
    *,
    inspection: Inspection,
    name: str,
    content: bytes,
    by: User,
    point: CheckAnswer | None = None,
    kind: str = EvidenceKind.PHOTO,
    words: str = "",
    sha256: str = "",
    taken_at: datetime | None = None,
    device_at: datetime | None = None,
    place: Place | None = None,
    original_size: int | None = None,
) -> Evidence:
    """Keep a photograph or scan of a visit. The same one a second time is the first (七(五)-h, four times tapped is once).

    `sha256`: what the phone reckoned of what it sent; `taken_at`: by the server's clock, now when nothing better is known.
    """
    now = clock.now()
    taken_at = min(taken_at or now, now)
    digest = hashlib.sha256(content).hexdigest()
    refuse_if(
        rules.why_not_keep(inspection, by, taken_at=taken_at, kind=kind)
        or rules.why_not_point(inspection, point)
        or rules.why_not_same(sha256, digest)
        or rules.why_not_file(kind, content)
    )
    if known := _known(inspection, point, digest):
        return known
    content_type = videos.kind_of(content) if kind == EvidenceKind.VIDEO else pictures.kind_of(content)
    small = None if kind == EvidenceKind.VIDEO or content_type == pictures.PDF else pictures.look_at(content).small
    return _keep(
        Evidence(
            inspection=inspection,
            point=point,
            kind=kind,
            words=words.strip(),
            taken_at=taken_at,
            device_at=device_at,
            hashed_by_device=bool(sha256),
            original_size=original_size if original_size and original_size > len(content) else None,
            by=by,
            kept_at=now,
        ),
        (name, content, content_type),
        small,
        place,
    )


def _known(inspection: Inspection, point: CheckAnswer | None, digest: str) -> Evidence | None:
    return inspection.evidence.standing().filter(point=point, file__sha256=digest).select_related("file").first()


@transaction.atomic
def _keep(evidence: Evidence, file: tuple[str, bytes, str], small: bytes | None, place: Place | None) -> Evidence:
    inspection = Inspection.objects.locked(evidence.inspection_id, "unit", "draw", "facility")
    refuse_if(rules.why_not_keep(inspection, evidence.by, taken_at=evidence.taken_at, kind=evidence.kind))
    name, content, content_type = file
    if known := _known(inspection, evidence.point, hashlib.sha256(content).hexdigest()):
        return known  # the same photograph was sent twice at one moment
    evidence.file = files.store(name=name, content=content, content_type=content_type, by=evidence.by)
    if small is not None:
        evidence.small = files.store(name="小图.jpg", content=small, content_type=pictures.JPEG, by=evidence.by)
    if place is not None:
        evidence.latitude, evidence.longitude, evidence.accuracy_m = place.latitude, place.longitude, place.accuracy_m
        at = inspection.facility
        if at.latitude is not None and at.longitude is not None:
            evidence.distance_m = places.metres_between((place.latitude, place.longitude), (at.latitude, at.longitude))
    evidence.save()
    trail.record("inspections.evidence.kept", by=evidence.by, about=inspection, sha256=evidence.sha256)
    return evidence


@transaction.atomic
def strike(*, inspection: Inspection, thing: Evidence | Sample, reason: str, by: User) -> Struck:
    """划去: it counts no longer, and stays where it was, with its custody log (四(3)-b)."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    thing = type(thing).objects.select_related("struck").get(pk=thing.pk, inspection=inspection)
    refuse_if(rules.why_not_strike(inspection, by, thing) or why_not_reason(reason, "划去的原因"))
    of_sample = isinstance(thing, Sample)
    named = {"sample" if of_sample else "evidence": thing}
    made = Struck.objects.create(**named, reason=reason.strip(), by=by, at=clock.now())
    what = "采样" if of_sample else thing.get_kind_display()
    trail.record("inspections.evidence.struck", by=by, about=inspection, what=what)
    return made


@transaction.atomic
def hand_out(*, evidence: Evidence, act: str, by: User) -> Evidence:
    """Write down that this person looks at it, once a day, or takes a copy, each time (四(3)-b)."""
    now = clock.now()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    seen = Custody.objects.filter(evidence=evidence, by=by, act=CustodyAct.LOOKED, at__gte=today)
    if act == CustodyAct.DOWNLOADED or not seen.exists():
        Custody.objects.create(evidence=evidence, act=act, by=by, at=now)
    return evidence


# --- recordings --------------------------------------------------------------------------------------------------


def switch_on(*, inspection: Inspection, at: datetime, by: User) -> None:
    """Arrival: the recorder runs from here (七(五)-h). The caller holds the check's row."""
    if inspection.mode == Mode.ONSITE and inspection.recorder_no:
        _begin(inspection, inspection.recorder_no, at, by)


def _begin(inspection: Inspection, recorder_no: str, at: datetime, by: User) -> Recording:
    return Recording.objects.create(
        inspection=inspection, recorder_no=recorder_no, told=Told.SPOT, starts_at=at, by=by, entered_at=clock.now()
    )


def switch_off(*, inspection: Inspection, at: datetime) -> None:
    """The end of the visit ends what still runs. The caller holds the check's row."""
    for running in inspection.recordings.filter(ends_at__isnull=True):
        running.ends_at = max(at, running.starts_at)
        running.save(update_fields=["ends_at"])


@transaction.atomic
def stop(*, inspection: Inspection, at: datetime, by: User, recorder_no: str = "") -> Recording:
    """The recorder stopped in the middle of the visit. Where two run it is said which; of one alone it is known."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    named = {"recorder_no": recorder_no.strip()} if recorder_no.strip() else {}
    found = list(inspection.recordings.filter(ends_at__isnull=True, **named))
    refuse_if(rules.why_not_record(inspection, by) or rules.why_not_stop(found, at, clock.now()))
    running = found[0]
    running.ends_at = at
    running.save(update_fields=["ends_at"])
    trail.record("inspections.recorder.stopped", by=by, about=inspection, at=at)
    return running


@transaction.atomic
def run_again(*, inspection: Inspection, recorder_no: str, at: datetime, by: User) -> Recording:
    """It runs again, or another one in its place."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(
        rules.why_not_record(inspection, by)
        or rules.why_not_this_recorder(inspection, recorder_no)
        or rules.why_not_span(inspection, at, None, clock.now())
        or ("检查已经结束，从记录仪读出后登记。" if inspection.ended_at else "")
    )
    if inspection.recordings.filter(ends_at__isnull=True, recorder_no=recorder_no.strip()).exists():
        raise Refused("这台记录仪正在录。")
    made = _begin(inspection, recorder_no.strip(), at, by)
    trail.record("inspections.recorder.started", by=by, about=inspection, at=at)
    return made


@transaction.atomic
def enter_recording(
    *,
    inspection: Inspection,
    recorder_no: str,
    starts_at: datetime,
    ends_at: datetime,
    file_name: str,
    by: User,
    sha256: str = "",
) -> Recording:
    """One file of the device, entered after the visit by whoever read it out (七(五)-h)."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(
        rules.why_not_record(inspection, by)
        or rules.why_not_this_recorder(inspection, recorder_no)
        or rules.why_not_span(inspection, starts_at, ends_at, clock.now())
    )
    if inspection.recordings.filter(told=Told.DEVICE, file_name=file_name.strip()).exists():
        raise Refused("这段录像已经登记。")
    made = Recording.objects.create(
        inspection=inspection,
        recorder_no=recorder_no.strip(),
        told=Told.DEVICE,
        starts_at=starts_at,
        ends_at=ends_at,
        file_name=file_name.strip(),
        sha256=sha256.lower(),
        by=by,
        entered_at=clock.now(),
    )
    duties.read(inspection, made.entered_at)
    trail.record("inspections.recording.entered", by=by, about=inspection, sha256=made.sha256)
    return made


@transaction.atomic
def explain_gaps(*, inspection: Inspection, reason: str, by: User) -> list[RecordingGap]:
    """Say why parts of the visit were not recorded: one reason for what is open now (七(五)-h).

    Where nothing is open and the devices were not read out after the visit, the reason is why nothing can be read.
    """
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(rules.why_not_explain(inspection, by) or why_not_reason(reason))
    now = clock.now()
    open_gaps = recordings.unexplained(inspection, inspection.recordings.all(), inspection.ended_at or now)
    unread = not open_gaps and recordings.is_unread(inspection)
    if unread:
        open_gaps = [recordings.Stretch(inspection.there_since, inspection.ended_at)]
    if not open_gaps:
        raise Refused("录像没有缺口，不用写原因。")
    made = RecordingGap.objects.bulk_create(
        RecordingGap(inspection=inspection, starts_at=g.start, ends_at=g.end, reason=reason.strip(), by=by, at=now)
        for g in open_gaps
    )
    if not recordings.is_unread(inspection):
        duties.read(inspection, now, "写明了没有录像的原因")
    trail.record("inspections.recorder.gap_explained", by=by, about=inspection, gaps=len(made))
    return made


# --- samples -----------------------------------------------------------------------------------------------------


@transaction.atomic
def enter_sample(*, inspection: Inspection, by: User, no: str, taken_at: datetime, **words: str) -> Sample:
    """采样取证登记: what was taken where, for what, kept how, who stood by."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    now = clock.now()
    refuse_if(rules.why_not_sample(inspection, by, taken_at=taken_at, no=no, now=now))
    made = Sample.objects.create(
        inspection=inspection,
        by=by,
        no=no.strip(),
        taken_at=taken_at,
        recorded_at=now,
        **{name: value.strip() for name, value in words.items()},
    )
    trail.record("inspections.sample.entered", by=by, about=inspection)
    return made


# --- the register of recorders -----------------------------------------------------------------------------------


@transaction.atomic
def enter_recorder(
    *,
    unit: Unit,
    no: str,
    by: User,
    model: str = "",
    serial: str = "",
    keeper: Inspector | None = None,
    in_use: bool = True,
    why_not_in_use: str = "",
    recorder: Recorder | None = None,
) -> Recorder:
    """Enter a device, or mend its entry (七(五)-h)."""
    if recorder is not None:
        recorder = Recorder.objects.locked(recorder.pk)
    refuse_if(
        rules.why_not_keep_recorders(unit, by)
        or rules.why_not_recorder(unit, no, keeper, in_use, why_not_in_use, recorder)
    )
    recorder = recorder or Recorder(unit=unit)
    recorder.no, recorder.model, recorder.serial, recorder.keeper = no.strip(), model.strip(), serial.strip(), keeper
    recorder.in_use, recorder.why_not_in_use = in_use, "" if in_use else why_not_in_use.strip()
    recorder.save()
    trail.record("inspections.recorder.entered", by=by, about=recorder)
    return recorder


def recorder_numbers(units: Iterable[int]) -> list[str]:
    """Those in use, for whoever chooses one at arrival."""
    return list(Recorder.objects.filter(unit__in=units, in_use=True).values_list("no", flat=True))
