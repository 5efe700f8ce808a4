"""报送, receipts and returns (七(六)-a, 七(二)-j), and the mark of the filing with the justice bureau (D-24)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, numbers
from benxi_shuangsuiji.documents.numbers import Numbering
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import Quarter
from plans.lists.duties import JUSTICE
from plans.models import Draw, Filing, FilingKind, FilingState, JusticeFiling, QuarterlyPlan
from plans.quarterly import rules as quarterly_rules
from plans.quarterly.public_facts import PlanFacts
from registry.inspectors import rules as registry_rules

from . import duties, rules
from .pages import summary_of_draw


# --- plans (七(六)-a) -------------------------------------------------------------------------------------------------
def send_plan(*, plan: QuarterlyPlan, by: User, at: datetime, note: str = "") -> Filing:
    """Hand a published version to the lead office; called when it is published, in the same transaction."""
    facts = PlanFacts.of(plan, now=at)
    filing = Filing.objects.create(
        kind=FilingKind.PLAN,
        unit=plan.unit,
        year=plan.year,
        number=plan.number,
        plan=plan,
        revision=plan.revision,
        summary=[
            ["计划", facts.title],
            *[[stratum.name, f"名录 {stratum.on_books} 家，抽查 {stratum.planned} 家"] for stratum in facts.strata],
            ["抽取时间", facts.draw_text],
            ["检查期间", facts.window_text],
            *([["逾期原因", facts.late_reason]] if facts.late_reason else []),
        ],
        note=note.strip()[:200],
        asked_by=by,
        asked_at=at,
    )
    duties.sent(filing)
    return filing


@transaction.atomic
def send_plan_again(*, plan: QuarterlyPlan, by: User, note: str) -> Filing:
    """Send a returned plan once more, with what was missing; a change of the plan itself is a new version."""
    plan = QuarterlyPlan.objects.locked(plan.pk, "unit")
    refuse_if(rules.why_not_send_plan_again(plan, by) or rules.why_not_return_reason(note))

    filing = send_plan(plan=plan, by=by, at=clock.now(), note=note)
    trail.record("plans.filing.sent", by=by, about=filing, kind=filing.kind, quarter=str(plan.quarter))
    return filing


def filing_of_plan(plan: QuarterlyPlan) -> Filing | None:
    return Filing.objects.filter(plan=plan, revision=plan.revision).order_by("-pk").first()


# --- draws (七(二)-j) -------------------------------------------------------------------------------------------------
def file_again(draw: Draw, *, by: User, at: datetime) -> None:
    """After a correction the city team gets the digests that hold now (SSJ1 9.1); its days begin with the correction."""
    quarter = Quarter(draw.year, draw.number)
    duties.draw_corrected(draw, by, at)
    if draw.filings.exclude(state=FilingState.RETURNED).exists():
        tell(
            role=Role.LEAD_OFFICE,
            unit=draw.unit,
            key=f"corrected:{draw.draw_id}:{draw.run}",
            title=f"{draw.unit}：{quarter.label}抽取更正，原来报的指纹不再有效",
            body="等单位重新报送备案，再签收。",
            url=f"{duties.ROLLUP[FilingKind.DRAW]}?quarter={quarter}",
            by=by,
        )


@transaction.atomic
def file_draw(*, draw: Draw, by: User, note: str = "", record: tuple[str, bytes] | None = None) -> Filing:
    """Report a draw to the city team: counts and digests; `record` is the signed record, scanned (七(二)-j, -a)."""
    draw = Draw.objects.locked(draw.pk, "unit", "plan")
    refuse_if(rules.why_not_file_draw(draw, by) or rules.why_not_record(record))

    now = clock.now()
    stored = record and files.store(
        name=record[0], content=record[1], content_type=registry_rules.scan_type(record[1]), by=by
    )
    filing = Filing.objects.create(
        kind=FilingKind.DRAW,
        unit=draw.unit,
        year=draw.year,
        number=draw.number,
        draw=draw,
        run=draw.run,
        summary=summary_of_draw(draw),
        note=note.strip()[:200],
        record=stored,
        asked_by=by,
        asked_at=now,
    )
    duties.draw_filed(draw, now)
    duties.sent(filing)
    trail.record("plans.filing.sent", by=by, about=draw, kind=filing.kind, record=bool(stored))
    return filing


# --- the lead office --------------------------------------------------------------------------------------------------
@transaction.atomic
def receive_filing(*, filing: Filing, by: User) -> Filing:
    """Sign for what a unit has sent; the receipt has a number and a time (七(六)-a, 七(二)-j)."""
    numbers.lock_of_city()
    filing = _held(filing)
    refuse_if(rules.why_not_receive(filing, by))

    now, quarter = clock.now(), Quarter(filing.year, filing.number)
    filing.state, filing.decided_by, filing.decided_at = FilingState.RECEIVED, by, now
    receipts = Numbering(f"{rules.RECEIPT_LETTERS[filing.kind]}{quarter}-", 3)
    filing.receipt_no = receipts.next(Filing.objects.of(quarter), "receipt_no")
    filing.save()
    duties.received(filing)
    if filing.kind == FilingKind.PLAN:
        QuarterlyPlan.objects.filter(pk=filing.plan_id, revision=filing.revision).update(received_at=now)
        if (
            QuarterlyPlan.objects.of(quarter).filter(received_at__isnull=False).count()
            >= Unit.objects.working(quarter).count()
        ):
            duties.all_plans_received(quarter)
        trail.record("plans.plan.received", by=by, about=filing.plan, quarter=str(quarter), receipt=filing.receipt_no)
    else:
        trail.record("plans.filing.received", by=by, about=filing.draw, receipt=filing.receipt_no)
    return filing


@transaction.atomic
def return_filing(*, filing: Filing, by: User, opinion: str) -> Filing:
    """Give an incomplete filing back with what is missing (A-16: the lead office does not approve, it collects)."""
    filing = _held(filing)
    refuse_if(rules.why_not_receive(filing, by) or rules.why_not_return_reason(opinion))

    filing.state, filing.decided_by, filing.decided_at = FilingState.RETURNED, by, clock.now()
    filing.opinion = opinion.strip()[:200]
    filing.save()
    duties.given_back(filing, by)
    trail.record(
        "plans.filing.returned", by=by, about=filing.draw or filing.plan, kind=filing.kind, opinion=filing.opinion
    )
    return filing


def _held(filing: Filing) -> Filing:
    found = Filing.objects.locked(filing.pk, "unit", "plan__unit")
    if found.draw_id:  # so that no correction comes between
        found.draw = Draw.objects.locked(found.draw_id, "unit")
    return found


# --- the justice bureau (D-24) ----------------------------------------------------------------------------------------
@transaction.atomic
def mark_justice_filing(
    *, unit: Unit, year: int, recipient: str, document_no: str, sent_on: date, by: User
) -> JusticeFiling:
    """Mark the year's plan as filed with the district's justice bureau, which ends D-24."""
    Unit.objects.locked(unit.pk)
    now = clock.now()
    refuse_if(
        rules.why_not_mark_justice(unit, year, sent_on, localtime(now).date(), by)
        or rules.why_not_return_reason(recipient).replace("缺什么、怎样补", "受理机关")
    )

    marked = JusticeFiling.objects.create(
        unit=unit,
        year=year,
        recipient=recipient.strip(),
        document_no=document_no.strip(),
        sent_on=sent_on,
        marked_by=by,
        marked_at=now,
    )
    JUSTICE.close(unit, str(year), "plans.justice.filed", now)
    trail.record("plans.justice.filed", by=by, about=marked, year=year, document=marked.document_no)
    return marked


@transaction.atomic
def receive_plan(*, plan: QuarterlyPlan, by: User) -> QuarterlyPlan:
    """Sign for a unit's plan at the lead office (七(六)-a)."""
    plan = QuarterlyPlan.objects.whole().locked(plan.pk)
    refuse_if(quarterly_rules.why_not_receive_plan(plan, by))

    filing = filing_of_plan(plan) or send_plan(plan=plan, by=by, at=plan.published_at)
    receive_filing(filing=filing, by=by)
    plan.refresh_from_db(fields=["received_at"])
    return plan
