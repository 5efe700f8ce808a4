"""Pages of the 检查对象 registry (ui.md 4.4, 7.2). Nothing here depends on what a draw picked (decisions.md 3)."""

from functools import partial

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, table
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.web import frame as shell
from registry import book_rules as imports_rules
from registry import known, sheets
from registry.history import pages as past_pages
from registry.models import OFF_BOOKS, BatchKind, Category, Ground
from registry.positive_list import actions as positive_list_actions
from registry.positive_list import rules as positive_list_rules
from registry.positive_list.forms import PositiveEntryForm, PositiveExitForm
from registry.proposals import rules as proposal_rules
from registry.safety import actions as safety_actions

from . import actions, categories, chain, compared, levels, responsibility, rules, wording
from .forms import FacilityForm
from .pages import FORM_PAGE, facility_or_404

CHANGE_PAGE = "registry/facilities/facility_change.html"
LISTING_SENT = "已提交牵头部门批准。批准以前，检查和抽取都按原来的。"


@requires(P.SEE_FACILITIES)
@require_safe
def facility_detail(request, code):
    """Identity, basic data, why this category, history. Personal data masked until asked for."""
    facility = facility_or_404(request, code)
    if "on" in request.GET:
        return past_pages.facility(request, facility)
    return TemplateResponse(request, "registry/facilities/facility_detail.html", _detail_context(request, facility))


@requires(P.SEE_FACILITIES)
@require_safe
def facility_history(request, code):
    """All entries of its history as a workbook, in the words of the page (PNG 08): personal data masked as there."""
    facility, day = facility_or_404(request, code), clock.today()
    changes = facility.changes.select_related("entered_by", "approved_by")
    content = table(
        sheet="变更和检查历史",
        title=heading("变更和检查历史", f"{facility.name} {facility.code}", day),
        columns=[OutColumn("时间", 24), OutColumn("事情", 20), OutColumn("内容", 90)],
        rows=[(e["when"], e["what"], e["who"]) for e in wording.with_marks(changes, known.marks_of(facility))],
    )
    return files.attachment(content, name=f"{facility.code}_历史_{day:%Y%m%d}.xlsx", content_type=files.XLSX)


@requires(P.SEE_FACILITIES)
def facility_personal(request, code):
    """Show names and telephone numbers once, and note who looked."""
    if request.method != "POST":
        return redirect("registry:facility-detail", code)
    facility = facility_or_404(request, code)
    actions.show_personal_data(facility=facility, by=request.user)
    context = {**_detail_context(request, facility), "personal": True}
    return TemplateResponse(request, "registry/facilities/facility_detail.html", context)


def _detail_context(request, facility):
    grounds = list(facility.grounds.select_related("entered_by", "approved_by"))
    open_ = [g for g in grounds if g.valid_to is None]
    # The latest; all of them when asked to recompute them.
    changes = facility.changes.select_related("entered_by", "approved_by")[: None if "verify" in request.GET else 60]
    entry = facility.positive_entries.filter(valid_to__isnull=True).first()
    user = request.user
    verdict = chain.check(facility)
    return {
        "facility": facility,
        "tone": wording.status_tone(facility),
        "tags": [wording.GROUND_TAGS[g.kind] for g in open_],
        "criteria": _criteria(open_),
        "pending": _pending(request, facility),
        "ended": [g for g in grounds if g.valid_to is not None],
        "derived": categories.DERIVED,
        "entry": entry,
        "compared": compared.with_permit_list(facility),
        "onsite": known.onsite_of(facility),
        "safety": safety_actions.standing(facility),
        "conditions": list(facility.permit_conditions.standing()),
        "visits": known.visits_of(facility),
        "cap": policy.on(clock.today()).cap_per_item,
        "ratings": facility.ratings.select_related("entered_by", "batch__confirmed_by")[:30],
        "levels": levels.label_of(),
        "past_entries": facility.positive_entries.filter(valid_to__isnull=False).order_by("-valid_to")[:5],
        "entries": wording.with_marks(changes, known.marks_of(facility)),
        "times_left": known.times_left(facility, clock.today().year),
        "may_raise": facility.status not in OFF_BOOKS and user.may(P.RAISE_CHECK, facility.unit_id),
        "may_edit": verdict.whole and user.may(P.EDIT_FACILITIES, facility.unit_id),
        "may_approve": verdict.whole and user.may(P.APPROVE_REGISTRY, facility.unit_id),
        "masked": {
            "legal_person": wording.masked_person(facility.legal_person),
            "contact_name": wording.masked_person(facility.contact_name),
            "contact_phone": wording.masked_phone(facility.contact_phone),
        },
        "responsible": responsibility.short(facility.unit, clock.today()),
        "has_personal": any(getattr(facility, n) for n in wording.PERSONAL),
        "division": sheets.DIVISIONS.get(facility.division_code, facility.division_code),
        "pollution": wording.value_text("pollution_types", facility.pollution_types),
        "scopes": wording.value_text("scopes", facility.scopes),
        "verdict": verdict,
        "asked_to_verify": "verify" in request.GET,
    }


def _criteria(grounds):
    """Every ground that makes 特殊 or 重点, held or not, with what it rests on (六(二)-t … -ak)."""
    held = {g.kind: g for g in grounds}
    for ground in held.values():
        ground.last_day = categories.last_day(ground.kind, ground.year, ground.valid_from)
    return [
        {
            "label": category.label,
            "lines": [
                {"kind": g.value, "label": g.label, "ground": held.get(g)} for g in Ground if g.makes == category
            ],
            "held": (n := sum(1 for kind in held if Ground(kind).makes == category)),
            "unmet": sum(1 for g in Ground if g.makes == category) - n,
        }
        for category in (Category.SPECIAL, Category.KEY)
    ]


def _pending(request, facility):
    """Proposals that wait for a decision: old → new, and what this reader may do about each."""
    waiting = list(facility.proposals.pending().select_related("unit", "asked_by", "batch"))
    units = dict(Unit.objects.values_list("code", "short_name")) if waiting else {}
    for proposal in waiting:
        proposal.facility = facility
        proposal.what = wording.proposal_text(proposal, units)
        proposal.may_decide = not proposal_rules.why_not_decide(proposal, request.user) and not proposal.batch_id
    return waiting


@requires(P.EDIT_FACILITIES)
def facility_new(request):
    """Enter one new facility of the chosen unit."""
    unit = shell.current_unit(request)
    form = FacilityForm(request.POST or None, new=True, initial={"division_code": unit.division_code if unit else ""})
    obstacle = imports_rules.why_not_import(BatchKind.FACILITY, unit, request.user) if unit else "没有可以维护的单位。"
    return act_page(
        request,
        CHANGE_PAGE,
        form,
        lambda reason, **_: actions.add_facility(unit=unit, values=form.values(), reason=reason, by=request.user),
        lambda facility: facility,
        lambda facility: f"已新增 {facility.name}，编号 {facility.code}",
        unit=unit,
        obstacle=obstacle,
    )


@requires(P.EDIT_FACILITIES)
def facility_change(request, code):
    """Change the basic data; two people editing at once get both versions, not the last one (reliability.md P15)."""
    facility = facility_or_404(request, code)
    form = FacilityForm.of(facility, request.POST or None)

    def act(*, version, reason, evidence, **_):
        actions.change_facility(
            facility=facility,
            values=form.values(),
            version=version or 0,
            reason=reason,
            evidence=evidence,
            by=request.user,
        )

    def facts():
        seen = form.data.get("version", "") if form.is_bound and form.errors else ""
        return {"theirs": their_changes(facility, seen)}

    return act_page(
        request,
        CHANGE_PAGE,
        form,
        act,
        facility,
        "变更已登记",
        facts=facts,
        facility=facility,
        unit=facility.unit,
        obstacle=rules.why_not_edit_facility(facility, request.user),
    )


def their_changes(facility, seen: str) -> list[dict]:
    """When somebody else saved after the version `seen`: what he changed, to stand beside what is typed here."""
    if not seen.isdecimal() or int(seen) == facility.version:
        return []
    changes = facility.changes.select_related("entered_by")[: max(facility.version - int(seen), 0)]
    return wording.facility_history(changes)


@requires(P.EDIT_FACILITIES)
def positive_enter(request, code):
    """Propose a place on the 正面清单 (七(三)-e)."""
    facility = facility_or_404(request, code)
    form = PositiveEntryForm(request.POST or None)
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(positive_list_actions.ask_to_enter, facility=facility, by=request.user),
        facility,
        LISTING_SENT,
        facility=facility,
        heading="纳入正面清单",
        button="提出纳入",
        text="正面清单内的企业，除信访举报外优先用非现场方式检查，原则上不进行现场检查。由牵头部门批准，从批准当天起算，不能倒填。",
        obstacle=positive_list_rules.why_not_ask(facility, request.user),
    )


@requires(P.EDIT_FACILITIES)
def positive_leave(request, code):
    """Propose that it leaves the 正面清单, with the reason (七(三)-d, -e)."""
    facility = facility_or_404(request, code)
    form = PositiveExitForm(request.POST or None)
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(positive_list_actions.ask_to_leave, facility=facility, by=request.user),
        facility,
        LISTING_SENT,
        facility=facility,
        heading="移出正面清单",
        button="提出移出",
        text="由牵头部门批准，从批准当天起按一般方式检查。原来的批次和起止日期留在历史里。",
        obstacle=positive_list_rules.why_not_ask(facility, request.user),
        danger=True,
    )
