"""The staff home: the nine steps of a quarter, what is to do, what to notice (七(四), ui.md 7.2)."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts import standing
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter, short_date, weekday
from inspections.coverage import pace
from inspections.coverage.gaps import CoverageList
from inspections.models import Inspection, InspectionStatus, Outcome, ReportState, WorkReport
from plans.models import Draw, DrawStatus, ItemList, ListStatus, PlanStatus, QuarterlyPlan
from registry.audits import standing as audits
from registry.models import Category, Facility, Inspector


@dataclass
class Step:
    """One of the nine; `state` is "done", "now", "late" or "", `note` its day or limit (ui.md 4.3)."""

    name: str
    state: str = ""
    note: str = ""
    url: str = ""


@dataclass
class Home:
    """Everything the staff home shows beside the to-dos."""

    steps: list[Step] = field(default_factory=list)
    notes: list[dict] = field(default_factory=list)
    quota: list[dict] = field(default_factory=list)
    quota_total: dict = field(default_factory=dict)
    plan_url: str = ""
    rest_day: str = ""


def home_of(unit, quarter: Quarter, user, today: date, calendar: Calendar) -> Home:
    """Gather the page for one unit and quarter; without a unit (an administrator, a new account) only what to notice."""
    if unit is None:
        return Home(notes=administration_of(user, today))
    home = Home(steps=steps_of(unit, quarter, user, today, calendar), notes=notes_of(unit, user, today))
    home.quota = quota_of(unit, quarter, user)
    if home.quota:
        places = [row["quota"] for row in home.quota if row["quota"] != "—"]
        home.quota_total = {"registry": sum(r["registry"] for r in home.quota), "quota": sum(places) if places else "—"}
        home.plan_url = reverse("plans:plan-list") + f"?unit={unit.code}&quarter={quarter}"
    if not calendar.is_workday(today):
        next_day = calendar.add_workdays(today, 1)
        home.rest_day = f"{short_date(next_day)}（{weekday(next_day)}）"
    return home


def steps_of(unit, quarter: Quarter, user, today: date, calendar: Calendar) -> list[Step]:
    """The nine steps of one unit's quarter, each with its day or its limit.

    How far the checks have come before their results are public is told only to the circle that may know (decisions.md 3).
    """
    item_list = (
        ItemList.objects.filter(year=quarter.year, unit__kind=UnitKind.CITY_TEAM, status=ListStatus.PUBLISHED)
        .order_by("version")
        .first()
    )
    plan = QuarterlyPlan.objects.filter(unit=unit, year=quarter.year, number=quarter.number).first()
    draw = (
        Draw.objects.filter(unit=unit, year=quarter.year, number=quarter.number)
        .exclude(status=DrawStatus.ABORTED)
        .order_by("-serial")
        .first()
    )
    counts = (
        Inspection.objects.counted_for(user)
        .filter(draw=draw)
        .aggregate(
            all=Count("pk"),
            done=Count("pk", filter=Q(ended_at__isnull=False)),
            public=Count("pk", filter=Q(status=InspectionStatus.PUBLISHED)),
            follow=Count(
                "pk",
                filter=Q(status=InspectionStatus.PUBLISHED)
                & ~Q(outcome__in=[Outcome.NO_ISSUE, Outcome.ON_SITE_FIXED, Outcome.NOT_OPERATING, Outcome.UNREACHABLE]),
            ),
        )
        if draw
        else {"all": 0, "done": 0, "public": 0, "follow": 0}
    )
    report = WorkReport.objects.filter(
        unit=unit, year=quarter.year, number=quarter.number, state=ReportState.APPROVED
    ).first()
    inside = user.may(Permission.SEE_SEALED, unit) or (draw is not None and draw.status == DrawStatus.RELEASED)
    plan_due, draw_due, close_due = quarter.plan_due(calendar), quarter.draw_due(calendar), quarter.close_due(calendar)
    at = f"?unit={unit.code}&quarter={quarter}"

    def door(name, query, permission) -> str:
        """The page behind a step, for those whom it opens to."""
        return reverse(name) + query if user.may(permission, unit) else ""

    list_due = days.item_list_due(quarter.year, calendar)
    drawn = draw and draw.drawn_at
    all_done = inside and counts["all"] and counts["done"] == counts["all"]
    all_public = counts["all"] and counts["public"] == counts["all"] and (inside or draw.status == DrawStatus.RELEASED)
    steps = [
        _step(
            "清单",
            item_list and item_list.published_at,
            "完成",
            list_due,
            door("plans:itemlist-list", "", Permission.SEE_ITEMS),
            today,
        ),
        *_plan_steps(plan, plan_due, door("plans:plan-list", at, Permission.SEE_PLANS), today),
        _step("抽取", drawn, "完成", draw_due, door("plans:draw-list", at, Permission.SEE_DRAWS), today),
        Step(
            "检查",
            "done"
            if all_done
            else ("late" if inside and close_due.is_over(today) and counts["all"] > counts["done"] else ""),
            f"{counts['done']} / {counts['all']} 家" if inside and drawn else _before(close_due),
            reverse("inspections:task-list") + at if user.may(Permission.SEE_SEALED, unit) else "",
        ),
        Step(
            "公示",
            "done"
            if all_public
            else ("late" if close_due.is_over(today) and drawn and not all_public and inside else ""),
            f"已公开 {counts['public']} 家"
            if counts["public"]
            else f"查结后 {policy.on(today).publish_within_workdays} 个工作日",
            reverse("disclosure:publish-list") + at if user.may(Permission.PUBLISH, unit) else "",
        ),
        Step("处理", "", f"{counts['follow']} 家待跟进" if counts["follow"] else "随查随办"),
        _step(
            "报告",
            report and report.decided_at,
            "签收",
            close_due,
            door("inspections:report-list", at, Permission.SEE_PROGRESS),
            today,
        ),
        Step("归档", "", "随办随归"),
    ]
    if not any(s.state in ("late", "now") for s in steps):
        first = next((s for s in steps if not s.state), None)
        if first:
            first.state = "now"
    return steps


def _plan_steps(plan, limit, url, today) -> list[Step]:
    """编制 and 公开; a plan that was public and is being changed is not late again."""
    if plan and plan.is_being_changed:
        return [
            Step("计划", "now", f"正在改第 {plan.revision} 版", url),
            Step("公开", "", f"第 {plan.revision} 版", url),
        ]
    approved = plan and plan.approved_at and plan.status in (PlanStatus.APPROVED, PlanStatus.PUBLISHED)
    return [
        _step("计划", approved and plan.approved_at, "完成", limit, url, today),
        _step("公开", plan and plan.published_at, "公开", limit, url, today),
    ]


def _step(name, moment, verb, limit, url, today) -> Step:
    if moment:
        return Step(name, "done", f"{short_date(localtime(moment).date())}{verb}", url)
    return Step(name, "late" if limit.is_over(today) else "", _before(limit), url)


def _before(due: Due) -> str:
    return f"{short_date(due.date)}前{due.mark}"


def notes_of(unit, user, today: date) -> list[dict]:
    """What somebody should know although nothing is due (ui.md 7.2)."""
    found = []
    here = f"?unit={unit.code}"
    for book in audits.standing_of_unit(unit, today):
        if book.overdue and user.may(book.book.see, unit):
            found.append(
                {
                    "kind": "w",
                    "title": f"{book.book.label}{book.badge}",
                    "text": f"{book.words}。{book.too_old_words}",
                    "url": book.page,
                    "link": "去审核",
                }
            )
    if user.may(Permission.SEE_SEALED, unit):
        listing = CoverageList.of_key(unit, today.year)
        if words := pace.why_key_behind(listing, today):
            found.append(
                {"kind": "w", "title": "重点全覆盖", "text": words, "url": listing.address, "link": "查看重点全覆盖"}
            )
    if user.may(Permission.SEE_INSPECTORS, unit):
        ends = today + timedelta(days=183)
        people = list(
            Inspector.objects.filter(
                Q(unit=unit) | Q(unit__serves=unit) | Q(unit__parent=unit, unit__kind=UnitKind.HQ_SECTION),
                certificate_to__lte=ends,
                left_on__isnull=True,
            ).order_by("certificate_to")
        )
        if people:
            words = "、".join(f"{p.name}（{short_date(p.certificate_to)}）" for p in people[:3])
            found.append(
                {
                    "kind": "w",
                    "title": f"{len(people)} 本执法证半年内到期",
                    "text": f"{words}。到期后不能参加抽取和检查。",
                    "url": reverse("registry:inspector-list") + here,
                    "link": "查看检查人员",
                }
            )
    if user.may(Permission.SEE_FACILITIES, unit):
        expired = Facility.objects.on_books().filter(unit=unit, permit_valid_to__lt=today).count()
        if expired:
            found.append(
                {
                    "kind": "",
                    "title": f"{expired} 家排污许可证已过有效期",
                    "text": "核对许可平台后更新名录。",
                    "url": reverse("registry:facility-list") + here,
                    "link": "查看检查对象",
                }
            )
    return found


def administration_of(user, today: date) -> list[dict]:
    """What waits for the administrators; and for somebody without any right, who gives it (decisions.md 7)."""
    if not user.grants_in_force():
        return [{"kind": "w", "title": "这个账号还没有授权", "text": "由授权管理员按任命文件授权，以后从这里办理。"}]
    if not user.units_with(Permission.MANAGE_SYSTEM) | user.units_with(Permission.MANAGE_GRANTS):
        return []
    waiting = standing.counts_of(standing.accounts_of(user, today))
    address = reverse("accounts:account-list")
    found = []
    for view, title, text in (
        ("none", "个账号没有授权", "登录以后什么都办不了。由授权管理员授权；不用的由系统管理员停用。"),
        ("first", "个账号还没有改第一个密码", "长时间没有登录的，由系统管理员停用或重设。"),
    ):
        if n := waiting[view]:
            found.append(
                {"kind": "", "title": f"{n} {title}", "text": text, "url": f"{address}?view={view}", "link": "查看账号"}
            )
    return found


def quota_of(unit, quarter: Quarter, user) -> list[dict]:
    """名录 and 本季抽, per category; places once the plan has its numbers, frozen once it is approved."""
    if not user.may(Permission.SEE_PLANS, unit):
        return []
    totals = dict(
        Facility.objects.on_books().filter(unit=unit).order_by().values_list("category").annotate(n=Count("pk"))
    )
    plan = QuarterlyPlan.objects.filter(unit=unit, year=quarter.year, number=quarter.number).first()
    places = dict(plan.strata.values_list("category", "planned")) if plan else {}
    if plan and plan.approved_strata:  # an approved plan stays with the registry it was approved on
        totals = {row["category"]: row["on_books"] for row in plan.approved_strata}
    return [
        {"label": c.label, "registry": totals.get(c.value, 0), "quota": places.get(c.value, "—")}
        for c in (Category.KEY, Category.GENERAL, Category.SPECIAL)
    ]
