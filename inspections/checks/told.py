"""What teams and leaders are told about checks: a count and a number, and nobody's name (decisions.md 3)."""

from collections.abc import Mapping

from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import RoleGrant, Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Message
from benxi_shuangsuiji.notices.telling import tell_people

TO_DO = "先声明并接受任务，分管负责人批准以后按时检查。检查之前不向任何人透露检查对象。"
OVER = "不再由本人检查。知道的检查对象仍不得外传。"

Counts = Mapping[int | None, int]  # user → how many; None stands for people without an account


def tasks_came(counts: Counts) -> None:
    _tell_each(counts, "收到 {} 件检查任务", TO_DO)


def tasks_left(counts: Counts, what: str, why: str = "") -> None:
    _tell_each(counts, f"{{}} 件检查任务{what}", why + OVER)


def tell_leaders(unit: Unit, title: str, body: str, url: str, *, by: User) -> None:
    """Those who approve for the unit itself, but not the one who asked."""
    leaders = RoleGrant.objects.in_force(clock.today()).filter(unit=unit, role=Role.APPROVER).exclude(user=by)
    tell_people(leaders.values_list("user_id", flat=True), title, body, url)


def _tell_each(counts: Counts, title: str, body: str) -> None:
    now, url = clock.now(), reverse("inspections:field-tasks")
    Message.objects.bulk_create(
        Message(user_id=user, title=title.format(n), body=body, url=url, created_at=now)
        for user, n in sorted((user, n) for user, n in counts.items() if user)
    )
