"""A worker for one job at a time, which dies at the step that it is told: lines of `job step`, answered by what came of it.

In place of a job's number there may stand the dotted names of rounds, joined by `+`. Each runs in a fork, so that the many
deaths cost no start of a program each.
"""

import os
import sys

import django

django.setup()

from django.db import connections, transaction  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402

from benxi_shuangsuiji import subjects  # noqa: E402
from benxi_shuangsuiji.documents import tasks  # noqa: E402
from benxi_shuangsuiji.machine import collector  # noqa: E402
from tests.killed.steps import Steps, lay_out_once, watch_everything  # noqa: E402

ROUNDS = ("benxi_shuangsuiji.notices.tasks.daily", "benxi_shuangsuiji.notices.tasks.deliver")


def carry_out(word: str) -> None:
    if word.isdigit():
        tasks.run_job(int(word))
        return
    for name in word.split("+"):
        import_string(name)()


def warm_up() -> None:
    """The first round of a process takes twice its time; none of what it writes stays."""
    with transaction.atomic():
        for name in ROUNDS:
            import_string(name)()
        transaction.set_rollback(True)


lay_out_once()
watch_everything()
subjects.house()  # or each fork would walk through the rooms anew: half of a round's time
warm_up()
collector.relax()  # or each fork would look at all of this again, and copy it
sys.stdout.write("ready\n")
sys.stdout.flush()
for line in sys.stdin:
    word, die_at = line.split()
    connections.close_all()
    if (child := os.fork()) == 0:
        steps = Steps(int(die_at))
        with steps.counted():
            carry_out(word)
        sys.stdout.write(f"{len(steps.seen)} ")
        sys.stdout.flush()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    sys.stdout.write(f"{'killed' if os.WIFSIGNALED(status) else 'ended'}\n")
    sys.stdout.flush()
