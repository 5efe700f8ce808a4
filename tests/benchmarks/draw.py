"""The draw's speed beside `consistent_sampler` and beside bare hashing by OpenSSL, and how long a bundle takes to verify.

    .venv/bin/python -m tests.benchmarks.draw               # about two minutes
    .venv/bin/python -m tests.benchmarks.draw --only select

Each job runs in a process of its own, one after the other, and prints the best of its runs, the time that the process itself was busy
first (on a machine shared with others the clock shows the others too), and the most memory it held. Selecting is 10 % of 10⁴, 10⁵ and
10⁶ ids, tickets included, by both; the hashing alone is `openssl speed` on messages as long as a ticket's line, measured in this same
run. The peer package is fetched into var/ once; it belongs to no lock file.
"""

import argparse
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ROOT / "var" / "benchmarks" / "packages"
PEER = "consistent-sampler==1.0.10"
SEED = "bc567440a69df984763a408f1f0b1752890328202c9eb5c0b3f46ee9eeacbda6"
SIZES = (10_000, 100_000, 1_000_000)
# job: (goal in seconds on the machine of SSJ1 17, what it does)
JOBS = {
    **{f"ours {n}": (None, f"this system, 10 % of {n:,} ids") for n in SIZES},
    **{f"peer {n}": (None, f"consistent_sampler, 10 % of {n:,} ids") for n in SIZES},
    "verify 1000": (0.3, "verify a bundle of 1,000 objects, 25 inspectors"),
    "verify 100000": (10, "verify a bundle of 100,000 objects, 60 inspectors"),
    "assign 100x25": (0.1, "ASSIGN 100 objects × 25 inspectors, half the pairs allowed"),
    "assign 1000x200": (5, "ASSIGN 1,000 objects × 200 inspectors, half the pairs allowed"),
}
GOAL_AGAINST_PEER, GOAL_AGAINST_HASHING = 4, 9


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", default="", help="select, verify or assign")
    options.add_argument("--run", choices=JOBS)
    asked = options.parse_args()
    if asked.run:
        _out(json.dumps(_run(asked.run)))
        return
    wanted = [job for job in JOBS if asked.only in ("", "select") or job.startswith(asked.only)]
    if asked.only == "select":
        wanted = [job for job in JOBS if job.startswith(("ours", "peer"))]
    if any(job.startswith("peer") for job in wanted) and not (PACKAGES / "consistent_sampler").exists():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--target", str(PACKAGES), PEER], check=True)
    measured = {}
    for job in wanted:
        goal, words = JOBS[job]
        measured[job] = _measured(job)
        told = f", goal {goal} s" if goal else ""
        _out(
            "{}: {seconds:.3f} s busy ({wall:.3f} s by the clock), {mib:.0f} MiB{}".format(words, told, **measured[job])
        )
    _compare(measured)


def _compare(measured: dict) -> None:
    for n in SIZES:
        if f"ours {n}" in measured:
            ratio = measured[f"peer {n}"]["seconds"] / measured[f"ours {n}"]["seconds"]
            _out(f"consistent_sampler : this system at {n:,} = {ratio:.1f} (goal {GOAL_AGAINST_PEER} at 10⁶)")
    if (most := f"ours {SIZES[-1]}") in measured and (each := _hashing()):
        ratio = measured[most]["seconds"] / (each * SIZES[-1])
        _out(f"this system : bare OpenSSL ({each * SIZES[-1]:.2f} s for 10⁶) = {ratio:.1f} (goal at most {GOAL_AGAINST_HASHING})")  # fmt: skip


def _hashing() -> float:
    """Seconds for one message of a ticket's length by `openssl speed`; 0 where there is no openssl."""
    program = shutil.which("openssl")
    if not program:
        return 0
    length = len(f"SSJ1|T|{SEED}|210504.key|{_ids(1)[0]}")
    said = subprocess.run(
        [program, "speed", "-mr", "-seconds", "3", "-bytes", str(length), "sha256"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return length / float(re.search(r"\+F:\d+:sha256:([\d.]+)", said)[1])


def _measured(job: str) -> dict:
    env = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    command = [sys.executable, "-m", "tests.benchmarks.draw", "--run", job]
    return json.loads(subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout)


def work_of(job: str):
    """What is timed, with everything before it done."""
    name, _, size = job.partition(" ")
    return {"ours": _ours, "peer": _peer, "verify": _verify, "assign": _assign}[name](size)


def _run(job: str) -> dict:
    work = work_of(job)
    runs, begun = [], time.perf_counter()
    while len(runs) < 5 and time.perf_counter() - begun < 15:
        start, busy = time.perf_counter(), time.process_time()
        work()
        runs.append((time.process_time() - busy, time.perf_counter() - start))
    seconds, wall = min(runs)
    return {"seconds": seconds, "wall": wall, "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _ids(number: int) -> list[str]:
    return [f"91210504MA{n:08X}" for n in range(number)]


def _ours(size: str):
    from plans.draw import ssj1

    rows = [(name, False) for name in _ids(int(size))]
    return lambda: ssj1.select(SEED, "210504.key", len(rows) // 10, 0, rows)


def _peer(size: str):
    from consistent_sampler.consistent_sampler import sampler

    ids = _ids(int(size))
    return lambda: list(sampler(ids, seed=SEED, take=len(ids) // 10, output="id"))


def _verify(size: str):
    from plans.draw import ssj1

    number = int(size)
    people = 25 if number <= 1000 else 60
    freeze = ssj1.freeze(
        draw="210504-2026Q2-01",
        prev=(0, ssj1.GENESIS),
        frozen="2026-04-06T16:00:00+08:00",
        release="2026-06-25T18:00:00+08:00",
        window=("2026-04-10", "2026-06-25"),
        items=["A01"],
        cap=2,
        team=2,
        strata=[
            ssj1.Stratum(
                "210504", "general", 1000, 50, 2028, 0, 0,
                [ssj1.FrameRow(name, "某某有限公司", (), "onsite", 0, n % 3 == 0, "in") for n, name in enumerate(_ids(number))],
            )
        ],
        inspectors=[
            ssj1.Inspector(f"Z{n:03d}", f"Z{n:03d}", "0001", "2029-12-31", ("210504",), (), n % 2 == 0, 0, None, "in")
            for n in range(people)
        ],
        secret="5a" * 32,
        sources=[ssj1.Source("DIGITS", "某期", "2026-04-07T21:30:00+08:00")],
    )  # fmt: skip
    outcome = ssj1.hold_draw(
        manifest=freeze.manifest,
        frames=freeze.frames,
        roster=freeze.roster,
        secret="5a" * 32,
        values=["4071358"],
        drawn="2026-04-08T09:30:00+08:00",
    )
    text = ssj1.bundle_json(
        ssj1.make_bundle(
            manifest=freeze.manifest,
            frames=freeze.frames,
            roster=freeze.roster,
            seed=outcome.seed_text,
            result=outcome.result_text,
            slips=[outcome.slips_text],
        )
    )
    if keep := os.environ.get("BENCHMARK_BUNDLE"):
        Path(keep).write_text(text, encoding="utf-8")
    return lambda: _expect(ssj1.verify_json(text).ok)


def _assign(size: str):
    from plans.draw import ssj1

    objects, people = map(int, size.split("x"))
    chance = random.Random(1)
    given = {
        "seed": SEED,
        "team": 2,
        "until": "2026-06-25",
        "objects": [{"id": f"o{n:04d}", "unit": "210504", "scopes": []} for n in range(objects)],
        "inspectors": [
            [f"Z{n:03d}", "某", "0001", "2029-12-31", "210504", "-", str(int(n % 2 == 0)), "0", "-", "in"]
            for n in range(people)
        ],
        "bars": [
            [f"Z{i:03d}", f"o{o:04d}", "RECUSE"] for i in range(people) for o in range(objects) if chance.random() < 0.5
        ],
    }
    return lambda: _expect(ssj1.run_vector("assign", given)["level"])


def _expect(found: object) -> None:
    if not found:
        raise SystemExit("the benchmark's own draw did not come about")


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
