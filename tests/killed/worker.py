"""A worker for one job at a time, which dies at the step that it is told: lines of `job step`, answered by what came of it.

Each job runs in a fork, so that the many deaths cost no start of a program each.
"""

import os
import sys

import django

django.setup()

from django.db import connections  # noqa: E402

from benxi_shuangsuiji.documents import pdf, tasks  # noqa: E402
from tests.killed.steps import Steps, watch_everything  # noqa: E402

pdf.render(
    '<meta name="dcterms.created" content="2026-07-06T10:00:00+08:00"><p>字体</p>'
)  # fonts are read once, not in each fork
watch_everything()
sys.stdout.write("ready\n")
sys.stdout.flush()
for line in sys.stdin:
    job, die_at = map(int, line.split())
    connections.close_all()
    if (child := os.fork()) == 0:
        steps = Steps(die_at)
        with steps.counted():
            tasks.run_job(job)
        sys.stdout.write(f"{len(steps.seen)} ")
        sys.stdout.flush()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    sys.stdout.write(f"{'killed' if os.WIFSIGNALED(status) else 'ended'}\n")
    sys.stdout.flush()
