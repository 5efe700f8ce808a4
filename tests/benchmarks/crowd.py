"""How fast the office answers while a crowd reads the public side (P26, operations.md 3): nginx and the two groups of processes as deployed.

    .venv/bin/python -m tests.benchmarks.crowd                 # some five minutes; --repeat 1 --seconds 10 for a look

One clerk opens four pages of the office, one after the other, while 200 connections from 200 addresses ask for 2,000 kept
pages a second, or for 50 pages a second with a word that nobody has asked before: a word that no page knows (what the review
measured), or one that the list and the search for enterprises do look for. Each is measured beside a quiet round right before it; printed
are the medians of all rounds, their ratio, and the load of the machine. The crowd is asked for by a process of its own; of a machine of two cores it takes
its share too.

Measured on 1 December 2026, two cores with nothing else to do, 10,000 results, three rounds of fifteen seconds: quiet 27 to 33 ms; kept pages
0.98 times that at 2,000 a second, none refused; unknown words 1.00 times at 50 a second, none refused; searches 1.17 times, 4 % refused (503).
(In a crowd of nine, load 18 to 23: 1.08, 1.12 and 1.27 times a quiet of 150 to 480 ms.)
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GOAL = 2.5
STAFF = ("/desk/", "/desk/objects/", "/desk/inspectors/", "/desk/inbox/")
CACHED = ("/", "/results/", "/notices/", "/draws/", "/enterprises/")
CROWDS = {
    "cached": (2000, lambda n: CACHED[n % len(CACHED)]),
    "unknown words": (50, lambda n: f"{CACHED[n % len(CACHED)]}?x={random.random()}"),
    "searches": (50, lambda n: f"/{('results', 'enterprises')[n % 2]}/?q={random.randrange(10**6):06d}"),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--seconds", type=float, default=15)
    options.add_argument("--size", type=int, default=10_000)
    options.add_argument("--crowd", help="(for the process that asks)")
    options.add_argument("--port", type=int)
    asked = options.parse_args()
    if asked.crowd:
        sys.stdout.write(json.dumps(asyncio.run(crowd(asked.crowd, asked.port, asked.seconds))))
        return
    from tests import database

    name = f"benchmark_crowd_{os.getpid()}"
    with database.copy_of_template(name):
        report(measure(name, asked.size, asked.repeat, asked.seconds))


def measure(name: str, size: int, repeat: int, seconds: float, workers: int = 2) -> dict[str, list[dict]]:
    from tests import database
    from tests.benchmarks import public
    from tests.setup.front import Front

    public.fill(name, size)
    session = clerk(name)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        folder.chmod(0o755)
        (folder / "var").mkdir()
        mine = {
            **database.on(name),
            "BENXI_VAR": str(folder / "var"),
            "BENXI_PYTHON_READY": "1",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "TRUSTED_PROXIES": "127.0.0.1",
        }
        mine.pop("DATABASE_OWNER_URL", None)
        found: dict[str, list[dict]] = {kind: [] for kind in CROWDS}
        with Front(folder, {"office": mine, "public": mine}, workers) as front:
            for path in CACHED:
                front.get(path)
            staff(front, session, seconds / 3)
            for _ in range(repeat):
                for kind in CROWDS:
                    quiet = staff(front, session, seconds / 2)
                    asking = subprocess.Popen(
                        [
                            sys.executable,
                            "-m",
                            "tests.benchmarks.crowd",
                            "--crowd",
                            kind,
                            "--port",
                            str(front.ports["proxy"]),
                            "--seconds",
                            str(seconds + 1),
                        ],
                        cwd=ROOT,
                        stdout=subprocess.PIPE,
                        text=True,
                    )
                    time.sleep(1)
                    busy = staff(front, session, seconds - 1)
                    said = json.loads(asking.communicate(timeout=120)[0])
                    found[kind].append(said | {"quiet": quiet, "busy": busy, "load": os.getloadavg()[0]})
    return found


def clerk(name: str) -> str:
    """The cookie of somebody who is signed in on this database."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benxi_shuangsuiji.settings")
    django.setup()
    from django.conf import settings
    from django.db import connections
    from django.db.backends.signals import connection_created

    from tests import putting
    from tests.browsing import signed_in
    from tests.factories import make_registrar, make_unit

    connection_created.connect(putting.on_connection, dispatch_uid="putting")
    old = connections["default"].settings_dict["NAME"]
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    try:
        return f"{settings.SESSION_COOKIE_NAME}={signed_in(make_registrar(make_unit())).cookies[settings.SESSION_COOKIE_NAME].value}"
    finally:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = old


def staff(front, session: str, seconds: float) -> list[float]:
    """Seconds of each page that the clerk opens."""
    took, latest, n = [], time.monotonic() + seconds, 0
    while time.monotonic() < latest:
        said = front.get(STAFF[n % len(STAFF)], address="192.0.2.7", timeout=60, Cookie=session)
        if said.status != 200:
            raise SystemExit(f"{STAFF[n % len(STAFF)]}: {said.status} {said.body[:200]!r}")
        took.append(said.seconds)
        n += 1
        time.sleep(0.02)
    return took


async def crowd(kind: str, port: int, seconds: float) -> dict:
    """So many questions a second over 200 connections, each from an address of its own; one that is late is not made up for."""
    rate, path = CROWDS[kind]
    begun, seen, times = time.monotonic(), {}, []

    async def one(n: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        pause, due = 200 / rate, begun + n / rate
        try:
            while (now := time.monotonic()) < begun + seconds:
                await asyncio.sleep(max(0, due - now))
                asked = time.monotonic()
                address = f"198.51.100.{n + 1}"
                writer.write(
                    f"GET {path(random.randrange(10**6))} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\n\r\n".encode()
                )
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                await body(reader, head)
                status = head.split()[1]
                seen[status] = seen.get(status, 0) + 1
                times.append(time.monotonic() - asked)
                due = max(due + pause, asked)
        finally:
            writer.close()

    results = await asyncio.gather(*map(one, range(200)), return_exceptions=True)
    errors = [repr(r) for r in results if isinstance(r, Exception)]
    spent = time.monotonic() - begun
    return {"seen": seen, "rate": len(times) / spent, "p50": statistics.median(times), "errors": errors[:3]}


async def body(reader: asyncio.StreamReader, head: str) -> None:
    if "content-length:" in head:
        await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
    elif "transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()


def report(found: dict[str, list[dict]]) -> None:
    for kind, rounds in found.items():
        ratios = []
        for one in rounds:
            quiet, busy = (statistics.median(one[when]) * 1000 for when in ("quiet", "busy"))
            ratios.append(busy / quiet)
            sys.stdout.write(
                f"{kind:14} staff p50 quiet {quiet:6.0f} ms, busy {busy:6.0f} ms (most {max(one['busy']) * 1000:.0f}), {busy / quiet:.2f}x;"
                f" crowd {one['rate']:.0f}/s {one['seen']} p50 {one['p50'] * 1000:.0f} ms {one['errors']}; load {one['load']:.1f}\n"
            )
        sys.stdout.write(f"{kind:14} median ratio {statistics.median(ratios):.2f} (goal {GOAL})\n")


if __name__ == "__main__":
    main()
