"""Why a tag, a bulk change or a kept view is refused: one sentence each, "" when nothing stands in the way."""

from datetime import datetime, timedelta

from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from registry.models import SavedView, Tag, TagRun

UNDONE_WITHIN = timedelta(minutes=30)
MOST_TAGS = 60
MOST_VIEWS = 8


def why_not_keep_tags(unit, user) -> str:
    if unit is None or not user.may(Permission.EDIT_FACILITIES, unit):
        return "只有本单位的名录管理员可以维护标签。"
    return ""


def why_not_name(unit, name: str, tag: Tag | None = None) -> str:
    if not name.strip():
        return "填写标签。"
    same = Tag.objects.filter(unit=unit, name=name.strip())
    if tag is not None:
        same = same.exclude(pk=tag.pk)
    if other := same.first():
        return f"已有标签“{other.name}”" + ("，已停用。恢复使用即可。" if other.retired_on else "。换一个名称。")
    if tag is None and Tag.objects.in_use().filter(unit=unit).count() >= MOST_TAGS:
        return f"最多 {MOST_TAGS} 个标签。先停用不再用的。"
    return ""


def why_not_put(tag: Tag, user) -> str:
    if reason := why_not_keep_tags(tag.unit, user):
        return reason
    return f"标签“{tag.name}”已停用。恢复使用后再加。" if tag.retired_on else ""


def why_not_undo(run: TagRun, user, now: datetime) -> str:
    """Exactly the state before comes back, so nothing may have been built on it."""
    if reason := why_not_keep_tags(run.unit, user):
        return reason
    if run.undone_at:
        return "这一次已经撤销。"
    if now - run.at > UNDONE_WITHIN:
        return f"已超过 {UNDONE_WITHIN.seconds // 60} 分钟，不能撤销。用“加标签”“去标签”改回。"
    if TagRun.objects.filter(tag=run.tag_id, pk__gt=run.pk, undone_at__isnull=True).exists():
        return f"标签“{run.tag.name}”后来又改过。先撤销后来的那一次。"
    return ""


def run_to_undo(text: str | None, user, unit, now: datetime) -> TagRun | None:
    """The run an address names, while it can still be taken back."""
    if not (text or "").isascii() or not (text or "").isdigit() or len(text) > 12:
        return None
    run = TagRun.objects.filter(pk=text, unit=unit).select_related("tag", "unit").first()
    return run if run and not why_not_undo(run, user, now) else None


def saved_views_for(user, unit) -> list[SavedView]:
    """The reader's own of this unit, then those that others share in it."""
    if unit is None:
        return []
    views = SavedView.objects.filter(Q(user=user) | Q(shared=True), unit=unit)
    return sorted(views[: 2 * MOST_VIEWS], key=lambda view: (view.user_id != user.pk, view.pk))


def why_not_save_view(unit, user, *, query: str) -> str:
    if unit is None or not user.may(Permission.SEE_FACILITIES, unit):
        return "没有可以查看的单位。"
    if not query:
        return "先在列表里选条件，再保存视图。"
    if SavedView.objects.filter(user=user, unit=unit).count() >= MOST_VIEWS:
        return f"最多保存 {MOST_VIEWS} 个视图。先删除不用的。"
    return ""
