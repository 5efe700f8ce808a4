"""Pages of the visit (/field/) and of those who dispatch, review and watch (/desk/)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from benxi_shuangsuiji import clock, shell, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, jobs, pdf
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter, full_date, short_date, weekday
from plans.models import Draw, DrawStatus
from registry import audits

from . import actions, badges, documents, progress, rules
from .forms import ArrivalForm, PointsForm, ResultForm, ReviewForm, TaskFilterForm
from .models import Answer, Inspection, InspectionStatus, Mode, Outcome
from .states import ENDED, OPEN_TO_THE_TEAM

PER_PAGE = 50  # ui.md 4.5


# The phone


@requires(P.FIELD_WORK)
@require_GET
def field_tasks(request):
    """我的检查: what is to do by date, then what has been handed in this quarter."""
    today = clock.today()
    calendar, quarter = workdays.calendar(), Quarter.of(today)
    mine = (
        Inspection.objects.in_my_team(request.user)
        .filter(Q(status__in=badges.TEAM_WORK) | Q(year=quarter.year, number=quarter.number))
        .select_related("facility")
        .prefetch_related("members__inspector", "answers")
        .order_by("finish_by", "no")
    )
    cards = [_card(i, request.user, today, calendar) for i in mine]
    todo = [c for c in cards if not c["done"]]
    if todo:
        todo[0]["first"] = True
        trail.record("inspections.sealed.viewed", by=request.user, page="field-tasks", tasks=len(todo))
    context = {
        "todo": todo,
        "done": [c for c in cards if c["done"]],
        "total": len(cards),
        "today": f"{short_date(today)} {weekday(today)}",
    }
    return TemplateResponse(request, "inspections/field_tasks.html", context)


def _card(inspection, user, today, calendar) -> dict:
    answers = inspection.answers.all()
    others = [m for m in inspection.members.all() if m.inspector.user_id != user.pk]
    tags = [] if inspection.mode == Mode.ONSITE else [inspection.get_mode_display()]
    if inspection.status in OPEN_TO_THE_TEAM:
        tags.append(inspection.get_status_display())
    submitted = inspection.status in ENDED and inspection.status != InspectionStatus.RETURNED
    return {
        "name": inspection.facility.name,
        "url": reverse("inspections:field-task", args=[inspection.no]),
        "category": inspection.get_category_display(),
        "due": badges.due_badge(inspection, today, calendar),
        "address": inspection.facility.address,
        "items": f"{len({a.item_code for a in answers})} 项，{len(answers)} 个检查点",
        "partner": "、".join(m.inspector.name + ("（组长）" if m.is_leader else "") for m in others),
        "tags": tags,
        "done": inspection.get_status_display() if submitted else "",
        "first": False,
        "returned": inspection.status == InspectionStatus.RETURNED,
        "started": inspection.status == InspectionStatus.STARTED,
    }


def _my_task(request, no) -> Inspection:
    """A task of the signed-in person's own team; anybody else's is not found."""
    return get_object_or_404(
        Inspection.objects.in_my_team(request.user).select_related(
            "facility", "unit", "executing_unit", "draw", "recorded_by", "reviewed_by"
        ),
        no=no,
    )


@requires(P.FIELD_WORK)
def field_task(request, no):
    """One task: who, where, why, what; then the step that is due."""
    inspection = _my_task(request, no)
    now = clock.now()
    members = list(inspection.members.select_related("inspector"))
    form = None
    if inspection.status == InspectionStatus.DISPATCHED and inspection.accepted_at:
        form = ArrivalForm(
            request.POST or None,
            inspection=inspection,
            members=members,
            initial={
                "version": inspection.version,
                "present": [m.inspector_id for m in members],
                "at": now,
                "identity_shown_at": now,
            },
        )
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            actions.start_visit(
                inspection=inspection,
                by=request.user,
                at=form.cleaned_data["at"],
                identity_shown_at=form.cleaned_data.get("identity_shown_at"),
                recorder_no=form.cleaned_data.get("recorder_no", ""),
                contact_person=form.cleaned_data["contact_person"],
                present=[m.inspector for m in members if m.inspector_id in form.cleaned_data["present"]],
                version=form.cleaned_data["version"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("inspections:field-check", inspection.no, 1)
    if request.method == "GET" and inspection.status == InspectionStatus.DISPATCHED:
        trail.record("inspections.sealed.viewed", by=request.user, about=inspection, page="field-task")
    context = {
        **_facts(inspection, members, now.date()),
        "form": form,
        "may_accept": not rules.why_not_accept(inspection, request.user),
        "items": _items(inspection),
        "next_n": _next_item(inspection),
        "writable": not rules.why_not_write(inspection, request.user),
        **_review_context(inspection, request.user, now.date()),
    }
    return TemplateResponse(request, "inspections/field_task.html", context)


@requires(P.FIELD_WORK)
@require_POST
def field_accept(request, no):
    inspection = _my_task(request, no)
    try:
        actions.accept(inspection=inspection, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已接收任务。")
    return redirect("inspections:field-task", inspection.no)


@requires(P.FIELD_WORK)
def field_check(request, no, n):
    """The points of one item. Each answer that can be kept is kept, also when another on the page has to be mended."""
    inspection = _my_task(request, no)
    if reason := rules.why_not_write(inspection, request.user):
        messages.warning(request, reason)
        return redirect("inspections:field-task", inspection.no)
    items = _items(inspection)
    if not 1 <= n <= len(items):
        return redirect("inspections:field-finish", inspection.no)
    item = items[n - 1]
    form = PointsForm(request.POST or None, points=item["points"])
    if request.method == "POST" and form.is_valid():
        _keep_answers(form, inspection, request.user)
        if not form.errors:
            return redirect(reverse("inspections:field-check", args=[inspection.no, n + 1]))
    context = {
        "inspection": inspection,
        "item": item,
        "n": n,
        "count": len(items),
        "percent": round(100 * n / len(items)),
        "form": form,
        "rows": [
            row | {"value": row["answer"].value() or "", "seen": actions.stamp(row["point"])} for row in form.rows()
        ],
        "answers": Answer,
    }
    return TemplateResponse(request, "inspections/field_check.html", context)


def _keep_answers(form, inspection, by) -> None:
    for point in form.points:
        answer = form.cleaned_data[f"answer_{point.pk}"]
        words = form.cleaned_data[f"words_{point.pk}"]
        if not answer and not words:
            continue
        try:
            actions.answer_point(
                inspection=inspection,
                pk=point.pk,
                answer=answer,
                words=words,
                by=by,
                seen=form.cleaned_data[f"seen_{point.pk}"],
            )
        except Refused as refusal:
            form.add_error(f"words_{point.pk}", str(refusal))


@requires(P.FIELD_WORK)
def field_finish(request, no):
    """The end of the visit, or a returned record mended: outcome, finding, the firm's opinion."""
    inspection = _my_task(request, no)
    if reason := rules.why_not_write(inspection, request.user):
        messages.warning(request, reason)
        return redirect("inspections:field-task", inspection.no)
    again = inspection.status == InspectionStatus.RETURNED
    items = _items(inspection)
    found = any(i["answer"] == Answer.FOUND for i in items)
    form = ResultForm(
        request.POST or None,
        inspection=inspection,
        found=found,
        initial={
            "version": inspection.version,
            "at": clock.now(),
            "outcome": inspection.outcome or ("" if found else Outcome.NO_ISSUE),
            "finding": inspection.finding or _words_found(items),
            "measures": inspection.measures,
            "rectify_by": inspection.rectify_by,
            "enterprise_opinion": inspection.enterprise_opinion,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            if again:
                actions.resubmit(inspection=inspection, by=request.user, **form.cleaned_data)
            else:
                actions.finish_visit(inspection=inspection, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已提交，等待审核。")
            return redirect("inspections:field-task", inspection.no)
    context = {
        "inspection": inspection,
        "form": form,
        "again": again,
        "items": items,
        "checks": _submit_checks(inspection, items),
    }
    return TemplateResponse(request, "inspections/field_finish.html", context)


def _submit_checks(inspection, items) -> list[dict]:
    missing = sum(not p.answer for i in items for p in i["points"])
    total = sum(len(i["points"]) for i in items)
    lines = []
    if inspection.identity_shown_at:
        shown = timezone.localtime(inspection.identity_shown_at)
        lines.append({"text": f"{shown:%H:%M} 已出示执法证", "state": "ok"})
        lines.append({"text": f"执法记录仪 {inspection.recorder_no}", "state": "ok"})
    if missing:
        lines.append(
            {
                "text": f"{total} 个检查点还有 {missing} 个没有结论。",
                "state": "warn",
                "url": reverse("inspections:field-check", args=[inspection.no, _first_open(items)]),
                "link": "接着查",
            }
        )
    else:
        lines.append({"text": f"{total} 个检查点全部有结论", "state": "ok"})
    return lines


def _items(inspection) -> list[dict]:
    """The points by item, in the order of the sheet."""
    found: dict[str, dict] = {}
    for point in inspection.answers.select_related("answered_by").order_by("item_code", "number"):
        item = found.setdefault(point.item_code, {"code": point.item_code, "name": point.item_name, "points": []})
        item["points"].append(point)
    for n, item in enumerate(found.values(), 1):
        item["n"] = n
        item["answer"] = documents.summed([p.answer for p in item["points"]])
        item["label"] = Answer(item["answer"]).label if item["answer"] else ""
        item["left"] = sum(not p.answer for p in item["points"])
    return list(found.values())


def _first_open(items) -> int:
    return next((i["n"] for i in items if i["left"]), len(items))


def _next_item(inspection) -> int:
    return _first_open(_items(inspection)) if inspection.status in OPEN_TO_THE_TEAM else 1


def _words_found(items) -> str:
    """What was written at the points, as a beginning for the finding."""
    return "".join(f"{p.words.rstrip('。')}。" for i in items for p in i["points"] if p.answer == Answer.FOUND)


def _facts(inspection, members, today) -> dict:
    return {
        "inspection": inspection,
        "members": members,
        "badge": badges.due_badge(inspection, today, workdays.calendar()),
        "shape": badges.SHAPES[inspection.status],
        "decision": documents.decision_words(inspection) if inspection.outcome else "",
        "has_form": documents.has_check_form(inspection),
        "pdf_missing": "" if pdf.available() else pdf.MISSING,
    }


def _review_context(inspection, user, today) -> dict:
    """The review form for whoever may, and a returning form for the same person."""
    may = not rules.why_not_review(inspection, user, today)
    return {"review": ReviewForm(initial={"version": inspection.version}) if may else None}


# The desk


@requires(P.SEE_SEALED, P.REVIEW_RESULTS)
@require_GET
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
    if wanted.get("outcome"):
        tasks = tasks.filter(outcome=wanted["outcome"])
    counts = dict(tasks.order_by().values_list("status").annotate(n=Count("pk", distinct=True)))
    if wanted.get("status"):
        tasks = tasks.filter(status=wanted["status"])
    tasks = tasks.select_related("facility").prefetch_related("members__inspector").order_by("finish_by", "no")
    page = Paginator(tasks, PER_PAGE).get_page(request.GET.get("page"))
    calendar = workdays.calendar()
    rows = [
        {"inspection": i, "badge": badges.due_badge(i, today, calendar), "shape": badges.SHAPES[i.status]} for i in page
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
        "ended": any(counts.get(s) for s in ENDED),
        "pdf_missing": "" if pdf.available() else pdf.MISSING,
        "undispatched": _undispatched(request.user, unit, quarter),
    }
    return TemplateResponse(request, "inspections/task_list.html", context)


def _undispatched(user, unit, quarter) -> Draw | None:
    """The draw of the quarter that still has picks to dispatch, for its planner."""
    if unit is None or not user.may(P.DISPATCH, unit):
        return None
    return (
        Draw.objects.visible_to(user)
        .filter(unit=unit, year=quarter.year, number=quarter.number)
        .filter(
            status__in=[DrawStatus.DRAWN, DrawStatus.RELEASED], picks__inspection__isnull=True, picks__drop__isnull=True
        )
        .distinct()
        .first()
    )


def _status_chips(request, counts, current) -> list[dict]:
    def address(status):
        data = request.GET.copy()
        data.pop("page", None)
        data.pop("status", None)
        if status:
            data["status"] = status
        return "?" + data.urlencode()

    chips = [{"label": "全部", "url": address(""), "count": sum(counts.values()), "current": not current}]
    for status in InspectionStatus:
        if counts.get(status) or status == current:
            chips.append(
                {
                    "label": status.label,
                    "url": address(status.value),
                    "count": counts.get(status, 0),
                    "current": status == current,
                }
            )
    return chips


@requires(P.SEE_SEALED, P.REVIEW_RESULTS)
@require_GET
def task_detail(request, no):
    """The record of one check, the clock of its publication, and the review."""
    inspection = get_object_or_404(
        Inspection.objects.visible_to(request.user)
        .filter(unit__in=request.user.units_with(P.SEE_SEALED))
        .select_related("facility", "unit", "executing_unit", "draw", "dispatched_by", "recorded_by", "reviewed_by"),
        no=no,
    )
    today = clock.today()
    if inspection.status != InspectionStatus.PUBLISHED:
        trail.record("inspections.sealed.viewed", by=request.user, about=inspection, page="task-detail")
    members = list(inspection.members.select_related("inspector"))
    context = {
        **_facts(inspection, members, today),
        "items": _items(inspection),
        "timeline": _timeline(inspection),
        "clock": _publication_clock(inspection, today),
        "why_not_review": rules.why_not_review(inspection, request.user, today),
        **_review_context(inspection, request.user, today),
    }
    return TemplateResponse(request, "inspections/task_detail.html", context)


def _timeline(inspection) -> list[dict]:
    """Newest first (ui.md 4.9)."""
    local = timezone.localtime
    leader = next((m.inspector.name for m in inspection.members.all() if m.is_leader), "")
    steps = [
        ("派发", inspection.dispatched_at, inspection.dispatched_by.full_name, ""),
        ("组长接收", inspection.accepted_at, leader, ""),
        ("到场" if inspection.mode == Mode.ONSITE else "开始", inspection.started_at, "", "k"),
        ("检查结束", inspection.ended_at, "", "k"),
        ("上传", inspection.uploaded_at, inspection.recorded_by.full_name if inspection.recorded_by else "", ""),
        ("更换，不再检查", inspection.replaced_at, "", "r"),
        ("审核通过", inspection.reviewed_at, inspection.reviewed_by.full_name if inspection.reviewed_by else "", "g"),
        ("公开", inspection.published_at, "", "g"),
    ]
    return [
        {"what": what, "who": who, "when": f"{local(at):%Y-%m-%d %H:%M}", "state": state}
        for what, at, who, state in reversed(steps)
        if at
    ]


def _publication_clock(inspection, today) -> dict | None:
    """The strip of working days since the end of the check (八(二)-d)."""
    if inspection.publish_by is None or inspection.status == InspectionStatus.PUBLISHED:
        return None
    calendar = workdays.calendar()
    ended = timezone.localtime(inspection.ended_at).date()
    total, passed = calendar.workdays_between(ended, inspection.publish_by), calendar.workdays_between(ended, today)
    due = inspection.publish_by
    over = today > due
    return {
        "days": ["over"] * total if over else ["on"] * passed + [""] * (total - passed),
        "passed": passed,
        "left_text": f"逾期 {(today - due).days} 天" if over else f"还剩 {total - passed} 个工作日",
        "due_text": f"{full_date(due)}（{weekday(due)}）前公开",
        "start": f"{short_date(ended)}查结",
        "now": f"今天 {short_date(today)}，第 {passed} 个工作日",
        "end": f"{short_date(due)}，第 {total} 个工作日",
    }


@requires(P.REVIEW_RESULTS, P.FIELD_WORK)
@require_POST
def task_review(request, no):
    """Agree with a record or send it back; for the leader at the desk and the second member on the phone."""
    inspection = get_object_or_404(Inspection.objects.in_circle_of(request.user), no=no)
    form = ReviewForm(request.POST)
    back = request.POST.get("decision") == "return"
    if form.is_valid():
        try:
            if back:
                actions.return_result(inspection=inspection, by=request.user, **form.cleaned_data)
            else:
                actions.review_result(inspection=inspection, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "已退回检查小组。" if back else "已审核通过，可以公开。")
    else:
        messages.error(request, "审核意见最多 200 字。缩短之后再提交。")
    if inspection.unit_id in request.user.units_with(P.SEE_SEALED):
        return redirect(inspection)
    return redirect("inspections:field-task", inspection.no)


@requires(P.SEE_SEALED, P.FIELD_WORK)
@require_GET
def check_form(request, no):
    """行政执法检查登记表 as an attachment, for the team and the circle only (七(五)-e, decisions.md 3)."""
    inspection = get_object_or_404(
        Inspection.objects.in_circle_of(request.user)
        .filter(status__in=ENDED)
        .select_related("facility", "unit", "executing_unit", "draw", "recorded_by", "reviewed_by"),
        no=no,
    )
    try:
        paper = documents.check_form_pdf(documents.check_form_facts(inspection), site=_site(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        on_desk = inspection.unit_id in request.user.units_with(P.SEE_SEALED)
        return redirect("inspections:task-detail" if on_desk else "inspections:field-task", inspection.no)
    trail.record("inspections.check_form.downloaded", by=request.user, about=inspection)
    return files.attachment(paper, name=documents.check_form_name(inspection), content_type=pdf.PDF)


def _site(request) -> str:
    return f"{request.scheme}://{request.get_host()}"


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
        params={"unit": unit.code, "year": quarter.year, "number": quarter.number, "site": _site(request)},
        by=request.user,
    )
    trail.record("inspections.check_forms.asked", by=request.user, unit=unit, quarter=str(quarter))
    return redirect("documents:job-detail", job.pk)


@requires(P.DISPATCH)
def draw_dispatch(request, draw_id):
    """Who was drawn and who goes; then one button (七(二)-h, 五-4i)."""
    draw = get_object_or_404(
        Draw.objects.visible_to(request.user)
        .filter(unit__in=request.user.units_with(P.DISPATCH))
        .select_related("unit", "plan"),
        draw_id=draw_id,
    )
    obstacle = rules.why_not_dispatch(draw, request.user)
    if request.method == "POST":
        try:
            made = actions.dispatch(draw=draw, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            left = len(rules.waiting(draw, clock.today()))
            tail = f"，{left} 家没有派发" if left else ""
            messages.success(request, f"已派发 {len(made)} 家{tail}。")
            return redirect("inspections:draw-dispatch", draw.draw_id) if left else redirect(_list_of(draw))
    tasks = [] if obstacle else rules.waiting(draw, clock.today())
    if tasks:
        trail.record("inspections.sealed.viewed", by=request.user, about=draw, page="draw-dispatch", tasks=len(tasks))
    context = {
        "draw": draw,
        "tasks": tasks,
        "ready": sum(not t.obstacle for t in tasks),
        "obstacle": obstacle or rules.why_not_any(tasks),
        "dispatched": draw.inspections.count(),
        "list_url": _list_of(draw),
    }
    return TemplateResponse(request, "inspections/draw_dispatch.html", context)


def _list_of(draw) -> str:
    return f"{reverse('inspections:task-list')}?unit={draw.unit.code}&quarter={draw.year}Q{draw.number}"


@requires(P.SEE_CITY)
@require_GET
def city_progress(request):
    """全市进度: every unit's nine steps, from what is public or public with the draw (decisions.md 3)."""
    quarter, now = shell.current_quarter(request), clock.now()
    rows = progress.city(request.user, quarter, now.date(), workdays.calendar())
    due = quarter.close_due(workdays.calendar())
    context = {
        "quarter": quarter,
        "now": now,
        "rows": rows,
        "steps": progress.STEPS,
        "figures": progress.figures(rows),
        "registries": audits.standings([row.unit for row in rows], now.date()).values(),
        "close": f"{short_date(due.date)}，{due.remaining(now.date())}",
    }
    return TemplateResponse(request, "inspections/city_progress.html", context)
