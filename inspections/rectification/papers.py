"""延期审批表, 办结审批表 and their like: what was asked and decided about a 整改, from the one description (domain.md 3.1)."""

from dataclasses import dataclass

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.filled import Filled, Grid, Sign, Text
from benxi_shuangsuiji.workdays.days import full_date, paper_moment
from inspections.models import ActKind, ActState, PaperKind, RectificationAct
from inspections.paperwork import layouts
from inspections.paperwork.blocks import blocks_of
from inspections.paperwork.layouts import Layout

LIMITS = (ActKind.EXTEND, ActKind.HALT, ActKind.RESUME)


@dataclass(frozen=True)
class Facts:
    """By the keys of the layouts."""

    act: RectificationAct

    def of(self, key: str) -> str:
        return getattr(self, f"_{key}")()

    def _facility(self) -> str:
        return self.act.rectification.inspection.facility.name

    def _check(self) -> str:
        check = self.act.rectification.inspection
        return f"{check.no}，{full_date(localtime(check.ended_at).date())}"

    def _finding(self) -> str:
        points = self.act.rectification.points.all()
        return "\n".join(
            f"第 {p.n} 处：{p.words}（{p.basis}）" if p.basis else f"第 {p.n} 处：{p.words}" for p in points
        )

    def _what(self) -> str:
        act = self.act
        until = f"，到 {full_date(act.until)}" if act.until else ""
        on = f"，自 {full_date(act.on)}" if act.on else ""
        which = f"第 {'、'.join(map(str, act.points))} 处" if act.points else ""
        return f"{act.get_kind_display()}{which}{until}{on}"

    def _recheck(self) -> str:
        again = self.act.rectification.checked_again
        if again is None:
            return "没有复查。"
        said = {True: "已改好", False: "没有改好", None: "没有结论"}
        points = self.act.rectification.points.all()
        words = "；".join(f"第 {p.n} 处{said[p.mended]}" for p in points)
        return f"{again.no}，{full_date(localtime(again.ended_at).date())}：{words}。"

    def _asked(self) -> str:
        return f"{self.act.asked_by.full_name}，{paper_moment(self.act.asked_at)}。{self.act.reason}"

    def _decision(self) -> str:
        return f"{ActState(self.act.state).label}。{self.act.opinion}"

    def _decided(self) -> str:
        return f"{self.act.decided_by.full_name}，{paper_moment(self.act.decided_at)}"

    def grid(self, key: str, label: str) -> list[Grid | Text]:
        raise KeyError(key)

    def signs(self, layout: Layout) -> tuple[Sign, ...]:
        said = {"ASKED": self._asked_by(), "LEADER": self._decided()}
        return tuple(Sign(label, remark=said[who]) for who, label in layout.signers)

    def _asked_by(self) -> str:
        return f"{self.act.asked_by.full_name}，{paper_moment(self.act.asked_at)}"


def kind_of(act: RectificationAct) -> PaperKind:
    return PaperKind.EXTENSION if act.kind in LIMITS else PaperKind.CLOSING


def paper_of(act: RectificationAct) -> Filled:
    """Laid out as on the day of the decision."""
    decided = localtime(act.decided_at)
    layout, facts = layouts.in_force(kind_of(act), decided.date()), Facts(act)
    return Filled(
        unit=act.decided_in.name,
        title=layout.title,
        left=f"编号：{layout.numbered(decided.year, act.rectification.inspection.no)}",
        right=act.get_kind_display(),
        blocks=blocks_of(facts, layout),
        note="",
        made_at=decided.isoformat(timespec="seconds"),
    )


def name_of(act: RectificationAct) -> str:
    """The number only (decisions.md 3)."""
    return f"{kind_of(act).label}_{act.rectification.inspection.no}_{act.pk}.pdf"
