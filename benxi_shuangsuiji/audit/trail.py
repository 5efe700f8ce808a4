"""Writing to the trail, sealing it, and checking it."""

import json
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType

from django.db import connection, models

ENTRY = (
    "INSERT INTO audit_auditentry (verb, actor_id, unit_id, about_type, about_key, details)"
    " VALUES (%s, %s, %s, %s, %s, %s::jsonb)"
)


# Whence the acts of this request come, address and device, where a person acts on a page (七(五)-n); the web says it
# (`benxi_shuangsuiji.web.middleware.Whence`). Nothing is kept of whoever is not signed in.
whence: ContextVar[Mapping[str, str]] = ContextVar("whence", default=MappingProxyType({}))
NAMES = ("draw_id", "no", "code", "username")  # columns by which people know a thing


def record(verb: str, *, by, about=None, unit=None, **details) -> None:
    """Write that `by` did `verb` to `about`. Sealed things are named by digest, never by content (decisions.md 6).

    `unit` defaults to the object's own unit. Values in `details` must be JSON (dates as ISO text). Time, login and
    transaction are the database's. Written out, because no act is without it.
    """
    if unit is None:
        unit = getattr(about, "unit", None)
    is_unit = isinstance(unit, models.Model) and unit._meta.label == "accounts.Unit"
    entry = [
        verb,
        getattr(by, "pk", None),
        unit.pk if is_unit else None,
        about._meta.label if about is not None else "",
        key_of(about),
        json.dumps({**whence.get(), **details} if by is not None else details, default=str, ensure_ascii=False),
    ]
    with connection.cursor() as cursor:
        cursor.execute(ENTRY, entry)


def of_units(units: Sequence) -> dict:
    """One act that took in several units is one entry, and says which: the log finds it under each of them."""
    return {"unit": units[0]} if len(units) == 1 else {"units": [unit.code for unit in units]}


def key_of(about) -> str:
    """By what the trail names a thing: `trail_key` where that is not its own number (a check whose result is not public yet)."""
    if about is None:
        return ""
    return str(getattr(about, "trail_key", None) or number_of(about))[:80]


def number_of(about) -> str:
    """The number that people know a thing by: `KNOWN_BY` says where it stands under another name than most."""
    names = (about.KNOWN_BY,) if hasattr(about, "KNOWN_BY") else NAMES
    return next((str(value) for name in names if (value := getattr(about, name, None))), str(about.pk))[:80]


def is_sealed(about) -> bool:
    """Whether its number would tell what the trail itself does not: of a check that it names by its draw, and of whatever
    hangs on one, such as a case, a referral or the number of a notice (decisions.md 3)."""
    if (check := getattr(about, "inspection", None)) is not None:
        return is_sealed(check)
    return (key := getattr(about, "trail_key", None)) is not None and key != about.no


def act_as(user) -> None:
    """Name the actor of the row changes of this transaction (`app.actor` is read by the generic trigger)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.actor', %s, true)", [str(user.pk) if user and user.pk else ""])


def seal() -> int:
    """Link every entry whose transaction is surely over; return how many were linked.

    Only entries older than every running transaction are taken, so a slow one is never left out (reliability.md 5.5).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_seal()")
        return cursor.fetchone()[0]


@dataclass(frozen=True)
class Verdict:
    """`broken_at` is the sequence number of the first wrong entry, or None."""

    checked: int
    broken_at: int | None
    unsealed: int


def verify() -> Verdict:
    """Recompute the whole chain inside the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT checked, broken_at, unsealed FROM audit_verify()")
        return Verdict(*cursor.fetchone())


def verify_behind(seq: int, at_most: int) -> tuple[int, int | None]:
    """Recompute so many links behind this one: how many hold, and the first that does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT checked, broken_at FROM audit_verify_behind(%s, %s)", [seq, at_most])
        return cursor.fetchone()


@dataclass(frozen=True)
class Held:
    """The link of one entry, and whether it holds: made over the entry as it is, and over the link before it as that is."""

    seq: int
    link: str
    holds: bool


def held(entries: Sequence[int]) -> dict[int, Held]:
    """Key of an entry → its link, computed anew; one that waits to be linked is not among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.entry_id, l.seq, l.link, l.link = audit_hash(l.prev, e) AND l.prev = CASE WHEN l.seq = 1"
            " THEN repeat('0', 64) ELSE (SELECT b.link FROM audit_auditlink b WHERE b.seq = l.seq - 1) END"
            " FROM audit_auditlink l JOIN audit_auditentry e ON e.id = l.entry_id WHERE l.entry_id = ANY (%s)",
            [list(entries)],
        )
        return {entry: Held(seq, link, bool(holds)) for entry, seq, link, holds in cursor.fetchall()}


def proved() -> tuple[str, str]:
    """What the chain comes to, and what is wrong with it (`benxi_shuangsuiji.subject:Subject`)."""
    verdict = verify()
    with connection.cursor() as cursor:
        cursor.execute("SELECT link FROM audit_auditlink ORDER BY seq DESC LIMIT 1")
        head = cursor.fetchone()
    said = f"操作记录 {verdict.checked} 条，链首 {head[0] if head else '无'}，待入链 {verdict.unsealed} 条"
    return said, f"操作记录第 {verdict.broken_at} 条与前一条接不上。" if verdict.broken_at else ""
