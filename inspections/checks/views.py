"""Pages of those who dispatch, review and watch (/desk/)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, jobs, pdf
from benxi_shuangsuiji.notices.agenda import left_until
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.web.chips import Chip, query_with
from benxi_shuangsuiji.workdays.days import full_date, short_date, weekday
from inspections.acceptance import rules as accepting
from inspections.acceptance import urging
from inspections.approvals import rules as approval_rules
from inspections.cases import pages as case_pages
from inspections.codes import links
from inspections.desk import task_steps
from inspections.dispatch.pages import undispatched
from inspections.enterprise.pages import heard
from inspections.evidence import pages as evidence_pages
from inspections.evidence import rules as evidence_rules
from inspections.exchange import leading
from inspections.models import ApprovalState, EvidenceKind, Inspection, InspectionStatus
from inspections.offsite import pages as look_pages
from inspections.onsite import actions as onsite
from inspections.onsite import rules as onsite_rules
from inspections.outbox import pages as outbox_pages
from inspections.paperwork.pages import papers as papers_of
from inspections.privacy import pages as privacy_pages
from inspections.review import rules as review_rules
from inspections.service import rules as service_rules
from inspections.signatures import pages as signature_pages
from inspections.targeted import joining
from inspections.targeted import pages as targeted_pages

from . import badges, pages
from .forms import TaskFilterForm
from .publication_days import publication_limit
from .states import ENDED

PER_PAGE = 50  # ui.md 4.5


@requires(P.SEE_SEALED, P.REVIEW_RESULTS)
@require_safe
def task_list(request):
    """检查任务 of one unit and quarter, by state; default order: what is due first."""
    unit, quarter, today = shell.current_unit(request), shell.current_quarter(request), clock.today()
    form = TaskFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    tasks = (
        Inspection.objects.visible_to(request.user)
        .filter(unit__in=request.user.units_with(P.SEE_SEALED) & {unit.pk} if unit else [])
        .filter(year=quarter.year, number=quarter.number)
    )
    if wanted.get("q"):
        tasks = tasks.filter(
            Q(facility__name__icontains=wanted["q"])
            | Q(facility__code__iexact=wanted["q"])
            | Q(no__icontains=wanted["q"])
            | Q(members__inspector__name__icontains=wanted["q"])
        )
    if wanted.get("category"):
        tasks = tasks.filter(category=wanted["category"])
    if wanted.get("mode"):
        tasks = tasks.filter(mode=wanted["mode"])
    if wanted.get("outcome"):
        tasks = tasks.filter(outcome=wanted["outcome"])
    if wanted.get("accept"):
        tasks = tasks.filter(accepting.not_taken_on())
    counts = dict(tasks.order_by().values_list("status").annotate(n=Count("pk", distinct=True)))
    if wanted.get("status"):
        tasks = tasks.filter(status=wanted["status"])
    tasks = tasks.select_related("facility").prefetch_related("members__inspector", "members__acceptance")
    tasks = tasks.order_by(F("published_at").asc(nulls_first=True), "finish_by", "no")  # what is over stands below
    page = Paginator(tasks, PER_PAGE).get_page(request.GET.get("page"))
    calendar = workdays.calendar()
    proposals = leading.proposals_among(page)
    rows = [
        {
            "inspection": i,
            "badge": badges.due_badge(i, today, calendar),
            "shape": badges.SHAPES[i.status],
            "proposal": proposals.get(i.pk, ""),
            "silent": [m.inspector.name for m in accepting.who_has_not(i)],
        }
        for i in page
    ]
    if sealed := sum(r["inspection"].status != InspectionStatus.PUBLISHED for r in rows):
        trail.record("inspections.sealed.viewed", by=request.user, unit=unit, page="task-list", tasks=sealed)
    context = {
        "unit": unit,
        "quarter": quarter,
        "page": page,
        "rows": rows,
        "form": form,
        "chips": _status_chips(request, counts, wanted.get("status", "")),
        "accept": wanted.get("accept"),
        "to_urge": urging.waiting(
            request.user, Q(inspection__unit=unit, inspection__year=quarter.year, inspection__number=quarter.number)
        )
        if wanted.get("accept")
        else None,
        "ended": any(counts.get(s) for s in ENDED),
        "pdf_missing": "" if pdf.available() else pdf.MISSING,
        "undispatched": undispatched(request.user, unit, quarter),
    }
    return TemplateResponse(request, "inspections/checks/task_list.html", context)


def _status_chips(request, counts, current) -> list[Chip]:
    found = [s for s in InspectionStatus if counts.get(s) or s == current]
    rows = [("", "全部", sum(counts.values())), *((s.value, s.label, counts.get(s, 0)) for s in found)]
    return chips.choices(rows, current, lambda status: query_with(request, status=status))


@requires(P.SEE_SEALED, P.REVIEW_RESULTS)
@require_safe
def task_detail(request, no):
    """The record of one check, the clock of its publication, and the review."""
    inspection = get_object_or_404(
        Inspection.objects.visible_to(request.user)
        .filter(unit__in=request.user.units_with(P.SEE_SEALED))
        .select_related(
            "facility",
            "unit",
            "executing_unit",
            "draw__plan__item_list",
            "draw__plan__unit",
            "pick",
            "platform_task",
            "dispatched_by",
            "recorded_by",
            "reviewed_by",
        ),
        no=no,
    )
    today = clock.today()
    if inspection.status != InspectionStatus.PUBLISHED:
        trail.record("inspections.sealed.viewed", by=request.user, about=inspection, page="task-detail")
    members = list(inspection.members.select_related("inspector"))
    context = {
        **pages.facts(inspection, members, today),
        "items": pages.items(inspection),
        "nine": task_steps.steps_of(inspection, today, workdays.calendar(), doors=True),
        "timeline": _timeline(inspection),
        "to_urge": urging.waiting(request.user, Q(inspection=inspection)),
        "not_told": inspection.ended_at and service_rules.why_not_told(inspection),
        "clock": _publication_clock(inspection, today),
        "onsite": onsite.latest(inspection),
        "looks": look_pages.rows(inspection),
        "may_ask_onsite": not onsite_rules.why_not_ask_onsite(inspection, request.user),
        "offered": joining.offered(inspection, request.user),
        "references": targeted_pages.references_of(inspection),
        "platform_words": leading.words_on(inspection),
        "papers": papers_of(inspection),
        "follows": case_pages.follows(inspection, request.user),
        **heard(inspection),
        "may_renew": not links.why_not_renew(inspection, request.user),
        "may_scan": not evidence_rules.why_not_keep(inspection, request.user, kind=EvidenceKind.SCAN),
        "names": privacy_pages.names(inspection, request.user),
        "why_not_review": review_rules.why_not_review(inspection, request.user),
        **pages.review_context(inspection, request.user),
        **(evidence_pages.desk_context(inspection) if inspection.started_at else {}),
        **outbox_pages.kept_apart(inspection),
        **(signature_pages.desk_context(inspection) if inspection.started_at else {}),
    }
    return TemplateResponse(request, "inspections/checks/task_detail.html", context)


def _timeline(inspection) -> list[dict]:
    """Newest first (ui.md 4.9)."""
    local = timezone.localtime
    leader = next((m.inspector.name for m in inspection.members.all() if m.is_leader), "")
    steps = [
        ("派发", inspection.dispatched_at, inspection.dispatched_by.full_name, ""),
        *_approval_steps(inspection),
        ("组长接收", inspection.accepted_at, leader, ""),
        ("到场" if inspection.is_there and not inspection.entered_at else "开始", inspection.started_at, "", "k"),
        ("到场", inspection.entered_at, "", "k"),
        ("检查结束", inspection.ended_at, "", "k"),
        ("上传", inspection.uploaded_at, inspection.recorded_by.full_name if inspection.recorded_by else "", ""),
        ("更换，不再检查", inspection.replaced_at, "", "r"),
        ("取消，不再检查", inspection.cancelled_at, inspection.cancelled_because, "r"),
        ("审核通过", inspection.reviewed_at, inspection.reviewed_by.full_name if inspection.reviewed_by else "", "g"),
        ("公开", inspection.published_at, "", "g"),
    ]
    return [
        {"what": what, "who": who, "when": f"{local(at):%Y-%m-%d %H:%M}", "state": state}
        for what, at, who, state in reversed(steps)
        if at
    ]


def _approval_steps(inspection) -> list[tuple]:
    asked = approval_rules.standing(inspection)
    if asked is None:
        return []
    decided = "批准检查" if asked.state == ApprovalState.APPROVED else "退回检查审批"
    by = asked.decided_by.full_name if asked.decided_by else ""
    return [("报批", asked.asked_at, asked.asked_by.full_name, ""), (decided, asked.decided_at, by, "")]


def _publication_clock(inspection, today) -> dict | None:
    """The strip of working days since the end of the check (八(二)-d)."""
    if inspection.publish_by is None or inspection.status == InspectionStatus.PUBLISHED:
        return None
    calendar = workdays.calendar()
    ended = timezone.localtime(inspection.ended_at).date()
    total, passed = calendar.workdays_between(ended, inspection.publish_by), calendar.workdays_between(ended, today)
    limit = publication_limit(inspection, calendar)
    due, mark, over = limit.date, limit.mark, limit.is_over(today)
    return {
        "days": ["over"] * total if over else ["on"] * passed + [""] * (total - passed),
        "passed": passed,
        "left_text": left_until(due, limit.counted_from, today, calendar)[0],
        "due_text": f"{full_date(due)}（{weekday(due)}）前公开{mark}",
        "start": f"{short_date(ended)}查结",
        "now": f"今天 {short_date(today)}，第 {passed} 个工作日",
        "end": f"{short_date(due)}{mark}，第 {total} 个工作日",
    }


@requires(P.SEE_SEALED, P.FIELD_WORK)
@require_safe
def outcome_file(request, no):
    """What proves a visit in vain, for the team and the circle only (decisions.md 3)."""
    inspection = get_object_or_404(
        Inspection.objects.in_circle_of(request.user).filter(outcome_file__isnull=False).select_related("outcome_file"),
        no=no,
    )
    trail.record("inspections.sealed.viewed", by=request.user, about=inspection, page="outcome-file")
    return files.download(inspection.outcome_file)


@requires(P.SEE_SEALED)
@require_POST
def forms_pack(request):
    """All check forms of the unit's quarter in one file, made by the worker."""
    unit, quarter = shell.current_unit(request), shell.current_quarter(request)
    here = f"{reverse('inspections:task-list')}?unit={unit.code if unit else ''}&quarter={quarter}"
    if unit is None or not request.user.may(P.SEE_SEALED, unit):
        messages.error(request, "没有查看本单位检查任务的权限。")
        return redirect(here)
    job = jobs.ask_for(
        kind="check_forms",
        title=f"{unit.short_name} {quarter.label}检查登记表",
        params={"unit": unit.code, "year": quarter.year, "number": quarter.number, "site": pages.site_of(request)},
        by=request.user,
    )
    trail.record("inspections.check_forms.asked", by=request.user, unit=unit, quarter=str(quarter))
    return redirect("documents:job-detail", job.pk)
