"""What people do with a file: bind it, take papers in, ask for what is missing, shelve it, appraise it (七(七)-p, -q, -r)."""

from datetime import date

from django.db import transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, jobs, pictures, scans
from benxi_shuangsuiji.documents.numbers import Numbering, lock_of
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import ArchiveRequest, Enclosure, Inspection, Taken, Volume, Wish
from registry.facilities import nine_steps

from . import duties, rules, urging
from .models import of_archive
from .standing import File, file_of, files_of

ALONG = ("unit", "executing_unit", "facility", "draw")


def _held(check: Inspection) -> File:
    return file_of(Inspection.objects.locked(check.pk, *ALONG))


def next_no(check: Inspection) -> str:
    """档号: year, first word of the unit, running number; whoever gives it out holds the unit."""
    return Numbering(f"{check.year}-{check.unit.short_name[0]}执-", 3).next(Volume.objects.filter(part=0))


@transaction.atomic
def bind(*, check: Inspection, site: str, by: User) -> Volume:
    """成册: the number is given at once, the worker makes the volume."""
    file = _held(check)
    refuse_if(rules.why_not_bind(file, by))
    return _asked_for([_numbered(file, by)], site, by)[0]


@transaction.atomic
def bind_ready(*, unit: Unit, site: str, by: User) -> list[Volume]:
    """Every file of the unit from which nothing is missing, in one job."""
    waiting = of_archive(by).filter(unit=unit).exclude(volumes__part=0, volumes__file__isnull=False)
    held = Inspection.objects.select_for_update(of=("self",)).filter(pk__in=waiting).select_related(*ALONG)
    ready = [file for file in files_of(held.order_by("pk")) if not rules.why_not_bind(file, by)]
    refuse_if("" if ready else "没有可以成册的案卷。")
    return _asked_for([_numbered(file, by) for file in ready], site, by)


def _numbered(file: File, by: User) -> Volume:
    """Its row, there before if a job failed."""
    if file.main:
        return file.main
    lock_of(file.check.unit)
    return Volume.objects.create(inspection=file.check, no=next_no(file.check), asked_by=by, asked_at=clock.now())


@transaction.atomic
def supplement(*, check: Inspection, reason: str, site: str, by: User) -> Volume:
    """补充卷 of what came later; the volume itself is not touched."""
    file = _held(check)
    refuse_if(rules.why_not_supplement(file, reason, by))
    last = file.volumes[-1]
    if last.file_id or not last.part:
        given = {"inspection": file.check, "reason": reason.strip(), "asked_by": by, "asked_at": clock.now()}
        last = file.bound.supplement(last.part + 1, **given)
        last.save()
    return _asked_for([last], site, by)[0]


def _asked_for(volumes: list[Volume], site: str, by: User) -> list[Volume]:
    title = f"案卷 {volumes[0].no}" + (f" 等 {len(volumes)} 卷" if len(volumes) > 1 else "")
    params = {"volumes": [volume.pk for volume in volumes], "site": site}
    job = jobs.ask_for(kind="volumes", title=title, params=params, by=by)
    for volume in volumes:
        volume.job = job
        volume.save(update_fields=["job"])
        trail.record("inspections.volume.asked", by=by, about=volume.inspection, no=volume.no)
    return volumes


@transaction.atomic
def mark_bound(*, volume: Volume, content: bytes, pages: int) -> Volume:
    """The worker has made it; whoever was first, there is one (七(七)-p)."""
    volume = Volume.objects.locked(volume.pk, "inspection__unit", "asked_by", "file")
    if volume.file_id:
        return volume
    by, about = volume.asked_by, volume.inspection
    volume.file = files.store(name=f"案卷_{volume.no}.pdf", content=content, content_type=pictures.PDF, by=by)
    volume.pages, volume.bound_at = pages, clock.now()
    volume.save(update_fields=["file", "pages", "bound_at"])
    if volume.part == 0:
        duties.bound(volume, volume.bound_at)
    trail.record("inspections.volume.bound", by=by, about=about, no=volume.no, sha256=volume.file.sha256)
    return volume


def add(
    *,
    check: Inspection,
    kind: str,
    title: str,
    number: str,
    author: str,
    dated: date,
    name: str,
    content: bytes,
    by: User,
) -> Enclosure:
    """Take a paper in that comes from outside: a monitoring report, written proof (七(七)-l, -m)."""
    refuse_if(rules.why_not_add(check, by, content, dated, clock.today()))
    scans.codes_in(content)  # what cannot be opened would stop the volume
    given = {"kind": kind, "title": title.strip() or Taken(kind).label, "number": number.strip()}
    return _taken(check, given | {"author": author.strip(), "dated": dated}, name, content, by)


@transaction.atomic
def _taken(check: Inspection, given: dict, name: str, content: bytes, by: User) -> Enclosure:
    kept = files.store(name=name, content=content, content_type=pictures.kind_of(content), by=by)
    made = Enclosure.objects.create(inspection=check, file=kept, by=by, at=clock.now(), **given)
    trail.record("inspections.enclosure.taken", by=by, about=check, what=made.get_kind_display())
    return made


@transaction.atomic
def urge(*, check: Inspection, by: User) -> File:
    """催: the leader of the team is told which papers are missing, and who answers for the step in 责任表 (八(一)-b)."""
    file = _held(check)
    refuse_if(rules.why_not_urge(file, by, urging.of([file.check.no])[file.check.no], clock.today()))
    leader = file.check.members.filter(is_leader=True).values_list("inspector__user", flat=True)
    answering = nine_steps.deciding(file.check.unit, clock.today(), "实施检查")
    title, no = f"案卷 {file.check.no} 缺文书", [file.check.no]
    how = "".join(dict.fromkeys(line.filed.mended for line in file.missing))
    words = f"缺{file.lacking}。补上以后才能成册。"
    matter = {"duty": duties.binding_of(file), "asks": False}  # bound, it lacks nothing: nobody is asked any longer
    tell_people(leader, title, words + how, reverse("inspections:archive-add", args=no), **matter)
    tell_people(answering, title, f"{words}已催检查小组组长。", reverse("inspections:archive-file", args=no), **matter)
    trail.record("inspections.volume.urged", by=by, about=file.check, papers=file.lacking)
    return file


@transaction.atomic
def shelve(*, check: Inspection, box: str, shelf: str, by: User) -> Volume:
    """Where the paper lies (七(七)-r)."""
    file = _held(check)
    refuse_if(rules.why_not_shelve(file, by))
    volume = file.bound
    volume.put(box, shelf)
    trail.record("inspections.volume.shelved", by=by, about=file.check, box=volume.box, shelf=volume.shelf)
    return volume


# --- two people --------------------------------------------------------------------------------------------------


@transaction.atomic
def ask(
    *, check: Inspection, wish: str, reason: str, by: User, paper: str = "", years: int | None = None
) -> ArchiveRequest:
    """That a paper is lacking for good; or, its term being over, that the file is destroyed or kept on (七(七)-q)."""
    file = _held(check)
    refuse_if(rules.why_not_ask(file, by, wish=wish, paper=paper, years=years, reason=reason, today=clock.today()))
    asked = ArchiveRequest.objects.create(
        inspection=file.check,
        wish=wish,
        paper=paper,
        years=years,
        reason=reason.strip(),
        asked_by=by,
        asked_at=clock.now(),
    )
    duties.asked(asked)
    trail.record("inspections.archive.asked", by=by, about=file.check, wish=asked.get_wish_display())
    return asked


def approve(*, asked: ArchiveRequest, by: User, opinion: str = "") -> ArchiveRequest:
    return _decide(asked, State.APPROVED, by, opinion)


def reject(*, asked: ArchiveRequest, by: User, opinion: str) -> ArchiveRequest:
    return _decide(asked, State.RETURNED, by, opinion)


@transaction.atomic
def _decide(asked: ArchiveRequest, state: str, by: User, opinion: str) -> ArchiveRequest:
    file = _held(asked.inspection)
    asked = ArchiveRequest.objects.locked(asked.pk)
    asked.inspection = file.check
    approved, now = state == State.APPROVED, clock.now()
    refuse_if(
        rules.why_not_approve(asked, file, by, now.date()) if approved else rules.why_not_reject(asked, by, opinion)
    )
    asked.decide(state, by=by, at=now, opinion=opinion)
    duties.decided(asked, now)
    if approved:
        for volume in file.volumes if asked.wish != Wish.WITHOUT else ():
            volume.kept_longer += asked.years or 0
            volume.destroyed_at = now if asked.wish == Wish.DESTROY else None
            volume.save(update_fields=["kept_longer", "destroyed_at"])
        trail.record("inspections.archive.approved", by=by, about=file.check, wish=asked.get_wish_display())
    else:
        trail.record("inspections.archive.returned", by=by, about=file.check, wish=asked.get_wish_display())
    return asked
