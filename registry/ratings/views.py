"""Pages of ratings: entering one, the levels they have, and the coverage of the domains (六(二)-b, -k, -n, -o)."""

from functools import partial

from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.web.frame import unit_or_404
from registry.facilities import rules
from registry.facilities.pages import FORM_PAGE, facility_or_404
from registry.models import VocabularyTerm

from . import actions
from . import coverage as domains
from .forms import RatingForm, TermForm


@requires(P.EDIT_FACILITIES)
def rating_new(request, code):
    """登记评价: one level of one year or month, with its source."""
    facility = facility_or_404(request, code)
    today = clock.today()
    form = RatingForm(request.POST or None, initial={"year": today.year})
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(actions.enter_rating, facility=facility, by=request.user),
        facility,
        "评价已登记",
        facility=facility,
        heading="登记评价",
        button="登记评价",
        text="同一年度或月份再登记一次，就是更正。名录显示最近一期；评为严重失信的自动列为特殊。",
        obstacle=rules.why_not_edit_facility(facility, request.user),
    )


@requires(P.SEE_FACILITIES)
@require_safe
def term_list(request):
    """The levels of every rating."""
    terms = VocabularyTerm.objects.all()
    context = {"terms": terms, "may_keep": bool(request.user.units_with(P.KEEP_VOCABULARIES))}
    return TemplateResponse(request, "registry/ratings/term_list.html", context)


@requires(P.KEEP_VOCABULARIES)
def term_change(request):
    """Add a level, or change the one the address names."""
    asked = VocabularyTerm.objects.filter(kind=request.GET.get("kind", ""), code=request.GET.get("code", "")).first()
    initial = {"valid_from": clock.today()}
    if asked:
        initial = {f.name: getattr(asked, f.name) for f in VocabularyTerm._meta.fields if f.name != "id"}
        initial["also"] = "、".join(asked.also)
    form = TermForm(request.POST or None, initial=initial)
    return act_page(
        request,
        "registry/ratings/term_change.html",
        form,
        partial(actions.save_term, by=request.user),
        "registry:facility-levels",
        lambda term: f"{term.get_kind_display()}“{term.label}”已保存",
        asked=asked,
        back=reverse("registry:facility-levels"),
    )


@requires(P.SEE_FACILITIES)
@require_safe
def coverage(request):
    """Domains × facilities × checked in the cycle, and how many carry each tag."""
    unit = unit_or_404(request, P.SEE_FACILITIES)
    cycle, lines = domains.table(unit, clock.today())
    context = {"unit": unit, "cycle": cycle, "lines": lines, "groups": domains.tag_counts(unit)}
    context["may_analyse"] = request.user.may(P.SEE_PROGRESS, unit)
    return TemplateResponse(request, "registry/ratings/coverage.html", context)
