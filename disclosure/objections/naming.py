"""The to-do of an objection says what it is about; who asks stands behind the page alone (四(3)-f, desk.md A3)."""

from collections.abc import Sequence

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty

from .duties import OBJECTION
from .models import Objection


def by_name(duties: Sequence[Duty], user: User) -> int:
    """核查更正：某单位的检查结果 instead of a receipt, for whoever deals with it. A publication is no secret, so none is told."""
    mine = [duty for duty in duties if duty.rule == OBJECTION.id]
    if mine:
        rows = Objection.objects.visible_to(user).filter(receipt__in={duty.period for duty in mine})
        titles = dict(rows.values_list("receipt", "publication__title"))
        for duty in mine:
            if duty.period in titles and duty.period in duty.title:
                title = duty.title.replace(f" {duty.period}", f"：{titles[duty.period]}")
                agenda.say(duty, title, duty.period)
    return 0
