"""Changes of the registry, proposed by one and approved by another."""

from benxi_shuangsuiji import clock
from registry.audits import actions as audits_actions
from registry.audits import standing as audits
from registry.complaints import actions as complaints_actions
from registry.models import Book, CategoryGround, ChangeProposal, Complaint, Ground, RegistryAudit, RegistryKeeper
from registry.proposals import actions as proposals_actions
from tests.factories import make_approver, make_planner, make_registrar


def approved(proposal: ChangeProposal, by=None) -> ChangeProposal:
    """Carry the proposal out through the unit's approving leader."""
    return proposals_actions.approve_proposals(proposals=[proposal], by=by or make_approver(proposal.unit))[0]


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
    """Both registries audited this month, so that sealing needs no reason."""
    for book in Book:
        if not RegistryAudit.objects.filter(unit=unit, book=book, month=clock.today().replace(day=1)).exists():
            signed_audit(unit, book)
