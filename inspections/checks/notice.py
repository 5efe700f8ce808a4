"""行政检查通知书: which facts stand on it (domain.md 3.2 (b), 七(五)-j, N-7, N-8; 0-b, 一-e). It carries the code of the visit."""

import hashlib
import json
from dataclasses import asdict, dataclass

from django.template.loader import render_to_string
from django.utils import timezone

from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.documents.codes import code_of
from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import Inspection
from plans.bases import citations
from plans.bases.rules import grounds_in_force
from plans.draw.visit_slips import slip_of

from .pages import materials_of
from .papers import Person
from .visit_code_views import address_of


@dataclass(frozen=True, kw_only=True)
class NoticeFacts:
    """Everything on the paper, so that the same facts give the same paper."""

    no: str
    unit: str
    executing_unit: str
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
    return NoticeFacts(
        no=inspection.no,
        unit=inspection.unit.name,
        executing_unit=inspection.executing_unit.name,
        facility=inspection.facility.name,
        uscc=inspection.facility.uscc,
        address=inspection.facility.address,
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


def notice_html(inspection: Inspection, *, site: str) -> str:
    facts = notice_facts(inspection)
    address = site + address_of(inspection)
    return render_to_string("documents/notice.html", {"facts": facts, "code": code_of(address), "address": address})


def notice_pdf(inspection: Inspection, *, site: str) -> bytes:
    return pdf.render(notice_html(inspection, site=site), title_of_error="检查通知书")


def notice_name(inspection: Inspection) -> str:
    """The number only: a file's name must not say who is checked (decisions.md 3)."""
    return f"行政检查通知书_{inspection.no}.pdf"
