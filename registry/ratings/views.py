"""Pages of ratings: entering one, the levels they have, and the coverage of the domains (六(二)-b, -k, -n, -o)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from registry.facilities import rules
from registry.facilities.pages import edit, facility_or_404, form_page
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
    act = lambda: actions.enter_rating(facility=facility, by=request.user, **form.cleaned_data)  # noqa: E731
    return edit(request, form, act, facility, "评价已登记") or form_page(
        request,
        facility,
        form,
        heading="登记评价",
        button="登记评价",
        text="同一年度或月份再登记一次，就是更正。名录显示最近一期；评为严重失信的自动列为特殊。",
        obstacle=rules.why_not_edit_facility(facility, request.user),
    )


@requires(P.SEE_FACILITIES)
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
    if request.method == "POST" and form.is_valid():
        try:
            term = actions.save_term(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{term.get_kind_display()}“{term.label}”已保存")
            return redirect("registry:facility-levels")
    context = {"form": form, "asked": asked, "back": reverse("registry:facility-levels")}
    return TemplateResponse(request, "registry/ratings/term_change.html", context)


@requires(P.SEE_FACILITIES)
def coverage(request):
    """Domains × facilities × checked in the cycle, and how many carry each tag."""
    unit = shell.current_unit(request)
    if unit is None or not request.user.may(P.SEE_FACILITIES, unit):
        raise Http404
    cycle, lines = domains.table(unit, clock.today())
    context = {"unit": unit, "cycle": cycle, "lines": lines, "groups": domains.tag_counts(unit)}
    context["may_analyse"] = request.user.may(P.SEE_PROGRESS, unit)
    return TemplateResponse(request, "registry/ratings/coverage.html", context)
