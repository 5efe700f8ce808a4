"""Pages of 人员核对: upload the personnel office's list, see what differs, sign (六(三)-b)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from registry import book_rules as imports_rules
from registry.imports.upload_form import UploadForm
from registry.inspectors.forms import SignForm
from registry.models import BatchKind, StaffCheck

from . import actions, comparison, rules


@requires(P.SEE_INSPECTORS)
def staff_check_list(request):
    """Earlier checks, and the form for a new one."""
    unit = shell.current_unit(request)
    if unit is None or not request.user.may(P.SEE_INSPECTORS, unit):
        raise Http404
    may_check = not imports_rules.why_not_import(BatchKind.INSPECTOR, unit, request.user)
    form = UploadForm(request.POST or None, request.FILES or None)
    form.fields["file"].help_text = "人事部门的名单，要有“姓名”一列；有“执法证号”一列的按证号核对。只核对，不改名录。"
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            check = actions.check_staff(unit=unit, file_name=file.name, content=file.read(), by=request.user)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("registry:staff-check", pk=check.pk)
    checks = StaffCheck.objects.visible_to(request.user).filter(unit=unit)
    context = {
        "unit": unit,
        "form": form,
        "may_check": may_check,
        "checks": checks.select_related("file", "checked_by", "signed_by")[:20],
    }
    return TemplateResponse(request, "registry/staff_checks/staff_check_list.html", context)


@requires(P.SEE_INSPECTORS)
def staff_check(request, pk):
    """What one check found, and the signature under it."""
    checks = StaffCheck.objects.visible_to(request.user)
    check = get_object_or_404(checks.select_related("unit", "file", "checked_by", "signed_by"), pk=pk)
    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_staff_check(check=check, remark=form.cleaned_data["remark"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "核对结果已签字")
            return redirect("registry:staff-check", pk=check.pk)
    context = {
        "check": check,
        "form": form,
        "may_sign": not rules.why_not_sign_staff_check(check, request.user),
        "findings": [{**f, "what": comparison.KINDS[f["kind"]]} for f in check.findings],
    }
    return TemplateResponse(request, "registry/staff_checks/staff_check.html", context)
