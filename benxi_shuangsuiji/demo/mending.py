"""What the demo's orders to correct lead to: reported, given more time, looked at again off-site, closed (八(二)-e).

In turn one is asked for badly and refused, one is ordered again, one becomes a case, one stands still while the works do, some
get more time; of one nobody hears, and its re-inspection is late.
"""

from datetime import date, timedelta
from functools import partial

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from inspections.models import (
    ActKind,
    Inspection,
    Mode,
    Origin,
    Outcome,
    Rectification,
    RectificationState,
    TargetedCheck,
)
from inspections.rectification import actions, reports, rules
from inspections.targeted import actions as targeted
from inspections.targeted.rules import items_for
from registry.models import OperatingStatus

SAID = "已按要求改正，台账和照片附后（示例）"
REFUSED, AGAIN, TO_CASE, STILL, LONGER = (
    1,
    2,
    4,
    8,
    3,
)  # which in turn; of every third the enterprise asks for more time
LAST = date(2026, 8, 18)  # the day before the demo's
SILENT_FROM = date(2026, 7, 20)  # the first that was due then


class Mending:
    """For `Endings`, which says how an act is laid out."""

    def _mend(self, check: Inspection) -> None:
        found = Rectification.objects.select_related("inspection__unit", "inspection__facility")
        found, n = found.filter(inspection=check), Rectification.objects.count()
        if (r := found.first()) is None:
            return
        due = r.due
        others = Rectification.objects.filter(due__gte=SILENT_FROM).exclude(pk=r.pk)
        if due >= SILENT_FROM and not others.exists():
            return
        longer = due + timedelta(days=14) if n % LONGER == 0 else None
        self._act(
            self.calendar.subtract_workdays(due, 7), 10, check, "企业交整改报告", partial(self._report, found, longer)
        )
        if n == REFUSED:
            for before, turn_down in ((6, actions.send_back), (4, actions.reject)):
                day = self.calendar.subtract_workdays(due, before)
                self._ask_and_decide(day, check, found, until=due + timedelta(days=14), decided=turn_down)
        if n == STILL:
            halted = self._later(clock.today(), 5)
            self._ask_and_decide(halted, check, found, ActKind.HALT)
            self._ask_and_decide(LAST, check, found, ActKind.RESUME)
            due += LAST - halted
        if longer:
            self._ask_and_decide(self.calendar.subtract_workdays(due, 4), check, found, until=longer)
            due = longer
        if n == AGAIN:
            again = due + timedelta(days=21)
            self._look_again(due, check, found, Outcome.PENDING)
            self._ask_and_decide(self._later(due, 7), check, found, ActKind.AGAIN, until=again)
            due = again
        self._look_again(due, check, found, Outcome.PENDING if n == TO_CASE else Outcome.NO_ISSUE)
        self._ask_and_decide(self._later(due, 7), check, found)
        if n == TO_CASE:
            self._case(check, self._later(due, 9), origin=Origin.RECTIFICATION)

    @staticmethod
    def _report(found, until: date | None, by) -> None:
        """By the address of the notice, so by nobody who is known."""
        r = found.get()
        wish = {"wish_until": until, "wish_because": "设备到货要等两周（示例）"} if until else {}
        lines = {point.n: ("DOING" if until else "DONE", SAID) for point in r.points.all()}
        draft, _ = reports.keep_report(rectification=r, lines=lines, files={}, by_name="环保主管", **wish)
        reports.send_report(report=draft)

    def _look_again(self, due: date, check: Inspection, found, outcome: Outcome) -> None:
        """Asked for and approved on the first working day after the limit, done on the next."""
        approver, day = self._of(Role.APPROVER, check), self._later(due, 1)
        self._act(day, 9, check, "安排复查", partial(self._ask_again, check, found, approver))
        self._act(self._later(day, 1), 9, check, "复查", lambda by: self._visit_again(check, outcome))

    @staticmethod
    def _ask_again(check: Inspection, found, approver, by) -> None:
        """Off-site, by the first two who may go there."""
        from .targeted import team_for  # which lays out visits, which lay out endings

        r, today = found.get(), clock.today()
        if check.facility.status != OperatingStatus.OPERATING or rules.why_not_check_again(r, by):
            return
        codes = r.points.values_list("item_code", flat=True)
        said = {"items": items_for(check.unit, today).filter(code__in=codes), "mode": Mode.OFFSITE}
        said |= {"finish_by": today + timedelta(days=12)}
        leader, member = team_for(actions.again(r, leader=None, members=[], **said), today)
        asked = actions.check_again(rectification=r, by=by, leader=leader, members=[member], **said)
        number = f"本环检批〔{today.year}〕{asked.no[-4:]}（示例）"
        targeted.approve_check(asked=asked, by=approver, document_no=number)

    def _visit_again(self, check: Inspection, outcome: Outcome) -> None:
        from .visits import Visits, accept

        asked = TargetedCheck.objects.approved().filter(original=check).order_by("-no").first()
        if asked:
            accept(asked.inspection)
            leader = asked.inspection.members.select_related("inspector__user").get(is_leader=True).inspector.user
            Visits(self).visit(asked.inspection, leader, outcome, check.rectification.points.first().asked)

    def _ask_and_decide(
        self, day: date, check: Inspection, found, kind: str = "", until: date | None = None, decided=actions.approve
    ) -> None:
        """Asked in the morning by the leader of the team, decided on the next working day by the unit's; then public.

        Without a kind what comes first as it stands: closed where all is mended, handed to a case where it is not.
        """

        def ask(by):
            r = found.get()
            kinds = [k for k in rules.kinds_for(r) if k != ActKind.AMEND]  # which has its own day (revisions)
            wanted = kind or (ActKind.EXTEND if until else kinds[0])
            still = {"on": clock.today()} if wanted in (ActKind.HALT, ActKind.RESUME) else {}
            running = r.state in (RectificationState.OPEN, RectificationState.HALTED) and wanted in kinds
            if running and (until or still or None not in r.points.values_list("mended", flat=True)):
                days = {"until": until, "points": [1] if wanted == ActKind.EXTEND else []} if until else still
                actions.ask(rectification=r, kind=wanted, by=by, reason="对照照片和台账，建议同意（示例）", **days)

        def decide(by):
            for act in found.get().acts.pending():
                words = "同意" if decided == actions.approve else "没有附设备订货合同，不能延期（示例）"
                decided(act=act, by=by, opinion=words)

        leader = check.members.select_related("inspector__user").get(is_leader=True).inspector.user
        self._act(day, 9, check, "提出整改的下一步", ask, leader)
        self._act(self._later(day, 1), 15, check, "决定整改的下一步", decide, self._of(Role.APPROVER, check))
        self._publish(check, self._later(day, 1))
