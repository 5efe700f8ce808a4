"""The to-do of a request for 更换 names the one place that it is about, for the circle of its draw (desk.md A3, decisions.md 3)."""

from collections.abc import Sequence

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty
from plans.models import AmendmentRequest, DrawStatus
from registry.frames import public_name
from registry.interests.duties import DECISION


def by_name(duties: Sequence[Duty], user: User) -> int:
    """审批更换申请 甲厂 instead of the number of its draw, where it is about one place; how many only the circle knows."""
    asked: dict[int, list[Duty]] = {}
    for duty in duties:
        of, _, pk = duty.period.partition(":")
        if duty.rule == DECISION.id and pk.isdigit() and of in duty.title:
            asked.setdefault(int(pk), []).append(duty)
    if not asked:
        return 0
    # Whose inspector is asked for reads the request, and not to which place he would be sent.
    circle = user.units_with(P.SEE_SEALED)
    rows = AmendmentRequest.objects.filter(pk__in=asked, draw__unit__in=circle).select_related("draw")
    sealed = 0
    for request in rows.prefetch_related("picks__facility"):
        no, picks = request.draw.draw_id, request.picks.all()
        if len(picks) != 1:
            continue
        place = public_name(picks[0].facility)
        for duty in asked[request.pk]:
            if duty.period == f"{no}:{request.pk}":
                agenda.say(duty, duty.title.replace(no, place), no, place=place)
                sealed += request.draw.status != DrawStatus.RELEASED
    return sealed
