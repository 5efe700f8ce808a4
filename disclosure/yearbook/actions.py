from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, jobs, pictures
from benxi_shuangsuiji.refusal import refuse_if
from inspections.closing import duties as closing

from . import rules
from .models import YearVolume

ZIP = "application/zip"


def number_of(unit: Unit, year: int) -> str:
    """档号 of a year: one of each unit, so its number needs no count."""
    return f"{year}-{unit.short_name[0]}年"


@transaction.atomic
def bind(*, unit: Unit, year: int, site: str, by: User) -> YearVolume:
    """成册: the worker makes the volume and the package; after a job that failed, again under the same number."""
    unit = Unit.objects.locked(unit.pk)
    volume = YearVolume.objects.filter(unit=unit, year=year).select_related("job").first()
    refuse_if(rules.why_not_bind(unit, year, volume, by))
    if volume is None:
        volume = YearVolume(unit=unit, year=year, no=number_of(unit, year), asked_by=by, asked_at=clock.now())
        volume.save()
    params = {"volume": volume.pk, "site": site}
    volume.job = jobs.ask_for(kind="year_volume", title=f"{unit.short_name} {year} 年度卷", params=params, by=by)
    volume.save(update_fields=["job"])
    trail.record("disclosure.year_volume.asked", by=by, about=volume, year=year)
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
    closing.bound(volume.unit, volume.year, volume.bound_at)
    trail.record("disclosure.year_volume.bound", by=by, about=volume, year=volume.year, manifest=manifest)
    return volume


@transaction.atomic
def shelve(*, volume: YearVolume, box: str, shelf: str, by: User) -> YearVolume:
    """Where the paper lies (七(七)-r)."""
    volume = YearVolume.objects.locked(volume.pk, "unit")
    refuse_if(rules.why_not_shelve(volume, by))
    volume.box, volume.shelf = box.strip(), shelf.strip()
    volume.save(update_fields=["box", "shelf"])
    trail.record("disclosure.year_volume.shelved", by=by, about=volume, box=volume.box, shelf=volume.shelf)
    return volume
