"""The register at 10⁴, 10⁵ and 10⁶ entries: check the plain file, make a proof, write the file, compute everything anew.

    .venv/bin/python -m tests.benchmarks.register                    # some minutes; 10⁶ entries take about 2 GB of disk
    .venv/bin/python -m tests.benchmarks.register --sizes 10000

Publications and entries are generated in the database of a fresh copy, and signed as the worker signs. Printed are the seconds
that `pub1.py register` needs for the plain file in one process (goal: 10 s at 10⁶), the median and the slowest of a
hundred proofs of entries far apart, each with a reader of its own (goal: 5 ms), the seconds of writing the plain file and of
the daily walk through the log (the columns beside the texts are not compared: those of generated rows say too little), and by how much the peak memory of the process grew while it wrote the file (it should not grow).
"""

import argparse
import os
import random
import resource
import statistics
import sys
import time

GOAL_CHECK, GOAL_PROOF_MS = 10, 5
FILL = """
INSERT INTO disclosure_publication (no, version, kind, title, unit_code, unit_name, year, number, state, change, text, digest,
    facility_code, facility_name, district, category, outcome, checked_on, workday_number, late_reason, search_text)
SELECT no, 1, 'RESULT', '检查结果', '210504', '明山分局', 2026, 3, 'ISSUED', '', text,
    encode(sha256(convert_to(text, 'UTF8')), 'hex'), '', '', '', 'general', 'NO_ISSUE', '2026-07-06', 1, '', ''
FROM (SELECT 'B-' || i AS no,
             format('{"kind":"RESULT","no":"B-%%s","salt":"%%s","version":1}', i, md5(i::text)) AS text
      FROM generate_series(1, %s) i) rows
"""
ENTER = """
INSERT INTO disclosure_registerentry (index, publication_id, at, leaf)
SELECT row_number() OVER (ORDER BY p.id) - 1, p.id, '2026-07-06T10:00:00+08:00',
    register_leaf(p.kind, p.no, p.version, p.state, p.digest, '2026-07-06T10:00:00+08:00') FROM disclosure_publication p
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="10000,100000,1000000")
    sizes = [int(size) for size in options.parse_args().sizes.split(",")]
    from tests import database  # starts a server and migrates a template

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benxi_shuangsuiji.settings")
    import django

    django.setup()
    for size in sizes:
        with database.copy_of_template(f"benchmark_register_{size}_{os.getpid()}") as name:
            report(size, measure(name, size))


def measure(name: str, size: int) -> dict[str, float]:
    from django.db import connections
    from django.test.utils import override_settings

    from benxi_shuangsuiji.database import logins
    from disclosure.register import daily, log, pub1, signing
    from tests import database

    with database.owner_connection(name=name) as cursor:
        for table in ("disclosure_publication", "disclosure_registerentry"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER result_has_its_line")
        cursor.execute(FILL, [size])
        cursor.execute(ENTER)
        cursor.execute("ANALYZE")
    connection = connections["default"]
    connection.close()
    before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    user, connection.settings_dict["USER"] = connection.settings_dict["USER"], logins.WORKER  # who signs
    folder = f"/tmp/benchmark-register-{os.getpid()}"
    try:
        with override_settings(REGISTER_KEY="11" * 32, REGISTER_ORIGIN="", REGISTER_HEAD=f"{folder}/{size}"):
            found = {"sign": timed(signing.sign_newest)}
        head = log.newest()
        places = random.Random(1).choices(range(size), k=100)
        entries = {e.index: e for e in log.RegisterEntry.objects.select_related("publication").filter(pk__in=places)}
        proofs = [1000 * timed(lambda i=i: log.proof(entries[i], head)) for i in places]
        found |= {"proof_ms": statistics.median(proofs), "slowest_ms": max(proofs)}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found["write"] = timed(lambda: sum(len(line) for line in log.plain_file(head)))
        found["grew_mib"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024
        data = "".join(log.plain_file(head)).encode()
        found["check"] = timed(lambda: pub1.check_file(data, head.note.encode(), head.key))
        found["daily"] = timed(lambda: [] if daily._walk() == (size, "") else 1 / 0)
        return found
    finally:
        connection.close()
        connection.settings_dict.update(NAME=before, USER=user)


def timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def report(size: int, found: dict[str, float]) -> None:
    sys.stdout.write(
        f"{size:>9,} entries: check {found['check']:.1f} s, proof {found['proof_ms']:.1f} ms (slowest {found['slowest_ms']:.1f}),"
        f" sign {found['sign']:.1f} s, write {found['write']:.1f} s (+{found['grew_mib']:.0f} MiB), daily {found['daily']:.1f} s\n"
    )


if __name__ == "__main__":
    main()
