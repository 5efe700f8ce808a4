"""Changes of the registry, proposed by one and approved by another."""

from benxi_shuangsuiji import clock
from registry.audits import actions as audits_actions
from registry.audits import standing as audits
from registry.complaints import actions as complaints_actions
from registry.models import (
    Book,
    CategoryGround,
    ChangeProposal,
    Complaint,
    Ground,
    ImportBatch,
    PositiveListEntry,
    ProposalKind,
    RegistryAudit,
    RegistryKeeper,
)
from registry.positive_list import actions as positive_list_actions
from registry.proposals import actions as proposals_actions
from tests.factories import make_approver, make_lead_office, make_planner, make_registrar


def approved(proposal: ChangeProposal, by=None) -> ChangeProposal:
    """Carry the proposal out through the unit's approving leader."""
    return proposals_actions.approve_proposals(proposals=[proposal], by=by or make_approver(proposal.unit))[0]


def approved_import(batch: ImportBatch) -> ImportBatch:
    """Confirmed, and what it asked for approved by the leader and the lead office."""
    for asked in batch.proposal_batches.pending():
        by = make_lead_office() if asked.by_lead_office else make_approver(asked.unit)
        proposals_actions.approve_batch(batch=asked, by=by)
    return batch


def all_approved() -> None:
    """Whatever waits, by whom it waits for."""
    for proposal in ChangeProposal.objects.pending().filter(batch__isnull=True):
        lead_office = ProposalKind(proposal.kind).by_lead_office
        approved(proposal, make_lead_office() if lead_office else None)
    for batch in ImportBatch.objects.all():
        approved_import(batch)


def entered_in_positive_list(facility, *, by, batch="2026 年第一批") -> PositiveListEntry:
    """Proposed by the registrar, decided by the lead office, from today on."""
    words = {"batch": batch, "document": "本环发〔2026〕12 号", "reason": "守法记录良好"}
    approved(positive_list_actions.ask_to_enter(facility=facility, by=by, **words), make_lead_office())
    return facility.positive_entries.get(valid_to=None)


def complained(facility, *, by, times=3, verified=True, day=None) -> list[Complaint]:
    """So many complaints of one day, verified unless said otherwise."""
    start = facility.complaints.count() + 1
    return [
        complaints_actions.enter_complaint(
            facility=facility,
            day=day or clock.today(),
            number=f"信访〔2026〕{n}号",
            channel="12345 热线",
            verified=verified,
            by=by,
        )
        for n in range(start, start + times)
    ]


def approved_ground(facility, kind, *, by, evidence="证据", **fields) -> CategoryGround:
    """A ground in force, entered and approved; “反复投诉” with the complaints that it needs."""
    if kind == Ground.SF2B:
        complained(facility, by=by, day=fields.get("on"))
    approved(proposals_actions.propose_ground(facility=facility, kind=kind, evidence=evidence, by=by, **fields))
    return facility.grounds.get(kind=kind, valid_to=None)


def approved_status(facility, status, *, on, by, reason="据实变更", evidence="核查", approver=None) -> None:
    proposal = proposals_actions.propose_status(
        facility=facility, status=status, on=on, reason=reason, evidence=evidence, by=by
    )
    approved(proposal, approver)


def make_keeper(unit, book="FACILITY", *, person=None, by=None, **fields) -> RegistryKeeper:
    """Somebody who keeps the registry, appointed by the unit's planner."""
    person = person or make_registrar(unit)
    words = {"document": "本环办〔2026〕3号", **fields}
    return audits_actions.appoint_keeper(unit=unit, book=book, person=person, by=by or make_planner(unit), **words)


def signed_audit(unit, book="FACILITY", *, keeper=None, remark="已逐项核对，名录完整") -> RegistryAudit:
    """This month's audit, every line ticked and answered."""
    open_one = RegistryKeeper.objects.filter(unit=unit, book=book, valid_to=None).first()
    keeper = keeper or open_one or make_keeper(unit, book)
    today = clock.today()
    last = audits.standing(unit, book, today).last
    lines = audits.checklist(unit, book, today, last.signed_at if last else None)
    return audits_actions.sign_audit(
        unit=unit,
        book=book,
        seen=audits.stamp(lines),
        ticked={line.key for line in lines},
        remarks={line.key: "已核实，按实际情况处理" for line in lines},
        remark=remark,
        by=keeper.person,
    )


def make_audited(unit) -> None:
    """Both registries audited this month, so that sealing needs no reason; how that is done is proved in registry/audits.

    Every draw of every test has them, so they are written as they stand, with one keeper for both.
    """
    now = clock.now()
    month = now.date().replace(day=1)
    done = set(RegistryAudit.objects.filter(unit=unit, month=month).values_list("book", flat=True))
    keepers = {keeper.book: keeper for keeper in RegistryKeeper.objects.filter(unit=unit, valid_to=None)}
    if wanted := [book for book in Book if book not in keepers]:
        appointed = {"valid_from": now.date(), "document": "本环办〔2026〕3号", "appointed_at": now}
        appointed |= {"person": make_registrar(unit), "appointed_by": make_planner(unit)}
        made = RegistryKeeper.objects.bulk_create(RegistryKeeper(unit=unit, book=book, **appointed) for book in wanted)
        keepers |= {keeper.book: keeper for keeper in made}
    RegistryAudit.objects.bulk_create(
        RegistryAudit(
            unit=unit,
            book=book,
            month=month,
            keeper=keepers[book],
            entries=0,
            lines=[],
            remark="已逐项核对，名录完整",
            signed_by_id=keepers[book].person_id,
            signed_at=now,
        )
        for book in Book
        if book not in done
    )
