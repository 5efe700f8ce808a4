from datetime import date

from django.db.models import Q

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Permission
from registry import codes
from registry.book_rules import why_not_import
from registry.models import AbsenceKind, BatchKind, CertificateStatus, Inspector, InspectorCertificate
from registry.rules import stale

from . import card_scope, person_names

MOST_SCAN_BYTES = 10 * 1024 * 1024


def may_edit_inspector(inspector, user) -> bool:
    return user.may(Permission.EDIT_INSPECTORS, inspector.unit_id) or user.may(
        Permission.EDIT_INSPECTORS, inspector.unit.drawing_unit
    )


def why_not_edit_inspector(inspector, user, version: int | None = None) -> str:
    if not may_edit_inspector(inspector, user):
        return "只有本单位的名录管理员可以修改检查人员。"
    return stale(inspector, version)


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


def why_not_name(name: str) -> str:
    return person_names.why_not(name)


def why_not_certificate(*, number: str, start: date | None, end: date | None) -> str:
    if not number:
        return "没有执法证号时，有效期也留空。" if start or end else ""
    if codes.looks_like_id_number(number):
        return "这是身份证号，不是执法证号。对照执法证填写证号。"
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
    return card_scope.why_not(inspector.enforcement_kinds) if "enforcement_kinds" in changed else ""


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
    if on == absence.ends_on:
        return f"截止日已经是 {on.isoformat()}，没有变化。"
    return ""


def why_not_cancel_absence(absence, user, *, today: date) -> str:
    inspector = absence.inspector
    if inspector.user_id != user.pk and not may_edit_inspector(inspector, user):
        return "只能取消本人的请假，或由本单位的名录管理员取消。"
    if absence.starts_on <= today:
        return "已经开始的离岗不能取消，登记返岗。"
    return ""


def left_in(unit, day: date) -> str:
    """What keeps a unit from being closed: its people, and those of the section that serves it."""
    people = Inspector.objects.of_units([unit.pk]).filter(left_on__isnull=True)
    n = people.count() if day <= clock.today() else 0
    return f"名录里还有 {n} 名检查人员，先调到别的单位，或者登记调离" if n else ""
