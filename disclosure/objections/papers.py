"""答复书: what was decided about an objection, to hand over or to send (四(3)-f)."""

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.filled import Filled, Line, Sign, Signs, Text
from benxi_shuangsuiji.workdays.days import full_date

from .models import Outcome, Ruling


def name_of(ruling: Ruling) -> str:
    return f"更正与申诉答复书_{ruling.objection.receipt}.pdf"


def paper_of(ruling: Ruling) -> Filled:
    """Of a decision that was taken; it names who asked, so it goes to him alone."""
    o, p = ruling.objection, ruling.objection.publication
    then = "" if ruling.outcome == Outcome.KEEP else "改动随决定在公示网页上公开。"
    day = localtime(ruling.decided_at).date()
    return Filled(
        unit=o.unit.on(day).name,
        title="更正与申诉答复书",
        left=f"受理编号：{o.receipt}",
        right=ruling.document_no,
        blocks=(
            Line((("申请人", o.applicant.name),)),
            Line((("对哪条公示", f"{p.get_kind_display()}　{p.no}"),)),
            Line((("要求", o.get_demand_display()), ("受理", full_date(o.received_on)))),
            Text("决定", f"{ruling.get_outcome_display()}。{ruling.reason}{then}"),
            Text(
                "不服怎么办",
                "可以在收到决定后向市生态环境局反映。对行政处罚等决定不服的，可以依法申请行政复议或者提起行政诉讼，不受本答复影响。",
            ),
            Signs((Sign("办理单位", o.unit.on(day).signed, full_date(day)),)),
        ),
        note="",
        made_at=localtime(ruling.decided_at).isoformat(timespec="seconds"),
    )
