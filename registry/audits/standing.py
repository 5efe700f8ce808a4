"""The monthly audit of a registry: when it is due, what it looks at, what is stale (六(二)-e, D-13).

Each line of the checklist is computed, never typed: what changed since the last audit, and what is probably out of
date. What the checks say is asked of those who know (`questions`); they may count what is public only, since whoever
keeps the registry need not know who was drawn. The duty itself: `duties`.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, Max, Q, QuerySet, Value
from django.db.models.functions import MD5
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import full_date, is_over, remaining
from registry import book as registry_book
from registry import questions
from registry.models import (
    Book,
    ChangeKind,
    ChangeProposal,
    Facility,
    FacilityChange,
    InspectorChange,
    InspectorChangeKind,
    RegistryAudit,
    RegistryKeeper,
)

PAGES = {Book.FACILITY: "/desk/objects/audit/", Book.INSPECTOR: "/desk/inspectors/audit/"}
MOST_SHOWN = 20
MOST_KEPT = 1000


@dataclass
class Line:
    """One thing to look at. `found`: (code, name, what about it); `stale` asks for a remark on what is done."""

    key: str
    title: str
    hint: str
    found: list[tuple[str, str, str]] = field(default_factory=list)
    words: str = ""
    stale: bool = True
    number: int | None = None  # where not every single thing is listed
    mark: str = ""  # what all of them make together, where not every single one is listed

    @property
    def count(self) -> int:
        return len(self.found) if self.number is None else self.number

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        return self.found[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return max(len(self.found) - MOST_SHOWN, 0)


# --- when it is due ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How a registry stands today: its keeper, its last audit, and when the next is due."""

    unit: Unit
    book: Book
    keeper: RegistryKeeper | None
    last: RegistryAudit | None
    today: date

    @property
    def last_day(self) -> date | None:
        return localtime(self.last.signed_at).date() if self.last else None

    @property
    def due(self) -> date:
        """The audit day of the month after the last audit, and so many days after it at most; the first: the next such day.

        Each month has the numbers in force on its first day (附-b).
        """
        if self.last is None:
            begin = max(self.keeper.valid_from if self.keeper else self.today, first_use.day() or self.today)
            day = _audit_day(begin)
            return day if begin <= day else _audit_day(_next_month(begin))
        following = _audit_day(_next_month(self.last.month))
        return min(following, self.last_day + timedelta(days=_law(following).registry_audit_within_days))

    @property
    def overdue(self) -> bool:
        return is_over(self.due, self.today)

    @property
    def too_old(self) -> bool:
        """Older than the days allowed: sealing asks for a reason (七(四)-1)."""
        since = self.last_day or first_use.day()
        return since is None or (self.today - since).days > self.within

    @property
    def within(self) -> int:
        """How many days may lie between two audits today."""
        return policy.on(self.today).recommended.registry_audit_within_days

    @property
    def too_old_words(self) -> str:
        return f"超过 {self.within} 天没有审核的，封存抽查名单时要写明原因。"

    @property
    def tone(self) -> str:
        return "over" if self.overdue else "soon" if 0 <= (self.due - self.today).days <= 3 else ""

    @property
    def badge(self) -> str:
        return f"审核{remaining(self.due, self.today)}"

    @property
    def words(self) -> str:
        """上次整体审核 4 月 3 日（贺清川），下次审核不晚于 5 月 4 日 (PNG 07)."""
        if self.last is None:
            return f"还没有整体审核，首次审核不晚于 {full_date(self.due)}"
        return f"上次整体审核 {full_date(self.last_day)}（{self.last.signed_by.full_name}），下次审核不晚于 {full_date(self.due)}"

    @property
    def short(self) -> str:
        """As the page before sealing and the draw's record say it."""
        if self.last is None:
            return f"{self.book.label}还没有审核过"
        return f"{self.book.label} {full_date(self.last_day)}由{self.last.signed_by.full_name}审核"

    @property
    def page(self) -> str:
        return f"{PAGES[self.book]}?unit={self.unit.code}"


def _law(month: date) -> policy.Recommended:
    """Our own figures for a month: those in force on its first day."""
    return policy.on(month.replace(day=1)).recommended


def _audit_day(month: date) -> date:
    return month.replace(day=_law(month).registry_audit_day)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def standings(units: Iterable[Unit], today: date) -> dict[int, dict[str, Standing]]:
    """Unit → registry → how it stands; two queries for however many units."""
    units = list(units)
    keepers = {
        (k.unit_id, k.book): k
        for k in RegistryKeeper.objects.filter(unit__in=units, valid_to__isnull=True).select_related("person")
    }
    latest = (
        RegistryAudit.objects.filter(unit__in=units)
        .order_by("unit_id", "book", "-signed_at")
        .distinct("unit_id", "book")
        .select_related("signed_by")
        .defer("lines")
    )
    last = {(a.unit_id, a.book): a for a in latest}
    return {
        unit.pk: {
            book: Standing(unit, book, keepers.get((unit.pk, book)), last.get((unit.pk, book)), today) for book in Book
        }
        for unit in units
    }


def due_in(unit: Unit, book: str, month: str) -> date:
    """The day of an audit of 2026-03, by the numbers of that month."""
    day = _audit_day(date.fromisoformat(f"{month}-01"))
    last = RegistryAudit.objects.filter(unit=unit, book=book).aggregate(at=Max("signed_at"))["at"]
    if last:
        day = min(day, localtime(last).date() + timedelta(days=_law(day).registry_audit_within_days))
    return day


def standing_of_unit(unit: Unit, today: date) -> list[Standing]:
    return list(standings([unit], today)[unit.pk].values())


def last_of(unit: Unit, book: str, today: date) -> Standing:
    """As `standing`, in one query and without the keeper, for the heads of the lists."""
    audits = RegistryAudit.objects.filter(unit=unit, book=book).select_related("signed_by").defer("lines")
    return Standing(unit, Book(book), None, audits.order_by("-signed_at").first(), today)


def standing(unit: Unit, book: str, today: date) -> Standing:
    return standings([unit], today)[unit.pk][Book(book)]


# --- the checklist ----------------------------------------------------------------------------------------------------


def checklist(unit: Unit, book: str, today: date, since: datetime | None) -> list[Line]:
    """Every line of one registry's audit on that day."""
    own = _facility_lines if book == Book.FACILITY else _inspector_lines
    return [*own(unit, today, since), *questions.ask.audit_lines(unit, book, today)]


def entries_of(unit: Unit, book: str) -> int:
    """How many entries the registry has on the day of its audit."""
    if book == Book.FACILITY:
        return registry_book.facilities_of(unit).on_books().count()
    return registry_book.inspectors_of(unit).filter(left_on__isnull=True).count()


def listed(key: str, title: str, hint: str, rows: QuerySet, words: Callable[[Facility], str]) -> Line:
    """A line about facilities: the database counts them, the first are named, whoever and however many they are."""
    every = rows.order_by().aggregate(n=Count("pk"), mark=MD5(StringAgg("code", Value(","), order_by="code")))
    found = [(f.code, f.name, words(f)) for f in rows.order_by("code")[:MOST_KEPT]]
    return Line(key, title, hint, found, number=every["n"], mark=every["mark"] or "")


def stamp(lines: Iterable[Line]) -> str:
    """What the keeper saw; when it is another at the signature, something moved meanwhile."""
    seen = [(line.key, line.count, line.mark, [code for code, *_ in line.found]) for line in lines]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:32]


def kept(line: Line, remark: str) -> dict:
    """A line as the signed audit keeps it."""
    return {
        "key": line.key,
        "title": line.title,
        "count": line.count,
        "words": line.words,
        "codes": list(dict.fromkeys(code for code, *_ in line.found))[:MOST_KEPT],
        "remark": remark[:200],
    }


def _facility_lines(unit: Unit, today: date, since: datetime | None) -> list[Line]:
    on_books = registry_book.facilities_of(unit).on_books()
    changes = FacilityChange.objects.filter(facility__unit=unit)
    expired = on_books.filter(permit_valid_to__lt=today)
    lost = on_books.filter(Q(contact_name="") | Q(contact_phone=""))
    waiting = ChangeProposal.objects.pending().filter(unit=unit).select_related("facility").order_by("asked_at")
    return [
        _changes(changes, ChangeKind, since, "facility__name", "facility_code"),
        listed(
            "permit",
            "排污许可证过期",
            "核对延续、重新申领或者注销",
            expired,
            lambda f: f"有效期至 {f.permit_valid_to.isoformat()}",
        ),
        listed(
            "contact",
            "没有环保负责人或联系电话",
            "补上联系人，检查时才找得到人",
            lost,
            lambda f: "缺电话" if f.contact_name else "缺负责人",
        ),
        Line(
            "pending",
            "变更等待批准",
            "提醒分管负责人；批准以前按原来的抽取",
            [(p.facility.code, p.facility.name, p.get_kind_display()) for p in waiting],
        ),
    ]


def _inspector_lines(unit: Unit, today: date, since: datetime | None) -> list[Line]:
    serving = list(registry_book.inspectors_of(unit).filter(left_on__isnull=True).order_by("code"))
    changes = InspectorChange.objects.filter(inspector__in=registry_book.inspectors_of(unit))
    certified = [p for p in serving if p.certificate_no]
    expired = [
        p for p in certified if (p.certificate_to and p.certificate_to < today) or p.certificate_status != "VALID"
    ]
    return [
        _changes(changes, InspectorChangeKind, since, "inspector__name", "inspector_code"),
        Line(
            "certificate",
            "执法证过期、暂扣或注销",
            "登记换证，或者登记调离",
            [
                (
                    p.code,
                    p.name,
                    p.get_certificate_status_display()
                    if p.certificate_status != "VALID"
                    else f"有效期至 {p.certificate_to.isoformat()}",
                )
                for p in expired
            ],
        ),
        Line(
            "uncertified",
            "没有执法证",
            "不参加抽取；已经取得的，登记执法证",
            [(p.code, p.name, p.get_employment_display()) for p in serving if not p.certificate_no],
        ),
        Line(
            "contact",
            "没有关联账号",
            "收不到检查任务，由另一名名录管理员关联",
            [(p.code, p.name, "没有账号") for p in certified if p.user_id is None],
        ),
    ]


def _changes(changes, kinds, since: datetime | None, name: str, code: str) -> Line:
    """What was entered since the last audit, in numbers by kind; the last ones by name."""
    if since:
        changes = changes.filter(at__gt=since)
    counts = changes.order_by().values_list("kind").annotate(n=Count("pk"), last=Max("at")).order_by("-n", "kind")
    by_kind = [(kinds(kind).label, n) for kind, n, _ in counts]
    latest = changes.order_by("-at", "-pk").values_list(code, name, "kind", "effective_on")[:MOST_SHOWN]
    return Line(
        "changes",
        "上次审核以来的变更" if since else "建立名录以来的变更",
        "新增、注销、变更、停产复产是不是都登记了，依据是不是齐全",
        [(c, n or c, f"{kinds(k).label} {on.isoformat()}起") for c, n, k, on in latest],
        words="、".join(f"{label} {n}" for label, n in by_kind),
        stale=False,
        number=sum(n for _, n in by_kind),
    )
