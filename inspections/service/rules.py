"""Why a paper cannot be served, and what waits until it is (七(五)-j, -k; N-7)."""

import hashlib
import json
from datetime import datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_reason
from inspections.checks.rules import why_not_team
from inspections.checks.states import DROPPED, SHUT_OR_NOBODY
from inspections.models import Inspection, Mode

from .models import Delivery, Paper


def delivered(inspection: Inspection, paper: str) -> Delivery | None:
    """The serving that stands; of a result that was changed since it was told, none."""
    covers = as_it_stands(inspection, paper)
    return inspection.deliveries.filter(paper=paper, covers=covers).select_related("by").last()


def as_it_stands(inspection: Inspection, paper: str) -> str:
    """What of a check the enterprise is told, as one digest: a returned record may come back with another result."""
    if paper != Paper.RESULT:
        return ""
    said = [inspection.outcome, inspection.finding, inspection.measures, inspection.rectify_by]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, default=str).encode()).hexdigest()


def why_nothing_to_deliver(inspection: Inspection, paper: str, by) -> str:
    """Why this paper will not be served by this person at all; the phone keeps the form from before arrival on."""
    of_the_unit = paper == Paper.RESULT and by.may(Permission.DISPATCH, inspection.unit_id)
    if reason := "" if of_the_unit else why_not_team(inspection, by):
        return reason
    if inspection.status in DROPPED:
        return f"这次检查{inspection.get_status_display()}，不再送达文书。"
    if paper == Paper.NOTICE and inspection.mode != Mode.ONSITE:
        return f"{inspection.get_mode_display()}检查没有人到场，不当面送达通知书。"
    if (standing := delivered(inspection, paper)) and standing.accepted:
        return f"{standing.get_paper_display()}已经送达，不用再记。"
    return ""


def why_not_deliver(inspection: Inspection, paper: str, by) -> str:
    """The notice is shown on arrival, the result once the check is over."""
    if reason := why_nothing_to_deliver(inspection, paper, by):
        return reason
    if paper == Paper.NOTICE and not inspection.is_there and not beforehand(inspection):
        return "还没有登记到场。先登记到场，再送达通知书。"
    if paper == Paper.RESULT and inspection.ended_at is None:
        return "检查还没有结束。检查结束以后再送达检查结果。"
    return ""


def beforehand(inspection: Inspection):
    """The approval that lets the notice go out before anybody arrives; None: it is served on arrival."""
    return inspection.approvals.final().filter(notice_beforehand=True).order_by("decided_at").last()


def why_not_show(inspection: Inspection, by) -> str:
    """The certificates are shown on arrival also where the notice went out beforehand (七(五)-i)."""
    if reason := why_not_team(inspection, by):
        return reason
    if not inspection.is_there:
        return "还没有登记到场。先登记到场，再出示执法证件。"
    return "出示执法证件的时间已经记过。" if inspection.identity_shown_at else ""


def why_not_this_delivery(
    inspection: Inspection,
    paper: str,
    *,
    at: datetime,
    now: datetime,
    accepted: bool,
    refused_because: str,
    witness: str,
) -> str:
    """When it was, and of a refusal why and who saw it (七(五)-k)."""
    earliest, what = inspection.ended_at, "检查结束"
    if paper == Paper.NOTICE:
        early = beforehand(inspection)
        earliest, what = (early.decided_at, "批准") if early else (inspection.there_since, "到场")
    if reason := why_not_moment(at, earliest, now, what):
        return reason
    if accepted:
        return "已经签收的，不写拒收的原因。" if refused_because.strip() else ""
    if (standing := delivered(inspection, paper)) and not standing.accepted:
        return "拒收已经记过。对方后来收下的，记为送达。"
    if reason := why_not_reason(refused_because, "拒收的原因"):
        return reason
    return "" if witness.strip() else "写明见证人。没有见证人的，写“无，执法记录仪已记录”。"


def why_not_moment(at: datetime, earliest: datetime, now: datetime, what: str) -> str:
    """To the minute, because people type minutes."""
    if at > now:
        return "时间晚于现在。核对时间。"
    return f"时间早于{what}。核对时间。" if at < earliest.replace(second=0, microsecond=0) else ""


def why_not_served(inspection: Inspection) -> str:
    """Nobody's place is checked to the end without the notice served or refused (凡检查必通知, N-7)."""
    if inspection.mode != Mode.ONSITE or inspection.deliveries.filter(paper=Paper.NOTICE).exists():
        return ""
    return "检查通知书还没有送达。先出示检查码，记下已送达；对方不收的，记下拒收。"


def why_not_told(inspection: Inspection) -> str:
    """A result is told to whom it is about before it is public, where there was somebody to tell (N-10).

    The 20 working days run on meanwhile (八(二)-d).
    """
    told = [d.covers for d in inspection.deliveries.all() if d.paper == Paper.RESULT]
    if inspection.outcome in SHUT_OR_NOBODY or as_it_stands(inspection, Paper.RESULT) in told:
        return ""
    if told:
        return "告知企业以后改过检查结果。把现在的结果重新告知，记下送达或者拒收以后再公开，公开的期限不顺延。"
    return "检查结果还没有告知企业。检查小组或计划员记下送达或者拒收以后再公开，公开的期限不顺延。"


def told_words(inspection: Inspection) -> str:
    """When the result was taken or refused; "" while it was not told."""
    if inspection.outcome in SHUT_OR_NOBODY:
        return "没有找到人，不用当面告知"
    standing = delivered(inspection, Paper.RESULT)
    return (
        f"{localtime(standing.at):%-m 月 %-d 日 %-H:%M} {'已签收' if standing.accepted else '对方拒收'}"
        if standing
        else ""
    )
