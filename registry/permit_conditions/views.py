from functools import partial

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page
from registry.facilities.pages import FORM_PAGE, facility_or_404

from . import actions, sheet
from .forms import ConditionsForm


@requires(P.EDIT_FACILITIES)
def facility_conditions(request, code):
    """登记许可事项 of one facility."""
    facility = facility_or_404(request, code)
    standing = facility.permit_conditions.standing()
    return act_page(
        request,
        FORM_PAGE,
        ConditionsForm(request.POST or None, initial={"lines": sheet.written(standing)}),
        partial(actions.enter, facility=facility, by=request.user),
        facility,
        lambda counts: f"许可事项已登记：新增 {counts[0]} 条，停用 {counts[1]} 条",
        refusals_at="lines",
        facility=facility,
        heading="许可事项",
        button="保存",
        text="派发检查时，排污许可类事项的检查要点之后逐条列出这里的许可事项，现场逐条核对。",
    )
