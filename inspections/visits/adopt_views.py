"""采用平台结果: read what the platform has of this check, then take it over."""

from functools import partial

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page
from inspections.checks.pages import my_task
from inspections.exchange import leading, results
from inspections.models import Answer, Outcome

from . import adopting
from .closed_views import open_to_the_team
from .forms import AdoptForm


@requires(P.FIELD_WORK)
def field_adopt(request, no):
    """Its outcome and each point as the platform has it, and one button."""
    inspection = my_task(request, no)
    if closed := open_to_the_team(request, inspection):
        return closed
    result = results.newest(inspection)
    obstacle = adopting.why_not_adopt(inspection, result, request.user) or adopting.why_not_these(inspection, result)
    form = AdoptForm(request.POST or None, initial={"version": result.version}) if result and not obstacle else None
    return act_page(
        request,
        "inspections/visits/field_adopt.html",
        form,
        partial(adopting.adopt, inspection=inspection, by=request.user),
        f"{inspection.field_url}finish/",
        "已采用平台结果，核对以后写检查结果。",
        late=obstacle,
        inspection=inspection,
        result=result,
        number=leading.number_of(inspection),
        outcome=Outcome(result.outcome).label if result else "",
        times=adopting.times_of(inspection, result) if result else [],
        points=_points(inspection, result) if result else [],
        obstacle=obstacle,
    )


def _points(inspection, result) -> list[tuple[str, str, str]]:
    names = {(p.item_code, p.number): p.text for p in inspection.answers.all()}
    return [
        (
            names.get((said["item"], said["number"]), f"{said['item']} 第 {said['number']} 点"),
            str(Answer(said["answer"]).label),
            said["words"],
        )
        for said in result.content["answers"]
    ]
