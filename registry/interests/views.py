"""回避: declared interests, the yearly declaration, and who decides on them (七(五)-c, ui.md 7.2, PNG 09)."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from registry.facilities.forms import ReasonForm
from registry.inspectors import rules as inspectors_rules
from registry.inspectors.pages import FORM_PAGE, inspector_or_404
from registry.models import ConflictOfInterest, Inspector, InterestDeclaration

from . import actions, rules
from .forms import ConflictForm, YearForm
from .pages import VIEWS, RecusalList, panel, sees_interests, sees_unit


@requires(P.EDIT_INSPECTORS, P.APPROVE_REGISTRY, P.SEE_LOG, P.FIELD_WORK)
@require_safe
def recusal_list(request):
    """Everybody's declaration of the year and interests; an inspector is taken to his own record."""
    unit, today = shell.current_unit(request), clock.today()
    if not sees_unit(request.user, unit):
        own = Inspector.objects.filter(user=request.user).first()
        if own is None:
            return TemplateResponse(request, "registry/interests/recusal_unlinked.html")
        return redirect(own.get_absolute_url() + "#conflicts")
    page = RecusalList.of(unit, today, chips.asked(request, "view", VIEWS, "all"))
    people = Inspector.objects.select_related("unit", "unit__serves", "unit__parent")
    codes = {person.inspector.code for person in page.everybody}
    chosen = people.filter(code=request.GET.get("person")).first() if request.GET.get("person") in codes else None
    context = {
        "unit": unit,
        "list": page,
        "at": page.at,
        "people": page.those(page.view),
        "panel": panel(chosen, request.user, today) if chosen else None,
        "form": ConflictForm(drawing_unit=unit) if chosen else None,
        "may_enter": request.user.may(P.EDIT_INSPECTORS, unit),
        "may_decide": request.user.may(P.APPROVE_REGISTRY, unit),
    }
    return TemplateResponse(request, "registry/interests/recusal_list.html", context)


def _inspector(request, code):
    """Somebody whose interests this user may read; others are not found."""
    inspector = inspector_or_404(request, code)
    if not sees_interests(request.user, inspector):
        raise Http404
    return inspector


def _back(request, inspector):
    """The list with this person's panel, for who works on the list; the own record for everybody else."""
    unit = inspector.unit.drawing_unit
    if inspector.user_id == request.user.pk or not sees_unit(request.user, unit):
        return inspector.get_absolute_url() + "#conflicts"
    return f"{reverse('registry:recusal-list')}?unit={unit.code}&person={inspector.code}"


@requires(P.EDIT_INSPECTORS, P.FIELD_WORK)
def conflict_new(request, code):
    """Declare an interest: it keeps this person from this facility in every later draw (七(五)-c)."""
    inspector = _inspector(request, code)
    own, back = inspector.user_id == request.user.pk, _back(request, inspector)
    if not own and not inspectors_rules.may_edit_inspector(inspector, request.user):
        raise Http404
    return act_page(
        request,
        FORM_PAGE,
        ConflictForm(request.POST or None, drawing_unit=inspector.unit.drawing_unit),
        partial(actions.declare_conflict, inspector=inspector, by=request.user),
        back,
        "回避已申报，从现在起不会派到这家；等分管负责人审核",
        inspector=inspector,
        back_to=back,
        heading="申报回避" if own else f"登记{inspector.name}的回避",
        button="提交申报",
        text="提交以后，抽取时这家企业不会派给本人；由分管负责人审核。"
        "申报内容只有本人、名录管理员、分管负责人和监督员能看到。",
    )


def _conflict(request, code, pk):
    inspector = _inspector(request, code)
    conflict = get_object_or_404(ConflictOfInterest.objects.select_related("facility"), inspector=inspector, pk=pk)
    conflict.inspector = inspector
    return inspector, conflict


@requires(P.EDIT_INSPECTORS)
def conflict_end(request, code, pk):
    """End a declared interest that no longer holds."""
    inspector, conflict = _conflict(request, code, pk)
    back = _back(request, inspector)
    return act_page(
        request,
        FORM_PAGE,
        ReasonForm(request.POST or None),
        partial(actions.end_conflict, conflict=conflict, by=request.user),
        back,
        "回避已结束",
        inspector=inspector,
        back_to=back,
        heading="结束回避",
        button="结束回避",
        text=f"{inspector.name}对{conflict.facility.name}的回避（{conflict.get_kind_display()}）到今天为止。",
        obstacle=inspectors_rules.why_not_edit_inspector(inspector, request.user),
        danger=True,
    )


@requires(P.APPROVE_REGISTRY)
@require_POST
def conflict_approve(request, code, pk):
    """Approve a declared interest."""
    inspector, conflict = _conflict(request, code, pk)
    act = partial(actions.approve_conflict, conflict=conflict, by=request.user)
    return press(request, act, _back(request, inspector), "回避已批准")


def _return_page(request, inspector, act, *, done, heading, text, obstacle):
    """Give back an interest or a declaration, for what is missing."""
    back = _back(request, inspector)
    return act_page(
        request,
        FORM_PAGE,
        ReasonForm(request.POST or None),
        lambda reason: act(opinion=reason, by=request.user),
        back,
        done,
        inspector=inspector,
        back_to=back,
        heading=heading,
        button="退回补充",
        text=text,
        obstacle=obstacle,
        danger=True,
    )


@requires(P.APPROVE_REGISTRY)
def conflict_return(request, code, pk):
    """Return a declared interest for what is missing."""
    inspector, conflict = _conflict(request, code, pk)
    return _return_page(
        request,
        inspector,
        partial(actions.return_conflict, conflict=conflict),
        done="已退回，本人可以补充后再申报",
        heading="退回补充",
        text=f"{inspector.name}对{conflict.facility.name}的回避申报退回。退回以后，从明天起可能派到这家；补充后可以再申报。",
        obstacle=rules.why_not_decide(conflict, request.user),
    )


@requires(P.EDIT_INSPECTORS, P.FIELD_WORK)
def declaration_new(request, code):
    """This year's declaration: the interests on the list, or that there is none."""
    inspector = _inspector(request, code)
    if inspector.user_id != request.user.pk and not inspectors_rules.may_edit_inspector(inspector, request.user):
        raise Http404
    today = clock.today()
    open_ones = list(inspector.conflicts.open().in_force(today).select_related("facility").order_by("facility__code"))
    names = "、".join(c.facility.name for c in open_ones)
    back = _back(request, inspector)
    listed = f"现在登记的有 {len(open_ones)} 家：{names}。" if names else "现在没有登记要回避的企业。"
    return act_page(
        request,
        FORM_PAGE,
        YearForm(request.POST or None, open_ones=len(open_ones)),
        lambda none: actions.declare_year(inspector=inspector, none=none == "yes", by=request.user),
        back,
        f"{today.year} 年回避申报已提交，等分管负责人审核",
        inspector=inspector,
        back_to=back,
        heading=f"{today.year} 年回避申报",
        button="提交申报",
        text=f"{listed}近亲属任职或持股、本人曾任职、业务往来、投诉争议、亲属居住受影响，都要申报。还有没登记的，先逐家登记。",
        obstacle=rules.why_not_declare_year(
            inspector, request.user, year=today.year, none=not open_ones, open_ones=len(open_ones)
        ),
    )


def _declaration(request, code, pk):
    inspector = _inspector(request, code)
    declaration = get_object_or_404(InterestDeclaration, inspector=inspector, pk=pk)
    declaration.inspector = inspector
    return inspector, declaration


@requires(P.APPROVE_REGISTRY)
@require_POST
def declaration_approve(request, code, pk):
    """Approve a yearly declaration with the interests in it."""
    inspector, declaration = _declaration(request, code, pk)
    act = partial(actions.approve_declaration, declaration=declaration, by=request.user)
    return press(request, act, _back(request, inspector), "年度申报已批准")


@requires(P.APPROVE_REGISTRY)
def declaration_return(request, code, pk):
    """Return a yearly declaration."""
    inspector, declaration = _declaration(request, code, pk)
    return _return_page(
        request,
        inspector,
        partial(actions.return_declaration, declaration=declaration),
        done="已退回，本人可以重新申报",
        heading="退回年度申报",
        text=f"{inspector.name} {declaration.year} 年的申报退回，由本人重新申报。已登记的回避照常有效。",
        obstacle=rules.why_not_decide(declaration, request.user),
    )


@requires(P.APPROVE_REGISTRY)
@require_POST
def declarations_approve(request):
    """Approve all declarations of the year that name no facility."""
    unit = shell.unit_or_404(request, P.APPROVE_REGISTRY)
    return press(
        request,
        partial(actions.approve_all_without, unit=unit, by=request.user),
        f"{reverse('registry:recusal-list')}?unit={unit.code}",
        lambda done: f"已批准 {done} 份无利害关系的申报",
    )
