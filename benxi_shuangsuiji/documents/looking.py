"""The nightly round through what is stored: every file is hashed again, and what has no row is taken away (四(3)-b).

It works in short slices, one at each wake-up of the worker, and keeps how far it has come; whatever ends the process,
the next wake-up goes on. Up to 50 GB everything is read each night, above that so much that 30 nights see it all.
"""

import time as stopwatch
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Max, Sum

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.telling import tell

from . import vault
from .models import FileRound, FileTrouble, StoredFile

AFTER = time(1)
SLICE = 20.0  # seconds of one wake-up
BATCH = 50
# What no row knows waits so long: a slow upload must not lose its bytes, nor a backup of the database be found older.
GRACE = timedelta(days=7)
# With more than that without a row it is rather the database that is not the right one.
MOST_WITHOUT_ROW = 100
GIB = 1024**3


def look_over(*, seconds: float = SLICE) -> FileRound | None:
    """Begin tonight's round, or go on with one; None when there is nothing to do."""
    now = clock.now()
    with transaction.atomic():
        last = FileRound.objects.select_for_update(skip_locked=True).order_by("-day").first()
        if last is None or last.finished_at:
            if now.time() < AFTER or FileRound.objects.filter(day__gte=now.date()).exists():
                return None
            last = _begin(last, now)
        _go_on(last, now, seconds)
        return last


def _begin(before: FileRound | None, now: datetime) -> FileRound:
    total = _distinct().aggregate(n=Sum("size"))["n"] or 0
    numbers = policy.on(now.date()).recommended
    nightly = numbers.rehash_gigabytes * GIB
    begun_behind = before.reached if before and total > nightly else ""
    made = FileRound.objects.create(
        day=now.date(),
        begun_behind=begun_behind,
        reached=begun_behind,
        wanted=min(total, max(nightly, -(-total // numbers.rehash_within_days))),
        started_at=now,
    )
    _take_away_what_has_no_row(made, now)
    return made


def _distinct():
    """Each stored content once; rows of the same digest have the same size."""
    return StoredFile.objects.values("sha256").annotate(size=Max("size")).order_by("sha256")


def _go_on(round: FileRound, now: datetime, seconds: float) -> None:
    until = stopwatch.monotonic() + seconds
    while not round.finished_at and stopwatch.monotonic() < until:
        rows = _distinct().filter(sha256__gt=round.reached)
        if round.turned:
            rows = rows.filter(sha256__lte=round.begun_behind)
        batch = list(rows[:BATCH])
        if not batch:
            if round.turned or not round.begun_behind:
                round.finished_at = now
            else:
                round.turned, round.reached = True, ""
        for row in batch:
            _look_at(round, row["sha256"], now)
            round.reached, round.files, round.size = row["sha256"], round.files + 1, round.size + row["size"]
            if round.size >= round.wanted:
                round.finished_at = now
                break
            if stopwatch.monotonic() >= until:
                break
    round.save()


def _look_at(round: FileRound, digest: str, now: datetime) -> None:
    found = vault.digest_in(vault.name_of(digest))
    if found == digest:
        FileTrouble.objects.filter(sha256=digest, mended_at=None).update(mended_at=now)
        return
    round.wrong += 1
    kind = FileTrouble.Kind.MISSING if found is None else FileTrouble.Kind.DAMAGED
    trouble, new = FileTrouble.objects.get_or_create(sha256=digest, defaults={"kind": kind, "found_at": now})
    if new or trouble.mended_at or trouble.kind != kind:
        trouble.kind, trouble.found_at, trouble.mended_at = kind, now, None
        trouble.save()
        _alarm(f"有 1 份文件{kind.label}", f"指纹 {digest[:16]}…，从备份恢复，办法见文件核对页面。", digest)


def _take_away_what_has_no_row(round: FileRound, now: datetime) -> None:
    """Bytes whose process died before their row, and beginnings that were never finished."""
    old = [name for name, written in vault.everything() if now - written > GRACE]
    digests = {name.rpartition("/")[2] for name in old}
    known = set(StoredFile.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
    without = [name for name in old if name.rpartition("/")[2] not in known]
    if len(without) > MOST_WITHOUT_ROW:
        round.left_alone = len(without)
        _alarm(
            f"有 {len(without)} 份文件在数据库里没有记录",
            "可能用的是旧的数据库备份，文件没有清除。先核对数据库，见文件核对页面。",
            f"without-row:{round.day}",
        )
        return
    for name in without:
        digest = name.rpartition("/")[2]
        with transaction.atomic():
            if vault.IS_DIGEST.fullmatch(digest):
                vault.hold(digest)
                if StoredFile.objects.filter(sha256=digest).exists():
                    continue
            vault.take_away(name)
            round.removed += 1


def _alarm(title: str, body: str, key: str) -> None:
    """Supervisor and administrators; naming nothing but the digest."""
    team = Unit.objects.filter(kind=UnitKind.CITY_TEAM).first()
    for role in (Role.SUPERVISOR, Role.ADMIN_SYSTEM, Role.ADMIN_AUDIT):
        tell(role=role, unit=team, key=f"files:{key}:{role}", title=title, body=body, url="/desk/files/")
