from datetime import timedelta
from functools import partial

from django.shortcuts import get_object_or_404

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page
from registry import book
from registry.facilities.forms import ReasonForm

from . import absences, roster, rules
from .forms import AbsenceForm, BackForm
from .pages import FORM_PAGE, inspector_or_404


@requires(P.EDIT_INSPECTORS, P.FIELD_WORK)
def absence_new(request, code):
    """Note leave, a change of post or other duty; everybody may note his own leave."""
    inspector, today = inspector_or_404(request, code), clock.today()
    own = inspector.user_id == request.user.pk
    may_edit = rules.may_edit_inspector(inspector, request.user)
    form = AbsenceForm(request.POST or None, initial={"starts_on": today}, own=own and not may_edit)
    act = partial(absences.record_absence, inspector=inspector, by=request.user)
    return act_page(
        request,
        FORM_PAGE,
        form,
        act,
        inspector,
        "离岗已登记",
        inspector=inspector,
        heading="登记请假" if own and not may_edit else "登记离岗",
        button="登记请假" if own and not may_edit else "登记离岗",
        text=f"离岗期间不参加抽取和检查。{_pool_words(inspector, today)}"
        + ("" if own and not may_edit else "截止日不清楚的留空，返岗时再填。"),
        obstacle="" if own else rules.why_not_edit_inspector(inspector, request.user),
    )


def _pool_words(inspector, today) -> str:
    """How many of the unit can be drawn today, and how many without this person (七(五)-a)."""
    unit = inspector.unit.drawing_unit
    people = roster.drawable(book.inspectors_of(unit), today)
    without = sum(1 for p in people if p.pk != inspector.pk)
    least = policy.on(today).min_team_size
    warning = f"，不够一组 {least} 人" if without < least else ""
    return f"{unit}今天可参加抽取 {len(people)} 人，{inspector.name}离岗时 {without} 人{warning}。"


@requires(P.EDIT_INSPECTORS)
def absence_end(request, code, pk):
    """Note that somebody is back: at once by the button of his page, or with another last day."""
    inspector = inspector_or_404(request, code)
    absence = get_object_or_404(inspector.absences.select_related("inspector"), pk=pk)
    form = BackForm(request.POST or None, initial={"on": absence.ends_on})

    def act(*, on):
        yesterday = clock.today() - timedelta(days=1)
        absences.end_absence(absence=absence, on=on or max(absence.starts_on, yesterday), by=request.user)

    done = f"{inspector.name}的截止日已登记" if request.POST.get("on") else f"{inspector.name}已返岗"
    return act_page(
        request,
        FORM_PAGE,
        form,
        act,
        inspector,
        done,
        inspector=inspector,
        heading="登记返岗",
        button="登记返岗",
        text=f"{absence.get_kind_display()} {absence.starts_on:%Y-%m-%d} 起。",
        obstacle=rules.why_not_edit_inspector(inspector, request.user),
    )


@requires(P.EDIT_INSPECTORS, P.FIELD_WORK)
def absence_cancel(request, code, pk):
    """Take back an absence that has not begun."""
    inspector = inspector_or_404(request, code)
    absence = get_object_or_404(inspector.absences.select_related("inspector"), pk=pk)
    absence.inspector = inspector
    form = ReasonForm(request.POST or None)
    act = partial(absences.cancel_absence, absence=absence, by=request.user)
    return act_page(
        request,
        FORM_PAGE,
        form,
        act,
        inspector,
        "离岗登记已取消",
        inspector=inspector,
        heading="取消离岗登记",
        button="取消登记",
        text=f"{absence.get_kind_display()} {absence.starts_on:%Y-%m-%d} 起。还没有开始，可以取消；历史里两次都看得到。",
        obstacle=rules.why_not_cancel_absence(absence, request.user, today=clock.today()),
    )
