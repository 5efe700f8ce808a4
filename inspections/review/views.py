from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import press
from inspections.models import Inspection

from . import actions
from .forms import ReviewForm


@requires(P.REVIEW_RESULTS, P.FIELD_WORK)
@require_POST
def task_review(request, no):
    """Agree with a record or send it back; whoever was of the team reads why he does not."""
    inspection = get_object_or_404(Inspection.objects.in_circle_of(request.user), no=no)
    sends_back = request.POST.get("decision") == "return"
    leads_to = inspection if inspection.unit_id in request.user.units_with(P.SEE_SEALED) else inspection.field_url
    form = ReviewForm(request.POST)
    if not form.is_valid():
        messages.error(request, "审核意见最多 200 字。缩短之后再提交。")
        return redirect(leads_to)
    act = actions.return_result if sends_back else actions.review_result
    done = "已退回检查小组。" if sends_back else "已审核通过，可以公开。"
    return press(request, partial(act, inspection=inspection, by=request.user, **form.cleaned_data), leads_to, done)
