"""工作台 of whoever oversees the city: what is overdue and whom to press, what waits, what comes next (五-2b, ui-2.md 22)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import agenda, reminders
from benxi_shuangsuiji.notices.deadlines.lookup import name_of
from benxi_shuangsuiji.notices.deadlines.rule import Binding
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import Calendar, Quarter, is_over, short_date, weekday
from inspections.coordination import urging
from inspections.coordination.matters import about
from inspections.models import Instruction

from . import home
from .reach import SOON_DAYS, Matter, act_of, in_calendar, matters, next_after

ORDERS = {"": "先看法定日期", "unit": "按单位", "days": "按天数"}
HINT_DAYS = 7  # so long after the first day the page says from when on something counts


@dataclass(frozen=True)
class Late:
    """One row of what is overdue: what was done about it, and the button. `key` stands in the address of its 督办.

    A row that is not urged may have the same key: what waits, what is the reader's own, what is secret.
    """

    matter: Matter
    last: Instruction | None
    url: str
    button: str = ""
    primary: bool = False
    urge: str = ""  # the address that opens the form below
    remind: bool = False  # the button reminds whoever has it, at once
    reminded: tuple[date, ...] = ()

    @property
    def is_reminded_today(self) -> bool:
        """Once a day is enough: a second press would only be refused (`reminders.urge`)."""
        return self.matter.today in self.reminded

    @property
    def key(self) -> str:
        """Says nothing that the row does not: a number of the database would tell how many duties there are (decisions.md 3)."""
        act = f"-{self.matter.first.period.partition(':')[0]}" if act_of(self.matter.first) else ""
        return f"{self.matter.unit.code}-{self.matter.first.rule}-{self.matter.due:%Y%m%d}{act}"

    @property
    def unit(self) -> Unit:
        return self.matter.unit

    def is_asked(self, key: str) -> bool:
        return bool(self.urge) and self.key == key

    @property
    def title(self) -> str:
        return self.matter.title

    @property
    def role(self) -> str:
        days = {duty.due for duty in self.matter.duties}
        return f"由{Role(self.matter.first.role).label}办理{'，写的是最早的一件' if len(days) > 1 else ''}"

    @property
    def due_words(self) -> str:
        return short_date(self.matter.due)

    @property
    def rule(self) -> str:
        """方案七（二）; 抽取后 3 个工作日; 督办单上的期限."""
        law, duty, step = self.matter.law, self.matter.first, self.matter.step
        if step and step.serves:
            return self._own_days(step)
        if law is None and step and step.event and duty.workdays:
            return f"{step.event}后 {duty.workdays} 个工作日"
        if law is None and self.matter.is_an_answer:
            return "督办单上的期限"
        if law is None:
            return "本市另定的期限" if self.matter.is_the_citys else "本系统的办理步骤"
        if law.binding == Binding.PLAN:
            return f"方案{law.clause.partition('-')[0].replace('(', '（').replace(')', '）')}"
        if law.event and duty.workdays:
            return f"{law.event}后 {duty.workdays} 个工作日"
        return law.binding.label if law.binding == Binding.LAW else "本市另定"

    @staticmethod
    def _own_days(step: Step) -> str:
        """Of what is done once more: the plan dates the first time alone."""
        if step.title.startswith("补正"):
            return "退回以后补正，本市另定的期限"
        return "本市另定的期限" if step.of_the_city else "本系统的办理步骤"

    @property
    def badge(self) -> str:
        return f"逾期 {self.matter.days} 天"

    @property
    def urged(self) -> tuple[str, str]:
        if self.reminded and (self.last is None or self.matter.is_an_answer):
            return f"{short_date(self.reminded[-1])}催过 {len(self.reminded)} 次", ""
        if self.matter.is_an_answer:
            return "没有催过" if self.remind else "", ""
        if not self.matter.may_be_urged and self.last is None:
            return "", ""
        return urging.words_of(self.last)


@dataclass(frozen=True)
class Group:
    """`folded`: shown when somebody opens it, for it is many and nobody's date."""

    title: str
    rows: list[Late]
    folded: bool = False

    @property
    def count(self) -> int:
        return sum(len(row.matter.duties) for row in self.rows)


@dataclass
class CityHome:
    chosen: Unit | None
    units: int
    order: str
    late: list[Group]
    chips: list[dict]
    agenda: list[dict]
    sentence: str = ""
    elsewhere: str = ""
    all_url: str = ""
    notes: list[str] = field(default_factory=list)
    side: list[dict] = field(default_factory=list)  # who has not fixed the day of first use, what is to be carried
    found: list[Late] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(group.count for group in self.late)

    @property
    def open_groups(self) -> list[Group]:
        return [group for group in self.late if not group.folded]

    @property
    def folded_groups(self) -> list[Group]:
        return [group for group in self.late if group.folded]

    @property
    def late_units(self) -> int:
        return len({row.unit.pk for group in self.late for row in group.rows})

    @property
    def coming(self) -> int:
        return sum(group["count"] for group in self.agenda)

    @property
    def here(self) -> str:
        """Its address without an open form."""
        return _address(self.chosen, by=self.order)

    def row(self, key: str) -> Late | None:
        """The one that is asked about, if this reader may urge it."""
        return next((row for row in self.found if row.is_asked(key)), None)

    def to_remind_of(self, key: str) -> Late | None:
        """The one whose holder this reader may remind."""
        return next((row for row in self.found if row.remind and row.key == key), None)


def of(user: User, chosen: Unit | None, units: Sequence[Unit], order: str, today: date, calendar: Calendar) -> CityHome:
    """The page of one unit, or with `chosen` None of all; a fixed number of queries, whatever is overdue."""
    every = matters(user, today)
    mine = [matter for matter in every if chosen is None or matter.unit == chosen]
    late = [m for m in mine if is_over(m.due, today)]
    told = about(user, [duty for m in late for duty in m.duties])
    by_hand = reminders.urged(duty for m in late for duty in m.duties if m.may_be_reminded)
    rows = [_late(user, m, told, by_hand, chosen, order) for m in late]
    page = CityHome(
        chosen=chosen,
        units=len(units),
        order=order,
        late=_groups(rows, order),
        chips=[
            {"label": _label(key, rows), "url": _address(chosen, by=key), "current": key == order} for key in ORDERS
        ],
        agenda=_agenda(user, [m for m in mine if not is_over(m.due, today)], chosen, today, calendar),
        notes=_notes(today, calendar),
        side=[*home.first_use_of(user, today), *home.of_the_past(user)],
        found=rows,
    )
    if first := next((row for group in page.late for row in group.rows if row.button and row.matter.mine), None):
        page.late = [
            replace(g, rows=[replace(r, primary=True) if r is first else r for r in g.rows]) for g in page.late
        ]
    if not rows:
        page.sentence = _sentence(user, page, mine, today)
        others = [m for m in every if is_over(m.due, today)]
        if chosen and others:
            count, where = sum(len(m.duties) for m in others), len({m.unit.pk for m in others})
            page.sentence = f"{chosen.short_name}没有逾期的事。"
            page.elsewhere, page.all_url = f"全市还有 {count} 件逾期，在 {where} 个单位。", _address(None)
    return page


def _label(key: str, rows: Iterable[Late]) -> str:
    """Whoever has something overdue in his own hands sees that first, and the chip says so."""
    return "先看我手里的" if not key and any(row.matter.mine for row in rows) else ORDERS[key]


def _address(chosen: Unit | None, **asked: str) -> str:
    kept = ({"unit": chosen.code} if chosen else {}) | {name: value for name, value in asked.items() if value}
    return f"{reverse('inspections:desk-home')}{'?' + urlencode(kept) if kept else ''}"


def _late(user: User, matter: Matter, told, by_hand, chosen: Unit | None, order: str) -> Late:
    said = sorted(
        # What nobody may be told of was not urged with the others of its kind.
        (one for d in matter.duties for one in told[d.pk] if matter.may_be_urged or one.duty_id == d.pk),
        key=lambda one: (one.sent_at, one.pk),
    )
    row = Late(matter, said[-1] if said else None, address_for(user, matter))
    if matter.wait:
        return row
    duty, noun = matter.first, _noun(matter)
    if matter.mine:
        return replace(row, button=agenda.button_of(duty), url=duty.url or row.url)
    if matter.may_be_urged and user.may(P.INSTRUCT, matter.unit):
        urge = _address(chosen, by=order, ask=row.key) + "#ask"
        return replace(row, button=f"督办{noun}", urge=urge)
    if matter.may_be_reminded and user.may(P.INSTRUCT, matter.unit):
        days = sorted({day for d in matter.duties for day in by_hand.get(d.pk, ())})
        whose = f"{matter.unit.short_name.removesuffix('分局')}回复" if matter.is_an_answer else noun
        return replace(row, button=f"催{whose}", remind=True, reminded=tuple(days))
    return replace(row, button=f"查看{noun}")


def _noun(matter: Matter) -> str:
    """案卷成册; 录像登记 of what has a longer name: as its step says."""
    return (matter.step and matter.step.noun) or matter.kind


def address_for(user: User, matter: Matter) -> str:
    """Where this reader can look at it: the page of the duty if it opens for him, else the unit's progress."""
    url = matter.first.url
    if agenda.opens_for(matter.first, user):
        return url
    quarter = urging.quarter_of(matter.first)
    of_quarter = f"?quarter={quarter}" if quarter else ""
    if matter.step and matter.step.listed:
        return reverse(matter.step.listed) + of_quarter
    if matter.unit.kind not in (UnitKind.CITY_TEAM, UnitKind.BRANCH):  # it has no steps of a quarter
        return reverse("inspections:city-progress")
    return reverse("inspections:city-unit", args=[matter.unit.code]) + of_quarter


def _groups(rows: list[Late], order: str) -> list[Group]:
    if order == "days":
        return [Group("逾期最久的在前", sorted(rows, key=lambda r: -r.matter.days))] if rows else []
    if order == "unit":
        ordered = sorted(rows, key=lambda r: (r.unit.position, r.unit.pk, -r.matter.days))
        return [Group(unit.short_name, list(those)) for unit, those in groupby(ordered, key=lambda r: r.unit)]
    ordered = sorted(rows, key=lambda r: -r.matter.days)
    rest = [r for r in ordered if not r.matter.mine and not r.matter.is_dated]
    groups = [
        Group("在我手里的", [r for r in ordered if r.matter.mine]),
        Group("《实施方案》写明日期的", [r for r in ordered if not r.matter.mine and r.matter.is_the_plans]),
        Group("法规规定期限的", [r for r in ordered if not r.matter.mine and r.matter.is_the_laws]),
        Group("本市另定期限的", [r for r in rest if r.matter.is_the_citys]),
        Group("本系统的办理步骤", [r for r in rest if not r.matter.is_the_citys], folded=True),
    ]
    return [group for group in groups if group.rows]


# --- what is not overdue ----------------------------------------------------------------------------------------------


def _agenda(user: User, soon: list[Matter], chosen: Unit | None, today: date, calendar: Calendar) -> list[dict]:
    """What waits for the reader himself, whenever it is due; then what the units have to do within days."""
    own = [
        duty
        for duty in agenda.mine(user)
        if not is_over(duty.due, today) and (chosen is None or duty.unit.drawing_unit == chosen)
    ]
    waiting, several = agenda.waits(own, today), len({duty.unit_id for duty in own}) > 1
    mine = [agenda.item_of(d, today, calendar, wait=waiting.get(d.pk, ""), several_units=several) for d in own]
    groups = [{"title": "等我办", "count": len(own), "items": mine}]
    # What follows from a result stands in no calendar of all units: each unit's has its own line, which leads to it.
    known = in_calendar(user)

    def key(m: Matter) -> tuple:
        alone = m.unit.pk if m.is_told and m.first.rule not in known else 0
        return m.due, m.first.rule, act_of(m.first), m.wait, alone

    items, count = [], 0
    for _, those in groupby(sorted((m for m in soon if not m.mine), key=key), key=key):
        same = list(those)
        count += sum(len(m.duties) for m in same)
        items.append(_soon(user, same, today, calendar))
    groups.append({"title": f"各单位 {SOON_DAYS} 天内到期", "count": count, "items": items})
    return [group for group in groups if group["items"]]


def _soon(user: User, same: list[Matter], today: date, calendar: Calendar) -> dict:
    one, units = same[0], list(dict.fromkeys(m.unit for m in same))
    count = sum(len(m.duties) for m in same)
    item = agenda.item_of(one.first, today, calendar)
    if len(units) == 1 and len(same) == 1:
        item |= {"title": f"{units[0].short_name}：{one.title}", "text": f"由{Role(one.first.role).label}办理。"}
    else:
        more = f"（{count} 件）" if count > len(units) else ""
        names = "、".join(unit.short_name for unit in units)
        item |= {"title": f"{len(units)} 个单位{one.kind}{more}", "text": f"{names}。"}
    url = address_for(user, one) if len(units) == 1 else _of_several(user, one)
    return item | {"wait": one.wait, "action": {"label": f"查看{_noun(one)}", "url": url, "primary": False}}


def _of_several(user: User, one: Matter) -> str:
    """The calendar of all units, with this matter of theirs and nothing else; how far they are, of what no calendar shows."""
    if one.first.rule not in in_calendar(user):
        quarter = urging.quarter_of(one.first)
        return reverse("inspections:city-progress") + (f"?quarter={quarter}" if quarter else "")
    asked = {"all": "1", "quarter": str(Quarter.of(one.due)), "rule": one.first.rule, "due": one.due.isoformat()}
    return f"{reverse('notices:deadline-list')}?{urlencode(asked)}"


def _sentence(user: User, page: CityHome, mine: list[Matter], today: date) -> str:
    """The exact words where nothing is overdue (ui-2.md 22)."""
    who = page.chosen.short_name if page.chosen else "全市"
    soon = [m for m in mine if not is_over(m.due, today)]
    if soon:
        first = min(m.due for m in soon)
        nearest = "今天" if first == today else short_date(first)
        count = sum(len(m.duties) for m in soon)
        return f"{who}没有逾期的事。{SOON_DAYS} 天内到期 {count} 件，最近的是{nearest}。"
    said = f"{who}没有逾期的事，{SOON_DAYS} 天内也没有到期的。"
    following = None if page.chosen else next_after(user, today)
    if following is None:
        return said
    return f"{said}下一件：{short_date(following.due)}（{weekday(following.due)}）{_who_and_what(following)}。"


def _who_and_what(duty: Duty) -> str:
    return f"{duty.unit.drawing_unit.short_name}{name_of(duty.rule)}"


def _notes(today: date, calendar: Calendar) -> list[str]:
    found = []
    first = first_use.day()
    if first and first <= today <= first + timedelta(days=HINT_DAYS):
        found.append(f"{short_date(first)}开始使用。以前的日期不算逾期。")
    if not calendar.is_workday(today):
        coming = calendar.add_workdays(today, 1)
        found.append(f"今天放假。下一个工作日 {short_date(coming)}（{weekday(coming)}）。")
    return found
