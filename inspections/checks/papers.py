"""Which facts stand on the papers of a check (七(五)-e, domain.md 3.2 (e))."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone

from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.documents.codes import code_of
from benxi_shuangsuiji.documents.filled import Sign
from benxi_shuangsuiji.workdays.days import full_date, table_moment
from inspections.models import Answer, Inspection, Mode, Outcome, Signer
from inspections.signatures.pages import signs_of

from .issuer import issuer_of, place_of
from .rules import after_its_quarter
from .states import ENDED


@dataclass(frozen=True)
class Person:
    name: str
    certificate_no: str
    is_leader: bool


@dataclass(frozen=True)
class ItemResult:
    """`answer` sums the item's points up: a problem in one is a problem; "" when the item was not checked."""

    name: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class CheckFormFacts:
    """行政执法检查登记表: everything on it, so that the same facts give the same paper."""

    no: str
    draw_no: str
    source: str
    unit: str
    facility: str
    category: str
    uscc: str
    permit_no: str
    permit_category: str
    industry: str
    address: str
    contact_person: str
    contact_phone: str
    period: str
    mode: str
    people: tuple[Person, ...]
    shown: str
    items: tuple[ItemResult, ...]
    finding: str
    decision: str
    enterprise_opinion: str
    responsible: tuple[Sign, ...]
    inspectors: tuple[Sign, ...]
    year: int
    remark: str
    made_at: str

    @property
    def digest(self) -> str:
        """The first 16 hex digits in groups of four; the whole is the SHA-256 of the facts as JSON."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        head = hashlib.sha256(text.encode()).hexdigest()[:16]
        return " ".join(head[i : i + 4] for i in range(0, 16, 4))

    @property
    def finding_height(self) -> int:
        """Room in millimetres for what was found; many items take from it, so that the form stays on one page."""
        return max(14, 36 - 6 * max(0, len(self.items) - 4))


def has_check_form(inspection: Inspection) -> bool:
    return inspection.status in ENDED


def check_form_facts(inspection: Inspection) -> CheckFormFacts:
    facility = place_of(inspection)
    members = inspection.members.select_related("inspector").order_by("-is_leader", "inspector__code")
    return CheckFormFacts(
        no=inspection.no,
        draw_no=inspection.draw.draw_id if inspection.draw_id else "",
        source=inspection.get_source_display(),
        unit=issuer_of(inspection).body,
        facility=facility.name,
        category=f"{inspection.get_category_display()}监管对象",
        uscc=facility.uscc,
        permit_no=facility.permit_no,
        permit_category=facility.get_permit_category_display(),
        industry="　".join(part for part in (facility.industry_code, facility.industry_name) if part),
        address=facility.address,
        contact_person=inspection.contact_person,
        contact_phone=masked_phone(facility.contact_phone),
        period=period_words(inspection.started_at, inspection.ended_at),
        mode=inspection.mode,
        people=tuple(Person(m.inspector.name, m.certificate_no, m.is_leader) for m in members if m.arrived_at),
        shown=_shown_words(inspection),
        items=item_results(inspection),
        finding=_finding_words(inspection),
        decision=decision_words(inspection),
        enterprise_opinion=inspection.enterprise_opinion,
        responsible=signs_of(inspection, [(Signer.RESPONSIBLE, "")]),
        inspectors=signs_of(inspection, [(Signer.INSPECTOR, "")]),
        year=timezone.localtime(inspection.ended_at).year,
        remark=_remark_words(inspection),
        made_at=timezone.localtime(inspection.uploaded_at).isoformat(timespec="seconds"),
    )


def check_form_html(facts: CheckFormFacts, *, site: str = "") -> str:
    """The paper as one whole HTML; with the site's address it carries a code that leads to the public draw page."""
    code = code_of(f"{site}/draws/{facts.draw_no}/") if site and facts.draw_no else None
    return render_to_string("documents/check_form.html", {"facts": facts, "answers": Answer, "code": code})


def check_form_pdf(facts: CheckFormFacts, *, site: str = "") -> bytes:
    return pdf.render(check_form_html(facts, site=site), title_of_error="登记表")


def check_form_name(inspection: Inspection) -> str:
    """The number only: a file's name must not say who was checked (decisions.md 3)."""
    return f"行政执法检查登记表_{inspection.no}.pdf"


def item_results(inspection: Inspection) -> tuple[ItemResult, ...]:
    by_item: dict[tuple[str, str], list[str]] = {}
    for point in inspection.answers.all():
        by_item.setdefault((point.item_code, point.item_name), []).append(point.answer)
    return tuple(ItemResult(name, summed(answers)) for (_, name), answers in sorted(by_item.items()))


def summed(answers: list[str]) -> str:
    """One answer for an item's points; an item with a point left open was not checked through."""
    if Answer.FOUND in answers:
        return Answer.FOUND
    if not answers or "" in answers:
        return ""
    return Answer.NONE_FOUND if Answer.NONE_FOUND in answers else Answer.NOT_APPLICABLE


def period_words(start: datetime, end: datetime) -> str:
    start, end = timezone.localtime(start), timezone.localtime(end)
    tail = "" if start.date() == end.date() else f"{full_date(end.date())} "
    return f"{full_date(start.date())} {_clock(start)} 至 {tail}{_clock(end)}"


def decision_words(inspection: Inspection) -> str:
    """What follows from the check, in the words of the outcome (domain.md 2.4)."""
    words = inspection.get_outcome_display()
    if inspection.outcome == Outcome.RECTIFY_ORDERED and inspection.rectify_by:
        words = f"责令 {full_date(inspection.rectify_by)}前改正，到期复查"
    return f"{words}。{inspection.measures}"


def masked_phone(number: str) -> str:
    return f"{number[:3]}××××{number[-4:]}" if len(number) >= 11 else number


def _finding_words(inspection: Inspection) -> str:
    if inspection.finding:
        return inspection.finding
    return "检查事项均未发现问题。" if inspection.outcome == Outcome.NO_ISSUE else ""


def _shown_words(inspection: Inspection) -> str:
    if inspection.mode != Mode.ONSITE:
        words = f"{inspection.get_mode_display()}检查，没有进入现场。"
        if inspection.offsite_means:
            words += f"{inspection.get_offsite_means_display()}：{inspection.offsite_evidence}。"
        return words
    recorder = inspection.recorder_no or f"没有，{inspection.no_recorder_because}"
    if not (shown := inspection.identity_shown_at):  # nobody was there to show anything to
        return f"执法记录仪：{recorder}。"
    return f"执法记录仪：{recorder}；{_clock(timezone.localtime(shown))}已出示执法证件，表明身份。"


def _remark_words(inspection: Inspection) -> str:
    joined = [f"{a.get_source_display()} {a.no}" for a in inspection.targeted.all() if a.merged_at]
    parts = [f"综合查一次：{'、'.join(joined)}"] if joined else []
    if late := after_its_quarter(inspection, timezone.localtime(inspection.ended_at).date()):
        parts.append(late)
    parts += [f"记录：{inspection.recorded_by.full_name}", f"上传：{table_moment(inspection.uploaded_at)}"]
    if inspection.reviewed_by:
        parts.append(f"审核：{inspection.reviewed_by.full_name}，{table_moment(inspection.reviewed_at)}")
    return "　".join(parts)


def _clock(moment: datetime) -> str:
    return f"{moment.hour} 时 {moment.minute:02d} 分"
