"""Whoever must know at once that the register is not as it was (PUB1 §2, §3; SSJ1 15 D10)."""

from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.telling import tell

ALARMED = (Role.SUPERVISOR, Role.LEAD_OFFICE, Role.ADMIN_SYSTEM, Role.ADMIN_AUDIT)


def raise_alarm(problem: str) -> None:
    """Tell them, and write it down; the same trouble once a day, since the rounds come every minute."""
    today = clock.today()
    if AuditEntry.objects.filter(verb="disclosure.register.astray", at__date=today, details__problem=problem).exists():
        return
    city = Unit.objects.filter(kind=UnitKind.CITY_TEAM).first()
    for role in ALARMED if city else ():
        tell(
            role=role,
            unit=city,
            key=f"register:{today}",
            title="公示日志对不上，可能被改动",
            body=problem,
            url=reverse("disclosure:register"),
        )
    trail.record("disclosure.register.astray", by=None, problem=problem)
