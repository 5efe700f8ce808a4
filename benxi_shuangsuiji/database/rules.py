"""The rules of the database: `.sql` files in the rooms they guard, laid down and asked after by one step.

`migrate` applies every file after the tables stand and before rights are given, as the owner and in one transaction, and
notes in `rules_in_force` what it wrote. From then on each of them is either as it was written, or `why_not_in_force` says
which is not: a function changed or a trigger dropped by hand, or a program whose files say something else. Files hold
statements that may be run again (CREATE OR REPLACE, DROP … IF EXISTS) and only the form that holds; a line
`-- needs <file> …` puts a file behind others. What a file no longer wants it must DROP: a rule that no file names is
refused, never forgotten.
"""

from collections.abc import Iterable
from graphlib import TopologicalSorter
from hashlib import sha256
from pathlib import Path

import psycopg
from django.db import DatabaseError

from . import demo_clock, guards

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("benxi_shuangsuiji", "registry", "plans", "inspections", "disclosure")
NEEDS = "-- needs "

NOTED = "CREATE TABLE IF NOT EXISTS rules_in_force (rule text PRIMARY KEY, digest text NOT NULL)"
# Everything that may be a rule, with the digest of how the catalogue words it, and whether this transaction wrote it:
# the catalogue's rows bear the transaction that wrote them last. Of constraints, most belong to the migrations.
FOUND = """
SELECT rule, encode(sha256(convert_to(wording, 'UTF8')), 'hex'), written = pg_current_xact_id()::xid, gone FROM (
    SELECT '函数 ' || p.oid::regprocedure AS rule, pg_get_functiondef(p.oid) AS wording, p.xmin AS written,
        p.oid::regprocedure::text AS gone
    FROM pg_proc p WHERE p.pronamespace IN ('public'::regnamespace, to_regnamespace('shown')) AND p.prokind = 'f' AND NOT EXISTS (
        SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT '触发器 ' || c.relname || '.' || t.tgname, t.tgenabled::text || pg_get_triggerdef(t.oid), t.xmin,
        format('%I ON %s', t.tgname, c.oid::regclass)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
    UNION ALL
    SELECT '视图 ' || c.oid::regclass, pg_get_viewdef(c.oid), c.xmin,
        c.oid::regclass::text
    FROM pg_class c WHERE c.relnamespace IN ('public'::regnamespace, to_regnamespace('shown')) AND c.relkind = 'v'
    UNION ALL
    SELECT '约束 ' || c.relname || '.' || k.conname, pg_get_constraintdef(k.oid), k.xmin, ''
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('c', 'u', 'f', 'x')
) known
"""
FILE, CONSTRAINT = "文件 ", "约束 "
KINDS = ("触发器 ", "视图 ", "函数 ")  # what rests on another first
# What stands for tables where not every word is public goes while tables change, and is laid down anew (`shown.py`).
MEANWHILE_GONE = (FILE, "视图 shown.", "函数 shown.")


class NotNamed(Exception):
    """The database has rules that no file names."""


class StillNeeded(Exception):
    """What was added by hand cannot be dropped: something else rests on it."""


def files(root: Path = ROOT) -> dict[str, str]:
    """The text of each file by its path, each behind those it needs."""
    texts = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for app in APPS
        for path in sorted((root / app).rglob("*.sql"))
    }
    order = TopologicalSorter({path: needed_by(text) for path, text in texts.items()})
    return {path: texts[path] for path in order.static_order() if path in texts}  # `note` sees what is missing


def needed_by(text: str) -> list[str]:
    return [path for line in text.splitlines() if line.startswith(NEEDS) for path in line.removeprefix(NEEDS).split()]


def apply(cursor, root: Path = ROOT) -> None:
    """Write every rule as the files say; `cursor` belongs to the owner, in the transaction that `note` ends."""
    cursor.execute(NOTED)
    for text in files(root).values():
        cursor.execute(text)
    guards.lay(cursor)
    if _exists(cursor, "demo_clock"):
        demo_clock.install(cursor)


def note(cursor, root: Path = ROOT) -> None:
    """Remember what this transaction wrote as the rules in force, and refuse any that it did not write."""
    noted, found = _noted(cursor), _found(cursor)
    left = [
        rule
        for rule, (_, is_new, _) in found.items()
        if not is_new and (rule in noted or not rule.startswith(CONSTRAINT))
    ]
    if left:
        raise NotNamed(
            f"数据库里的这些规则，程序文件没有写到：{listed(left)}。补齐缺少的 .sql 文件；不再需要的，在文件里写明 DROP。"
        )
    rules = {rule: digest for rule, (digest, is_new, _) in found.items() if is_new} | _digests(root)
    cursor.execute("DELETE FROM rules_in_force")
    cursor.execute(
        "INSERT INTO rules_in_force SELECT * FROM unnest(%s::text[], %s::text[])", [list(rules), list(rules.values())]
    )


def take_away_added(cursor) -> list[str]:
    """Drop functions, triggers and views that somebody added by hand and no file names; which they were. For whoever has found
    out why they were there (`migrate --restore-rules`, a restore). Between `apply` and `note`.
    """
    noted, found = _noted(cursor), _found(cursor)
    added = {rule: gone for rule, (_, is_new, gone) in found.items() if gone and not is_new and rule not in noted}
    triggers, views, functions = ([g for rule, g in added.items() if rule.startswith(k)] for k in KINDS)
    drops = [f"DROP TRIGGER {trigger}" for trigger in triggers]
    # Together: one may rest on another.
    drops += [f"DROP {kind} {', '.join(names)}" for kind, names in (("VIEW", views), ("FUNCTION", functions)) if names]
    for drop in drops:
        try:
            cursor.execute(drop)
        except (psycopg.Error, DatabaseError) as trouble:
            raise StillNeeded(f"{listed(added)}（{str(trouble).splitlines()[0]}）。") from trouble
    return sorted(added)


def why_changed(cursor) -> str:
    """Say which rules of the `.sql` files are not as `migrate` wrote them last; nothing before it first did.

    The constraints that Django's migrations write are compared with the models by `makemigrations --check` and, as they
    stand in the database, by tests/foundation/test_catalogue.py; a constraint dropped by hand is not seen here.
    """
    if not _exists(cursor, "rules_in_force"):
        return ""
    noted, found = _noted(cursor), _found(cursor)
    said = [f"{rule} 不在了" for rule in noted if rule not in found and not rule.startswith(MEANWHILE_GONE)]
    said += [f"{rule} 被改过" for rule, (digest, *_) in found.items() if noted.get(rule, digest) != digest]
    said += [f"{rule} 是另加的" for rule in found if rule not in noted and not rule.startswith(CONSTRAINT)]
    return f"数据库里的规则被人改动过：{listed(said)}。" if said else ""


def why_not_in_force(cursor, root: Path = ROOT) -> str:
    """Say why the database does not keep the rules of this program, to whoever starts it."""
    if not _exists(cursor, "rules_in_force"):
        return "数据库里还没有规则。先用拥有者的登录名运行 manage.py migrate。"
    noted = {rule: digest for rule, digest in _noted(cursor).items() if rule.startswith(FILE)}
    files_now = _digests(root)
    said = [f"{file} 不在了" for file in noted if file not in files_now]
    said += [f"{file} 与数据库里的不同" for file, digest in files_now.items() if noted.get(file) != digest]
    if said:
        return (
            f"数据库里的规则不是这一版程序的：{listed(said)}。核对程序文件，再用拥有者的登录名运行 manage.py migrate。"
        )
    return why_changed(cursor)


def listed(rules: Iterable[str]) -> str:
    """The first few, and how many there are."""
    rules = sorted(rules)
    return "、".join(rules[:8]) + (f" 等 {len(rules)} 项" if len(rules) > 8 else "")


def _digests(root: Path) -> dict[str, str]:
    return {FILE + path: sha256(text.encode()).hexdigest() for path, text in files(root).items()}


def _noted(cursor) -> dict[str, str]:
    cursor.execute("SELECT rule, digest FROM rules_in_force")
    return dict(cursor.fetchall())


def _found(cursor) -> dict[str, tuple[str, bool, str]]:
    """Digest, whether this transaction wrote it, and by which name it is dropped."""
    cursor.execute(FOUND)
    return {rule: (digest, is_new, gone) for rule, digest, is_new, gone in cursor.fetchall()}


def _exists(cursor, table: str) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"])
    return cursor.fetchone()[0]
