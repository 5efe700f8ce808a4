"""One asks, another decides: the columns, the rules of the database and the shared refusals of such requests.

A receipt (`Filing`, `WorkReport`) takes the columns alone: no rule says that another person signs for it.

A room's model says what is asked for and which words its states have; `pages.decision_page` shows it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from benxi_shuangsuiji.database.locks import LockingQuerySet


class State(models.TextChoices):
    """The three that every request knows. A room with other words, or further states, has choices of its own.

    Its values for these three are the same, so that the constraints, `pending` and the page hold for all.
    """

    ASKED = "ASKED", "待批准"
    APPROVED = "APPROVED", "已批准"
    RETURNED = "RETURNED", "已退回"


DECIDED = (State.APPROVED.value, State.RETURNED.value)
NAMED = "批准和退回要写明由谁、在什么时候办的。"


class DecisionQuerySet(LockingQuerySet):
    def pending(self):
        return self.filter(state=State.ASKED)

    def approved(self):
        return self.filter(state=State.APPROVED)


class Decision(models.Model):
    """What one person asks for and another decides on. `state` is given anew where the room has words of its own.

    Once decided a row stays as it is (`benxi_shuangsuiji/database/guards.sql`), but for the columns that are written `later`;
    one that is `rewritten` waits again where it was given back.
    """

    later: ClassVar[tuple[str, ...]] = ()
    rewritten: ClassVar[bool] = False

    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    state = models.CharField("状态", max_length=9, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    decided_at = models.DateTimeField("批准时间", null=True)
    opinion = models.CharField("意见", max_length=200, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def waits(self) -> bool:
        """For the second person."""
        return self.state == State.ASKED

    def as_now(self) -> "Decision":
        """The same request as the database has it at this moment."""
        return type(self)._base_manager.get(pk=self.pk)

    def decide(self, state: str, *, by, at: datetime, opinion: str = "", **along: object) -> None:
        """Keep the decision, and what the room decides `along` with it: a document, a receipt."""
        values = {"state": state, "decided_by": by, "decided_at": at, "opinion": opinion.strip()[:200], **along}
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))


def decided_by_another(
    another: str, *, named: str = NAMED, opinion: str = "", or_else: Q | None = None
) -> list[models.CheckConstraint]:
    """The rules of the database for a `Decision`, each with its sentence: for `constraints` of the concrete Meta.

    `another` says that who asked does not decide; `opinion`, where it is given, that nothing is returned without one.
    `or_else` lets a row end without a decider where nobody decided, such as a request that another act overtook.
    """
    waiting = Q(state=State.ASKED.value, decided_by__isnull=True, decided_at__isnull=True)
    decided = Q(state__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False)
    over = ~Q(state__in=[State.ASKED.value, *DECIDED])  # withdrawn, ended: the room says what they need
    complete = waiting | decided | over
    found = [
        models.CheckConstraint(
            condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            name="%(class)s_is_decided_by_another",
            violation_error_message=another,
        ),
        models.CheckConstraint(
            condition=complete if or_else is None else complete | or_else,
            name="%(class)s_names_who_decided",
            violation_error_message=named,
        ),
    ]
    if opinion:
        found.append(
            models.CheckConstraint(
                condition=~Q(state=State.RETURNED.value) | ~Q(opinion=""),
                name="%(class)s_is_returned_with_an_opinion",
                violation_error_message=opinion,
            )
        )
    return found


def why_not_decide(
    asked: Decision, user, *, may: bool, role: str, own: str, over: Mapping[str, str] | None = None
) -> str:
    """The three refusals of every decision, in their order: it is over, it is not his to decide, it is his own.

    `may` is asked by the room, with its permission in its unit; `role` and `own` are its sentences, `over` too where
    a state has one of its own.
    """
    if not asked.waits:
        return (over or {}).get(asked.state, f"这份申请{asked.get_state_display()}，不再变动。")
    if not may:
        return role
    if user.pk == asked.asked_by_id:
        return own
    return ""
