"""检查审批 for the box of the frame: by the number that the checks asked for together share."""

from urllib.parse import urlencode

from django.urls import reverse

from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is
from inspections.checks.finds import note

from .models import CheckApproval


def approvals(user, asked: Asked) -> Found:
    return Found(
        CheckApproval.objects.visible_to(user).select_related("inspection__unit").order_by("-asked_at", "-pk"),
        lambda row: Hit(
            f"检查审批 {row.no}",
            f"{reverse('inspections:approval-list')}?{urlencode({'no': row.no})}",
            row.no,
            row.inspection.unit.short_name,
        ),
        any_is(asked, "no"),
        noted=lambda rows: note(user, [row.inspection for row in rows]),
    )
