"""移送 for the box of the frame: by number, by the 文号 of the letter, its receipt or its answer, by whom it is about."""

from django.db.models import Q

from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of
from inspections.checks.finds import note
from registry.facilities import finds as facilities

from .models import Referral


def referrals(user, asked: Asked) -> Found:
    about = Q(inspection__facility__in=facilities.called(asked))
    return Found(
        Referral.objects.visible_to(user).select_related("inspection__facility").order_by("-asked_at", "-pk"),
        lambda one: Hit(
            f"{one.inspection.facility.name}：移送{one.body}", one.get_absolute_url(), one.no, one.get_state_display()
        ),
        any_is(asked, "no", "document_no", "receipt_no", "answer_no"),
        part_of(asked, "no", "document_no", "body") | about,
        noted=lambda rows: note(user, [one.inspection for one in rows]),
    )
