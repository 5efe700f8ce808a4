"""A world that several tests of a module read: made once, in a transaction around theirs that is taken back at the end."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from benxi_shuangsuiji import clock
from tests import database


def standing(make: Callable[[], Any], blocker) -> Iterator[tuple[Any, datetime]]:
    """For a fixture of a module: `yield from` it what was made, with the moment at which it was ready.

    Each test works in a savepoint inside and undoes what it wrote, so none sees another. Not for tests with a database
    of their own, which leave this one.
    """
    name = connection.settings_dict["NAME"]
    with blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        database.set_clock(name, database.START)
        made = make()
        connection.check_constraints()  # what waits for the end of the transaction happens here, once
        moment = clock.now()
        database.set_clock(name, database.START)
    yield made, moment
    with blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)
