"""行政检查通知书: which facts stand on it (domain.md 3.2 (b), 七(五)-j, N-7, N-8; 0-b, 一-e). It carries the code of the visit."""

import hashlib
import json
from dataclasses import asdict, dataclass

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.documents.codes import code_of
from benxi_shuangsuiji.policy.discipline import FIVE, SOURCE
from benxi_shuangsuiji.workdays.days import full_date
from inspections.checks.issuer import issuer_of, place_of
from inspections.checks.pages import materials_of
from inspections.checks.papers import Person
from inspections.codes.links import current
from inspections.frequency.counts import turn_of
from inspections.models import Inspection, Mode, Source
from plans.bases import citations
from plans.bases.rules import grounds_in_force
from plans.draw.visit_slips import slip_of

from .numbers import number_of


@dataclass(frozen=True, kw_only=True)
class NoticeFacts:
    """Everything on the paper, so that the same facts give the same paper."""

    no: str
    number: str
    unit: str  # 检查主体, whose seal it is
    executing_unit: str
    purpose: str
    frequency: str
    code: str
    facility: str
    uscc: str
    address: str
    source: str
    draw_no: str
    grounds: tuple[str, ...]
    bases: tuple[str, ...]
    items: tuple[str, ...]
    materials: tuple[str, ...]
    mode: str
    finish_by: str
    people: tuple[Person, ...]
    slip: str
    slip_digest: str
    slip_place: str
    made_at: str

    @property
    def digest(self) -> str:
        """The first 16 hex digits in groups of four; the whole is the SHA-256 of the facts as JSON."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        head = hashlib.sha256(text.encode()).hexdigest()[:16]
        return " ".join(head[i : i + 4] for i in range(0, 16, 4))


def notice_facts(inspection: Inspection) -> NoticeFacts:
    points = list(inspection.answers.order_by("item_code", "number"))
    dispatched_on = timezone.localtime(inspection.dispatched_at).date()
    slip = slip_of(inspection.slip_pick) if inspection.slip_pick else None
    place = ""
    if slip:
        at = timezone.localtime(slip.at)
        place = f"{full_date(at.date())} {at:%H:%M} 公布，公示链第 {slip.seq} 条"
    issuer, place_then = issuer_of(inspection), place_of(inspection)
    return NoticeFacts(
        no=inspection.no,
        number=number_of(inspection),
        unit=issuer.body,
        executing_unit=issuer.by,
        purpose=purpose_of(inspection),
        frequency=frequency_of(inspection),
        code=" ".join(inspection.code_groups),
        facility=place_then.name,
        uscc=place_then.uscc,
        address=place_then.address,
        source=inspection.get_source_display(),
        draw_no=inspection.draw.draw_id if inspection.draw_id else "",
        grounds=grounds_in_force(dispatched_on),
        bases=citations.gathered(p.basis for p in points),
        items=tuple(dict.fromkeys(p.item_name for p in points)),
        materials=materials_of(inspection),
        mode=inspection.get_mode_display(),
        finish_by=full_date(inspection.finish_by),
        people=tuple(
            Person(m.inspector.name, m.certificate_no, m.is_leader)
            for m in inspection.members.select_related("inspector")
        ),
        slip=slip.line if slip else "",
        slip_digest=slip.digest if slip else "",
        slip_place=place,
        made_at=timezone.localtime(inspection.dispatched_at).isoformat(timespec="seconds"),
    )


def purpose_of(inspection: Inspection) -> str:
    """Why somebody comes, in one sentence (七(五)-j)."""
    what = "检查遵守生态环境法律法规、落实排污许可和污染防治要求的情况"
    if inspection.source == Source.DRAW:
        return f"按年度随机抽查工作计划，{what}。"
    return f"因{inspection.get_source_display()}，核实有关情况，{what}。"


def frequency_of(inspection: Inspection) -> str:
    """How often in the year, and how often at most; nothing off-site, where nobody enters (N-4, N-7)."""
    if inspection.mode != Mode.ONSITE:
        return ""
    turn = turn_of(inspection)
    words = f"{turn.year} 年第 {turn.n} 次入企检查" if turn.n else f"不计入 {turn.year} 年入企检查次数"
    return f"{words}，上限 {turn.cap} 次" if turn.cap else words


def notice_html(inspection: Inspection, *, site: str) -> str:
    address = site + address_of(inspection)
    context = {
        "facts": notice_facts(inspection),
        "code": code_of(address),
        "entry": site + reverse("inspections:code-entry"),
        "enterprise": site + reverse("inspections:enterprise", args=[current(inspection).token]),
        "five": FIVE,
        "source": SOURCE,
    }
    return render_to_string("documents/notice.html", context)


def notice_pdf(inspection: Inspection, *, site: str) -> bytes:
    return pdf.render(notice_html(inspection, site=site), title_of_error="检查通知书")


def notice_name(inspection: Inspection) -> str:
    """The number only: a file's name must not say who is checked (decisions.md 3)."""
    return f"行政检查通知书_{inspection.no}.pdf"


def address_of(inspection: Inspection) -> str:
    """核验这次检查."""
    return reverse("inspections:visit-check", args=[inspection.visit_code])
