"""What stands on 行政检查通知书 (domain.md 3.2 (b), 七(五)-j, N-7, N-8; 0-b, 一-e)."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.filled import Block, Sign
from benxi_shuangsuiji.policy.discipline import FIVE, SOURCE
from benxi_shuangsuiji.workdays.days import full_date
from inspections.checks.issuer import Issuer, issuer_of, place_of
from inspections.checks.pages import materials_of
from inspections.frequency.counts import turn_of
from inspections.models import Inspection, Mode, Source
from plans.bases import citations
from plans.bases.rules import grounds_in_force
from plans.draw.visit_slips import slip_of
from registry.models import Facility

from .layouts import Layout


@dataclass(frozen=True)
class NoticeFacts:
    """Nothing on it comes of its serving: the paper that was handed over and the one printed today are the same."""

    inspection: Inspection

    @cached_property
    def place(self) -> Facility:
        return place_of(self.inspection)

    @cached_property
    def issued_by(self) -> Issuer:
        return issuer_of(self.inspection)

    @cached_property
    def points(self) -> list:
        return list(self.inspection.answers.order_by("item_code", "number"))

    def of(self, key: str) -> str:
        return getattr(self, f"_{key}")()

    def _facility(self) -> str:
        return "　".join(filter(None, [self.place.name, self.place.uscc]))

    def _address(self) -> str:
        return self.place.address

    def _issuer(self) -> str:
        """检查主体, whose seal it is, and who carries the check out."""
        by = self.issued_by.by
        return f"{self.issued_by.body}（{by}实施）" if by else self.issued_by.body

    def _source(self) -> str:
        i = self.inspection
        drawn = [f"抽取编号 {i.draw.draw_id}"] if i.draw_id else []
        return "，".join([i.get_source_display(), *drawn, f"检查编号 {i.no}"])

    def _purpose(self) -> str:
        """Why somebody comes, in one sentence (七(五)-j)."""
        what = "检查遵守生态环境法律法规、落实排污许可和污染防治要求的情况"
        if self.inspection.source == Source.DRAW:
            return f"按年度随机抽查工作计划，{what}。"
        return f"因{self.inspection.get_source_display()}，核实有关情况，{what}。"

    def _frequency(self) -> str:
        """How often in the year, and how often at most; nothing off-site, where nobody enters (N-4, N-7)."""
        if self.inspection.mode != Mode.ONSITE:
            return ""
        turn = turn_of(self.inspection)
        words = f"{turn.year} 年第 {turn.n} 次入企检查" if turn.n else f"不计入 {turn.year} 年入企检查次数"
        return f"{words}，上限 {turn.cap} 次" if turn.cap else words

    def _items(self) -> str:
        names = dict.fromkeys(p.item_name for p in self.points)
        return "；".join(f"{n}. {name}" for n, name in enumerate(names, 1))

    def _bases(self) -> str:
        return "；".join(citations.gathered(p.basis for p in self.points)) or "见事项清单"

    def _grounds(self) -> str:
        return "；".join(grounds_in_force(localtime(self.inspection.dispatched_at).date()))

    def _materials(self) -> str:
        return "、".join(materials_of(self.inspection))

    def _period(self) -> str:
        return f"{self.inspection.get_mode_display()}检查，{full_date(self.inspection.finish_by)}前"

    def _people(self) -> str:
        return "，".join(
            f"{'组长' if m.is_leader else '组员'}：{m.inspector.name}（{m.certificate_no}）"
            for m in self.inspection.members.select_related("inspector")
        )

    def _assistants(self) -> str:
        """Who comes along and does not check, as it was approved (凡检查必审批)."""
        approved = self.inspection.approvals.final().order_by("decided_at").last()
        along = approved.facts.get("assistants", "") if approved else ""
        return f"{along}（没有执法证，不检查，不签名）" if along else ""

    def _slip(self) -> str:
        """The line whose digest was public before anybody knew the place, so that the enterprise checks it by itself (SSJ1 14.5)."""
        if not self.inspection.slip_pick:
            return ""
        slip = slip_of(self.inspection.slip_pick)
        at = localtime(slip.at)
        when = f"{full_date(at.date())} {at:%H:%M} 公布，公示链第 {slip.seq} 条"
        return f"{slip.line}\n它的 SHA-256 指纹 {slip.digest}\n{when}。查谁、谁去查，从那时起没有改过。"

    def _discipline(self) -> str:
        said = "".join(f"{strictly}，{'，'.join(nots)}。" for strictly, nots in FIVE)
        return f"{said}（五个严禁、八个不得，{SOURCE}）"

    def blocks(self, key: str, label: str) -> list[Block]:
        raise KeyError(key)

    def signs(self, layout: Layout) -> tuple[Sign, ...]:
        seal = {
            "name": self.issued_by.body,
            "when": full_date(localtime(self.inspection.notice_number.given_at).date()),
        }
        return tuple(Sign(label, **(seal if who == "SEAL" else {})) for who, label in layout.signers)


def code_url(inspection: Inspection) -> str:
    """核验这次检查: what the code on the notice and on the inspector's screen opens."""
    return reverse("inspections:visit-check", args=[inspection.visit_code])


def foot_of(inspection: Inspection, site: str) -> tuple[str, ...]:
    """How the notice is checked, and where the enterprise acts in this check; of the site that printed it."""
    link = inspection.enterprise_links.get(ended_at=None)
    return (
        f"扫左边的码核验这次检查。不能扫码的，打开 {site}{reverse('inspections:code-entry')} 输入右上角的检查码。",
        f"企业办理（只有这次检查）：{site}{reverse('inspections:enterprise', args=[link.token])}",
    )
