"""Two presses at one moment: one act, the others refused (reliability.md P15)."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from plans import actions
from tests.factories import make_approver
from tests.plans.factories import make_branch, make_plan


@pytest.mark.commits
def test_eight_approvals_at_once_give_one(own_database):
    unit = make_branch()
    plan = make_plan(unit, upto="SUBMITTED")
    approvers = [make_approver(unit) for _ in range(8)]
    start, done, refused = Barrier(8), [], []

    def press(by):
        start.wait()
        try:
            done.append(actions.approve_plan(plan=plan, by=by))
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=press, args=(by,)) for by in approvers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(done), len(refused)) == (1, 7)
    assert set(refused) == {"计划现在是“已批准”，不能变为“已批准”。刷新页面看最新的情况。"}
    assert AuditEntry.objects.filter(verb="plans.plan.approved").count() == 1
