from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import press
from inspections.models import Inspection

from . import actions
from .forms import KeepForm


@requires(P.FIELD_WORK, P.REVIEW_RESULTS, P.PUBLISH)
@require_POST
def names_keep(request, no):
    """Say why a name may become public, from the page of the visit, of the review or of the publication."""
    inspection = get_object_or_404(Inspection.objects.visible_to(request.user), no=no)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = inspection.get_absolute_url()
    form = KeepForm(request.POST)
    if not form.is_valid():
        messages.error(request, "写明为什么要公开，最多 100 字。")
        return redirect(back)
    return press(
        request,
        partial(actions.keep_name, inspection=inspection, by=request.user, **form.cleaned_data),
        back,
        "已写明理由，审核和公开的人会看到。",
    )
