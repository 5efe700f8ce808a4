"""Every paper of a check from one description, laid out as the bureau says (七(五)-d, -e, -f, -j, -l; domain.md 3.2 (a) to (f))."""

from dataclasses import replace
from datetime import datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import filled
from benxi_shuangsuiji.documents.filled import Filled, Picks
from benxi_shuangsuiji.documents.official import Heading, Official, Para
from benxi_shuangsuiji.workdays.days import full_date
from inspections.checks.issuer import issuer_of
from inspections.checks.marks import mark_of
from inspections.models import Inspection, PaperKind

from . import layouts, rules
from .approval_papers import ApprovalFacts
from .blocks import Facts, blocks_of, written
from .check_papers import CheckFacts
from .layouts import Layout
from .models import OF_A_CHECK
from .notice_papers import NoticeFacts, code_url, foot_of

SMALL = {PaperKind.NOTICE}  # one sheet to be handed over
MANY = 3  # items: a form with more of them is set small, so that it stays on a sheet


def paper_of(inspection: Inspection, kind: str, *, site: str = "") -> Filled | Official:
    """One paper, from what was recorded and the layout in force when it came to be; `site` is where its codes lead."""
    facts, since, made_at, no = _known(inspection, kind)
    layout = layouts.in_force(kind, localtime(since).date())
    heads = _heads(inspection, kind, layout.numbered(localtime(since).year, no))
    paper = paper_with(facts, layout, kind, issuer_of(inspection).body, *heads, made_at=made_at)
    mark = mark_of(inspection.no, kind, filled.digest_of(paper))
    return replace(paper, mark=mark, **(_addresses(inspection, kind, site) if site else {}))


def _known(inspection: Inspection, kind: str) -> tuple[Facts, datetime, datetime, str]:
    """(facts, when it came to be, when it was last written on, what its number is made of)."""
    if kind == PaperKind.APPROVAL:
        approval = ApprovalFacts(inspection)
        return approval, approval.asked.asked_at, approval.last, approval.asked.no
    if kind == PaperKind.NOTICE:
        number = inspection.notice_number
        return NoticeFacts(inspection), number.given_at, number.given_at, number.text
    return CheckFacts(inspection), inspection.ended_at, inspection.uploaded_at, inspection.no


def _heads(inspection: Inspection, kind: str, number: str) -> tuple[str, str]:
    """What stands above the title, to the left and to the right."""
    body = issuer_of(inspection).body
    if kind == PaperKind.REPORT:
        return number, ""
    if kind == PaperKind.NOTICE:
        return number, f"检查码：{' '.join(inspection.code_groups)}"
    if kind == PaperKind.APPROVAL:
        return f"审批编号：{number}", f"{body}　检查编号：{inspection.no}"
    drawn = kind == PaperKind.FORM and inspection.draw_id
    return (
        f"编号：{number}",
        f"{body}　{f'抽取编号：{inspection.draw.draw_id}' if drawn else inspection.get_source_display()}",
    )


def _addresses(inspection: Inspection, kind: str, site: str) -> dict:
    if kind == PaperKind.NOTICE:
        return {"address": f"{site}{code_url(inspection)}", "foot": foot_of(inspection, site)}
    if kind == PaperKind.FORM and inspection.draw_id:
        return {"address": f"{site}/draws/{inspection.draw.draw_id}/", "foot": ("扫左边的码核验本次抽取。",)}
    return {}


def paper_with(
    facts: Facts, layout: Layout, kind: str, body: str, left: str, right: str, *, made_at: datetime
) -> Filled | Official:
    """A paper from whatever knows its facts: a check, or the example of the layouts' page."""
    moment = localtime(made_at)
    if kind == PaperKind.REPORT:
        chapters: list[Heading | Para] = []
        for key, label in layout.fields:
            chapters += [Heading(label), *(Para(line) for line in (facts.of(key) or "无。").splitlines())]
        return Official(
            issuer=body,
            number=left,
            title=f"{facts.of('facility')}{layout.title}",
            blocks=tuple(chapters),
            signed=body,
            dated=full_date(moment.date()),
            made_at=moment.isoformat(timespec="seconds"),
        )
    blocks = blocks_of(facts, layout)
    return Filled(
        unit=body,
        title=layout.title,
        left=left,
        right=right,
        blocks=blocks,
        note="",
        made_at=moment.isoformat(timespec="seconds"),
        small=kind in SMALL or any(isinstance(b, Picks) and len(b.rows) > MANY for b in blocks),
    )


def made(inspection: Inspection, kind: str, way: str, *, site: str = "") -> tuple[bytes, str, str]:
    """(content, file name, content type); the name says the number only (decisions.md 3)."""
    content, content_type = written(paper_of(inspection, kind, site=site), way)
    return content, f"{PaperKind(kind).label}_{inspection.no}.{way}", content_type


def digest_today(inspection: Inspection, paper: str) -> str:
    """How the digest of a paper begins as it would be printed now; "" where it cannot be compared."""
    if paper in OF_A_CHECK and not rules.why_not_paper(inspection, paper):
        return filled.digest_of(paper_of(inspection, paper)).replace(" ", "")[:8].upper()
    return ""
