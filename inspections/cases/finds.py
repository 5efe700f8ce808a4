"""立案查处 for the box of the frame: by number, by a 文号 of the case, by whom it is about."""

from django.db.models import Q

from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of
from inspections.checks.finds import note
from registry.facilities import finds as facilities

from .models import Case, CaseAct


def cases(user, asked: Asked) -> Found:
    acts = CaseAct.objects.filter(any_is(asked, "document_no")).values("case")
    about = Q(inspection__facility__in=facilities.called(asked))
    return Found(
        Case.objects.visible_to(user).select_related("inspection__facility").order_by("-asked_at", "-pk"),
        lambda case: Hit(
            f"{case.inspection.facility.name}：{case.matter}",
            case.get_absolute_url(),
            case.no,
            case.get_state_display(),
        ),
        any_is(asked, "no", "document_no") | Q(pk__in=acts),
        part_of(asked, "no", "document_no", "matter") | about,
        noted=lambda rows: note(user, [case.inspection for case in rows]),
    )
