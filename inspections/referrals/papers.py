"""移送函 and 涉嫌犯罪案件移送书, as the bureau has them laid out (八(二)-f; 行政处罚法 27)."""

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.official import Heading, Official, Para
from benxi_shuangsuiji.workdays.days import full_date
from inspections.checks.issuer import issuer_of, place_of
from inspections.models import PaperKind, Referral
from inspections.paperwork import layouts
from inspections.paperwork.blocks import written


def paper_of(referral: Referral) -> Official:
    """From what was asked and approved; laid out as on the day of the approval."""
    kind = PaperKind.CRIME if referral.is_crime else PaperKind.REFERRAL
    day = localtime(referral.decided_at)
    layout, body = layouts.in_force(kind, day.date()), issuer_of(referral.inspection).body
    facts = _facts(referral)
    blocks: list[Heading | Para] = [Para(f"{referral.body}："), Para(layout.opening.replace("{body}", referral.body))]
    for key, label in layout.fields:
        blocks += [Heading(label), *(Para(line) for line in facts[key].splitlines() if line)]
    return Official(
        issuer=body,
        number=layout.numbered(day.year, referral.document_no),
        title=layout.title,
        blocks=(*blocks, Para(layout.closing)),
        signed=body,
        dated=full_date(day.date()),
        made_at=day.isoformat(timespec="seconds"),
    )


def _facts(referral: Referral) -> dict[str, str]:
    check, place = referral.inspection, place_of(referral.inspection)
    who = (place.name, f"统一社会信用代码 {place.uscc}" if place.uscc else "", place.address)
    ended = full_date(localtime(check.ended_at).date())
    wanted = "审查是否立案" if referral.is_crime else "依法处理"
    return {
        "facility": "，".join(word for word in who if word) + "。",
        "found": f"{ended}，{check.executing_unit.on(localtime(check.ended_at).date()).name}对当事人进行行政检查（编号 {check.no}）。{_ended(check.finding)}",
        "matter": _ended(referral.matter),
        "basis": _ended(referral.basis),
        "enclosed": _ended(referral.enclosed),
        "asked": f"{wanted}，并按编号 {referral.no} 回复受理情况和处理结果。",
    }


def _ended(text: str) -> str:
    """As a sentence of the letter."""
    return f"{text.rstrip('。')}。" if text else ""


def made(referral: Referral, way: str) -> tuple[bytes, str, str]:
    """(content, file name, content type); the name says the number only (decisions.md 3)."""
    content, content_type = written(paper_of(referral), way)
    return content, f"移送函_{referral.no}.{way}", content_type
