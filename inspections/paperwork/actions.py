from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import PaperKind, PaperLayout

from . import rules
from .layouts import Layout, written


@transaction.atomic
def keep_layout(*, kind: str, layout: Layout, document: str, valid_from: date, by: User) -> PaperLayout:
    """Enter how a paper looks from a day on."""
    refuse_if(rules.why_not_keep(kind, layout, document, valid_from, by, clock.today()))
    row = PaperLayout.objects.create(
        kind=kind,
        layout=written(layout),
        document=document.strip(),
        valid_from=valid_from,
        made_by=by,
        made_at=clock.now(),
    )
    trail.record("inspections.paper.layout", by=by, about=row, paper=PaperKind(kind).label, document=row.document)
    return row
