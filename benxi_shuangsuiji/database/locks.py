"""Whoever changes a row holds it first: one way to take hold of it, so that the check can find who does not."""

from copy import copy
from functools import cache

from django.db import connections, models
from django.db.models.query import ModelIterable
from django.db.transaction import TransactionManagementError


class LockingQuerySet(models.QuerySet):
    """The base of every queryset whose rows an action changes."""

    def locked(self, pk: int, *along: str, fresh_keys: bool = False):
        """The row as it stands now, held until the transaction ends.

        What is read `along` with it (names of foreign keys) is not held: others may go on working on the unit or the
        facility. `fresh_keys` lets rows that point at it be written meanwhile, for a row held only to give out numbers.
        """
        if self.query.where or self.query.annotations or self.query.extra:
            return _holding(self, along, fresh_keys).get(pk=pk)
        if not connections[self.db].in_atomic_block:
            raise TransactionManagementError("locked() outside a transaction")
        found = next(iter(ModelIterable(_by_key(self.model, self.db, along, fresh_keys, pk))), None)
        if found is None:
            raise self.model.DoesNotExist(f"{self.model.__name__} {pk}")
        return found


def _holding(rows: models.QuerySet, along: tuple[str, ...], fresh_keys: bool) -> models.QuerySet:
    held = rows.select_for_update(of=("self",), no_key=fresh_keys)
    return held.select_related(*along) if along else held


def _by_key(model: type[models.Model], db: str, along: tuple[str, ...], fresh_keys: bool, pk: int) -> models.QuerySet:
    """The query for one key, with the statement that was built for the first one."""
    kept, sql = _statement(model, db, along, fresh_keys)
    compiler = copy(kept)
    compiler.connection = connections[db]
    compiler.as_sql = lambda *args, **kwargs: (sql, (model._meta.pk.get_prep_value(pk),))
    rows = models.QuerySet(model, using=db)
    rows.query.get_compiler = lambda *args, **kwargs: compiler
    return rows


@cache
def _statement(model: type[models.Model], db: str, along: tuple[str, ...], fresh_keys: bool):
    """Building it takes three times as long as the database needs for it, and every action begins with it."""
    rows = _holding(models.QuerySet(model, using=db), along, fresh_keys).filter(pk=0).order_by()
    compiler = rows.query.get_compiler(using=db)
    sql, params = compiler.as_sql()
    assert params == (0,), params
    return compiler, sql
