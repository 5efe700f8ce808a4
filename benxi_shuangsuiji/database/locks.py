"""Whoever changes a row holds it first: one way to take hold of it, so that the check can find who does not."""

from django.db import models


class LockingQuerySet(models.QuerySet):
    """The base of every queryset whose rows an action changes."""

    def locked(self, pk: int, *along: str, fresh_keys: bool = False):
        """The row as it stands now, held until the transaction ends.

        What is read `along` with it (names of foreign keys) is not held: others may go on working on the unit or the
        facility. `fresh_keys` lets rows that point at it be written meanwhile, for a row held only to give out numbers.
        """
        held = self.select_for_update(of=("self",), no_key=fresh_keys)
        return (held.select_related(*along) if along else held).get(pk=pk)
