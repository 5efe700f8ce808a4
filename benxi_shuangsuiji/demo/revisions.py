"""The demo's one correction and one withdrawal of a published result, each asked by one and decided by another (八(二)-c)."""

from collections.abc import Callable
from datetime import date

from benxi_shuangsuiji.accounts.roles import Role
from disclosure.models import Act, Ground, Publication, Revision
from disclosure.revisions import actions as revising
from inspections.models import ActKind, InspectionStatus, Rectification, RectificationAct
from inspections.rectification import actions as mending
from inspections.rectification import rules

REVOKED_ON, CORRECTED_ON, READ_ON = date(2026, 6, 1), date(2026, 8, 5), date(2026, 8, 6)
WHERE = "位置在厂区西侧。"


class Revisions:
    def __init__(self, player, moment: Callable):
        self.at, self.cast, self.units, self.moment = player.at, player.cast, player.units, moment

    def lay_out(self) -> None:
        """Both while the order to mend still runs: one is revoked, its result withdrawn; one is read against its correction."""
        self._lay_out(CORRECTED_ON, "更正一条检查结果", self._correct)
        self.at(self.moment(READ_ON, 10), "按更正核对整改的问题", self._read)
        self.at(self.moment(READ_ON, 15), "同意核对的问题", self._agree)
        self._lay_out(REVOKED_ON, "撤下一条检查结果", self._withdraw)

    def _lay_out(self, day: date, words: str, ask: Callable[[], Revision]) -> None:
        def approve():
            (revision,) = Revision.objects.pending().select_related("unit")
            revising.approve(revision=revision, by=self._of(Role.APPROVER, revision.unit.code), opinion="同意")

        self.at(self.moment(day, 10), f"申请{words}", ask)
        self.at(self.moment(day, 15), f"批准{words}", approve)

    def _of(self, role: str, code: str):
        return self.cast.of(role, self.units[code])

    @staticmethod
    def _ordered() -> Publication:
        """The public result whose order has longest to run, the newest of them."""
        running = Rectification.objects.running().filter(
            inspection__status=InspectionStatus.PUBLISHED, corrected_at=None
        )
        no = running.order_by("-due", "-pk").values_list("inspection__no", flat=True).first()
        return Publication.objects.results().get(no=no)

    def _correct(self) -> Revision:
        result = self._ordered()
        return revising.ask(
            publication=result,
            by=self._of(Role.DISCLOSURE_OFFICER, result.unit_code),
            act=Act.CORRECT,
            words={"finding": f"{result.snapshot['finding']}{WHERE}"},
            reason="原文没有写明位置，按检查笔录补正",
            evidence="检查笔录第 2 页（示例）",
        )

    @staticmethod
    def _read() -> None:
        """The order of a corrected result, where it still runs, in the words of the correction."""
        for r in Rectification.objects.running().exclude(corrected_at=None).select_related("inspection"):
            leader = r.inspection.members.select_related("inspector__user").get(is_leader=True).inspector.user
            if rules.unsettled(r) and not rules.why_not_open_ask(r, leader):
                said = {point.n: f"{point.words}{WHERE}" for point in r.points.all()}
                reason = "检查笔录第 2 页写明了位置（示例）"
                mending.ask(rectification=r, kind=ActKind.AMEND, by=leader, said=said, reason=reason)

    def _agree(self) -> None:
        for act in RectificationAct.objects.pending().filter(kind=ActKind.AMEND).select_related("decided_in"):
            mending.approve(act=act, by=self._of(Role.APPROVER, act.decided_in.code), opinion="同意")

    def _withdraw(self) -> Revision:
        result = self._ordered()
        return revising.ask(
            publication=result,
            by=self._of(Role.DISCLOSURE_OFFICER, result.unit_code),
            act=Act.WITHDRAW,
            ground=Ground.REVOKED,
            known_on=REVOKED_ON,
            document_no="本政复决〔2026〕4号（示例）",
            reason="行政复议撤销了责令改正的决定",
            evidence="行政复议决定书（示例）",
        )
