"""References that many rows of one statement share: to the workbook they came from, who entered them, the unit they belong to.

PostgreSQL asks after a foreign key row by row: the same question, with the same answer, a hundred thousand times an import. Here
it is asked once a statement, by guards that `guards.lay` puts behind every such field (decision 0071). They refuse the same, with
the same SQLSTATE, and hold the row referred to as a foreign key does.
"""

from django.db import models


class SharedKey(models.ForeignKey):
    """A foreign key whose constraint is `refers` and `referred` of `guards.sql`."""

    def __init__(self, to, on_delete, **options):
        super().__init__(to, on_delete, **options | {"db_constraint": False})

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        options.pop("db_constraint")
        return name, path, args, options
