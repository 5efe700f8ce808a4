from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.refusal import Refused
from inspections.models import Inspection

from . import actions
from .forms import ReviewForm


@requires(P.REVIEW_RESULTS, P.FIELD_WORK)
@require_POST
def task_review(request, no):
    """Agree with a record or send it back; for the leader at the desk and the second member on the phone."""
    inspection = get_object_or_404(Inspection.objects.in_circle_of(request.user), no=no)
    form = ReviewForm(request.POST)
    back = request.POST.get("decision") == "return"
    if form.is_valid():
        try:
            if back:
                actions.return_result(inspection=inspection, by=request.user, **form.cleaned_data)
            else:
                actions.review_result(inspection=inspection, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "已退回检查小组。" if back else "已审核通过，可以公开。")
    else:
        messages.error(request, "审核意见最多 200 字。缩短之后再提交。")
    if inspection.unit_id in request.user.units_with(P.SEE_SEALED):
        return redirect(inspection)
    return redirect("inspections:field-task", inspection.no)
