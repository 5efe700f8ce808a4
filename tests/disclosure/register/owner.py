"""The owner's login for what is done at the server: commands that announce a key, begin a log, restore one."""

from contextlib import contextmanager

import environ
from django.db import connection

from tests import database


@contextmanager
def as_owner(name: str):
    """Inside, the one connection is the owner's; `name` is a database of the test's own."""
    login = connection.settings_dict
    before = dict(login)
    connection.close()
    owner = environ.Env.db_url_config(database.with_name(database.owner_url(), name))
    login.update({key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT") if key in owner})
    login["OPTIONS"] = {key: value for key, value in login.get("OPTIONS", {}).items() if key != "options"}
    login["OPTIONS"] |= owner.get("OPTIONS", {})
    try:
        yield
    finally:
        connection.close()
        login.clear()
        login.update(before)
