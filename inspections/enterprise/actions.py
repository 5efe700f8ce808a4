"""An enterprise hands in what it has to say, without a login; it is considered and answered (七(五)-k, N-10)."""

import hashlib
from collections.abc import Sequence

from django.db import transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files as stored
from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.notices.deadlines.due_days import considered_due
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from inspections.models import Inspection, Statement, StatementFile

from . import duties, rules


@transaction.atomic
def state(
    *,
    inspection: Inspection,
    words: str,
    by_name: str,
    phone: str = "",
    files: Sequence[tuple[str, bytes]] = (),
) -> Statement:
    """Keep what was handed in as evidence, and give who answers his days; sent twice it is one paper."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    words, by_name, phone = words.strip(), by_name.strip(), phone.strip()
    refuse_if(rules.why_not_this_statement(words, by_name, phone, files))
    now = clock.now()
    digests = [hashlib.sha256(content).hexdigest() for _, content in files]
    if twice := rules.same(inspection, words, by_name, digests, now):
        return twice
    refuse_if(rules.why_not_state(inspection))
    due = considered_due(now.date(), workdays.calendar())
    statement = Statement.objects.create(
        inspection=inspection, words=words, by_name=by_name, phone=phone, at=now, answer_by=due.date
    )
    for name, content in files:
        file = stored.store(name=name, content=content, content_type=pictures.kind_of(content))
        StatementFile.objects.create(statement=statement, file=file)
    duties.handed_in(statement, due)
    trail.record("inspections.statement.handed_in", by=None, about=inspection, no=statement.no, files=len(files))
    return statement


@transaction.atomic
def answer(*, statement: Statement, answer: str, by: User) -> Statement:
    """Written once; the enterprise reads it by the same address."""
    statement = Statement.objects.locked(statement.pk, "inspection__unit", "inspection__draw")
    refuse_if(rules.why_not_answer(statement, by) or why_not_reason(answer, "答复"))
    statement.answer, statement.answered_by, statement.answered_at = answer.strip(), by, clock.now()
    statement.save(update_fields=["answer", "answered_by", "answered_at"])
    duties.answered(statement, statement.answered_at)
    trail.record("inspections.statement.answered", by=by, about=statement.inspection, no=statement.no)
    return statement


def note_look(*, inspection: Inspection, paper: str = "") -> None:
    """Each look by the address of the notice stands in the trail, and which paper was taken (N-9)."""
    if paper:
        trail.record("inspections.enterprise.took", by=None, about=inspection, paper=paper)
    else:
        trail.record("inspections.enterprise.looked", by=None, about=inspection)
