"""Why something in the registry may not be done: one sentence each, "" when nothing stands in the way."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_reason

from .models import (
    AbsenceKind,
    BatchKind,
    BatchState,
    CertificateStatus,
    HazwasteKind,
    ImportBatch,
    Inspector,
    InspectorCertificate,
    InterestState,
    OperatingStatus,
)

WITHDRAWN_WITHIN = timedelta(hours=24)
GONE = frozenset({OperatingStatus.CLOSED, OperatingStatus.CANCELLED, OperatingStatus.MOVED_OUT})
MOST_SCAN_BYTES = 10 * 1024 * 1024

# The registry knows nothing of draws. An app further right adds a function to this list in its `ready()`: given the
# codes of the facilities or inspectors of a batch, it says why the batch may no longer be withdrawn ("" = it may).
WITHDRAWAL_OBSTACLES: list[Callable[[ImportBatch, list[str]], str]] = []


def why_not_import(kind: str, unit, user) -> str:
    people = BatchKind(kind).about_people
    if not user.may(Permission.EDIT_INSPECTORS if people else Permission.EDIT_FACILITIES, unit):
        what = BatchKind.INSPECTOR.label if people else BatchKind.FACILITY.label
        return f"没有维护{unit.short_name}{what}名录的权限。由该单位的名录管理员导入。"
    if unit.kind not in (UnitKind.CITY_TEAM, UnitKind.BRANCH):
        return f"{unit.short_name}不单独管理名录，在所服务的分局名下导入。"
    return ""


_BUSY = frozenset({BatchState.CHECKING, BatchState.WRITING, BatchState.WITHDRAWING})


def managed_by_city(unit) -> bool:
    """市管 is what the city team draws, and nothing else: the mark follows the drawing unit (七(一)4-a, -b; A-19)."""
    return unit.kind == UnitKind.CITY_TEAM


def why_not_level(unit, by_city: bool) -> str:
    """Why a register of this unit cannot hold an object of that level."""
    if by_city and not managed_by_city(unit):
        return f"市管对象由市执法队监管和抽查，不在{unit.short_name}的名录里"
    if managed_by_city(unit) and not by_city:
        return "市执法队名录里的都是市管对象"
    return ""


def why_not_confirm(batch: ImportBatch, user) -> str:
    if reason := why_not_import(batch.kind, batch.unit, user):
        return reason
    if batch.state == BatchState.CONFIRMED:
        return f"这一批已于 {localtime(batch.confirmed_at):%Y-%m-%d %H:%M} 导入，不能再导入一次。"
    if batch.state in _BUSY:
        return f"这一批{batch.get_state_display()}，做完再看。"
    if batch.state != BatchState.CHECKED:
        return f"这一批{batch.get_state_display()}。重新上传后再导入。"
    if not batch.counts["added"] + batch.counts["changed"]:
        return "没有要写入名录的行：各行都没有变化，或者都有问题。"
    return ""


def why_not_write(batch: ImportBatch, user) -> str:
    """The same for the writing itself, which may have been left to the worker."""
    return (
        why_not_import(batch.kind, batch.unit, user)
        if batch.state == BatchState.WRITING
        else why_not_confirm(batch, user)
    )


def why_not_choose_columns(batch: ImportBatch, user) -> str:
    if reason := why_not_import(batch.kind, batch.unit, user):
        return reason
    if batch.state != BatchState.ASKS:
        return f"这一批{batch.get_state_display()}，不用再指明列。"
    return ""


def why_not_discard(batch: ImportBatch, user) -> str:
    if reason := why_not_import(batch.kind, batch.unit, user):
        return reason
    if batch.state not in (BatchState.CHECKED, BatchState.ASKS):
        return f"这一批{batch.get_state_display()}，不能放弃。"
    return ""


def why_not_withdraw(batch: ImportBatch, user, now: datetime, *, begun: bool = False) -> str:
    """Within 24 hours, and only while nothing has been built on it (ui.md 4.10)."""
    if reason := why_not_import(batch.kind, batch.unit, user):
        return reason
    if batch.state != BatchState.CONFIRMED and not begun:
        return f"这一批{batch.get_state_display()}，没有可以撤回的内容。"
    if not begun and now - batch.confirmed_at > WITHDRAWN_WITHIN:
        return "导入已超过 24 小时，不能整批撤回。逐个在详情页面改正。"
    codes = codes_of(batch)
    for obstacle in WITHDRAWAL_OBSTACLES:
        if reason := obstacle(batch, codes):
            return reason
    return ""


def codes_of(batch: ImportBatch) -> list[str]:
    changes, name = (
        (batch.inspector_changes, "inspector_code")
        if BatchKind(batch.kind).about_people
        else (batch.facility_changes, "facility_code")
    )
    return list(changes.order_by(name).values_list(name, flat=True).distinct())


def why_not_edit_facility(facility, user) -> str:
    if not user.may(Permission.EDIT_FACILITIES, facility.unit_id):
        return "只有监管单位的名录管理员可以修改检查对象。"
    return ""


def why_not_change(facility, user, version: int | None) -> str:
    return why_not_edit_facility(facility, user) or _stale(facility, version)


def _stale(record, version: int | None) -> str:
    if version is not None and version != record.version:
        return "这条记录刚才被别人改过。核对页面上现在的内容，再改一次。"
    return ""


def why_not_hazwaste(hazwaste: str, licence: str) -> str:
    """Whoever handles others' hazardous waste has a licence with a number; whoever has none of it has none (六(二)-j)."""
    if hazwaste == HazwasteKind.OPERATOR and not licence:
        return "危险废物经营单位要填写经营许可证编号。"
    if licence and hazwaste == HazwasteKind.NONE:
        return "写了危险废物经营许可证编号，危险废物管理就不能是“无”。"
    return ""


def why_not_enter_positive_list(facility, user, *, batch: str) -> str:
    if obstacle := why_not_edit_facility(facility, user):
        return obstacle
    if facility.status in GONE:
        return f"检查对象已{facility.get_status_display()}，不能纳入正面清单。"
    if not batch.strip():
        return "写明批次或文号。"
    if facility.positive_entries.filter(valid_to__isnull=True).exists():
        return "已经在正面清单里。"
    return ""


def why_not_leave_positive_list(facility, user, *, reason: str) -> str:
    if obstacle := why_not_edit_facility(facility, user):
        return obstacle
    if not facility.positive_entries.filter(valid_to__isnull=True).exists():
        return "不在正面清单里。"
    return why_not_reason(reason, "移出原因")


def may_edit_inspector(inspector, user) -> bool:
    return user.may(Permission.EDIT_INSPECTORS, inspector.unit_id) or user.may(
        Permission.EDIT_INSPECTORS, inspector.unit.drawing_unit
    )


def why_not_edit_inspector(inspector, user, version: int | None = None) -> str:
    if not may_edit_inspector(inspector, user):
        return "只有本单位的名录管理员可以修改检查人员。"
    return _stale(inspector, version)


def why_not_link_account(inspector, account, user, *, fits: bool) -> str:
    """The link opens the sealed tasks of this person, so nobody makes it for himself (七(五)-o, decisions.md 3, 7)."""
    if obstacle := why_not_edit_inspector(inspector, user):
        return obstacle
    if account is None:
        return "" if inspector.user_id else "这名检查人员没有关联账号。"
    if account.pk == inspector.user_id:
        return f"账号 {account.username} 已经关联。"
    if account.pk == user.pk:
        return "不能把自己的账号关联给检查人员，由另一名名录管理员办理。"
    if not fits:
        return f"账号 {account.username} 没有本单位“检查人员”的授权，或已停用。先由授权管理员授权。"
    return ""


def why_not_certificate(*, number: str, start: date | None, end: date | None) -> str:
    if not number:
        return "没有执法证号时，有效期也留空。" if start or end else ""
    if not start or not end:
        return "有执法证号的，有效期起止都要填。"
    return "有效期止早于有效期起。" if end < start else ""


def why_not_number(inspector, number: str) -> str:
    """A card belongs to one person, now and before."""
    others = InspectorCertificate.objects.filter(number=number).exclude(inspector_id=inspector.pk)
    if others.exists() or Inspector.objects.filter(certificate_no=number).exclude(pk=inspector.pk).exists():
        return "该执法证号已属于另一名检查人员。"
    return ""


def why_not_certificate_status(certificate, status: str, *, on: date, today: date) -> str:
    if status not in CertificateStatus.values:
        return "没有这种执法证状态。"
    if status == certificate.status:
        return f"这本执法证现在已经是“{certificate.get_status_display()}”。"
    if certificate.status == CertificateStatus.REVOKED:
        return "这本执法证已注销。重新取得的，登记新证。"
    if on > today:
        return "生效日期不能晚于今天。"
    return ""


def scan_type(content: bytes) -> str:
    """What the bytes are, whatever the file is called; "" for anything but PDF, JPEG and PNG."""
    heads = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
    return next((kind for head, kind in heads.items() if content.startswith(head)), "")


def why_not_scan(scan: tuple[str, bytes] | None) -> str:
    if scan is None:
        return ""
    if len(scan[1]) > MOST_SCAN_BYTES:
        return "扫描件超过 10 MB。降低分辨率后重新上传。"
    return "" if scan_type(scan[1]) else "扫描件只收 PDF、JPG 和 PNG。用手机拍照，或另存为 PDF 后上传。"


def may_see_scan(inspector, user) -> bool:
    """The person himself, who keeps the registry, and who approves in it."""
    return (
        inspector.user_id == user.pk
        or may_edit_inspector(inspector, user)
        or user.may(Permission.APPROVE_REGISTRY, inspector.unit.drawing_unit)
    )


def why_not_see_scan(certificate, user) -> str:
    return "" if may_see_scan(certificate.inspector, user) else "扫描件只给本人、名录管理员和分管负责人看。"


def why_not_scopes(inspector, changed) -> str:
    """A qualification to check 危险废物 or 辐射 says on what it rests (六(三)-h)."""
    if "scopes" in changed and inspector.scopes and not inspector.scope_basis:
        return "选了专业资格，写明依据，如培训证书编号或文号。"
    if inspector.scope_basis and not inspector.scopes:
        return "写了专业资格依据，没有选专业资格。"
    return ""


def why_not_effective(on: date | None, today: date) -> str:
    return "生效日期不能晚于今天。" if on and on > today else ""


def why_not_take_over(inspector, unit, user, *, on: date, today: date) -> str:
    if reason := why_not_import(BatchKind.INSPECTOR, unit, user):
        return reason
    if inspector.left_on is None:
        return f"{inspector.name}还在{inspector.unit}。由原单位先登记调离。"
    if on < inspector.left_on:
        return f"调入日期早于调离日期 {inspector.left_on.isoformat()}。"
    return why_not_effective(on, today)


def why_not_absence(inspector, user, *, kind: str, starts_on: date, ends_on: date | None, today: date) -> str:
    """The registrar notes any absence, everybody his own leave ahead of time; periods do not overlap."""
    if kind not in AbsenceKind.values:
        return "没有这种离岗原因。"
    if not may_edit_inspector(inspector, user):
        if inspector.user_id != user.pk:
            return "只能登记本人的请假，或由本单位的名录管理员登记。"
        if kind == AbsenceKind.POST or starts_on < today or ends_on is None:
            return "本人只能登记从今天起、写明截止日的请假或公务。其他的由名录管理员登记。"
    if ends_on and ends_on < starts_on:
        return "截止日早于起始日。"
    others = inspector.absences.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on:
        others = others.filter(starts_on__lte=ends_on)
    if other := others.order_by("starts_on").first():
        until = other.ends_on.isoformat() if other.ends_on else "未定"
        return f"与已登记的离岗（{other.starts_on.isoformat()} 至 {until}）重叠。先改那一条。"
    return ""


def why_not_end_absence(absence, user, *, on: date) -> str:
    if not may_edit_inspector(absence.inspector, user):
        return "只有本单位的名录管理员可以登记返岗。"
    if on < absence.starts_on:
        return "截止日早于起始日。"
    if absence.ends_on and on > absence.ends_on:
        return "延长的，另登记一段。"
    return ""


def why_not_cancel_absence(absence, user, *, today: date) -> str:
    inspector = absence.inspector
    if inspector.user_id != user.pk and not may_edit_inspector(inspector, user):
        return "只能取消本人的请假，或由本单位的名录管理员取消。"
    if absence.starts_on <= today:
        return "已经开始的离岗不能取消，登记返岗。"
    return ""


def why_not_declare_conflict(inspector, facility, user, *, today: date) -> str:
    """Everyone declares for himself; the registrar enters what was declared on paper (七(五)-c)."""
    if inspector.user_id != user.pk and not may_edit_inspector(inspector, user):
        return "只能申报本人的回避，或由本单位的名录管理员代为登记。"
    held = inspector.conflicts.open().filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    if held.filter(facility=facility).exists():
        return f"{inspector.name}对{facility.name}的回避已经登记。"
    return ""


def why_not_validity(start: date, end: date | None, today: date) -> str:
    if end and end < max(start, today):
        return "截止日早于起始日或今天。"
    return ""


def why_not_decide(thing, user) -> str:
    """An interest or a declaration is decided by the leader, never by who declared it or by the person himself."""
    if not user.may(Permission.APPROVE_REGISTRY, thing.inspector.unit.drawing_unit):
        return "由本单位的分管负责人审核。"
    if thing.state != InterestState.PENDING:
        return f"这一条{thing.get_state_display()}，不用再审核。"
    if user.pk in (thing.declared_by_id, thing.inspector.user_id):
        return "申报的人不能审核自己的申报。"
    return ""


def why_not_end_conflict(conflict, user, *, reason: str) -> str:
    if not may_edit_inspector(conflict.inspector, user):
        return "只有本单位的名录管理员可以结束回避登记。"
    if conflict.state in (InterestState.RETURNED, InterestState.ENDED):
        return "这条回避登记已经结束。"
    return why_not_reason(reason)


def why_not_declare_year(inspector, user, *, year: int, none: bool, open_ones: int) -> str:
    if inspector.user_id != user.pk and not may_edit_inspector(inspector, user):
        return "只能作本人的年度申报，或由本单位的名录管理员代为登记。"
    if inspector.left_on:
        return f"{inspector.name}已调离，不用申报。"
    if inspector.declarations.filter(year=year).exclude(state=InterestState.RETURNED).exists():
        return f"{year} 年已经申报。新有利害关系的，登记回避即可。"
    if none and open_ones:
        return f"名下还有 {open_ones} 家要回避的企业，不能申报无利害关系。不再成立的，先由名录管理员结束。"
    if not none and not open_ones:
        return "还没有登记要回避的企业。先逐家登记，再作年度申报。"
    return ""


def why_not_sign_staff_check(check, user) -> str:
    if not user.may(Permission.APPROVE_REGISTRY, check.unit):
        return "由本单位的分管负责人签字。"
    if check.signed_by_id:
        return "这次核对已经签字。"
    return "核对的人不能给自己的核对签字。" if check.checked_by_id == user.pk else ""
