"""What a confirmed batch writes about 检查人员, and how it is taken back."""

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.refusal import Refused
from registry import book
from registry.columns import COLUMNS
from registry.facilities import search
from registry.inspectors import certificates
from registry.models import BatchKind, ChangeKind, ImportBatch, Inspector, InspectorChange

from .copying import copy_in
from .write_facilities import history_of, old_and_new, overwrite, put, put_back, refuse_if_changed_later, turn_around


def write_inspectors(batch: ImportBatch, by: User, now, progress) -> None:
    reason = f"导入 {batch.file.name}"[:200]
    rows = list(batch.lines.filter(content__isnull=False).order_by("number").values_list("content", flat=True))
    fresh, changed = [r for r in rows if not r["code"]], [r for r in rows if r["code"]]
    numbers = {r["new"]["certificate_no"] for r in fresh if r["new"].get("certificate_no")}
    codes = {r["new"]["code"] for r in fresh if r["new"].get("code")}
    if (
        Inspector.objects.filter(certificate_no__in=numbers).exists()
        or Inspector.objects.filter(code__in=codes).exists()
    ):
        raise Refused("核对之后名录有了变化（其他单位登记了相同的编号或证号）。按“重新核对”，看过新的结果再导入。")
    given = book.StaffCodes(batch.unit, codes)
    added = []
    for row in fresh:
        inspector = Inspector(code=row["new"].get("code") or given.new())
        put(inspector, row["new"], search.inspector_text)
        added.append(inspector)
    Inspector.objects.bulk_create(added, batch_size=500)
    existing = {i.code: i for i in Inspector.objects.select_for_update().filter(code__in=[r["code"] for r in changed])}
    for row in changed:
        inspector = existing[row["code"]]
        put(inspector, row["new"], search.inspector_text)
        inspector.version += 1
    if existing:
        overwrite(Inspector, list(existing.values()), [*_inspector_fields(), "search_text", "version"])
    common = history_of(batch, by, now, reason)
    copy_in(
        InspectorChange,
        [
            common
            | {
                "inspector_id": i.pk,
                "inspector_code": i.code,
                "kind": (ChangeKind.CHANGED if row["code"] else ChangeKind.NEW).value,
                "values": old_and_new(row, row["new"]),
            }
            for i, row in zip(added + [existing[r["code"]] for r in changed], fresh + changed, strict=True)
        ],
    )
    certificates.state_columns([*added, *existing.values()], by=by, at=now, batch=batch, reason=reason)


def _inspector_fields() -> list[str]:
    return [c.field for c in COLUMNS[BatchKind.INSPECTOR] if c.field != "code"]


def withdraw_inspectors(batch: ImportBatch, by: User, now, progress) -> None:
    changes = list(batch.inspector_changes.exclude(kind=ChangeKind.WITHDRAWN))
    people = {i.pk: i for i in Inspector.objects.select_for_update().filter(pk__in=[c.inspector_id for c in changes])}
    refuse_if_changed_later("inspector", batch)
    new, back = [], {}
    for change in changes:
        inspector = people[change.inspector_id]
        if change.kind == ChangeKind.NEW:
            new.append(inspector)
            continue
        put_back(inspector, change, search.inspector_text)
        back[inspector.pk] = inspector
    if any(i.user_id for i in new):
        raise Refused("这一批新增的检查人员已有账号，不能整批撤回。")
    if back:
        overwrite(
            Inspector, list(back.values()), [*_inspector_fields(), "certificate_status", "search_text", "version"]
        )
    Inspector.objects.filter(pk__in=[i.pk for i in new]).delete()
    turn_around("inspector", [c.pk for c in changes], batch, by, now)
    certificates.take_back(batch, list(back.values()), by=by, at=now, reason="随导入一起撤回")
