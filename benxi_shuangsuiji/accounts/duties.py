"""What waits for the grants administrator: changes of units or names (五, decision 0075), requests for a grant (decision 0081),
and the reset of a second factor that the system administrator asked for (S10)."""

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell

from .models import SecondFactorReset, Unit, User
from .roles import Role


def open_resets_that_wait() -> None:
    for one in SecondFactorReset.objects.pending().select_related("account__unit"):
        _open_reset(one)


UNITS = Step("UNITNAME", "批准单位和名称的修改", button="批准修改", noun="名称修改", stage="规定")
GRANT_REQUEST = Step("GRANTASK", "决定授权申请", button="办理申请", noun="授权申请", stage="规定")
RESET = Step(
    "RESETOTP",
    "批准重置动态口令",
    button="办理重置",
    noun="口令重置",
    stage="规定",
    waiting=open_resets_that_wait,
)


def reset_asked(one: SecondFactorReset, by: User) -> None:
    """The grants administrator has it to do and is told."""
    team = _open_reset(one)
    tell(
        role=Role.ADMIN_GRANTS,
        unit=team,
        key=f"reset:{one.pk}",
        title=_reset_title(one),
        body=f"{by.full_name}提出，原因：{one.reason}",
        url=_reset_url(one),
        by=by,
        duty=RESET.duties.get(unit=team, period=str(one.pk)),
    )


def reset_decided(one: SecondFactorReset, event: str, at: datetime) -> None:
    RESET.close(Unit.objects.city_team(), str(one.pk), event, at)


def _reset_title(one: SecondFactorReset) -> str:
    unit = one.account.unit  # none for whoever was set up before his unit
    return f"批准重置动态口令：{unit.short_name if unit else ''}{one.account.full_name}"[:120]


def _reset_url(one: SecondFactorReset) -> str:
    return reverse("accounts:account-second-factor", args=[one.account_id])


def _open_reset(one: SecondFactorReset) -> Unit:
    team = Unit.objects.city_team()
    RESET.open(
        team,
        str(one.pk),
        role=Role.ADMIN_GRANTS,
        title=_reset_title(one),
        due=decision_due(localtime(one.asked_at).date(), workdays.calendar()),
        url=_reset_url(one),
        consequence="没有批准以前，他登录不了，也看不到自己要办的事。",
    )
    return team
