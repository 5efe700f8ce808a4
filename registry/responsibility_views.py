"""Pages of 责任表, 差别化监管 and 群众投诉 (四(2)-b, -c; 六(二)-ag)."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from benxi_shuangsuiji import clock, shell
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused

from . import actions, complaints, responsibility, sheets, treatment
from .forms import _char, _day, _number
from .models import Complaint, ComplaintRule, Facility

PER_PAGE = 50


def _unit(request):
    unit = shell.current_unit(request)
    if unit is None or not request.user.may(P.SEE_FACILITIES, unit):
        raise Http404
    return unit


@requires(P.SEE_FACILITIES)
def responsibility_table(request):
    """责任表: 监管责任 by name and document, 属地责任, and each firm's environment person."""
    unit = _unit(request)
    firms = Facility.objects.visible_to(request.user).filter(unit=unit).on_books()
    missing = firms.filter(contact_name="").count()
    if request.GET.get("missing"):
        firms = firms.filter(contact_name="")
    page = Paginator(firms.order_by("code"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "lines": responsibility.of_unit(unit, clock.today()),
        "sections": responsibility.sections_of(unit),
        "page": page,
        "firms": responsibility.of_firms(page),
        "missing": missing,
        "only_missing": bool(request.GET.get("missing")),
    }
    return TemplateResponse(request, "registry/responsibility.html", context)


@requires(P.SEE_FACILITIES)
def responsibility_export(request):
    """The same as a workbook, names of the firms' people masked."""
    unit = _unit(request)
    firms = Facility.objects.visible_to(request.user).filter(unit=unit).on_books().order_by("code")
    content = sheets.responsibility_export(
        unit, responsibility.of_unit(unit, clock.today()), responsibility.of_firms(firms)
    )
    trail.record("registry.facilities.exported", by=request.user, unit=unit, rows=len(firms), personal=False)
    name = f"本溪双随机_责任表_{unit.short_name}_{clock.today():%Y%m%d}.xlsx"
    return files.attachment(content, name=name, content_type=files.XLSX)


@requires(P.SEE_FACILITIES)
def treatment_table(request):
    """差别化监管: which kind of facility is drawn how often and checked how."""
    unit = _unit(request)
    context = {"unit": unit, "lines": treatment.table(unit, clock.today())}
    return TemplateResponse(request, "registry/treatment.html", context)


class ComplaintForm(forms.Form):
    code = _char("企业名录编号", max_length=32)
    day = _day("受理日期")
    number = _char("投诉编号", max_length=40, help_text="信访件或热线工单的编号。不写投诉人的姓名和电话。")
    channel = _char("来源", max_length=40, help_text="如“12345 热线”“全国生态环境投诉举报平台”。")
    verified = forms.BooleanField(label="查实", required=False)


class ComplaintRuleForm(forms.Form):
    least = _number("件数", min_value=2, max_value=20, help_text="达到这个件数的，可以列为“群众反复投诉”。")
    months = _number("月数", min_value=1, max_value=36, help_text="只计这么多个月内受理的。")
    only_verified = forms.BooleanField(label="只计查实的", required=False)
    valid_from = _day("启用日期")
    document = _char("批准文件", max_length=100, help_text="名称或文号。")


@requires(P.SEE_FACILITIES)
def complaint_list(request):
    """群众投诉: who has enough of them to be 特殊, what “反复” means, and each complaint."""
    unit, today = _unit(request), clock.today()
    rows = Complaint.objects.visible_to(request.user).filter(facility__unit=unit)
    context = {
        "unit": unit,
        "rule": complaints.rule_on(today),
        "rules": ComplaintRule.objects.select_related("entered_by")[:10],
        "tallies": complaints.tallies(unit, today),
        "page": Paginator(rows.select_related("facility", "entered_by"), PER_PAGE).get_page(request.GET.get("page")),
        "may_enter": request.user.may(P.EDIT_FACILITIES, unit),
        "may_set": bool(request.user.units_with(P.KEEP_VOCABULARIES)),
    }
    return TemplateResponse(request, "registry/complaint_list.html", context)


@requires(P.EDIT_FACILITIES)
def complaint_new(request):
    """登记群众投诉."""
    unit = _unit(request)
    form = ComplaintForm(
        request.POST or None, initial={"day": clock.today(), "code": request.GET.get("code", ""), "verified": True}
    )
    back = f"{reverse('registry:facility-complaints')}?unit={unit.code}"
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        facility = Facility.objects.visible_to(request.user).filter(code=data.pop("code").strip()).first()
        try:
            if facility is None:
                raise Refused("名录里没有这个编号。从检查对象的详情页面抄编号。")
            actions.enter_complaint(facility=facility, by=request.user, **data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "投诉已登记")
            return redirect(back)
    context = {
        "unit": unit,
        "form": form,
        "back": back,
        "heading": "登记群众投诉",
        "button": "登记",
        "text": "登记以后不能修改。达到标准的，可以提出列为特殊，由分管负责人批准。",
    }
    return TemplateResponse(request, "registry/complaint_form.html", context)


@requires(P.KEEP_VOCABULARIES)
def complaint_rule(request):
    """调整反复投诉标准, for the whole city."""
    today = clock.today()
    now = complaints.rule_on(today)
    initial = {"least": now.least, "months": now.months, "only_verified": now.only_verified, "valid_from": today}
    form = ComplaintRuleForm(request.POST or None, initial=initial)
    back = reverse("registry:facility-complaints")
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_complaint_rule(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "标准已保存")
            return redirect(back)
    context = {
        "form": form,
        "back": back,
        "heading": "调整反复投诉标准",
        "button": "保存标准",
        "text": f"全市用一个标准。现在：{now.words}。已经批准的类别不重新判定。",
    }
    return TemplateResponse(request, "registry/complaint_form.html", context)
