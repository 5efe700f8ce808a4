"""责令改正通知书 for the enterprise, and 延期审批表, 办结审批表 and their like, from the one description (N-10; domain.md 3.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.filled import Block, Filled, Grid, Sign
from benxi_shuangsuiji.workdays.days import full_date, paper_moment
from inspections.checks.issuer import issuer_of
from inspections.followups.papers import Facts, SheetFacts, paper_with
from inspections.models import ActKind, PaperKind, Rectification, RectificationAct, RectificationOrder
from inspections.paperwork.layouts import Layout

from .orders import lines_of

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
    """`lines` as `orders.lines_of` has them; `taken`: how it reached the enterprise, where that is known."""

    lines: Sequence[Mapping]
    due: date
    at: datetime
    taken: str = ""

    def _points_blocks(self, label: str) -> list[Block]:
        rows = (
            (
                str(line["n"]),
                line["words"],
                (line["demand"] or "改正") + (f"（{line['basis']}）" if line["basis"] else ""),
                full_date(date.fromisoformat(line["due"])),
            )
            for line in self.lines
        )
        return [Grid(label, ("序号", "问题", "要求和依据", "期限"), tuple(rows), (7, 36, 36, 21))]

    def _due(self) -> str:
        return f"{full_date(self.due)}前改正，到期复查"

    def signs(self, layout: Layout) -> tuple[Sign, ...]:
        said = {
            "SEAL": {"name": issuer_of(self.inspection).body, "when": full_date(localtime(self.at).date())},
            "SERVED": {"remark": self.taken},
        }
        return tuple(Sign(label, **said.get(who, {})) for who, label in layout.signers)


def kind_of(act: RectificationAct) -> PaperKind:
    return PaperKind.EXTENSION if act.kind in LIMITS else PaperKind.CLOSING


def paper_of(act: RectificationAct) -> Filled:
    facts = ActFacts(act.rectification.inspection, act, act.reason)
    unit = act.decided_in.on(localtime(act.decided_at).date()).name
    return paper_with(facts, kind_of(act), unit, act.get_kind_display(), at=act.decided_at)


def order_of(rectification: Rectification, site: str) -> Filled:
    """What was ordered, as it stands now; the code in its foot opens the page where the enterprise reports."""
    check, body = rectification.inspection, issuer_of(rectification.inspection).body
    link = check.enterprise_links.filter(ended_at=None).first()
    url = f"{site}{reverse('inspections:enterprise', args=[link.token])}" if link else ""
    foot = (f"扫左边的码，或者打开 {url} 交整改报告、申请延期，不用登录。",) if url else ()
    facts = OrderFacts(check, lines_of(rectification.points.all()), rectification.due, rectification.opened_at)
    return paper_with(facts, PaperKind.ORDER, body, body, at=facts.at, address=url, foot=foot)


def handed_out(order: RectificationOrder) -> Filled:
    """For the file: as the enterprise was given it, with the days of then, and without what opens its page (七(七)-k)."""
    check, told = order.rectification.inspection, order.delivery
    body = issuer_of(check).body
    taken = f"{paper_moment(told.at)}{'签收' if told.accepted else f'拒收，见证人 {told.witness}'}" if told else ""
    return paper_with(
        OrderFacts(check, order.points, order.due, order.at, taken), PaperKind.ORDER, body, body, at=order.at
    )


def name_of(act: RectificationAct) -> str:
    """The number only (decisions.md 3)."""
    return f"{kind_of(act).label}_{act.rectification.inspection.no}_{act.pk}.pdf"
