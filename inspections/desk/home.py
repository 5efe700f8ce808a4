"""The staff home: the nine steps of a quarter, its places, what to notice (七(四), ui.md 7.2)."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q
from django.urls import reverse

from benxi_shuangsuiji.accounts import standing
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import ADMIN_PARTS, Permission
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.health import questions
from benxi_shuangsuiji.notices import mails
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import Calendar, Quarter, end_of, full_date, short_date, weekday
from inspections.coverage import pace
from inspections.coverage.gaps import CoverageList
from plans.models import ChainEntry, QuarterlyPlan
from registry.audits import standing as audits
from registry.facilities.compared import in_another_category
from registry.models import Category, Facility, Inspector

from .steps import Step, steps_of

REFUSED = "accounts.refused"


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
        return Home(notes=[*first_use_of(user, today), *administration_of(user, today)])
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


def notes_of(unit, user, today: date) -> list[dict]:
    """What somebody should know although nothing is due (ui.md 7.2)."""
    found = [*first_use_of(user, today), *past_of(user, unit)]
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
        if other := in_another_category(unit).count():
            found.append(
                {
                    "kind": "",
                    "title": f"{other} 家许可类别与许可信息不一致",
                    "text": "最近一份排污许可信息写的管理类别与名录不同。",
                    "url": f"{reverse('registry:facility-list')}{here}&compared=category",
                    "link": "逐家核对",
                }
            )
    return found


def first_use_of(user, today: date) -> list[dict]:
    """Nobody is asked for anything before the day of first use; until it is fixed, who fixes it is (二-a)."""
    first = first_use.day()
    if first is not None:
        text = "以前的计划、抽取、检查和报告不列待办，不算逾期。"
        return [] if today >= first else [{"kind": "", "title": f"{full_date(first)}起启用", "text": text}]
    asked = user.units_with(Permission.MANAGE_SYSTEM) | user.units_with(Permission.KEEP_BASES)
    door = {"url": reverse("notices:first-use"), "link": "定启用日期"} if asked else {}
    text = "定下来以前，什么都不列待办，不算逾期，名单不能封存。"
    return [{"kind": "w", "title": "还没有定启用日期", "text": text} | door]


def past_of(user, unit) -> list[dict]:
    """Until the chain begins: what was checked before first use is entered, or said to be none, and carried (二-a)."""
    found = []
    if _has_past() and (user.may(Permission.EDIT_FACILITIES, unit) or user.may(Permission.APPROVE_REGISTRY, unit)):
        text = "全市第一次封存以前补录，或者声明没有。"
        address = f"{reverse('registry:past-list')}?unit={unit.code}"
        found.append({"kind": "", "title": "启用以前的检查", "text": text, "url": address, "link": "历史补录"})
    return found + of_the_past(user)


def of_the_past(user) -> list[dict]:
    """The part of the lead office, which writes the first entry of the chain."""
    if not (_has_past() and user.units_with(Permission.RECEIVE_PLANS)):
        return []
    text = "全市第一次封存以前，把各单位补录的写入公示链第 1 条。"
    return [{"kind": "", "title": "历史抽查结转", "text": text, "url": reverse("plans:carry"), "link": "办结转"}]


def _has_past() -> bool:
    return first_use.has_past() and not ChainEntry.objects.exists()


def health_of(user) -> list[dict]:
    """Whether the system is well, for its administrators: yes or no to each of them, the words to who can mend it."""
    asked = questions.ask_seldom()
    wrong = [a for a in asked if a.answer.ok is False]
    keeps = bool(user.units_with(Permission.MANAGE_SYSTEM))
    door = {"url": reverse("health"), "link": "查看系统状况"} if keeps else {}
    if not wrong:
        return [{"kind": "s", "title": "系统正常", "text": f"问了 {len(asked)} 项，没有要处理的。"} | door]
    said = "；".join(f"{a.question.name}：{a.answer.words}" if keeps else a.question.name for a in wrong)
    return [{"kind": "e", "title": f"系统状况有 {len(wrong)} 项要处理", "text": said} | door]


def log_of(user, today: date) -> list[dict]:
    """What the audit administrator looks at each day: who was refused. How much was done at all he reads in the log alone."""
    if not user.units_with(Permission.SEE_LOG):
        return []
    entries = AuditEntry.objects.visible_to(user).filter(at__gt=end_of(today - timedelta(days=1)))
    refused = entries.filter(verb=REFUSED).count()
    title = f"今天有 {refused} 次没有权限，被拒绝" if refused else "今天没有被拒绝的操作"
    text = "谁、什么时候、想打开什么，都在操作记录里。"
    door = {"url": reverse("audit:log"), "link": "查看操作记录"}
    return [{"kind": "w" if refused else "", "title": title, "text": text} | door]


def administration_of(user, today: date) -> list[dict]:
    """What waits for the administrators; and for somebody without any right, who gives it (decisions.md 7)."""
    if not user.grants_in_force():
        return [{"kind": "w", "title": "这个账号还没有授权", "text": "由授权管理员按任命文件授权，以后从这里办理。"}]
    administers = any(grant.role in ADMIN_PARTS for grant in user.grants_in_force())
    daily = [*health_of(user), *log_of(user, today)] if administers else []
    if not user.units_with(Permission.MANAGE_SYSTEM) | user.units_with(Permission.MANAGE_GRANTS):
        return daily
    waiting = standing.counts_of(standing.accounts_of(user, today))
    address = reverse("accounts:account-list")
    found = daily + mails_of(user)
    for view, title, text in (
        ("none", "个账号没有授权", "登录以后什么都办不了。由授权管理员授权；不用的由系统管理员停用。"),
        ("first", "个账号还没有改第一个密码", "长时间没有登录的，由系统管理员停用或重设。"),
    ):
        if n := waiting[view]:
            found.append(
                {"kind": "", "title": f"{n} {title}", "text": text, "url": f"{address}?view={view}", "link": "查看账号"}
            )
    return found


def mails_of(user) -> list[dict]:
    """Mails that do not leave are told to whoever can put the server right."""
    if not user.units_with(Permission.MANAGE_SYSTEM):
        return []
    door = {"url": reverse("health"), "link": "查看系统状况"}
    found = []
    if n := mails.given_up().count():
        text = "邮件服务器或者收件地址改对以后，可以再发。"
        found.append({"kind": "w", "title": f"{n} 封邮件没有发出", "text": text} | door)
    failing = mails.unsent().filter(attempts__gt=1).exclude(error="").order_by("pk").first()
    if failing:
        text = f"{failing.error}恢复以后自动再发。"
        found.append({"kind": "w", "title": "邮件发不出去", "text": text} | door)
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
