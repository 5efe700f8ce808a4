"""The log as somebody asks it. However long it is, a page reads what an index leads to (migration 0003), and counts stop at MOST."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import reduce
from operator import or_

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string
from django.utils.timezone import make_aware

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.search import finding
from benxi_shuangsuiji.subject import Followed

from . import forms, trail
from .models import AuditEntry

PER_PAGE = 50
MOST = 10_000
MOST_PEOPLE = 50  # of one name
MOST_THINGS = 50  # of one name
MOST_DRAWS = 8  # of one unit and quarter
DIGITS_OF_A_CHECK = 4
# What things are called after.
IN_NAMES = {"unit": "unit", "facility": "facility", "draw": "draw", "inspection": "inspection__draw"}


def entries_for(user, asked: dict, whole: Followed | None = None) -> QuerySet[AuditEntry]:
    """What this reader may see of what he asked for, newest first. Acts, unless changes of rows are asked for. `whole`: what
    `followed` said of it, for it is read once for the lines and for what stands above them."""
    found = AuditEntry.objects.visible_to(user).order_by("-at", "-pk")
    if asked.get("wrong"):  # half a question would be answered with what nobody asked for
        return found.none()
    rows = forms.of_rows(asked)
    if rows:
        found = found.filter(verb__startswith="row.")
    else:
        found = found.exclude(verb__startswith="row.")
    if asked.get("verb"):
        found = found.filter(verb=asked["verb"])
    elif asked["kind"] and not rows:
        found = found.filter(verb__in=verbs_of(asked["kind"]))
    if asked["who"]:
        people = User.objects.filter(Q(full_name__icontains=asked["who"]) | Q(username__iexact=asked["who"]))
        found = found.filter(actor__in=list(people.values_list("pk", flat=True)[:MOST_PEOPLE]))
    if asked["office"]:
        among = Q(unit=None, verb__in=subjects.house().looks, details__units__contains=[asked["office"]])
        # What is about no one unit, such as a look at one's own checks, belongs to the unit of whoever did it.
        # They are read first: beside `or` a query within the query is no way into an index.
        working = Q(unit__code=asked["office"]) | Q(
            unit__serves__code=asked["office"]
        )  # in it, or in the section of its people
        people = list(User.objects.filter(working).values_list("pk", flat=True))
        own = Q(unit=None, actor__in=people) & ~Q(details__has_key="units")
        found = found.filter(Q(unit=Unit.objects.filter(code=asked["office"]).first()) | among | own)
    if asked["since"]:
        found = found.filter(at__gte=_begin_of(asked["since"]))
    if asked["until"]:
        found = found.filter(at__lt=_begin_of(asked["until"] + timedelta(days=1)))
    if asked["about"]:
        found = found.filter(_of_a_row(asked["about"]) if rows else _about(user, asked["about"], whole))
    return found


def verbs_of(kind: str) -> tuple[str, ...]:
    return subjects.house().looks if kind == forms.LOOKS else forms.kinds().get(kind, ())


def looks_in(entries: QuerySet[AuditEntry]) -> list[tuple[str, int]]:
    """Verb → how often somebody looked at what only few may see, among the newest MOST of these."""
    seen = entries.filter(verb__in=subjects.house().looks).values_list("verb", flat=True)[:MOST]
    return Counter(seen).most_common()


def is_line(pk: str) -> bool:
    return pk.isdecimal() and len(pk) < 19 and AuditEntry.objects.filter(pk=pk).exists()


def before(entries: QuerySet[AuditEntry], pk: str) -> QuerySet[AuditEntry]:
    """Those older than this one: a page is found by its last line, never by counting."""
    last = AuditEntry.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
    if last is None:
        return entries
    return entries.filter(at__lte=last.at).exclude(at=last.at, pk__gte=last.pk)


def _begin_of(day) -> datetime:
    return make_aware(datetime.combine(day, time()))


def _of_a_row(key: str) -> Q:
    """Changes of rows name the table and the key of the row."""
    tables = [model._meta.db_table for model in apps.get_models()]
    return Q(about_type__in=tables, about_key=key)


def _about(user, typed: str, whole: Followed | None) -> Q:
    """By its number or how it begins; by name whatever the reader can find of that name."""
    asked = finding.read(typed)
    meant = Q(about_key=asked.text)
    if whole is not None:
        meant |= Q(pk__in=whole.entries)
    if asked.number:
        meant |= Q(about_key__startswith=asked.number)
    if not asked.words or asked.too_short:
        return meant
    keys: dict[str, set[str]] = {}  # a key alone may be that of another kind: many things are numbered 1, 2, 3
    for _, found in finding.finders(user, asked):
        # Lines found by the name of an enterprise would say that it is on a sealed list (decisions.md 3).
        rows = [row for row in found.about()[:MOST_THINGS] if not trail.is_sealed(row)]
        found.noted(rows)
        for row in rows:
            keys.setdefault(row._meta.label, set()).add(trail.key_of(row))
    return reduce(or_, (Q(about_type=kind, about_key__in=these) for kind, these in keys.items()), meant)


def followed(user, asked: dict) -> Followed | None:
    """The thing of this number as a room tells it whole: of a check also what was done before its result was public. Not where
    nothing is listed, nor of changes of rows, which stand under their tables."""
    typed = "" if asked["wrong"] or forms.of_rows(asked) else asked["about"].strip().upper()
    rooms = subjects.house().follows if typed else ()
    return next((told for room in rooms if (told := import_string(room)(user, typed))), None)


def stand_under(user, typed: str) -> list[str]:
    """The draws of its unit and quarter, under whose number the acts of a check stand until its result is public. Said of any
    such number, so that it does not tell whether there is such a check (decisions.md 3)."""
    quarter, dash, n = typed.strip().upper().rpartition("-")
    if not (dash and len(n) == DIGITS_OF_A_CHECK and n.isdecimal()):
        return []
    begun = AuditEntry.objects.visible_to(user).filter(about_key__startswith=f"{quarter}-", about_type="plans.Draw")
    return sorted(set(begun.order_by().values_list("about_key", flat=True).distinct()[:MOST_DRAWS]))


@dataclass(frozen=True)
class Named:
    """What an entry is about: in words as far as the reader may see the thing, else by its kind and key."""

    words: str
    url: str = ""


def named(user, entries: Sequence[AuditEntry]) -> dict[int, Named]:
    """Entry → what it is about. A thing is named only to whoever may see it: everything else stays a number (decisions.md 3, 6)."""
    wanted: dict[str, set[str]] = {}
    for entry in entries:
        wanted.setdefault(entry.about_type, set()).add(entry.about_key)
    things = {
        kind: _things(user, kind, keys) if "." in kind else _rows(user, kind, keys) for kind, keys in wanted.items()
    }
    return {entry.pk: things.get(entry.about_type, {}).get(entry.about_key) or _key(entry) for entry in entries}


def _key(entry: AuditEntry) -> Named:
    if not entry.about_key:
        return Named(_where(entry) or "—")
    model = _model(entry.about_type) or _of_table(entry.about_type)
    label = model._meta.verbose_name if model else ""
    return Named(f"{label}　{entry.about_key}" if label else f"{entry.about_type} {entry.about_key}".strip())


PLACES = {"search": "查找", "field": "检查人员的手机页面", "draw": "随机抽取"}  # without a door of that name


def _where(entry: AuditEntry) -> str:
    """Of a look or an export that is about no one thing: on which page it was, of which period."""
    told = entry.details
    said = [str(told[name]) for name in ("quarter", "period") if told.get(name)]
    said += [str(told["matter"])] if told.get("matter") else []
    said += [f"{told['year']} 年"] if told.get("year") and not said else []
    if page := str(told.get("page", "")):
        named = {
            door.url_name.rpartition(":")[2]: door.label for doors in subjects.house().doors.values() for door in doors
        }
        stems = {name.partition("-")[0]: label for name, label in named.items()}
        stem = page.partition("-")[0]
        said.insert(0, f"页面　{named.get(page) or PLACES.get(stem) or stems.get(stem) or page}")
    return "　".join(said)


def offices(entries: Sequence[AuditEntry]) -> dict[int, str]:
    """Entry → its unit, or all that it says it took in."""
    names = dict(Unit.objects.values_list("code", "short_name")) if any("units" in e.details for e in entries) else {}
    return {
        e.pk: "、".join(names.get(code, code) for code in e.details.get("units", ())) or _office(e) for e in entries
    }


def _office(entry: AuditEntry) -> str:
    """A look or an export that is about no one unit took in the whole city."""
    if entry.unit or entry.about_type or not _where(entry) or str(entry.details.get("page", "")).startswith("field"):
        return entry.unit.short_name if entry.unit else ""
    return "全市"


def _of_table(table: str):
    return next((model for model in apps.get_models() if model._meta.db_table == table), None)


def _rows(user, table: str, keys: set[str]) -> dict[str, Named]:
    """Changed rows by their keys, in names where the reader may see the thing."""
    model = _of_table(table)
    rows = getattr(model and model._default_manager, "visible_to", None)
    meant = [key for key in keys if key.isdecimal() and len(key) < 19]
    if model is None or not meant:
        return {}
    if model is User:  # whoever reads the log reads who acted
        found = User.objects.filter(pk__in=meant)
        return {str(u.pk): Named(f"账号　{u.full_name}（{u.username}）") for u in found}
    if rows is None:
        return {}
    return {
        str(row.pk): _named(user, model, trail.number_of(row), row)
        for row in rows(user).filter(pk__in=meant).select_related(*_read_with(model))
    }


def _model(kind: str):
    try:
        return apps.get_model(kind) if "." in kind else None
    except LookupError:
        return None


def _things(user, kind: str, keys: set[str]) -> dict[str, Named]:
    model = _model(kind)
    if model is User:  # whoever reads the log reads who acted
        return {
            u.username: Named(f"账号　{u.full_name}（{u.username}）") for u in User.objects.filter(username__in=keys)
        }
    rows = getattr(model and model._default_manager, "visible_to", None)
    if rows is None:
        return {}
    columns = {field.name for field in model._meta.fields}
    known_by = getattr(model, "KNOWN_BY", None)
    column = known_by or next((name for name in trail.NAMES if name in columns), "pk")
    meant = [key for key in keys if column != "pk" or (key.isdecimal() and len(key) < 19)]
    wanted = rows(user).filter(**{f"{column}__in": meant}).select_related(*_read_with(model))
    found = {trail.key_of(row): row for row in wanted}
    return {key: _named(user, model, key, row) for key, row in found.items()}


def _read_with(model) -> list[str]:
    """What a thing is called after comes with it, not by a query for each line."""
    return [IN_NAMES[field.name] for field in model._meta.fields if field.is_relation and field.name in IN_NAMES]


def _named(user, model, key: str, row) -> Named:
    words = str(row)
    called = words if key in words or key == str(row.pk) else f"{words}（{key}）"
    url = row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""
    if url and finding.closed_to(user, finding.Hit(words, url)):
        url = ""
    return Named(f"{model._meta.verbose_name}　{called}", url)
