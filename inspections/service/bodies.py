"""The setting of whose name and seal every paper of a check carries alike (五-2a, N-1)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason

from .models import PaperBody


def why_not_set(by) -> str:
    return "" if by.units_with(Permission.EDIT_CITY_ITEMS) else "由市执法队牵头部门登记。"


@transaction.atomic
def set_body(*, body: str, document: str, valid_from: date, by: User) -> PaperBody:
    """From a day on, by a document; papers of checks dispatched before keep theirs."""
    today = timezone.localtime(clock.now()).date()
    refuse_if(
        why_not_set(by)
        or why_not_reason(document, "依据文件")
        or ("起始日不能早于今天，已经派发的检查不改。" if valid_from < today else "")
    )
    made = PaperBody.objects.create(
        body=body, document=document.strip(), valid_from=valid_from, entered_by=by, entered_at=clock.now()
    )
    trail.record("inspections.paper_body.set", by=by, body=body, document=made.document, valid_from=valid_from)
    return made
