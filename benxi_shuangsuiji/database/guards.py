"""The guards that no room has to remember: every table of a `Decision` is decided once (decision 0056, reliability.md P02), and
every `SharedKey` refers to a row that is there (decision 0071).

`rules.apply` lays them down behind the files; what a room guards besides stands in its own `rules.sql`, with the functions of
`guards.sql`. `tests/foundation/test_guards.py` finds a table with a state that nothing guards.
"""

from django.apps import apps
from django.db import connection, models

from .keys import SharedKey

NAME = "stays_decided"  # behind the room's own rules by its name, whose sentences know more


def lay(cursor) -> None:
    """Put `decided_once` before each table, and the two ends of each `SharedKey`; `cursor` belongs to the owner."""
    for field in shared_keys():
        for statement in _both_ends(field):
            cursor.execute(statement)
    for model in decisions():
        table = model._meta.db_table
        later = " ".join(model._meta.get_field(name).column for name in model.later)
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {NAME} BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION decided_once('{later}', '{'rewritten' if model.rewritten else ''}')"
        )
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {NAME}")


def decisions() -> list[type[models.Model]]:
    """Every table of a request that one asks and another decides."""
    from benxi_shuangsuiji.forms.decision import Decision

    return [model for model in apps.get_models() if issubclass(model, Decision)]


def shared_keys() -> list[SharedKey]:
    return [f for model in apps.get_models() for f in model._meta.concrete_fields if isinstance(f, SharedKey)]


def proved() -> tuple[str, str]:
    """How many references no foreign key of PostgreSQL holds, and which refer to nothing (`benxi_shuangsuiji.subject:Subject`).

    The guards ask what is written. What came without being written, by a restore, is asked here.
    """
    refer, lost = 0, []
    with connection.cursor() as cursor:
        for field in shared_keys():
            table, column = field.model._meta.db_table, field.column
            there, key = field.related_model._meta.db_table, field.target_field.column
            cursor.execute(
                f"SELECT count(*), count(*) FILTER (WHERE r.{key} IS NULL), min(t.{column}) FILTER (WHERE r.{key} IS NULL)"
                f" FROM {table} t LEFT JOIN {there} r ON r.{key} = t.{column} WHERE t.{column} IS NOT NULL"
            )
            rows, astray, first = cursor.fetchone()
            refer += rows
            if astray:
                lost.append(f"{table} 的 {column} 有 {astray} 行指向不存在的记录（{there}，如 {first}）。")
    return f"共用的引用 {refer} 处", "".join(lost)


def _both_ends(field: SharedKey) -> list[str]:
    """What is written refers to something, by statement; a key that is changed, by row; and what is referred to stays."""
    table, column = field.model._meta.db_table, field.column
    there, key = field.related_model._meta.db_table, field.target_field.column
    written, changed, kept = f"refers_{column}", f"refers_changed_{column}", f"referred_{table}_{column}"
    asks = f"EXECUTE FUNCTION refers('{column}', '{there}', '{key}')"
    return [
        f"CREATE OR REPLACE TRIGGER {written} AFTER INSERT ON {table} REFERENCING NEW TABLE AS news FOR EACH STATEMENT {asks}",
        f"CREATE OR REPLACE TRIGGER {changed} AFTER UPDATE OF {column} ON {table} FOR EACH ROW"
        f" WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) {asks}",
        f"DROP TRIGGER IF EXISTS {kept} ON {there}",
        f"CREATE CONSTRAINT TRIGGER {kept} AFTER DELETE OR UPDATE OF {key} ON {there} DEFERRABLE INITIALLY DEFERRED"
        f" FOR EACH ROW EXECUTE FUNCTION referred('{key}', '{table}', '{column}')",
        *(
            f"ALTER TABLE {on} ENABLE ALWAYS TRIGGER {name}"
            for on, name in ((table, written), (table, changed), (there, kept))
        ),
    ]
