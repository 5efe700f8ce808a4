"""结果公示: what waits to be published, and one page for each thing that does (ui.md 7.2, PNG 13)."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure import words
from disclosure.city import pages as city_pages
from disclosure.city import result_tables, roundups, summaries
from disclosure.city.standing import standing
from disclosure.followups import waiting as steps_waiting
from disclosure.models import FOLLOWUPS, OF_THE_CITY, Publication, PublicationKind
from disclosure.results.forms import quarter_of
from disclosure.revisions import terms, tombstones
from disclosure.site import bulletin
from inspections.review import actions as review_actions
from plans.lists.public_facts import ItemListFacts
from plans.models import QuarterlyPlan
from plans.quarterly import rules as plan_rules
from plans.quarterly.public_facts import PlanFacts

from . import actions, pages, reading, rules, snapshots, waiting
from .confirm_pages import WHERE, ConfirmPage, Together, made_public
from .forms import PublishDocumentForm, PublishResultForm, PublishSeveralForm, ReturnForm


@requires(Permission.PUBLISH, Permission.PUBLISH_CITY)
@require_safe
def publish_list(request):
    """Lists, plans and results that wait; nothing is published from here."""
    unit = shell.current_unit(request)
    if (wanted := request.GET.get("no", "").strip()) and (found := _published_of(request.user, wanted)):
        return redirect(pages.url_of(words.PAGE_OF[found.kind], found.no))
    user, today, calendar = request.user, clock.today(), workdays.calendar()
    mine = user.units_with(Permission.PUBLISH) & ({unit.pk} if unit else set())
    quarter = shell.current_quarter(request)
    context = {
        "unit": unit,
        "lists": [pages.waiting_list(i, user, today) for i in waiting.lists_of(mine).select_related("unit")],
        "plans": [pages.waiting_plan(p, user, today, calendar) for p in waiting.plans_of(mine).select_related("unit")],
        "steps": steps_waiting.steps_of(user, unit) if unit else [],
        "results": [pages.ResultRow.of(i, user, today, calendar) for i in waiting.results_of(user, unit)],
        "summary": pages.waiting_summary(user, quarter),
        "results_summary": city_pages.waiting(user, quarter, today),
        "done": [(p, pages.url_of(words.PAGE_OF[p.kind], p.no)) for p in _latest(unit)] if unit and mine else [],
        "days": policy.on(today).publish_within_workdays,
        "close": quarter.close_due(calendar),
        "today": today,
        "wanted": wanted,
    }
    return TemplateResponse(request, "disclosure/publishing/publish_list.html", context)


def _published_of(user, no: str) -> Publication | None:
    """What these officers have made public under this number, withdrawn or not."""
    units = user.units_with(Permission.PUBLISH) | user.units_with(Permission.PUBLISH_CITY)
    mine = Unit.objects.filter(pk__in=units).values("code")
    return Publication.everything.filter(no__iexact=no[:40], unit_code__in=mine).order_by("kind").first()


def _latest(unit):
    """The unit's last ten; the city's summaries have their own place on the page."""
    return Publication.objects.filter(unit_code=unit.code).exclude(kind__in=OF_THE_CITY)[:10]


@requires(Permission.PUBLISH, Permission.PUBLISH_CITY)
def publish_detail(request, kind, no):
    """One thing: exactly what the public will see, what stays private, what has been checked."""
    pages = {"list": _item_list, "plan": _plan, "result": _result, "summary": _summary, "results": _results_summary}
    pages["selfcheck"] = _selfcheck
    if kind not in pages:
        return _published(request, next(k for k, page in words.PAGE_OF.items() if page == kind), no)
    return pages[kind](request, no)


def _result(request, no):
    everything = list(waiting.results_of(request.user))
    inspection = next((i for i in everything if i.no == no), None)
    if inspection is None:
        return _published(request, PublicationKind.RESULT, no)
    neighbours = [i for i in everything if i.unit_id == inspection.unit_id]
    return act_page(
        request,
        "disclosure/publishing/publish_result.html",
        ReturnForm(request.POST or None, auto_id="f_%s"),
        partial(review_actions.return_result, inspection=inspection, by=request.user),
        "disclosure:publish-list",
        f"已退回{inspection.facility.name}的检查结果。",
        inspection=inspection,
        page=pages.ResultPage(inspection, request.user, clock.today(), workdays.calendar(), neighbours),
    )


@requires(Permission.PUBLISH, asks_itself=True)
def publish_confirm(request, no):
    """公开确认: exactly these words, and no way back; once they are public, where they stand (ui-2.md 26)."""
    inspection = waiting.results_of(request.user).filter(no=no).first()
    if inspection is None:
        return _published(request, PublicationKind.RESULT, no)
    was = reading.read(request.POST["shown"]) if "shown" in request.POST else None
    page = ConfirmPage(inspection, request.user, clock.today(), workdays.calendar(), [inspection], was or {})
    return act_page(
        request,
        "disclosure/publishing/confirm.html",
        PublishResultForm(request.POST or None, late=page.is_late),
        partial(actions.publish_result, inspection=inspection, by=request.user),
        lambda publication: redirect("disclosure:publish-detail", "result", publication.no),
        lambda publication: made_public(f"已公开{publication.facility_name}的检查结果。", publication),
        fresh=True,
        inspection=inspection,
        page=page,
        compare="compare" in request.GET,
    )


@requires(Permission.PUBLISH, asks_itself=True)
def publish_several(request):
    """Those in which nothing was found, together, each with its whole text; all others one by one (ui-2.md 26)."""
    unit = shell.current_unit(request)
    results = list(waiting.results_of(request.user, unit))
    user, today, calendar = request.user, clock.today(), workdays.calendar()

    def publish(no: list[str]) -> actions.Batch:
        chosen = [i for i in results if i.no in no]
        shown = {i.no: request.POST.get(f"shown-{i.no}", "") for i in chosen}
        return actions.publish_results(inspections=chosen, by=user, shown=shown)

    def done(batch: actions.Batch) -> str:
        for inspection, reason in batch.left:
            messages.warning(request, f"{inspection.facility.name}没有公开：{reason}")
        made = len(batch.published)
        if not made:
            return ""
        return made_public(f"公开了 {made} 条，留下 {len(results) - made} 条。", batch.published[0])

    def facts() -> dict:
        rows = [
            Together(
                i,
                rules.strip_of(i, calendar, today),
                rules.why_not_together(i, user, today=today),
                snapshots.of_result(i, today=today, calendar=calendar),
            )
            for i in results
        ]
        ticked = request.POST.getlist("no") if request.method == "POST" else None
        together = [row for row in rows if not row.why_not]
        return {
            "rows": [(row, ticked is None or row.inspection.no in ticked) for row in together],
            "alone": [row for row in rows if row.why_not],
        }

    return act_page(
        request,
        "disclosure/publishing/confirm_several.html",
        PublishSeveralForm(request.POST or None),
        publish,
        "disclosure:publish-list",
        done,
        fresh=True,
        facts=facts,
        unit=unit,
    )


def _item_list(request, no):
    code, _, year = no.rpartition("-")
    item_list = (
        waiting.lists_of(request.user.units_with(Permission.PUBLISH))
        .filter(unit__code=code, year=int(year) if year.isdecimal() and len(year) == 4 else 0)
        .select_related("unit", "approved_by")
        .first()
    )
    if item_list is None:
        return _published(request, PublicationKind.ITEM_LIST, no)
    return _publish_one(
        request,
        partial(actions.publish_list, item_list=item_list, by=request.user),
        record=item_list,
        snapshot=ItemListFacts.of(item_list, today=clock.today()).as_snapshot(),
        obstacle=rules.why_not_publish_list(item_list, request.user),
        kind="list",
        title=str(item_list),
    )


def _plan(request, no):
    code, _, text = no.rpartition("-")
    quarter = quarter_of(text)
    plan = quarter and (
        waiting.plans_of(request.user.units_with(Permission.PUBLISH))
        .of(quarter)
        .filter(unit__code=code)
        .select_related("unit", "executing_unit", "item_list", "approved_by")
        .first()
    )
    if not plan:
        return _published(request, PublicationKind.PLAN, no)
    return _publish_one(
        request,
        partial(actions.publish_plan, plan=plan, by=request.user),
        record=plan,
        snapshot=PlanFacts.of(plan, now=clock.now()).as_snapshot(),
        obstacle=rules.why_not_publish_plan(plan, request.user),
        kind="plan",
        title=str(plan),
        due=pages.plan_badge(plan, clock.today(), workdays.calendar()),
        late=plan_rules.publication_lateness(plan, clock.today(), workdays.calendar()),
    )


def _summary(request, no):
    quarter = quarter_of(no)
    if quarter is None or not request.user.units_with(Permission.PUBLISH_CITY):
        raise Http404
    now = standing(quarter, clock.today())
    if now.published and not now.changes:
        return _show_published(request, now.published)
    return _publish_one(
        request,
        partial(actions.publish_plan_summary, quarter=quarter, by=request.user),
        kind="summary",
        title=summaries.title_of(quarter),
        now=now,
        public_url=reverse("disclosure:plans-of-quarter", args=[str(quarter).lower()]),
        obstacle=rules.why_not_publish_summary(now, request.user),
    )


def _results_summary(request, no):
    quarter = quarter_of(no)
    if quarter is None or not request.user.units_with(Permission.PUBLISH_CITY):
        raise Http404
    now = roundups.standing(quarter)
    if now.published and not now.added:
        return _show_published(request, now.published)
    return _publish_one(
        request,
        partial(roundups.publish_result_summary, quarter=quarter, by=request.user),
        kind="results",
        title=roundups.title_of(quarter),
        now=now,
        columns=result_tables.COLUMNS,
        totals=result_tables.totals_of({"units": now.units}),
        public_url=city_pages.public_url(quarter),
        obstacle=roundups.why_not_publish(now, request.user, clock.today()),
    )


def _selfcheck(request, no):
    """Published by the supervisor's word on a page of its own; here it stands once it is public."""
    kind, quarter = PublicationKind.SELF_CHECK, quarter_of(no)
    if quarter is None or not request.user.units_with(Permission.PUBLISH_CITY):
        raise Http404
    if (
        public := Publication.objects.current()
        .filter(kind=kind, no=str(quarter))
        .select_related("published_by")
        .first()
    ):
        return _show_published(request, public)
    if tombstones.in_place_of(kind, no=str(quarter)):
        return redirect("disclosure:revision", words.PAGE_OF[kind], quarter)
    return redirect("disclosure:selfcheck-summary", str(quarter).lower())


def _published(request, kind: str, no: str):
    """What is public already, for the officers of its unit; of anything else there is no such page."""
    publication = Publication.objects.current().filter(kind=kind, no__iexact=no).select_related("published_by").first()
    mine = Unit.objects.filter(pk__in=request.user.units_with(Permission.PUBLISH))
    if publication is None and tombstones.in_place_of(kind, no__iexact=no):
        return redirect("disclosure:revision", words.PAGE_OF[kind], no)
    if publication is None or not mine.filter(code=publication.unit_code).exists():
        raise Http404
    return _show_published(request, publication)


def _show_published(request, publication: Publication):
    """已公开: when, by whom, every version, and the way to the public page; whoever presses again is told so."""
    if request.method == "POST":
        messages.info(request, f"{publication.title}已经公开，这次没有再公开。")
        return redirect(request.path)
    versions = Publication.objects.versions(publication.kind, no=publication.no)
    context = {
        "publication": publication,
        "kind": publication.get_kind_display(),
        "versions": versions.select_related("published_by"),
        "public_url": bulletin.public_url(publication),
        "outcome": words.OUTCOMES.get(publication.outcome),
        "clock": words.clock_words(publication.workday_number),
        "reopened": _reopened(publication),
        "portal_url": _portal_url(publication),
        "revision_url": reverse("disclosure:revision", args=[words.PAGE_OF[publication.kind], publication.no]),
        "term": terms.term_of(publication),
    }
    return TemplateResponse(request, "disclosure/publishing/published.html", context)


def _portal_url(publication: Publication) -> str:
    """Lists, plans and the summary are also entered into the bureau's portal (八(二)-a)."""
    if publication.kind in (PublicationKind.RESULT, PublicationKind.REGISTER, *FOLLOWUPS):
        return ""
    return reverse("disclosure:portal-package", args=[words.PAGE_OF[publication.kind], publication.no])


def _reopened(publication: Publication) -> str:
    """A published plan that is being changed: what is public stays so until the next version is."""
    if publication.kind != PublicationKind.PLAN:
        return ""
    quarter = Quarter(publication.year, publication.number)
    plan = QuarterlyPlan.objects.of(quarter).filter(unit__code=publication.unit_code).first()
    return f"第 {plan.revision} 版正在编制或审核，批准后在这里公开。" if plan and plan.is_being_changed else ""


def _publish_one(request, publish, *, late: str = "", **context):
    """Publish what the page shows, or say on it why not; what is late asks for its reason."""
    return act_page(
        request,
        "disclosure/publishing/publish_document.html",
        PublishDocumentForm(request.POST or None, late=late),
        publish,
        "disclosure:publish-list",
        lambda publication: made_public(f"已公开：{publication.title}。", publication),
        refusals_at="late_reason" if late else None,
        fresh=True,
        where=WHERE["document"],
        late_words=late,
        **context,
    )
