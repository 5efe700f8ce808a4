"""Its part of a list of the whole city waits for the registrar of each unit (六(二)-t)."""

from datetime import datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell
from registry.models import ImportBatch

CONFIRM_WITHIN = 5  # working days; the plan names none
PART = Step(
    "CITYPART", "确认全市名单里本单位的部分", button="核对名单", noun="名单核对", stage="名录", of_the_city=True
)


def wait_for(part: ImportBatch) -> None:
    """Open it, and tell whoever has it."""
    title, url = f"核对全市{part.get_kind_display()}，确认本单位的部分", f"/desk/objects/import/{part.pk}/"
    PART.open(
        part.unit,
        str(part.pk),
        role=Role.REGISTRAR,
        title=title,
        due=workdays.calendar().within_workdays(localtime(part.uploaded_at).date(), CONFIRM_WITHIN),
        url=url,
        consequence="确认以前，本单位的名录和类别还是原来的。",
    )
    tell(
        role=Role.REGISTRAR,
        unit=part.unit,
        key=f"{PART}:{part.pk}",
        title=f"{part.unit}：{title}",
        body=f"《{part.file.name}》，{part.uploaded_by}上传。核对以后确认导入，或者放弃。"[:400],
        url=url,
        by=part.uploaded_by,
    )


def decided(batch: ImportBatch, at: datetime) -> None:
    """The part was imported, put aside or taken back; of any other batch nothing waits."""
    if batch.part_of_id:
        PART.close(batch.unit, str(batch.pk), batch.get_state_display(), at)
