"""Pages of the registry as it was on a past day (六(二)-f). They show, and change nothing."""

from collections import Counter
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from registry import sheets
from registry.facilities import past, wording
from registry.models import BatchKind, Category, Facility

PER_PAGE = 50
SHOWN = (
    *("status", "permit_no", "permit_category", "permit_valid_to", "uscc", "operator_name", "division_code", "address"),
    *(
        "industry_name",
        "pollution_types",
        "hazwaste",
        "hazwaste_licence",
        "air_grade",
        "credit_level",
        "credit_risk",
        "scopes",
    ),
    *("managed_by_city", "legal_person", "contact_name", "contact_phone"),
)


def day_asked(request) -> date:
    """The day in the address (left out: today); refused when it is no day, or one that has not come."""
    today = clock.today()
    try:
        day = date.fromisoformat(request.GET["on"]) if request.GET["on"] else today
    except ValueError:
        raise Refused("日期按 2026-03-31 的格式填写。") from None
    if day > today:
        raise Refused("只能查看今天和以前的名录。")
    return day


def _roster(request):
    unit, day = shell.unit_or_404(request), day_asked(request)
    found = past.roster_on(unit, day)
    wanted = request.GET.get("q", "").strip().lower()
    if wanted:
        found = [f for f in found if wanted in f"{f.name} {f.code} {f.uscc} {f.permit_no}".lower()]
    return unit, day, found


def roster(request):
    """The list of a unit as it was: names, categories, states, grounds and positive list of that day."""
    try:
        unit, day, found = _roster(request)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("registry:facility-list"))
    counts = Counter(f.category for f in found)
    category = chips.asked(request, "category", Category.values)
    rows = [f for f in found if f.category == category] if category else found
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.tone = wording.status_tone(row)
        row.shown_tags = [wording.GROUND_TAGS[g.kind] for g in row.held]
    context = {
        "unit": unit,
        "day": day,
        "page": page,
        "q": request.GET.get("q", ""),
        "total": len(found),
        "later": sum(f.entered_later for f in found),
        "chips": chips.choices(
            [("", "全部", len(found)), *((value, label, counts[value]) for value, label in Category.choices)],
            category,
            lambda value: _with(request, value),
        ),
        "export_query": request.GET.urlencode(),
    }
    return TemplateResponse(request, "registry/history/past_list.html", context)


def _with(request, category: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query["category"] = category
    return "?" + query.urlencode()


def roster_export(request):
    """The roster of that day as a workbook, without personal data; noted."""
    try:
        unit, day, found = _roster(request)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("registry:facility-list"))
    content = sheets.facility_export(found, unit=unit, day=day, with_personal_data=False)
    trail.record(
        "registry.facilities.exported", by=request.user, unit=unit, rows=len(found), personal=False, on=day.isoformat()
    )
    name = f"{this_city().label}_检查对象_{unit.short_name}_{day:%Y%m%d}的名录.xlsx"
    return files.attachment(content, name=name, content_type=files.XLSX)


def facility(request, now: Facility):
    """One facility on that day, each value beside today's where they differ."""
    try:
        day = day_asked(request)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(now)
    then = past.facility_on(now, day)
    context = {"facility": now, "then": then, "day": day}
    if then:
        context["lines"] = [_line(name, then, now) for name in SHOWN]
        context["tone"] = wording.status_tone(then)
        context["entries"] = wording.facility_history(
            now.changes.filter(effective_on__lte=day).select_related("entered_by", "approved_by")[:60]
        )
    return TemplateResponse(request, "registry/history/past_detail.html", context)


def _line(name, then, now) -> dict:
    value, today = getattr(then, name), getattr(now, name)
    return {
        "title": wording.title(BatchKind.FACILITY, name),
        "then": wording.value_text(name, value),
        "now": wording.value_text(name, today) if value != today else "",
    }
