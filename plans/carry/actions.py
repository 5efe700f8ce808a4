"""The past goes into the public chain once, before anything of the city is sealed (二-a, SSJ1 10)."""

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.refusal import refuse_if, why_no_opinion
from plans.draw import actions as draw_actions
from plans.draw import ssj1
from plans.models import Carry, ChainEntry

from . import duties, rules, words


def the_one() -> Carry | None:
    """What was asked for or approved; one that was returned is over."""
    return Carry.objects.exclude(state=State.RETURNED).select_related("asked_by", "decided_by").first()


@transaction.atomic
def ask_to_carry(*, document_no: str, by: User) -> Carry:
    """Put the past forward as the units have told it; who has said nothing is named, and blocks nobody."""
    refuse_if(rules.why_not_ask(the_one(), document_no, by))
    asked = Carry.objects.create(document_no=document_no.strip(), asked_by=by, asked_at=clock.now())
    duties.asked(asked, by)
    trail.record("plans.carry.asked", by=by, about=asked, document=asked.document_no)
    return asked


@transaction.atomic
def approve_carry(*, asked: Carry, by: User, opinion: str = "") -> Carry:
    """Write the CARRY document and its entry, the first of the chain; from now on it counts in every frame."""
    asked = Carry.objects.locked(asked.pk)
    moment = draw_actions.chain_moment()
    refuse_if(rules.why_not_approve(asked, by))
    at = draw_actions.written(moment)
    text = ssj1.carry_text(at, words.old_picks())
    doc = ssj1.digest(text)
    silent = [word.unit.short_name for word in words.words_of_units() if word.is_silent]
    asked.decide(State.APPROVED, by=by, at=moment, opinion=opinion, silent=silent, text=text, digest=doc)
    duties.decided(asked, "plans.carry.approved", moment)
    entry = ssj1.chain_text(1, ssj1.GENESIS, "CARRY", None, doc, at)
    ChainEntry.objects.create(
        seq=1, prev=ssj1.GENESIS, link=ssj1.link(entry), kind="CARRY", doc=doc, at=moment, text=entry
    )
    trail.record(
        "plans.carry.approved",
        by=by,
        about=asked,
        document=asked.document_no,
        carry=doc,
        chain=ssj1.link(entry),
        silent=silent,
    )
    return asked


@transaction.atomic
def return_carry(*, asked: Carry, by: User, opinion: str) -> Carry:
    asked = Carry.objects.locked(asked.pk)
    refuse_if(rules.why_not_decide(asked, by) or why_no_opinion(opinion))
    asked.decide(State.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.decided(asked, "plans.carry.returned", asked.decided_at)
    trail.record("plans.carry.returned", by=by, about=asked, opinion=asked.opinion)
    return asked
