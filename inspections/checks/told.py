"""What teams and leaders are told about checks: a count and a number, and nobody's name (decisions.md 3)."""

from collections.abc import Mapping

from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import RoleGrant, Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.notices.telling import announced, tell_each, tell_people

TO_DO = "先声明并接受任务，分管负责人批准以后按时检查。检查之前不向任何人透露检查对象。"
OVER = "不再由本人检查。知道的检查对象仍不得外传。"

Counts = Mapping[int | None, int]  # user → how many; None stands for people without an account


def tasks_came(counts: Counts, of: str) -> None:
    """`of`: the number of the draw or of the check, under which each has it to take them on: his message ends with that."""
    own = Duty.objects.open().filter(
        url=_tasks(), person__in=[user for user in counts if user], period__startswith=f"{of}:"
    )
    _tell_each(counts, "收到 {} 件检查任务", TO_DO, {duty.person_id: duty for duty in own.order_by("pk")})


def tasks_left(counts: Counts, what: str, why: str = "") -> None:
    _tell_each(counts, f"{{}} 件检查任务{what}", why + OVER, {})


def tell_leaders(unit: Unit, title: str, body: str, url: str, *, by: User) -> None:
    """Those who approve for the unit itself, but not the one who asked; what they have to do there ends the message."""
    leaders = RoleGrant.objects.in_force(clock.today()).filter(unit=unit, role=Role.APPROVER).exclude(user=by)
    duty = announced(Role.APPROVER, unit, url)
    tell_people(leaders.values_list("user_id", flat=True), title, body, url, duty)


def _tell_each(counts: Counts, title: str, body: str, own: Mapping[int, Duty]) -> None:
    told = sorted((user, n) for user, n in counts.items() if user)
    tell_each({user: (title.format(n), own.get(user)) for user, n in told}, body, _tasks())


def _tasks() -> str:
    return reverse("inspections:field-tasks")
