"""责令改正通知书 for the enterprise, and 延期审批表, 办结审批表 and their like, from the one description (N-10; domain.md 3.1)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.filled import Block, Filled, Grid, Sign
from benxi_shuangsuiji.workdays.days import full_date
from inspections.checks.issuer import issuer_of
from inspections.followups.papers import Facts, SheetFacts, paper_with
from inspections.models import ActKind, PaperKind, Rectification, RectificationAct
from inspections.paperwork.layouts import Layout

LIMITS = (ActKind.EXTEND, ActKind.HALT, ActKind.RESUME)


@dataclass(frozen=True)
class ActFacts(SheetFacts):
    def _finding(self) -> str:
        points = self.asked.rectification.points.all()
        return "\n".join(f"第 {p.n} 处：{p.words}" + (f"（{p.basis}）" if p.basis else "") for p in points)

    def _what(self) -> str:
        act = self.asked
        until = f"，到 {full_date(act.until)}" if act.until else ""
        on = f"，自 {full_date(act.on)}" if act.on else ""
        which = f"第 {'、'.join(map(str, act.points))} 处" if act.points else ""
        return f"{act.get_kind_display()}{which}{until}{on}"

    def _recheck(self) -> str:
        again = self.asked.rectification.checked_again
        if again is None:
            return "没有复查。"
        said = {True: "已改好", False: "没有改好", None: "没有结论"}
        words = "；".join(f"第 {p.n} 处{said[p.mended]}" for p in self.asked.rectification.points.all())
        return f"{again.no}，{full_date(localtime(again.ended_at).date())}：{words}。"


@dataclass(frozen=True)
class OrderFacts(Facts):
    rectification: Rectification

    def _points_blocks(self, label: str) -> list[Block]:
        rows = (
            (str(p.n), p.words, f"{p.demand or '改正'}{f'（{p.basis}）' if p.basis else ''}", full_date(p.due))
            for p in self.rectification.points.all()
        )
        return [Grid(label, ("序号", "问题", "要求和依据", "期限"), tuple(rows), (8, 38, 36, 18))]

    def _due(self) -> str:
        return f"{full_date(self.rectification.due)}前改正，到期复查"

    def signs(self, layout: Layout) -> tuple[Sign, ...]:
        day = full_date(localtime(self.rectification.opened_at).date())
        seal = {"name": issuer_of(self.inspection).body, "when": day}
        return tuple(Sign(label, **(seal if who == "SEAL" else {})) for who, label in layout.signers)


def kind_of(act: RectificationAct) -> PaperKind:
    return PaperKind.EXTENSION if act.kind in LIMITS else PaperKind.CLOSING


def paper_of(act: RectificationAct) -> Filled:
    facts = ActFacts(act.rectification.inspection, act, act.reason)
    return paper_with(facts, kind_of(act), act.decided_in.name, act.get_kind_display(), at=act.decided_at)


def order_of(rectification: Rectification, site: str) -> Filled:
    """What was ordered, as it stands now; the code in its foot opens the page where the enterprise reports."""
    check, body = rectification.inspection, issuer_of(rectification.inspection).body
    link = check.enterprise_links.filter(ended_at=None).first()
    url = f"{site}{reverse('inspections:enterprise', args=[link.token])}" if link else ""
    foot = (f"扫左边的码，或者打开 {url} 交整改报告、申请延期，不用登录。",) if url else ()
    facts = OrderFacts(check, rectification)
    return paper_with(facts, PaperKind.ORDER, body, body, at=rectification.opened_at, address=url, foot=foot)


def name_of(act: RectificationAct) -> str:
    """The number only (decisions.md 3)."""
    return f"{kind_of(act).label}_{act.rectification.inspection.no}_{act.pk}.pdf"
