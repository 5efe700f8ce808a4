"""Whoever changes a row holds it first: one way to take hold of it, so that the check can find who does not."""

from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import ModelIterable

LARGEST_KEY = 2**63


class Statement:
    """A query for one row by its key, whose SQL is made once for each line to the database.

    Every act begins by holding its row: to build the same query and to write it out anew took longer than to ask it.
    """

    def __init__(self, queryset: models.QuerySet, line: BaseDatabaseWrapper):
        self.queryset, self.compiler = queryset, queryset.query.get_compiler(connection=line)
        self.sql, params = self.compiler.as_sql()
        assert len(params) == 1, "the key and nothing else"
        self.compiler.as_sql = lambda: (self.sql, self.params)
        self.queryset.query.get_compiler = lambda using: self.compiler

    def row(self, pk: int) -> models.Model:
        self.params = (pk,)
        for found in ModelIterable(self.queryset):
            return found
        raise self.queryset.model.DoesNotExist(f"{self.queryset.model._meta.object_name} {pk}")


class LockingQuerySet(models.QuerySet):
    """The base of every queryset whose rows an action changes."""

    def locked(self, pk: int, *along: str, fresh_keys: bool = False):
        """The row as it stands now, held until the transaction ends.

        What is read `along` with it (names of foreign keys) is not held: others may go on working on the unit or the
        facility. `fresh_keys` lets rows that point at it be written meanwhile, for a row held only to give out numbers.

        Whoever had to wait is answered with the new row beside what the old one pointed at, and where it points elsewhere now,
        with none: PostgreSQL looks again at the row that it held and at no other. By then it is held, and is read once more.
        """
        try:
            return self._held(pk, along, fresh_keys)
        except self.model.DoesNotExist:
            return self._held(pk, along, fresh_keys)

    def _held(self, pk: int, along: tuple[str, ...], fresh_keys: bool):
        line = connections[self.db]
        if not (self._is_of_all_rows() and isinstance(pk, int) and 0 < pk < LARGEST_KEY) or line.get_autocommit():
            return self._to_hold(along, fresh_keys).get(pk=pk)
        statements: dict[Any, Statement] = vars(line).setdefault("statements_that_hold", {})
        key = (self.model, along, fresh_keys)
        if key not in statements:
            statements[key] = Statement(self._to_hold(along, fresh_keys).filter(pk=pk).order_by(), line)
        return statements[key].row(pk)

    def _to_hold(self, along: tuple[str, ...], fresh_keys: bool) -> models.QuerySet:
        held = self.select_for_update(of=("self",), no_key=fresh_keys)
        return held.select_related(*along) if along else held

    def _is_of_all_rows(self) -> bool:
        """Whether nothing was asked of it yet: `Model.objects`, and no manager that leaves rows out or adds to them."""
        query = self.query
        asked = query.where or query.alias_map or query.annotations or query.extra or query.select_related
        narrowed = query.deferred_loading[0] or query.distinct or query.combinator or query.is_sliced
        return not (asked or narrowed or self._known_related_objects or self._prefetch_related_lookups)
