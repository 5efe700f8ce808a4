"""审批表, 通知书, 笔录, 检查表, 登记表, 结果报告, 告知书, 送达回证 in the volume of a check, and their signed scans (七(七)-i, -j, -n, -o; 七(五)-g)."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.subject import Leaf
from inspections.checks.states import NOT_CARRIED_OUT, SHUT_OR_NOBODY
from inspections.models import CheckApproval, Delivery, Inspection, Mode, Paper, PaperKind, PaperScan, Signature, Signer

from . import layouts, papers

Leaves = dict[int, list[Leaf]]
K = PaperKind


def approvals(checks: Iterable[Inspection]) -> Leaves:
    """The one that was approved last: with other days asked for again, the earlier one no longer counts."""
    rows = CheckApproval.objects.final().filter(inspection__in=checks).select_related("inspection", "decided_in")
    return {row.inspection_id: [_approval(row)] for row in rows.order_by("decided_at")}


def _approval(row: CheckApproval) -> Leaf:
    day = localtime(row.decided_at).date()
    author = row.decided_in.on(day).short_name
    made = partial(_made, row.inspection, K.APPROVAL)
    return Leaf(K.APPROVAL, K.APPROVAL.label, day, made, author=author, number=lambda: row.no)


def notices(checks: Iterable[Inspection]) -> Leaves:
    """As it was served; off-site it lies in the file all the same, once somebody was told by it."""
    served = Delivery.objects.filter(inspection__in=checks, paper=Paper.NOTICE).order_by("-pk")
    along = ("inspection__notice_number", "inspection__unit", "inspection__executing_unit", "inspection__facility")
    return {row.inspection_id: [_notice(row)] for row in served.select_related(*along)}


def _notice(row: Delivery) -> Leaf:
    check = row.inspection
    day, made = localtime(row.at).date(), partial(_made, check, K.NOTICE)
    return Leaf(
        K.NOTICE, K.NOTICE.label, day, made, author=_author(check, day), number=lambda: check.notice_number.text
    )


def no_notice(checks: Iterable[Inspection]) -> dict[int, str]:
    return {check.pk: words for check in checks if (words := _why_no_notice(check))}


def _why_no_notice(check: Inspection) -> str:
    if check.mode != Mode.ONSITE:
        return f"{check.get_mode_display()}检查，没有人到场"
    return f"{check.get_outcome_display()}，没有人接收" if check.outcome in SHUT_OR_NOBODY else ""


def records(checks: Iterable[Inspection]) -> Leaves:
    return {check.pk: [_leaf(check, K.RECORD)] for check in checks if check.mode == Mode.ONSITE}


def checklists(checks: Iterable[Inspection]) -> Leaves:
    return {check.pk: [_leaf(check, K.CHECKLIST)] for check in checks if check.outcome not in SHUT_OR_NOBODY}


def reports(checks: Iterable[Inspection]) -> Leaves:
    return {check.pk: [_leaf(check, K.REPORT)] for check in checks}


def results(checks: Iterable[Inspection]) -> Leaves:
    return {check.pk: [_leaf(check, K.RESULT)] for check in checks if check.outcome not in SHUT_OR_NOBODY}


def forms(checks: Iterable[Inspection]) -> Leaves:
    return {check.pk: [_leaf(check, K.FORM)] for check in checks}


def receipts(checks: Iterable[Inspection]) -> Leaves:
    """One for all that was served; as long as something was not, it is no receipt yet."""
    served = set(Delivery.objects.filter(inspection__in=checks).values_list("inspection_id", "paper"))
    wanted = {Mode.ONSITE: ("NOTICE", "RESULT")}
    return {
        check.pk: [_leaf(check, K.RECEIPT)]
        for check in checks
        if all((check.pk, paper) in served for paper in wanted.get(check.mode, ("RESULT",)))
    }


def scans(checks: Iterable[Inspection]) -> Leaves:
    """The signed sheet where nobody signed on the screen: it is the original."""
    mine = {check.pk: check for check in checks}
    found: Leaves = {}
    for scan in PaperScan.objects.filter(inspection__in=_on_paper(mine.values())).select_related(
        "evidence__file", "by"
    ):
        if not hasattr(scan.evidence, "struck"):
            file = scan.evidence.file
            leaf = Leaf(
                f"SCAN-{scan.pk}",
                f"{scan.get_paper_display()}（签字扫描件）",
                localtime(scan.at).date(),
                lambda site, file=file: [files.read(file)],
                author=scan.by.full_name,
                digests=(file.sha256,),
                foreign=True,
            )
            found.setdefault(scan.inspection_id, []).append(leaf)
    return found


def no_record(checks: Iterable[Inspection]) -> dict[int, str]:
    return {c.pk: f"{c.get_mode_display()}检查" for c in checks if c.mode != Mode.ONSITE}


def not_checked(checks: Iterable[Inspection]) -> dict[int, str]:
    return {c.pk: c.get_outcome_display() for c in checks if c.outcome in SHUT_OR_NOBODY}


def no_scan(checks: Iterable[Inspection]) -> dict[int, str]:
    mine = list(checks)
    wanted = {check.pk for check in _on_paper(mine)}
    return {
        check.pk: "现场负责人已签名或者拒签" if check.mode == Mode.ONSITE else "没有现场"
        for check in mine
        if check.pk not in wanted
    }


def _on_paper(checks: Iterable[Inspection]) -> list[Inspection]:
    """Visits whose record the person in charge neither signed on the screen nor refused."""
    went = [c for c in checks if c.mode == Mode.ONSITE and c.outcome not in NOT_CARRIED_OUT]
    signed = set(
        Signature.objects.filter(inspection__in=went, signer=Signer.RESPONSIBLE, replaced_at=None).values_list(
            "inspection_id", flat=True
        )
    )
    return [check for check in went if check.pk not in signed]


def _leaf(check: Inspection, kind: PaperKind) -> Leaf:
    number = partial(_number, check, kind)
    day = _day(check)
    return Leaf(kind, kind.label, day, partial(_made, check, kind), author=_author(check, day), number=number)


def _day(check: Inspection):
    return localtime(check.ended_at).date()


def _author(check: Inspection, day: date) -> str:
    return check.executing_unit.on(day).short_name


def _number(check: Inspection, kind: PaperKind) -> str:
    day = _day(check)
    return layouts.in_force(kind, day).numbered(day.year, check.no)


def _made(check: Inspection, kind: PaperKind, site: str) -> list[bytes]:
    return [papers.made(check, kind, "pdf", site=site)[0]]
