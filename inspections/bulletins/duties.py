"""A 通报 or an evaluation waits for who signs it (五-2c)."""

from datetime import datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from inspections.models import Bulletin

# It tells of no check; the paper itself opens for others only once it is signed.
SIGNING = Step(
    "BULLETIN",
    "签发通报和评估",
    button="签发通报",
    noun="通报签发",
    stage="报告",
    of_the_city=True,
    pages=Bulletin.objects.visible_to,
    listed="inspections:bulletin-list",
)


def asked(bulletin: Bulletin) -> None:
    SIGNING.open(
        bulletin.office,
        period_of(bulletin),
        role=Role.APPROVER,
        title=f"签发{bulletin.get_kind_display()} {bulletin.no}",
        due=decision_due(localtime(bulletin.asked_at).date(), workdays.calendar()),
        url=bulletin.get_absolute_url(),
        consequence="签发以后各单位才看得到。",
    )


def decided(bulletin: Bulletin, event: str, at: datetime) -> None:
    SIGNING.close(bulletin.office, period_of(bulletin), event, at)


def period_of(bulletin: Bulletin) -> str:
    return f"{bulletin.no}-{bulletin.pk}"
