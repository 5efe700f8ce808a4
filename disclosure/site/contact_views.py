"""联系我们, and where each unit is reached, for people and for programs (0-c, 四(3)-f)."""

from django.http import JsonResponse
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts import contacts
from benxi_shuangsuiji.policy.parameters import BINDING_OF, OWN

from .freshness import open_to_all


@open_to_all(max_age=300)
def guide(request):
    """企业须知: what an enterprise should know before, during and after a check, and what it need not do (0-c)."""
    return TemplateResponse(request, "disclosure/site/guide.html", _law())


def _law() -> dict:
    law = policy.on(clock.today())
    return {
        "law": law,
        "days": law.publish_within_workdays,
        "answered_within": law.recommended.objection_answered_within_workdays,
        "people": law.min_team_size,
        "cap": law.cap_per_item,
    }


@open_to_all(max_age=300)
def contact(request):
    """联系我们: whom to ask, how to object, and what was changed of the plan (附-b)."""
    shown = _law()
    context = shown | {
        "changes": [step for step in policy.history() if BINDING_OF[step.what.path] != OWN],
        "withdraw_within": shown["law"].other_law.withdraw_within_workdays,
        "units": contacts.units(),
    }
    return TemplateResponse(request, "disclosure/site/contact.html", context)


@open_to_all(max_age=300)
def units_json(request):
    """Each unit with its address and telephone."""
    said = [
        {"code": unit.code, "name": unit.name} | {name: getattr(unit, name) for name in contacts.FIELDS}
        for unit in contacts.units()
    ]
    return JsonResponse({"units": said}, json_dumps_params={"ensure_ascii": False})
