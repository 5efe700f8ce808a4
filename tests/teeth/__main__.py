"""`.venv/bin/python -m tests.teeth [name …]`: plants every fault, or the named ones, and writes their rows of docs/teeth.md.

Two copies of the tree beside each other; a server of its own. Before it counts, each test has passed without a fault.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from benxi_shuangsuiji.machine import equipment, standalone

BESIDE = 2


def main(names: list[str]) -> int:
    standalone.settle("test")
    from tests import database  # noqa: F401 - starts the server and makes the template
    from tests.teeth import report
    from tests.teeth.faults import FAULTS
    from tests.teeth.planting import Fault, Ran, Tree, bites, why_not_fitting
    from tests.teeth.report import Seen

    chosen = [fault for fault in FAULTS if not names or fault.name in names]
    for fault in chosen:
        if reason := why_not_fitting(fault):
            sys.exit(reason)
    with tempfile.TemporaryDirectory(prefix="benxi-teeth-") as folder:
        trees: Queue[Tree] = Queue()
        for n in range(BESIDE):
            trees.put(Tree(Path(folder) / str(n), os.environ["BENXI_TEST_TEMPLATE"]))

        def with_tree(work: Callable[[Tree], Ran]) -> tuple[Ran, float]:
            tree, begun = trees.get(), time.monotonic()
            try:
                return work(tree), time.monotonic() - begun
            except Exception as trouble:
                return Ran(-1, 0, 0, f"{type(trouble).__name__}: {trouble}"), time.monotonic() - begun
            finally:
                trees.put(tree)

        def plant(fault: Fault) -> Seen:
            ran, took = with_tree(lambda tree: bites(tree, fault))
            equipment.say(f"{'red' if ran.is_red else 'NOT RED':8}{took:5.0f} s  {fault.name}  {ran.said[:100]!r}")
            return Seen(fault, ran, took)

        def is_green(tests: list[str]) -> Ran:
            ran, took = with_tree(lambda tree: tree.run(tests, tree.template))
            equipment.say(
                f"{'green' if ran.is_green else 'NOT GREEN':10}{took:5.0f} s  without a fault  {ran.said[:2000]}"
            )
            return ran

        tests = sorted({test for fault in chosen for test in fault.tests})
        with ThreadPoolExecutor(BESIDE) as both:
            parts = filter(None, (tests[n::BESIDE] for n in range(BESIDE)))
            without = [both.submit(is_green, part) for part in parts]
            found = [both.submit(plant, fault) for fault in chosen]
            seen, sound = [each.result() for each in found], all(each.result().is_green for each in without)
    report.write(seen, sound=sound)
    return 0 if sound and all(one.ran.is_red for one in seen) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
