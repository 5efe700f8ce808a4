"""数据交换: the queue, packages out and in, what the platform said, tasks begun there, differences, settings."""

from functools import partial

from django import forms
from django.conf import settings
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.web import frame as shell
from inspections.models import (
    Connection,
    ExchangePackage,
    ExchangeRecord,
    Inspection,
    PackageRefusal,
    PlatformCode,
    PlatformDifference,
    PlatformTask,
)

from . import (
    acks,
    actions,
    comparing,
    duties,
    incoming,
    leading,
    pages,
    records,
    refusing,
    rules,
    sheets,
    taking_up,
    their_tasks,
)
from .forms import (
    AnswerForm,
    CodeForm,
    ConnectionForm,
    DeclineForm,
    DifferenceForm,
    NumberForm,
    PackageForm,
    RecordForm,
    TakeUpForm,
)

PACKED = "application/zip"


def _looked(request, unit, page: str, tasks: int = 1) -> dict:
    """A task, a difference and the platform's words on a record may name a place and people before a result is public, and the
    queue says whose turn it is; the trail of the exchange itself keeps numbers only (七(五)-n)."""
    trail.record("inspections.sealed.viewed", by=request.user, unit=unit, page=page, tasks=tasks)
    return {}


@requires(P.SEE_SEALED)
@require_safe
def exchange(request):
    """待上传, 已导出, 被退回, what came back; by number only."""
    unit = shell.unit_or_404(request, P.SEE_SEALED)
    queue, tasks = pages.queue(unit, clock.today()), pages.waiting_tasks(unit, clock.today())
    differences = list(pages.open_differences(unit))
    without_number = pages.without_number(unit)
    if (
        seen := queue.numbers
        | {row.inspection.no for row in [*differences, *without_number]}
        | {t.number for t in tasks}
    ):
        _looked(request, unit, "exchange", len(seen))
    context = {
        "unit": unit,
        "led": leading.now(),
        "queue": queue,
        "tasks": tasks,
        "differences": differences,
        "refusals": pages.refusals(unit),
        "packages": pages.packages(unit),
        "without_number": without_number,
        "shapes": pages.SHAPES,
        "obstacle": rules.why_not_exchange(unit, request.user),
    }
    return TemplateResponse(request, "inspections/exchange/exchange.html", context)


@requires(P.DISPATCH)
def exchange_make(request):
    """The next package, handed to whoever makes it once (docs/exchange/ 9)."""
    unit = shell.unit_or_404(request, P.DISPATCH)
    obstacle = rules.why_not_exchange(unit, request.user)
    return act_page(
        request,
        "inspections/exchange/make.html",
        None if obstacle else forms.Form(request.POST or None),
        partial(actions.make, unit=unit, by=request.user),
        _handed_over,
        _went_out,
        facts=lambda: {"queue": pages.queue(unit, clock.today())},
        unit=unit,
        led=leading.now(),
        obstacle=obstacle,
        late=obstacle,
    )


def _handed_over(made: tuple[ExchangePackage, bytes]):
    """A download leaves its page as it was; the cookie tells the page (desk.js) which package it is, to lead there."""
    package, content = made
    name = f"{package.number}.zip{'' if content[:2] == b'PK' else '.age'}"
    answer = files.attachment(
        content, name=name, content_type=PACKED if name.endswith("zip") else "application/octet-stream"
    )
    answer.set_cookie(
        "handed_over", package.number, max_age=60, path="/desk/", secure=settings.HTTPS, samesite="Strict"
    )
    return answer


def _went_out(made: tuple[ExchangePackage, bytes]) -> str:
    return f"已导出 {made[0].number}，文件交给浏览器保存，系统里不留内容。"


@requires(P.DISPATCH)
@require_safe
def exchange_sheet(request):
    """What waits, as a workbook to read; nothing counts as sent by it."""
    unit = shell.unit_or_404(request, P.DISPATCH)
    lost = rules.lost(unit)
    lines = records.waiting(unit, records.Codes(), lost)
    _looked(request, unit, "exchange-sheet", len({line.check.pk for line in lines}))
    content = sheets.workbook(lines, acks.records(unit, lost), unit, clock.today())
    return files.attachment(content, name=f"待上传_{unit.code}_{clock.today()}.xlsx", content_type=files.XLSX)


@requires(P.DISPATCH)
def exchange_import(request):
    """A package of the platform, taken whole or not at all."""
    form = PackageForm(request.POST or None, request.FILES or None)
    return act_page(
        request,
        "inspections/exchange/import.html",
        form,
        lambda package: incoming.take(content=package.read(), by=request.user),
        lambda taken: duties.address(taken.package.unit),
        lambda taken: taken.words,
        refusals_at="package",
    )


@requires(P.DISPATCH)
@require_POST
def exchange_refusal_drop(request, pk):
    """不回复 a package that was not taken: it is not the platform's, or it will not hear of it."""
    rows = PackageRefusal.objects.visible_to(request.user).select_related("unit")
    refusal = get_object_or_404(rows, pk=pk)
    act = partial(refusing.drop, refusal=refusal, by=request.user)
    return press(request, act, duties.address(refusal.unit), "已登记不回复。")


def _package(request, number, *permissions) -> ExchangePackage:
    rows = ExchangePackage.objects.visible_to(request.user).select_related("unit", "by", "replaced_by", "answered_in")
    return get_object_or_404(rows, number=number)


@requires(P.SEE_SEALED)
@require_safe
def exchange_package(request, package_no):
    package = _package(request, package_no)
    lines = pages.lines_of(package)
    _looked(request, package.unit, "exchange-package", len({line.inspection_id for line in lines} - {None}))
    back = pages.went_back(package)
    context = {
        "package": package,
        "lines": lines,
        "words": pages.state_words(package, back),
        "shapes": pages.SHAPES if not back else {**pages.SHAPES, "ACCEPTED": "warn", "TAKEN": "warn"},
        "may": not rules.why_not_exchange(package.unit, request.user),
        "led": leading.now(),
        "again": not rules.why_not_again(package, rules.later_than(package)),
    }
    return TemplateResponse(request, "inspections/exchange/package.html", context)


@requires(P.DISPATCH)
@require_POST
def exchange_again(request, package_no):
    """Lost or given back: a new package with all of it."""
    package = _package(request, package_no)
    back = reverse("inspections:exchange-package", args=[package_no])
    act = partial(actions.make_again, package=package, by=request.user)
    return press(request, act, lambda made: _handed_over(made) if made else back, _went_out)


@requires(P.DISPATCH)
def exchange_answer(request, package_no):
    package = _package(request, package_no)
    return act_page(
        request,
        "inspections/exchange/answer.html",
        AnswerForm(request.POST or None),
        partial(actions.answer, package=package, by=request.user),
        reverse("inspections:exchange-package", args=[package_no]),
        "已登记平台的回复。",
        package=package,
    )


@requires(P.DISPATCH)
def exchange_record(request, pk):
    """The platform's word on one record, and its number."""
    rows = ExchangeRecord.objects.visible_to(request.user).select_related("package", "unit", "inspection")
    record = get_object_or_404(rows.filter(inspection__isnull=False), pk=pk)
    return act_page(
        request,
        "inspections/exchange/answer.html",
        (NumberForm if rules.waits_for_its_number(record) else RecordForm)(request.POST or None),
        partial(actions.settle, record=record, by=request.user),
        reverse("inspections:exchange-package", args=[record.package.number]),
        "已登记平台的回复。",
        facts=lambda: _looked(request, record.unit, "exchange-record"),
        package=record.package,
        record=record,
    )


# Back


def _task(request, number) -> PlatformTask:
    rows = PlatformTask.objects.visible_to(request.user).filter(content__isnull=False)
    return get_object_or_404(
        rows.select_related("unit", "facility", "inspection", "package__answered_in"), number=number
    )


@requires(P.SEE_SEALED)
def platform_task(request, platform_no):
    """A task that was begun on the platform: raised here as a targeted check, then taken up by its number."""
    task = _task(request, platform_no)
    may = request.user.may(P.DISPATCH, task.unit_id) and task.state == "WAITING"
    place = their_tasks.place_of(task)[0]
    off = rules.why_not_exchange(task.unit, request.user) if may else ""
    obstacle = (off or pages.wrong_words(task)) if may else ""
    form = TakeUpForm(request.POST or None) if may and not obstacle else None

    def facts():
        return {"told": pages.told(task), **_looked(request, task.unit, "exchange-task")}

    def take_up(check: str) -> PlatformTask:
        found = (
            Inspection.objects.filter(unit=task.unit, no=check.strip()).select_related("unit", "platform_task").first()
        )
        return taking_up.take_up(task=task, check=found, by=request.user)

    return act_page(
        request,
        "inspections/exchange/task.html",
        form,
        take_up,
        duties.address(task.unit),
        "两边的编号已经对应，下一个数据包告知平台。",
        late=obstacle or rules.ONLY_PLANNER
        if task.state == "WAITING"
        else f"这件任务{task.get_state_display()}，不再变动。",
        refusals_at="check",
        facts=facts,
        task=task,
        place=place,
        may=may and not off,
        obstacle=obstacle,
    )


@requires(P.DISPATCH)
def platform_task_decline(request, platform_no):
    task = _task(request, platform_no)
    obstacle = rules.why_not_exchange(task.unit, request.user)
    return act_page(
        request,
        "inspections/exchange/decline.html",
        None if obstacle else DeclineForm(request.POST or None),
        partial(actions.decline, task=task, by=request.user),
        duties.address(task.unit),
        "已记下不接收，下一个数据包告知平台。",
        facts=lambda: _looked(request, task.unit, "exchange-task-decline"),
        late=obstacle,
        task=task,
        obstacle=obstacle,
    )


@requires(P.DISPATCH)
def platform_difference(request, pk):
    rows = PlatformDifference.objects.visible_to(request.user).select_related("unit", "inspection", "package")
    difference = get_object_or_404(rows, pk=pk)
    is_open = difference.state == "OPEN"
    obstacle = rules.why_not_look(difference, request.user) if is_open else ""
    return act_page(
        request,
        "inspections/exchange/difference.html",
        None if obstacle else DifferenceForm(request.POST or None),
        partial(actions.decide, difference=difference, by=request.user),
        duties.address(difference.unit),
        "已记下以谁为准。",
        facts=lambda: _looked(request, difference.unit, "exchange-difference"),
        late=obstacle,
        obstacle=obstacle,
        difference=difference,
        now=comparing.ours_now(difference) if is_open else difference.ours,
        way=pages.way_of(difference),
    )


# Settings


@requires(P.KEEP_EXCHANGE)
def exchange_settings(request):
    """Whether packages go out and whose record leads; the draw, its dates and publication always lead here."""
    led = leading.now()
    start = {name: getattr(led, name) for name in ("in_use", "tasks", "dispatch", "results", "key")}
    return act_page(
        request,
        "inspections/exchange/settings.html",
        ConnectionForm(request.POST or None, initial=start),
        partial(actions.connect, by=request.user),
        "inspections:exchange-settings",
        "已登记，从现在起派发的检查按它办理。",
        refusals_at="key",
        facts=lambda: {"rows": Connection.objects.select_related("entered_by")},
        off="" if led.in_use else pages.off_words(),
        led=led,
    )


@requires(P.KEEP_EXCHANGE)
def exchange_codes(request):
    return act_page(
        request,
        "inspections/exchange/codes.html",
        CodeForm(request.POST or None, initial=request.GET.dict()),
        partial(actions.add_code, by=request.user),
        "inspections:exchange-codes",
        "已登记对照。",
        facts=lambda: {"kinds": pages.codes_by_kind()},
    )


@requires(P.KEEP_EXCHANGE)
def exchange_code_end(request, pk):
    """What rests on the pair is read before it ends: packages of all units stop where it has no successor."""
    code = get_object_or_404(PlatformCode.objects.select_related("entered_by"), pk=pk)
    ended = f"这条对照已经停用（{localtime(code.ended_at):%Y-%m-%d %H:%M}）。" if code.ended_at else ""
    return act_page(
        request,
        "inspections/exchange/code_end.html",
        None if ended else forms.Form(request.POST or None),
        partial(actions.end_code, code=code, by=request.user),
        "inspections:exchange-codes",
        "已停用。",
        facts=lambda: {"lines": pages.rests_on(code)},
        late=ended,
        code=code,
        obstacle=ended,
    )
