"""Checking the registry of people against the personnel office's list, and signing the result (六(三)-b)."""

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.workbooks.reading import content_type, open_workbook
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from registry import book_rules as imports_rules
from registry.models import BatchKind, StaffCheck

from . import comparison, rules


@transaction.atomic
def check_staff(*, unit: Unit, file_name: str, content: bytes, by: User) -> StaffCheck:
    """Compare a list of names with the registry; the list and what was found are kept."""
    refuse_if(imports_rules.why_not_import(BatchKind.INSPECTOR, unit, by))
    with open_workbook(content) as workbook:
        listed = comparison.read_list(workbook)
    matched, findings = comparison.compare(unit, listed)
    check = StaffCheck.objects.create(
        unit=unit,
        file=files.store(name=file_name, content=content, content_type=content_type(content), by=by),
        listed=len(listed),
        matched=matched,
        findings=findings,
        checked_by=by,
        checked_at=clock.now(),
    )
    trail.record("registry.staff.checked", by=by, about=check, found=len(findings))
    return check


@transaction.atomic
def sign_staff_check(*, check: StaffCheck, remark: str, by: User) -> StaffCheck:
    """Sign the result: the leader says what is done about what was found."""
    check = StaffCheck.objects.locked(check.pk, "unit")
    refuse_if(rules.why_not_sign_staff_check(check, by) or why_not_reason(remark, "处理意见"))
    check.signed_by, check.signed_at, check.remark = by, clock.now(), remark[:200]
    check.save(update_fields=["signed_by", "signed_at", "remark"])
    trail.record("registry.staff.signed", by=by, about=check)
    return check
