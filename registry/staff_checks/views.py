"""Pages of 人员核对: upload the personnel office's list, see what differs, sign (六(三)-b)."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.urls import reverse

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.web import frame as shell
from registry import book_rules as imports_rules
from registry.imports.upload_form import UploadForm
from registry.inspectors.forms import SignForm
from registry.models import BatchKind, StaffCheck

from . import actions, comparison, rules


@requires(P.SEE_INSPECTORS)
def staff_check_list(request):
    """Earlier checks, and the form for a new one."""
    unit = shell.unit_or_404(request, P.SEE_INSPECTORS)
    form = UploadForm(request.POST or None, request.FILES or None)
    form.fields["file"].help_text = "人事部门的名单，要有“姓名”一列；有“执法证号”一列的按证号核对。只核对，不改名录。"
    checks = StaffCheck.objects.visible_to(request.user).filter(unit=unit)
    return act_page(
        request,
        "registry/staff_checks/staff_check_list.html",
        form,
        lambda file: actions.check_staff(unit=unit, file_name=file.name, content=file.read(), by=request.user),
        lambda check: reverse("registry:staff-check", args=[check.pk]),
        "",
        refusals_at="file",
        unit=unit,
        may_check=not imports_rules.why_not_import(BatchKind.INSPECTOR, unit, request.user),
        checks=checks.select_related("file", "checked_by", "signed_by")[:20],
    )


@requires(P.SEE_INSPECTORS)
def staff_check(request, pk):
    """What one check found, and the signature under it."""
    checks = StaffCheck.objects.visible_to(request.user)
    check = get_object_or_404(checks.select_related("unit", "file", "checked_by", "signed_by"), pk=pk)
    return act_page(
        request,
        "registry/staff_checks/staff_check.html",
        SignForm(request.POST or None),
        partial(actions.sign_staff_check, check=check, by=request.user),
        request.path,
        "核对结果已签字",
        check=check,
        may_sign=not rules.why_not_sign_staff_check(check, request.user),
        findings=[{**f, "what": comparison.KINDS[f["kind"]]} for f in check.findings],
    )
