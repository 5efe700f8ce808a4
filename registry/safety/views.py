from functools import partial

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page
from registry.facilities.pages import FORM_PAGE, facility_or_404

from . import actions
from .forms import SafetyForm


@requires(P.EDIT_FACILITIES)
def facility_safety(request, code):
    """登记现场安全说明 of one facility."""
    facility = facility_or_404(request, code)
    now = actions.standing(facility)
    initial = {"text": now.text if now else "", "told_on": clock.today()}
    return act_page(
        request,
        FORM_PAGE,
        SafetyForm(request.POST or None, initial=initial),
        partial(actions.note, facility=facility, by=request.user),
        facility,
        "现场安全说明已登记",
        facility=facility,
        heading="现场安全说明",
        button="保存",
        text="检查小组到场以前先看这一段。以前的说明都留着。",
    )
