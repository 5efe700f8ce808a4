"""我的检查: the visit on the phone (/field/)."""

from functools import partial

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter, short_date, weekday
from inspections.checks import badges, pages
from inspections.checks.states import ENDED, OPEN_TO_THE_TEAM
from inspections.models import Answer, Inspection, InspectionStatus, Mode, Outcome
from inspections.onsite import actions as onsite
from inspections.onsite import rules as onsite_rules
from inspections.targeted import pages as targeted_pages
from registry.inspectors.roster import away_words

from . import actions, rules
from .forms import ArrivalForm, PointsForm, ResultForm

PER_PAGE = 50  # ui.md 4.5


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
    return TemplateResponse(request, "inspections/visits/field_tasks.html", context)


def _card(inspection, user, today, calendar) -> dict:
    answers = inspection.answers.all()
    others = [m for m in inspection.members.all() if m.inspector.user_id != user.pk]
    tags = [] if inspection.mode == Mode.ONSITE else [inspection.get_mode_display()]
    if inspection.status in OPEN_TO_THE_TEAM:
        tags.append(inspection.get_status_display())
    submitted = inspection.status in ENDED and inspection.status != InspectionStatus.RETURNED
    return {
        "name": inspection.facility.name,
        "url": inspection.field_url,
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
    form, away = None, {}
    if inspection.status == InspectionStatus.DISPATCHED and inspection.accepted_at:
        away = away_words([m.inspector for m in members], now.date())
        form = ArrivalForm(
            request.POST or None,
            inspection=inspection,
            members=members,
            initial={
                "version": inspection.version,
                "present": [m.inspector_id for m in members if m.inspector_id not in away],
                "at": now,
                "identity_shown_at": now,
            },
        )

    def start(*, present, **given):
        people = [m.inspector for m in members if m.inspector_id in present]
        shown = {"identity_shown_at": None, "recorder_no": "", **given}  # off-site there is neither
        return actions.start_visit(inspection=inspection, by=request.user, present=people, **shown)

    def facts():
        if request.method == "GET" and inspection.status == InspectionStatus.DISPATCHED:
            trail.record("inspections.sealed.viewed", by=request.user, about=inspection, page="field-task")
        return {
            **pages.facts(inspection, members, now.date()),
            "may_ask_onsite": not onsite_rules.why_not_ask_onsite(inspection, request.user),
            "onsite": onsite.latest(inspection),
            "may_accept": not rules.why_not_accept(inspection, request.user),
            "items": pages.items(inspection),
            "references": targeted_pages.references_of(inspection),
            "next_n": _next_item(inspection),
            "writable": not rules.why_not_write(inspection, request.user),
        }

    first = reverse("inspections:field-check", args=[inspection.no, 1])
    return act_page(request, "inspections/visits/field_task.html", form, start, first, "", facts=facts)


@requires(P.FIELD_WORK)
@require_POST
def field_accept(request, no):
    inspection = _my_task(request, no)
    act = partial(actions.accept, inspection=inspection, by=request.user)
    return press(request, act, inspection.field_url, "已接收任务。")


@requires(P.FIELD_WORK)
def field_check(request, no, n):
    """The points of one item. Each answer that can be kept is kept, also when another on the page has to be mended."""
    inspection = _my_task(request, no)
    if reason := rules.why_not_write(inspection, request.user):
        messages.warning(request, reason)
        return redirect(inspection.field_url)
    items = pages.items(inspection)
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
    return TemplateResponse(request, "inspections/visits/field_check.html", context)


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
        return redirect(inspection.field_url)
    again = inspection.status == InspectionStatus.RETURNED
    items = pages.items(inspection)
    found = any(i["answer"] == Answer.FOUND for i in items)
    form = ResultForm(
        request.POST or None,
        request.FILES or None,
        inspection=inspection,
        found=found,
        initial={
            "version": inspection.version,
            "at": clock.now(),
            "outcome": inspection.outcome or ("" if found else Outcome.NO_ISSUE),
            "finding": inspection.finding or _words_found(items),
            "offsite_means": inspection.offsite_means,
            "offsite_evidence": inspection.offsite_evidence,
            "measures": inspection.measures,
            "earlier_attempt_on": inspection.earlier_attempt_on,
            "rectify_by": inspection.rectify_by,
            "enterprise_opinion": inspection.enterprise_opinion,
        },
    )
    act = actions.resubmit if again else actions.finish_visit
    return act_page(
        request,
        "inspections/visits/field_finish.html",
        form,
        partial(act, inspection=inspection, by=request.user),
        inspection.field_url,
        "已提交，等待审核。",
        facts=lambda: {"checks": _submit_checks(inspection, items)},
        inspection=inspection,
        again=again,
        items=items,
    )


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


def _first_open(items) -> int:
    return next((i["n"] for i in items if i["left"]), len(items))


def _next_item(inspection) -> int:
    return _first_open(pages.items(inspection)) if inspection.status in OPEN_TO_THE_TEAM else 1


def _words_found(items) -> str:
    """What was written at the points, as a beginning for the finding."""
    return "".join(f"{p.words.rstrip('。')}。" for i in items for p in i["points"] if p.answer == Answer.FOUND)
