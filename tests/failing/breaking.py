"""One request, broken at one of its steps: the server cancels a statement, or the connection is gone (reliability.md 1.5).

A step is each statement of the request, the opening and closing of a savepoint among them, each commit, and what comes after it.
Nothing is played: PostgreSQL itself ends the statement, or the process that serves the connection, in place of what was asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connections
from django.db.utils import OperationalError
from psycopg import errors

from tests import database

# What stands in place of the statement: it was waited for too long, or somebody ended the process of this connection.
CANCELLED = "DO $$ BEGIN RAISE EXCEPTION 'waited too long' USING ERRCODE = '57014'; END $$"
KINDS = ("cancelled", "killed")
COMMIT, COMMITTED = "before the commit", "after the commit"


def _end(line) -> None:
    """The process that serves this connection, and wait until it is gone."""
    with database.owner_connection(name=line.info.dbname) as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [line.info.backend_pid])


@dataclass
class Breaking:
    """`at`: the number of a statement, or one of the moments around the first commit; 0 breaks nothing."""

    kind: str = "cancelled"
    at: int | str = 0
    seen: list[str] = field(default_factory=list)
    broken: str = ""  # what stood there
    upto_commit: int = 0  # how many statements came before the first commit

    @contextmanager
    def inside(self) -> Iterator["Breaking"]:
        line = connections["default"]  # itself: what is set on the proxy `connection` is not taken away there
        commit = line._commit

        def committed():
            self.upto_commit = self.upto_commit or len(self.seen)
            if self._is(COMMIT):
                self._break()
            commit()
            if self._is(COMMITTED):
                self._break()

        line._commit = committed
        try:
            with line.execute_wrapper(self._statement):
                yield self
        finally:
            del line._commit
            if self.kind == "killed" and self.broken:
                line.close()  # as the server does with one that is of no use any more

    def _is(self, moment: str) -> bool:
        if self.broken or self.at != moment:
            return False
        self.broken = moment
        return True

    def _break(self):
        """Around a commit no statement is there to be replaced."""
        line = connections["default"].connection
        if self.kind == "cancelled":
            line.rollback()
            raise OperationalError("waited too long") from errors.QueryCanceled()
        _end(line)

    def _statement(self, execute, sql, params, many, context):
        if context["connection"].alias != "default":
            return execute(sql, params, many, context)
        self.seen.append(" ".join(sql.split()[:4])[:60])
        if len(self.seen) == self.at and not self.broken:
            self.broken = self.seen[-1]
            line = connections["default"]
            if self.kind == "killed":  # by another: the role that reads the secret may end nobody
                _end(line.connection)
            with line.wrap_database_errors:
                line.connection.execute(CANCELLED)
        return execute(sql, params, many, context)
