"""The web server and the background worker as children of one command.

`demo` uses them on a single machine. A server in the bureau runs the same two
programs under its own supervisor or in containers.
"""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.core.management.base import CommandError

from . import standalone

WEB_WORKERS = 2
WEB_THREADS = 4
PORTS_TO_TRY = 100
SECONDS_TO_START = 90
SECONDS_TO_STOP = 8


class NotStarted(CommandError):
    """A program ended or gave no page; the text says where to look."""


def serve(
    port: int,
    announce: Callable[[str], None],
    say: Callable[[str], None] = print,
    keep_up: Callable[[], bool] = bool,
) -> None:
    """Run web and worker until Ctrl-C or SIGTERM; `announce` gets the address of the open site.

    `keep_up` is called every second or so, and says whether it had to start the database again.
    """
    free = free_port(port)
    if free != port:
        say(f"端口 {port} 已被占用，改用 {free}。")
    with stopped_in_order() as stop:
        children = {}
        try:
            children["web"] = start("web", web_command(free))
            children["worker"] = start("worker", worker_command())
            wait_for_page(free, children["web"], stop)
            announce(f"http://127.0.0.1:{free}/")
            looked = time.monotonic()
            while not stop():
                if time.monotonic() - looked > 1:
                    if keep_up():
                        say("数据库被意外停止，已经重新启动。")
                    looked = time.monotonic()
                for name, child in children.items():
                    if child.poll() is not None:
                        raise NotStarted(f"{name} 意外退出（{child.returncode}）。\n{last_lines(name)}")
                time.sleep(0.2)
        except Stopped:
            pass
        finally:
            end(children.values())


def web_command(port: int, workers: int = WEB_WORKERS) -> list[str]:
    options = [
        "--worker-class",
        "gthread",
        "--workers",
        str(workers),
        "--threads",
        str(WEB_THREADS),
    ]
    options += [
        "--bind",
        f"127.0.0.1:{port}",
        "--timeout",
        "120",
        "--graceful-timeout",
        "3",
    ]
    # A worker that has grown is renewed before it is large, at another moment than its neighbour (operations.md, scale).
    options += ["--max-requests", "2000", "--max-requests-jitter", "200"]
    # As long as the gateway lets through: a list with many filters is an address of several thousand bytes.
    options += ["--limit-request-line", "8190"]
    # The control socket would lie in the user's home folder, one for all checkouts.
    options += ["--no-control-socket", "--log-level", "warning"]
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "benxi_shuangsuiji.wsgi:application",
        *options,
    ]


def worker_command() -> list[str]:
    return [
        sys.executable,
        str(standalone.ROOT / "manage.py"),
        "worker",
        "--grace",
        "3",
    ]


def start(name: str, command: list[str]) -> subprocess.Popen:
    """Start a program in a session of its own; its words go to `var/log/<name>.log`."""
    log = log_file(name)
    log.parent.mkdir(parents=True, exist_ok=True)
    # Set-up works as the owner of the tables; the running system must not.
    environment = {key: value for key, value in os.environ.items() if key != "BENXI_AS"}
    with open(log, "wb") as words:
        return child(command, env=environment, stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT)


def child(command: list[str], **options) -> subprocess.Popen:
    """A program of ours in a session of its own, so that Ctrl-C reaches only the parent, which stops all in order.

    A Ctrl-C during the fork waits until it is over: Python drops an exception that is raised in the hooks around a fork.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    def begin() -> None:
        end_with_parent()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    try:
        return subprocess.Popen(command, cwd=standalone.ROOT, start_new_session=True, preexec_fn=begin, **options)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def finished(command: list[str], **options) -> int:
    """Run a program of ours to its end, and answer its exit code; a Ctrl-C ends it with all it started."""
    running = child(command, **options)
    try:
        return running.wait()
    except BaseException:
        kill_group(running)
        raise


def end(children) -> None:
    """Stop programs in order, then whatever is left of their process groups."""
    children = list(children)
    for child in children:
        if child.poll() is None:
            child.terminate()
    latest = time.monotonic() + SECONDS_TO_STOP
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, latest - time.monotonic()))
        kill_group(child)


def kill_group(child: subprocess.Popen) -> None:
    """Kill a program started in a session of its own, with all it started in that session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """Ask the kernel (Linux) to terminate this process when its parent is killed."""
    if _libc:
        _libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def free_port(wanted: int) -> int:
    """The wanted port on the loopback address, or the next free one."""
    for port in range(wanted, min(wanted + PORTS_TO_TRY, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NotStarted(f"端口 {wanted} 起的 {PORTS_TO_TRY} 个端口都不可用，用 --port 另选。")


def wait_for_page(port: int, web: subprocess.Popen, stop: Callable[[], bool]) -> None:
    """Return when the first page opens; a page that fails is a failed start."""
    latest = time.monotonic() + SECONDS_TO_START
    answer = "没有回应"
    while time.monotonic() < latest:
        if stop():
            raise Stopped
        if web.poll() is not None:
            raise NotStarted(f"网站没有启动（{web.returncode}）。\n{last_lines('web')}")
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_START)
            connection.request("GET", "/")
            status = connection.getresponse().status
            connection.close()
            if status < 400:
                return
            answer = f"首页回应 {status}"
            break
        time.sleep(0.1)
    raise NotStarted(f"网站没有启动：{answer}。\n{last_lines('web')}")


def log_file(name: str) -> Path:
    return standalone.var() / "log" / f"{name}.log"


def last_lines(name: str, count: int = 20) -> str:
    log = log_file(name)
    lines = log.read_text(errors="replace").splitlines()[-count:] if log.exists() else []
    return "\n".join([*lines, f"完整记录见 {log}"])


class Stopped(Exception):
    """Ctrl-C or SIGTERM came while something was being waited for."""


@contextlib.contextmanager
def stopped_in_order():
    """Turn SIGINT, SIGTERM and SIGHUP into a question that the waiting loop asks."""
    asked = []
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, lambda number, frame: asked.append(number)) for number in signals}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
