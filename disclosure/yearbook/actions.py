from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, jobs, pictures
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.subject import Leaf
from inspections.closing import duties as closing

from . import part_papers as parts
from . import rules
from .models import YearVolume

ZIP = "application/zip"


def number_of(unit: Unit, year: int) -> str:
    """档号 of a year: one of each unit, so its number needs no count."""
    return f"{year}-{unit.short_name[0]}年"


def volumes_of(unit: Unit, year: int) -> list[YearVolume]:
    """The volume of a year and its supplements, in their order."""
    found = YearVolume.objects.filter(unit=unit, year=year).order_by("part")
    return list(found.select_related("unit", "job", "file", "package", "asked_by"))


@transaction.atomic
def bind(*, unit: Unit, year: int, site: str, by: User) -> YearVolume:
    """成册: the worker makes the volume and the package; after a job that failed, again under the same number."""
    unit = Unit.objects.locked(unit.pk)
    volume = next(iter(volumes_of(unit, year)), None)
    refuse_if(rules.why_not_bind(unit, year, volume, by))
    new = YearVolume(unit=unit, year=year, no=number_of(unit, year), asked_by=by, asked_at=clock.now())
    return _asked_for(volume or new, site, by)


@transaction.atomic
def supplement(*, unit: Unit, year: int, reason: str, site: str, by: User) -> YearVolume:
    """补充卷 of what came later or has changed since, with a package of its own; what was bound is not touched."""
    unit = Unit.objects.locked(unit.pk)
    volumes = volumes_of(unit, year)
    refuse_if(rules.why_not_supplement(volumes, unit, later(volumes, by), reason, by))
    return _asked_for(next_part(volumes, by, reason.strip()), site, by)


def next_part(volumes: list[YearVolume], by: User, reason: str = "") -> YearVolume:
    """The supplement behind those that are bound; the last one again, if its job failed."""
    main, last = volumes[0], volumes[-1]
    if not last.file_id:
        return last
    given = {"unit": main.unit, "year": main.year, "reason": reason, "asked_by": by, "asked_at": clock.now()}
    return main.supplement(last.part + 1, **given)


def later(volumes: list[YearVolume], by: User) -> list[Leaf]:
    """What no volume of the year holds."""
    return parts.leaves_of(next_part(volumes, by)) if volumes and volumes[0].file_id else []


def _asked_for(volume: YearVolume, site: str, by: User) -> YearVolume:
    volume.save()
    title = f"{volume.unit.short_name} {volume.year} 年度卷"
    volume.job = jobs.ask_for(kind="year_volume", title=title, params={"volume": volume.pk, "site": site}, by=by)
    volume.save(update_fields=["job"])
    trail.record("disclosure.year_volume.asked", by=by, about=volume, year=volume.year)
    return volume


@transaction.atomic
def mark_bound(*, volume: YearVolume, content: bytes, pages: int, package: bytes, manifest: str) -> YearVolume:
    """The worker has made both; whoever was first, there is one."""
    volume = YearVolume.objects.locked(volume.pk, "unit", "asked_by", "file")
    if volume.file_id:
        return volume
    name, by = f"年度卷_{volume.no}", volume.asked_by
    volume.file = files.store(name=f"{name}.pdf", content=content, content_type=pictures.PDF, by=by)
    volume.package = files.store(name=f"{name}.zip", content=package, content_type=ZIP, by=by)
    volume.pages, volume.manifest, volume.bound_at = pages, manifest, clock.now()
    volume.save(update_fields=["file", "package", "pages", "manifest", "bound_at"])
    if volume.part == 0:
        closing.bound(volume.unit, volume.year, volume.bound_at)
    trail.record("disclosure.year_volume.bound", by=by, about=volume, year=volume.year, manifest=manifest)
    return volume


@transaction.atomic
def shelve(*, volume: YearVolume, box: str, shelf: str, by: User) -> YearVolume:
    """Where the paper lies (七(七)-r)."""
    volume = YearVolume.objects.locked(volume.pk, "unit")
    refuse_if(rules.why_not_shelve(volume, by))
    volume.put(box, shelf)
    trail.record("disclosure.year_volume.shelved", by=by, about=volume, box=volume.box, shelf=volume.shelf)
    return volume
