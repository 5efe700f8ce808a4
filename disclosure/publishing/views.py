"""结果公示: what waits to be published, and one page for each thing that does (ui.md 7.2, PNG 13)."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import Quarter, due_date, short_date, weekday
from disclosure import words
from disclosure.city import pages as city_pages
from disclosure.city import roundups, summaries
from disclosure.city.standing import standing
from disclosure.models import Publication, PublicationKind
from disclosure.results.forms import quarter_of
from disclosure.site import bulletin
from inspections.models import Inspection, InspectionStatus
from inspections.review import actions as inspections_actions
from plans.lists.public_facts import ItemListFacts
from plans.models import ItemList, ListStatus, PlanStatus, QuarterlyPlan
from plans.quarterly.public_facts import PlanFacts

from . import actions, privacy, rules, snapshots
from .forms import PublishResultForm


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for its publication, with its badge."""

    title: str
    sub: str
    url: str
    badge: str
    tone: str
    rule: str
    why_not: str = ""


def results_waiting(user, unit=None):
    """Reviewed results of the units in which the user publishes, the most urgent first."""
    units = user.units_with(Permission.PUBLISH)
    if unit is not None:
        units &= {unit.pk}
    return (
        Inspection.objects.filter(status=InspectionStatus.REVIEWED, unit__in=units)
        .select_related("facility__unit", "unit", "executing_unit", "draw", "reviewed_by")
        .prefetch_related("answers", "members__inspector")
        .order_by("publish_by", "no")
    )


def count(user, unit, quarter):
    """How much waits, for the navigation; red when a limit is over."""
    n, late = 0, False
    if unit is not None and user.may(Permission.PUBLISH, unit):
        today = clock.today()
        dates = list(
            Inspection.objects.filter(status=InspectionStatus.REVIEWED, unit=unit).values_list("publish_by", flat=True)
        )
        n = len(dates) + ItemList.objects.filter(status=ListStatus.APPROVED, unit=unit).count()
        n += QuarterlyPlan.objects.filter(status=PlanStatus.APPROVED, unit=unit).count()
        late = any(d and d < today for d in dates)
    if user.units_with(Permission.PUBLISH_CITY):
        n += standing(quarter).is_due + roundups.standing(quarter).is_due(clock.today())
    return (n or None), late


@requires(Permission.PUBLISH, Permission.PUBLISH_CITY)
def publish_list(request):
    """Lists, plans and results that wait; results can be published together."""
    unit = shell.current_unit(request)
    if request.method == "POST":
        return _publish_batch(request, unit)
    user, today, calendar = request.user, clock.today(), workdays.calendar()
    mine = user.units_with(Permission.PUBLISH) & ({unit.pk} if unit else set())
    context = {
        "unit": unit,
        "lists": [
            _waiting_list(item_list, user, today)
            for item_list in ItemList.objects.filter(status=ListStatus.APPROVED, unit__in=mine).select_related("unit")
        ],
        "plans": [
            _waiting_plan(plan, user, today, calendar)
            for plan in QuarterlyPlan.objects.filter(status=PlanStatus.APPROVED, unit__in=mine).select_related("unit")
        ],
        "results": [_waiting_result(i, user, today, calendar) for i in results_waiting(user, unit)],
        "summary": _waiting_summary(user, shell.current_quarter(request)),
        "results_summary": city_pages.waiting(user, shell.current_quarter(request), today),
        "done": [(p, _url(KIND_OF[p.kind], p.no)) for p in _latest(unit)] if unit and mine else [],
        "days": policy.on(today).publish_within_workdays,
        "close": shell.current_quarter(request).close_due(calendar),
        "today": today,
    }
    return TemplateResponse(request, "disclosure/publishing/publish_list.html", context)


KIND_OF = {"ITEM_LIST": "list", "PLAN": "plan", "RESULT": "result", "SUMMARY": "summary", "RESULT_SUM": "results"}


def _latest(unit):
    """The unit's last ten; the city's summaries have their own place on the page."""
    return Publication.objects.filter(unit_code=unit.code).exclude(
        kind__in=[PublicationKind.SUMMARY, PublicationKind.RESULT_SUM]
    )[:10]


def _publish_batch(request, unit):
    chosen = results_waiting(request.user, unit).filter(no__in=request.POST.getlist("no")[:200])
    batch = actions.publish_results(inspections=list(chosen), by=request.user)
    if batch.published:
        messages.success(request, f"已公开 {len(batch.published)} 件结果。")
    elif not batch.left:
        messages.info(request, "没有选中结果。勾选之后再公开。")
    for inspection, reason in batch.left:
        messages.warning(request, f"{inspection.no} 没有公开：{reason}")
    return redirect(request.get_full_path())


def _url(kind: str, no: str) -> str:
    return reverse("disclosure:publish-detail", args=[kind, no])


def _waiting_list(item_list, user, today: date) -> Waiting:
    approved = localtime(item_list.approved_at).date()
    limit = policy.on(today).recommended.publish_list_within_workdays
    due = workdays.calendar().within_workdays(approved, limit)
    return Waiting(
        title=f"{item_list.year} 年随机抽查事项清单（第 {item_list.version} 版）",
        sub=item_list.unit.short_name,
        url=_url("list", f"{item_list.unit.code}-{item_list.year}"),
        badge=due.remaining(today),
        tone="over" if due.is_over(today) else "soon",
        rule=f"批准后及时公开，{due_date(due.date, today)}{due.mark}",
        why_not=rules.why_not_publish_list(item_list, user),
    )


def _waiting_plan(plan, user, today: date, calendar) -> Waiting:
    due = plan.quarter.plan_due(calendar)
    if plan.is_being_changed:
        return Waiting(
            title=f"{plan.quarter.label}抽查工作计划（第 {plan.revision} 版）",
            sub=plan.unit.short_name,
            url=_url("plan", f"{plan.unit.code}-{plan.quarter}"),
            badge="更改",
            tone="soon",
            rule=f"公开以后才能封存和抽取，更改原因：{plan.revision_reason}",
            why_not=rules.why_not_publish_plan(plan, user),
        )
    return Waiting(
        title=f"{plan.quarter.label}抽查工作计划",
        sub=plan.unit.short_name,
        url=_url("plan", f"{plan.unit.code}-{plan.quarter}"),
        badge=due.remaining(today),
        tone="over" if due.is_over(today) else "soon" if (due.date - today).days <= 3 else "",
        rule=f"季度首月 {policy.on(plan.quarter.first_day).plan_due_day} 日前公开并报市执法队，{due_date(due.date, today)}{due.mark}",
        why_not=rules.why_not_publish_plan(plan, user),
    )


def _waiting_result(inspection, user, today: date, calendar) -> dict:
    strip = rules.strip_of(inspection, calendar, today)
    why_not = rules.why_not_publish_result(inspection, user, today=today)
    return {
        "inspection": inspection,
        "outcome": words.OUTCOMES[inspection.outcome],
        "url": _url("result", inspection.no),
        "strip": strip,
        "badge": strip.words,
        "rule": f"第 {strip.limit} 个工作日是 {due_date(strip.due, today)}{strip.mark}",
        "why_not": why_not,
    }


def _waiting_summary(user, quarter: Quarter) -> dict | None:
    if not user.units_with(Permission.PUBLISH_CITY):
        return None
    return {
        "now": standing(quarter),
        "title": summaries.title_of(quarter),
        "url": _url("summary", str(quarter)),
        "public_url": reverse("disclosure:plans-of-quarter", args=[str(quarter).lower()]),
    }


@requires(Permission.PUBLISH, Permission.PUBLISH_CITY)
def publish_detail(request, kind, no):
    """One thing: exactly what the public will see, what stays private, what has been checked."""
    pages = {"list": _item_list, "plan": _plan, "result": _result, "summary": _summary, "results": _results_summary}
    return pages[kind](request, no)


def _result(request, no):
    inspections = list(results_waiting(request.user))
    place = next((n for n, i in enumerate(inspections) if i.no == no), None)
    if place is None:
        return _published(request, PublicationKind.RESULT, no)
    inspection = inspections[place]
    user, today, calendar = request.user, clock.today(), workdays.calendar()
    found = privacy.findings(inspection)
    form = PublishResultForm(request.POST or None, auto_id="f_%s", initial={"act": "publish"})
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["act"] == "return":
                inspections_actions.return_result(inspection=inspection, by=user, opinion=form.cleaned_data["opinion"])
                messages.success(request, f"已退回{inspection.facility.name}的检查结果。")
                return redirect("disclosure:publish-list")
            publication = actions.publish_result(
                inspection=inspection,
                by=user,
                late_reason=form.cleaned_data["late_reason"],
                names_confirmed=form.cleaned_data["names_confirmed"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已公开{publication.facility_name}的检查结果。")
            return redirect("disclosure:publish-list")
    form.fields["late_reason"].required = rules.is_late(inspection, today)  # for its label; a return needs none
    strip = rules.strip_of(inspection, calendar, today)
    close = inspection_close(inspection, calendar)
    neighbours = [i for i in inspections if i.unit_id == inspection.unit_id]
    at = neighbours.index(inspection)
    context = {
        "form": form,
        "inspection": inspection,
        "snapshot": snapshots.of_result(inspection, today=today, calendar=calendar),
        "outcome": words.OUTCOMES[inspection.outcome],
        "items": [],
        "strip": strip,
        "due_text": f"{short_date(strip.due)}（{weekday(strip.due)}）前公开{strip.mark}",
        "start": f"{short_date(strip.ended_on)}查结",
        "now": f"今天 {short_date(today)}，第 {strip.passed} 个工作日",
        "end": f"{short_date(strip.due)}{strip.mark}，第 {strip.limit} 个工作日",
        "close_words": f"{due_date(close.date, today)}前公开本季度全部结果，{close.remaining(today)}",
        "close_over": close.is_over(today),
        "is_late": rules.is_late(inspection, today),
        "late_words": rules.late_words(inspection),
        "checks": [{"text": c.text, "state": "ok" if c.ok else "warn"} for c in rules.checks_of(inspection, found)],
        "can_confirm": bool(found) and not any(f.firm for f in found),
        "obstacle": rules.why_not_yet(inspection, user)
        or rules.why_not_clean([f for f in found if f.firm], names_confirmed=False),
        "place": at + 1,
        "total": len(neighbours),
        "before": _url("result", neighbours[at - 1].no) if at else "",
        "after": _url("result", neighbours[at + 1].no) if at + 1 < len(neighbours) else "",
        "queue": [(i, rules.strip_of(i, calendar, today), _url("result", i.no)) for i in neighbours[:10]],
    }
    context["items"] = [(i, *words.ANSWERS.get(i["answer"], ("wait", "未检查"))) for i in context["snapshot"]["items"]]
    return TemplateResponse(request, "disclosure/publishing/publish_result.html", context)


def inspection_close(inspection, calendar):
    """The 25th of the quarter's last month, by when every result of the quarter is to be public (六(一)2)."""
    return Quarter(inspection.year, inspection.number).close_due(calendar)


def _item_list(request, no):
    code, _, year = no.rpartition("-")
    item_list = (
        ItemList.objects.filter(
            unit__in=request.user.units_with(Permission.PUBLISH),
            unit__code=code,
            year=int(year) if year.isdecimal() and len(year) == 4 else 0,
            status=ListStatus.APPROVED,
        )
        .select_related("unit", "approved_by")
        .first()
    )
    if item_list is None:
        return _published(request, PublicationKind.ITEM_LIST, no)
    context = {
        "record": item_list,
        "snapshot": ItemListFacts.of(item_list, today=clock.today()).as_snapshot(),
        "obstacle": rules.why_not_publish_list(item_list, request.user),
        "kind": "list",
        "title": str(item_list),
    }
    return _publish_one(request, context, lambda: actions.publish_list(item_list=item_list, by=request.user))


def _plan(request, no):
    code, _, text = no.rpartition("-")
    quarter = quarter_of(text)
    plan = quarter and (
        QuarterlyPlan.objects.of(quarter)
        .filter(
            unit__in=request.user.units_with(Permission.PUBLISH),
            unit__code=code,
            status=PlanStatus.APPROVED,
        )
        .select_related("unit", "executing_unit", "item_list", "approved_by")
        .first()
    )
    if not plan:
        return _published(request, PublicationKind.PLAN, no)
    today, due = clock.today(), plan.quarter.plan_due(workdays.calendar())
    context = {
        "record": plan,
        "snapshot": PlanFacts.of(plan, now=clock.now()).as_snapshot(),
        "obstacle": rules.why_not_publish_plan(plan, request.user),
        "kind": "plan",
        "title": str(plan),
        "due": None
        if plan.is_being_changed
        else {
            "text": due.remaining(today),
            "state": "over" if due.is_over(today) else "",
            "day": due_date(due.date, today),
        },
    }
    return _publish_one(request, context, lambda: actions.publish_plan(plan=plan, by=request.user))


def _summary(request, no):
    quarter = quarter_of(no)
    if quarter is None or not request.user.units_with(Permission.PUBLISH_CITY):
        raise Http404
    now = standing(quarter)
    if now.published and not now.changes:
        return _show_published(request, now.published)
    context = {
        "record": None,
        "kind": "summary",
        "title": summaries.title_of(quarter),
        "now": now,
        "public_url": reverse("disclosure:plans-of-quarter", args=[str(quarter).lower()]),
        "obstacle": rules.why_not_publish_summary(now, request.user),
    }
    return _publish_one(request, context, lambda: actions.publish_plan_summary(quarter=quarter, by=request.user))


def _results_summary(request, no):
    page = city_pages.publish_context(request, no)
    if page.now.published and not page.now.added:
        return _show_published(request, page.now.published)
    return _publish_one(
        request, page.context, lambda: roundups.publish_result_summary(quarter=page.quarter, by=request.user)
    )


def _published(request, kind: str, no: str):
    """What is public already, for the officers of its unit; of anything else there is no such page."""
    publication = Publication.objects.current().filter(kind=kind, no__iexact=no).select_related("published_by").first()
    mine = Unit.objects.filter(pk__in=request.user.units_with(Permission.PUBLISH))
    if publication is None or not mine.filter(code=publication.unit_code).exists():
        raise Http404
    return _show_published(request, publication)


def _show_published(request, publication: Publication):
    """已公开: when, by whom, every version, and the way to the public page; whoever presses again is told so."""
    if request.method == "POST":
        messages.info(request, f"{publication.title}已经公开，这次没有再公开。")
        return redirect(request.path)
    versions = Publication.objects.filter(kind=publication.kind, no=publication.no).select_related("published_by")
    context = {
        "publication": publication,
        "kind": publication.get_kind_display(),
        "versions": versions.order_by("-version"),
        "public_url": bulletin.public_url(publication),
        "outcome": words.OUTCOMES.get(publication.outcome),
        "clock": words.clock_words(publication.workday_number),
        "reopened": _reopened(publication),
        "portal_url": _portal_url(publication),
    }
    return TemplateResponse(request, "disclosure/publishing/published.html", context)


def _portal_url(publication: Publication) -> str:
    """Lists, plans and the summary are also entered into the bureau's portal (八(二)-a)."""
    if publication.kind == PublicationKind.RESULT:
        return ""
    return reverse("disclosure:portal-package", args=[KIND_OF[publication.kind], publication.no])


def _reopened(publication: Publication) -> str:
    """A published plan that is being changed: what is public stays so until the next version is."""
    if publication.kind != PublicationKind.PLAN:
        return ""
    quarter = Quarter(publication.year, publication.number)
    plan = QuarterlyPlan.objects.of(quarter).filter(unit__code=publication.unit_code).first()
    return f"第 {plan.revision} 版正在编制或审核，批准后在这里公开。" if plan and plan.is_being_changed else ""


def _publish_one(request, context: dict, publish):
    """Publish what the page shows, or say on it why not."""
    if request.method == "POST":
        try:
            publication = publish()
        except Refused as refusal:
            context["obstacle"] = str(refusal)
        else:
            messages.success(request, f"已公开：{publication.title}。")
            return redirect("disclosure:publish-list")
    return TemplateResponse(request, "disclosure/publishing/publish_document.html", context)
