"""What the platform says of ours: the acknowledgements of one of its packages (docs/exchange/ 3.7)."""

from datetime import datetime

from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.documents.packages import BadPackage
from inspections.models import ExchangePackage, ExchangeRecord, PackageState, RecordState, Side

from . import actions, rules


def hear(record: dict, unit: Unit, *, by: User, at: datetime) -> None:
    package = ExchangePackage.objects.filter(number=record["package"], sender=Side.OURS, unit=unit).first()
    if package is None:
        raise BadPackage(f"回执说的包 {record['package']} 不是本单位导出的，没有导入。让对方核对。", "OTHER")
    accepted, reason = record["state"] == "ACCEPTED", record["reason"] or "没有写原因"
    if record["kind"] is None:
        _whole(package, accepted, reason, by, at)
        return
    row = _sent(record, unit)
    if row is None:
        raise BadPackage(
            f"回执说的记录 {record['record']} 第 {record['version']} 版没有发过，没有导入。让对方核对。",
            "UNKNOWN_TASK",
        )
    if row.inspection is not None and accepted and record["platform_task"]:
        if refusal := rules.why_not_number(record["platform_task"], row.inspection):
            raise BadPackage(refusal, "REUSED")
        actions.link(row.inspection, record["platform_task"], by=by, at=at)
    took_it_after_all = row.state == RecordState.REFUSED and accepted
    # The word on one record counts before that on the whole, which may have come in a package before; unless it went out anew.
    gave_it_back = row.state == RecordState.ACCEPTED and not accepted and row.package == package
    if row.state == RecordState.EXPORTED or took_it_after_all or gave_it_back:  # else told before
        actions.settle_record(row, accepted=accepted, reason=reason, code=record["reason_code"], by=by, at=at)


def _sent(record: dict, unit: Unit) -> ExchangeRecord | None:
    """Ours of that name and version, the last one sent."""
    rows = ExchangeRecord.objects.filter(
        unit=unit,
        package__sender=Side.OURS,
        kind=record["kind"],
        key=record["record"],
        version=record["version"],
    )
    return rows.select_related("inspection__unit", "package").order_by("pk").last()


def _whole(package: ExchangePackage, accepted: bool, reason: str, by: User, at: datetime) -> None:
    """The word on the whole counts for those records that have none of their own."""
    late = package.state == PackageState.REFUSED and accepted  # such as one that had come too early
    if package.state == PackageState.EXPORTED or late:
        actions.settle_package(package, accepted=accepted, reason=reason, by=by, at=at)
