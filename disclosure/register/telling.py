"""The newest head goes to the observers by mail once a day: what lies with others cannot be taken back (PUB1 §7)."""

from datetime import time

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Heartbeat
from benxi_shuangsuiji.notices.tasks import beat
from benxi_shuangsuiji.notices.telling import holders_of, mail
from benxi_shuangsuiji.workdays.days import full_date

from . import log, own

BEAT = "register-mail"
AFTER = time(8, 0)


@transaction.atomic
def tell_observers() -> int:
    """How many were written to now."""
    now, head = clock.now(), log.newest()
    last = Heartbeat.objects.filter(name=BEAT).first()
    if head is None or now.time() < AFTER or (last and last.at.astimezone(now.tzinfo).date() >= now.date()):
        return 0
    observers = holders_of(Role.OBSERVER, own.city_team(), now)
    body = f"{log.words_of(head)}保存这封邮件；日志以后改动或者删减，和它对不上。\n\n{head.note}"
    subject = f"{full_date(now.date())}公示日志"
    for user in observers:
        mail(user=user, key=f"register:{now.date()}", subject=subject, body=body, at=now, url="/verify/register/")
    beat(BEAT, now)
    return len(observers)
