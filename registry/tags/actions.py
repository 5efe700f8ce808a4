"""A unit's own tags: made, renamed, retired, put on many facilities at once and taken back (六(二)-p)."""

from django.db import connection, transaction
from django.db.models import QuerySet

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if
from registry.models import Facility, FacilityTag, SavedView, Tag, TagRun

from . import rules


@transaction.atomic
def make_tag(*, unit: Unit, name: str, note: str = "", by: User) -> Tag:
    refuse_if(rules.why_not_keep_tags(unit, by) or rules.why_not_name(unit, name))
    tag = Tag.objects.create(unit=unit, name=name.strip(), note=note.strip(), created_by=by, created_at=clock.now())
    trail.record("registry.tag.made", by=by, about=tag, name=tag.name)
    return tag


@transaction.atomic
def change_tag(*, tag: Tag, name: str, note: str = "", by: User) -> Tag:
    """Another name or note; the facilities keep the tag."""
    tag = Tag.objects.locked(tag.pk, "unit")
    refuse_if(rules.why_not_keep_tags(tag.unit, by) or rules.why_not_name(tag.unit, name, tag))
    before, tag.name, tag.note = tag.name, name.strip(), note.strip()
    tag.save(update_fields=["name", "note"])
    trail.record("registry.tag.changed", by=by, about=tag, name=[before, tag.name])
    return tag


@transaction.atomic
def retire_tag(*, tag: Tag, retired: bool, by: User) -> Tag:
    """Out of use: no longer shown, offered or found; taken into use again it stands where it stood."""
    tag = Tag.objects.locked(tag.pk, "unit")
    refuse_if(rules.why_not_keep_tags(tag.unit, by))
    if bool(tag.retired_on) == retired:
        raise Refused(f"标签“{tag.name}”{'已经停用' if retired else '正在使用'}。")
    tag.retired_on = clock.today() if retired else None
    tag.save(update_fields=["retired_on"])
    if retired:
        trail.record("registry.tag.retired", by=by, about=tag, name=tag.name)
    else:
        trail.record("registry.tag.restored", by=by, about=tag, name=tag.name)
    return tag


@transaction.atomic
def put_tag(*, tag: Tag, facilities: QuerySet[Facility], by: User) -> TagRun:
    """Put the tag on every facility of the query that does not have it, in one statement."""
    tag = Tag.objects.locked(tag.pk, "unit")
    refuse_if(rules.why_not_put(tag, by))
    run = _run(tag, adds=True, by=by)
    rows, values = facilities.filter(unit=tag.unit).order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO registry_facilitytag (facility_id, tag_id, added_id) SELECT s.id, %s, %s FROM ({rows}) s(id)"
            " ON CONFLICT (facility_id, tag_id) WHERE removed_id IS NULL DO NOTHING",
            [tag.pk, run.pk, *values],
        )
        run.count = cursor.rowcount
    _keep(run, f"选中的都已有标签“{tag.name}”。")
    trail.record("registry.tag.put", by=by, about=tag, name=tag.name, rows=run.count)
    return run


@transaction.atomic
def take_tag(*, tag: Tag, facilities: QuerySet[Facility], by: User) -> TagRun:
    """Take the tag off every facility of the query that has it."""
    tag = Tag.objects.locked(tag.pk, "unit")
    refuse_if(rules.why_not_keep_tags(tag.unit, by))
    run = _run(tag, adds=False, by=by)
    chosen = facilities.filter(unit=tag.unit).order_by().values("pk")
    run.count = FacilityTag.objects.filter(tag=tag, removed__isnull=True, facility__in=chosen).update(removed=run)
    _keep(run, f"选中的都没有标签“{tag.name}”。")
    trail.record("registry.tag.taken", by=by, about=tag, name=tag.name, rows=run.count)
    return run


@transaction.atomic
def undo_tags(*, run: TagRun, by: User) -> TagRun:
    """Restore exactly what stood before the run."""
    Tag.objects.locked(run.tag_id)
    run = TagRun.objects.locked(run.pk, "tag", "unit")
    now = clock.now()
    refuse_if(rules.why_not_undo(run, by, now))
    if run.adds:
        FacilityTag.objects.filter(added=run, removed__isnull=True).delete()
    else:
        FacilityTag.objects.filter(removed=run).update(removed=None)
    run.undone_at = now
    run.save(update_fields=["undone_at"])
    trail.record("registry.tag.undone", by=by, about=run.tag, name=run.tag.name, rows=run.count)
    return run


@transaction.atomic
def save_view(*, unit: Unit, query: str, name: str, shared: bool, by: User) -> SavedView:
    """Keep an address under a name, for oneself or for the unit; a view shows nobody more than his own list does."""
    refuse_if(rules.why_not_save_view(unit, by, query=query))
    if SavedView.objects.filter(user=by, unit=unit, name=name.strip()).exists():
        raise Refused(f"已有视图“{name.strip()}”。换一个名称，或先删除那一个。")
    return SavedView.objects.create(
        user=by, unit=unit, query=query[:500], name=name.strip(), shared=shared, at=clock.now()
    )


@transaction.atomic
def delete_view(*, view: SavedView, by: User) -> None:
    if view.user_id != by.pk:
        raise Refused("只能删除自己保存的视图。")
    view.delete()


def _run(tag: Tag, *, adds: bool, by: User) -> TagRun:
    return TagRun.objects.create(unit=tag.unit, tag=tag, adds=adds, count=0, by=by, at=clock.now())


def _keep(run: TagRun, nothing: str) -> None:
    if not run.count:
        raise Refused(nothing)
    run.save(update_fields=["count"])
