"""Who works on the database: one login for each kind of work, what its connections are pinned to, and how long it may wait.

`sj_owner` migrates, `sj_web` serves people, `sj_worker` does the rounds and jobs, `sj_public` reads what everybody may read,
`sj_draw` (no login) alone reads the sealed numbers, and `sj_backup` everything, as it lies there. What each may do with a table: `rights.py` and `shown.py`.
"""

from dataclasses import dataclass

OWNER, WEB, WORKER, PUBLIC, DRAW, BACKUP = "sj_owner", "sj_web", "sj_worker", "sj_public", "sj_draw", "sj_backup"
SHOWN = "shown"  # the schema of the views that stand for tables where not every word is public

# Sent with each connection, so that it holds whatever somebody has set for the login or the database meanwhile (S12). The
# text of a statement means the same in all of them, and no table of somebody's own stands before ours.
PINNED = {
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "standard_conforming_strings": "on",
    "backslash_quote": "safe_encoding",
    "bytea_output": "hex",
    "default_transaction_isolation": "read\\ committed",
    "default_transaction_deferrable": "off",
}


@dataclass(frozen=True)
class Login:
    """`statement`, `lock`, `idle`: seconds after which a statement, the wait for a lock, and a transaction in which nothing
    happens are ended (S8); 0: never. `reads`: writes nothing.
    """

    name: str
    url: str  # the environment variable with its address
    statement: int
    lock: int
    idle: int
    path: str = "public"
    reads: bool = False

    def options(self, *, role: bool = False) -> str:
        """For libpq. `role`: the address is that of one login for everything, which takes this one's role."""
        pinned = PINNED | {
            "search_path": self.path,
            "default_transaction_read_only": "on" if self.reads else "off",
            "statement_timeout": f"{self.statement}s",
            "lock_timeout": f"{self.lock}s",
            "idle_in_transaction_session_timeout": f"{self.idle}s",
        }
        if role:
            pinned["role"] = self.name
        return " ".join(f"-c {name}={value}" for name, value in pinned.items())


# Who sets things up may take as long as it takes; a person waits at a page, and an import is a job.
LOGINS = {
    OWNER: Login(OWNER, "DATABASE_OWNER_URL", 0, 0, 0),
    WEB: Login(WEB, "DATABASE_URL", 30, 15, 60),
    WORKER: Login(WORKER, "DATABASE_WORKER_URL", 300, 60, 600),
    PUBLIC: Login(PUBLIC, "DATABASE_PUBLIC_URL", 15, 5, 30, path=f"{SHOWN},public", reads=True),
    BACKUP: Login(BACKUP, "DATABASE_BACKUP_URL", 0, 0, 0, reads=True),
}
CONNECT_SECONDS = 5
# A server whose machine or network has vanished says nothing at all, not even that it is gone; its kernel answers these while it
# works, however long that takes. Without them a request waits as long as the kernel sends again: a quarter of an hour (P25).
VANISHED = {"tcp_user_timeout": 20_000, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2}
RUNTIME = (WEB, WORKER, PUBLIC)
URLS = tuple(login.url for login in LOGINS.values())
REPLICA_URL = "DATABASE_REPLICA_URL"  # a server that follows the first one, for `sj_public`


def databases(env, acting_as: str) -> dict[str, dict]:
    """Django's DATABASES: `default` for who acts, `public` for the pages that everybody may read (`reading.py`), and
    `replica` for the same pages on a server that follows.

    With DATABASE_URL alone that one login does everything, and takes the role of whoever acts (system check benxi.W001).
    Where an address is missing that stands beside an owner's, the web's login is used in its place, and a check says so.
    """
    acting = {"owner": OWNER, "worker": WORKER, "backup": BACKUP}.get(acting_as, WEB)
    found = {"default": _connection(env, LOGINS[acting]), "public": _connection(env, LOGINS[PUBLIC])}
    if env(REPLICA_URL, default=""):
        found["replica"] = _connection(env, LOGINS[PUBLIC], REPLICA_URL)
    return found


def _connection(env, login: Login, url: str = "") -> dict:
    url = url or login.url
    given = env.db(url) if env(url, default="") else env.db("DATABASE_URL")
    user = given.get("USER")
    alone = user not in LOGINS and not env("DATABASE_OWNER_URL", default="")
    as_login = login if alone or user not in RUNTIME else LOGINS[user]
    options = given.setdefault("OPTIONS", {})
    pinned = as_login.options(role=alone and login.name not in (OWNER, BACKUP))
    # A server that takes packets and answers none would hold every page for minutes.
    given["OPTIONS"] = options = {"connect_timeout": CONNECT_SECONDS, **VANISHED, **options}
    options["options"] = f"{options.get('options', '')} {pinned}".strip()
    return given | {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60)}
