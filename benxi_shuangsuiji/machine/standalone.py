"""What a process needs before Django starts, on a machine that nobody has configured.

With `DATABASE_URL` in the environment (or in `.env`) nothing is invented, except the
keys of a demo or a test run, which may use any server (decisions.md 10). Without it
the checkout uses its own database server and keys kept in `var/secrets.env`.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

from benxi_shuangsuiji.database.logins import URLS

ROOT = Path(__file__).resolve().parent.parent.parent

# Commands that change tables, or look at them for that.
AS_OWNER = {
    "data_key",
    "flush",
    "makemigrations",
    "migrate",
    "optimizemigration",
    "register_key",
    "register_log",
    "register_restore",
    "restore",
    "showmigrations",
    "sqlmigrate",
    "squashmigrations",
}

# Commands that read everything and change nothing.
AS_BACKUP = {"backup"}
# Commands that do the worker's part; the demo plays it beside everybody else's.
AS_WORKER = {"demo", "qcluster", "rounds", "worker"}
# Commands of a trial: their keys protect nothing that is kept.
ON_TRIAL = {"demo", "test"}
# Commands that answer from what came with the program where there is no database yet.
WITHOUT_DATABASE = {"deadlines", "workdays"}
NO_DATABASE = "postgres://sj_web@/none?host=/nonexistent"

ALONE = (
    "写了 {}，没有写 DATABASE_URL：不知道网站用的是哪个数据库，什么也没有做。"
    "把 DATABASE_URL 也写上；要用自带的数据库，几个都不写。"
)

NEEDED_SECRETS = ("DJANGO_SECRET_KEY", "DJANGO_DATA_KEY", "REGISTER_KEY")


def var() -> Path:
    """The folder for everything the checkout keeps beside its code."""
    return Path(os.environ.get("BENXI_VAR") or ROOT / "var").resolve()


def settle(command: str = "") -> None:
    """Put into the environment what settings.py reads for this command."""
    read_variables(ROOT / ".env")
    if command in AS_OWNER:
        os.environ.setdefault("BENXI_AS", "owner")
    elif command in AS_BACKUP:
        os.environ.setdefault("BENXI_AS", "backup")
    elif command in AS_WORKER:
        os.environ.setdefault("BENXI_AS", "worker")
    if os.environ.get("DATABASE_URL") and os.environ.get("BENXI_OWN_DATABASE") == str(var()):
        stay_with_one_database()
    if not os.environ.get("DATABASE_URL") and (given := [name for name in URLS if os.environ.get(name)]):
        sys.exit(ALONE.format("、".join(given)))
    if os.environ.get("DATABASE_URL"):
        if os.environ.get("BENXI_OWN_DATABASE") != str(var()) and command in ON_TRIAL:
            keep_secrets()
        return
    keep_secrets()
    if command in WITHOUT_DATABASE and not own_database_exists():
        os.environ["DATABASE_URL"] = NO_DATABASE
    elif command != "test":  # each run of the tests starts a server of its own
        use_own_database()


def own_database_exists() -> bool:
    from . import devdb

    return devdb.exists(var())


def use_own_database(volatile: bool = False) -> None:
    from . import devdb

    os.environ.update(devdb.urls(devdb.start(var(), volatile)))
    os.environ["BENXI_OWN_DATABASE"] = str(var())


def stay_with_one_database() -> None:
    """For a child of the process that started the checkout's own: keep that up as long as itself, or leave it out altogether.

    One address of another database (a drill's, a restore's) is somebody's choice for all of them: what is only inherited goes, or web and
    worker, or the public and the office, would be at two databases.
    """
    from . import devdb

    own = devdb.urls(devdb.start(var()))
    given = {name: os.environ[name] for name in own if os.environ.get(name)}
    if given.items() <= own.items():
        os.environ.update(own)
        return
    for name in given.keys() & own.keys():
        if given[name] == own[name]:
            del os.environ[name]
    del os.environ["BENXI_OWN_DATABASE"]
    devdb.leave(var())


def keep_secrets() -> None:
    """Take missing keys from `var/secrets.env`, writing new ones there the first time."""
    file = var() / "secrets.env"
    read_variables(file)
    missing = [name for name in NEEDED_SECRETS if not os.environ.get(name)]
    if not missing:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as lines:
        for name in missing:
            os.environ[name] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
            if name == "DJANGO_SECRET_KEY":
                os.environ[name] = secrets.token_urlsafe(64)
            elif name == "REGISTER_KEY":
                os.environ[name] = secrets.token_hex(32)
            lines.write(f"{name}={os.environ[name]}\n")


def read_variables(file: Path) -> None:
    """Add the file's variables to the environment; what stands there already wins."""
    from environ import Env  # not there yet when manage.py first imports this module

    if file.exists():
        Env.read_env(file)
