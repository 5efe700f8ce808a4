from functools import partial

from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.web.frame import unit_or_404
from registry.facilities.pages import found_by_code
from registry.models import Complaint, ComplaintRule

from . import actions, tallies
from .forms import ComplaintForm, ComplaintRuleForm

PER_PAGE = 50
FORM_PAGE = "registry/complaints/complaint_form.html"


@requires(P.SEE_FACILITIES)
@require_safe
def complaint_list(request):
    """群众投诉: who has enough of them to be 特殊, what “反复” means, and each complaint."""
    unit, today = unit_or_404(request, P.SEE_FACILITIES), clock.today()
    rows = Complaint.objects.visible_to(request.user).filter(facility__unit=unit)
    context = {
        "unit": unit,
        "rule": tallies.rule_on(today),
        "rules": ComplaintRule.objects.select_related("entered_by")[:10],
        "tallies": tallies.tallies(unit, today),
        "page": Paginator(
            rows.select_related("facility", "entered_by").prefetch_related("outcomes"), PER_PAGE
        ).get_page(request.GET.get("page")),
        "may_enter": request.user.may(P.EDIT_FACILITIES, unit),
        "may_set": bool(request.user.units_with(P.KEEP_VOCABULARIES)),
    }
    return TemplateResponse(request, "registry/complaints/complaint_list.html", context)


@requires(P.EDIT_FACILITIES)
def complaint_new(request):
    """登记群众投诉."""
    unit = unit_or_404(request, P.SEE_FACILITIES)
    initial = {"day": clock.today(), "code": request.GET.get("code", ""), "verified": True}
    back = f"{reverse('registry:facility-complaints')}?unit={unit.code}"

    def act(*, code, **complaint):
        return actions.enter_complaint(facility=found_by_code(request.user, code), by=request.user, **complaint)

    return act_page(
        request,
        FORM_PAGE,
        ComplaintForm(request.POST or None, initial=initial),
        act,
        back,
        "投诉已登记",
        unit=unit,
        back=back,
        heading="登记群众投诉",
        button="登记",
        text="登记以后不能修改。达到标准的，可以提出列为特殊，由分管负责人批准。",
    )


@requires(P.KEEP_VOCABULARIES)
def complaint_rule(request):
    """调整反复投诉标准, for the whole city."""
    today = clock.today()
    now = tallies.rule_on(today)
    initial = {"least": now.least, "months": now.months, "only_verified": now.only_verified, "valid_from": today}
    back = reverse("registry:facility-complaints")
    return act_page(
        request,
        FORM_PAGE,
        ComplaintRuleForm(request.POST or None, initial=initial),
        partial(actions.set_complaint_rule, by=request.user),
        back,
        "标准已保存",
        back=back,
        heading="调整反复投诉标准",
        button="保存标准",
        text=f"全市用一个标准。现在：{now.words}。已经批准的类别不重新判定。",
    )
