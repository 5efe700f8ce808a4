"""完成情况 of a quarter, 全覆盖 of a year and of a cycle: how far, what is left and why (六(一)2-g, 七(一)1-b, 2-b)."""

from functools import partial

from django.core.paginator import Paginator
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, table
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import FIRST_YEAR

from . import actions, pages, rules
from .forms import OpinionForm, ReasonForm
from .gaps import CoverageList, DrawnList, Gaps, Line, in_circle

PER_PAGE = 50  # ui.md 4.5
DONE = {
    "enter": "{} 家的原因已保存，等分管负责人批准。",
    "approve": "已批准 {} 条原因。",
    "return": "已退回 {} 条原因，计划员会收到消息。",
}
COLUMNS = [
    OutColumn("名录编号", 24),
    OutColumn("检查对象", 30),
    OutColumn("类别", 8),
    OutColumn("情况", 12),
    OutColumn("原因", 40),
    OutColumn("填写人", 12),
    OutColumn("审批", 10),
    OutColumn("审批人", 12),
    OutColumn("意见", 30),
]


@requires(P.SEE_SEALED)
def unfinished(request):
    """The drawn checks of the quarter that are not finished."""
    return _page(request, _drawn(request))


@requires(P.SEE_SEALED)
def coverage(request):
    """The facilities that no check of the year, or of the cycle, has reached (K6, K7)."""
    return _page(request, _coverage(request))


@requires(P.SEE_SEALED)
@require_safe
def unfinished_export(request):
    return _export(request, _drawn(request))


@requires(P.SEE_SEALED)
@require_safe
def coverage_export(request):
    return _export(request, _coverage(request))


def _drawn(request) -> DrawnList:
    return DrawnList(shell.current_unit(request), shell.current_quarter(request))


def _coverage(request) -> CoverageList:
    general = chips.asked(request, "of", ("key", "general"), "key") == "general"
    of = CoverageList.of_general if general else CoverageList.of_key
    return of(shell.current_unit(request), max(shell.current_quarter(request).year, FIRST_YEAR))


def _page(request, listing):
    user, unit, today = request.user, listing.unit, clock.today()
    found = listing.found(user, today)
    trail.record("inspections.sealed.viewed", by=user, unit=unit, page=request.resolver_match.url_name)
    act = request.POST.get("act", "")
    forms = _forms(request, listing, found, act)
    page = Paginator(found.lines, PER_PAGE).get_page(request.GET.get("page"))
    year = shell.current_quarter(request).year
    chosen = set(request.POST.getlist("chosen")) or {request.GET.get("edit", "")}
    return act_page(
        request,
        "inspections/coverage/gaps.html",
        forms.get("enter" if act == "enter" else "decide") if act in DONE else None,
        partial(_do, act, listing, user),
        listing.address,
        lambda done: DONE[act].format(len(done)),
        late=rules.NOT_LISTED,
        facts=lambda: {
            "rows": pages.rows(page, chosen, forms, user),
            **pages.about(listing, found, user, year, today, workdays.calendar()),
        },
        listing=listing,
        unit=unit,
        found=found,
        inside=in_circle(user, unit),
        page=page,
        forms=forms,
    )


def _do(act: str, listing, user, *, chosen, **given) -> list:
    do = {"enter": actions.explain, "approve": actions.approve, "return": actions.give_back}[act]
    return do(listing=listing, keys=chosen, by=user, **given)


def _forms(request, listing, found: Gaps, act: str) -> dict:
    """What this person can do with the list: write reasons, decide on them, or neither."""
    user, unit, forms = request.user, listing.unit, {}
    entering, deciding = act == "enter", act in ("approve", "return")
    if in_circle(user, unit) and user.may(P.DISPATCH, unit) and found.approved < len(found.lines):
        edited = next((line for line in found.lines if str(line.key) == request.GET.get("edit")), None)
        forms["enter"] = ReasonForm(
            request.POST if entering else None,
            lines=found.lines,
            kinds=rules.kinds_in(listing, found) if isinstance(listing, CoverageList) else None,
            initial=_words_of(edited),
        )
    if in_circle(user, unit) and user.may(P.APPROVE_CHECK, unit) and found.waiting:
        forms["decide"] = OpinionForm(request.POST if deciding else None, lines=found.lines)
    return forms


def _words_of(line: Line | None) -> dict:
    """A reason that came back is written anew from what it said."""
    if line is None or line.reason is None:
        return {}
    return {"words": line.reason.words, "kind": getattr(line.reason, "kind", "")}


def _export(request, listing):
    unit, found = listing.unit, listing.found(request.user, clock.today())
    trail.record("inspections.gap.exported", by=request.user, unit=unit, period=listing.period)
    title = heading(f"{listing.period} {listing.title}", unit.name if unit else "", clock.today())
    content = table(
        sheet=listing.title, title=title, columns=COLUMNS, rows=(_row(line) for line in found.lines), named_by=2
    )
    name = f"{listing.title}_{unit.code if unit else ''}_{listing.period}.xlsx"
    return files.attachment(content, name=name, content_type=files.XLSX)


def _row(line: Line) -> list[str]:
    facility, reason = line.facility, line.reason
    return [
        facility.code,
        facility.name,
        facility.get_category_display(),
        line.about,
        f"{pages.kind_of(reason)}{reason.words}" if reason else "",
        reason.asked_by.full_name if reason else "",
        rules.standing_of(reason),
        reason.decided_by.full_name if reason and reason.decided_by else "",
        reason.opinion if reason else "",
    ]
