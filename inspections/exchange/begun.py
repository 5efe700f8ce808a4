"""What a task that was begun on the platform says for the request here, so that nobody types it again (issue 17, 五-4h)."""

from datetime import date

from inspections.models import CodeKind, PlatformState, PlatformTask
from plans.models import InspectionItem
from registry.models import Facility

from . import records, their_tasks


def said_for(number: str, facility: Facility, user) -> dict:
    """The fields that its task fills, which whoever asks may change; nothing of a task that waits no more or is of another place."""
    waiting = PlatformTask.objects.visible_to(user).filter(state=PlatformState.WAITING, content__isnull=False)
    task = waiting.filter(number=number).select_related("facility", "unit").first() if number else None
    if task is None or their_tasks.place_of(task)[0] != facility:
        return {}
    ours = records.Codes().ours
    codes = [pair["bxs"] or ours.get((CodeKind.ITEM, pair["mep"])) for pair in task.content["items"]]
    return {
        "reason": f"{task.content['reason'] or ''}（移动执法平台 {task.number}）",
        "mode": task.content["mode"],
        "items": list(InspectionItem.objects.filter(code__in=filter(None, codes)).values_list("pk", flat=True)),
        "finish_by": date.fromisoformat(task.content["finish_by"]),
    }
