"""What a check says of itself on its papers, from 笔录 to 告知书 (七(五)-e, -f, -l; domain.md 3.2 (c) to (f))."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.filled import Block, Grid, Picks, Sign, Text
from benxi_shuangsuiji.workdays.days import full_date, paper_moment, table_moment
from inspections.checks.issuer import place_of
from inspections.checks.papers import decision_words, item_results, masked_phone, period_words
from inspections.checks.rules import after_its_quarter
from inspections.exchange.results import source_words
from inspections.models import Answer, Inspection, Mode, Outcome, Signer
from inspections.signatures.pages import signs_of
from inspections.signatures.rules import standing
from plans.bases import citations
from registry.models import Facility

from .layouts import Layout

IN_A_CELL = 120


@dataclass(frozen=True)
class CheckFacts:
    """What a check says of itself, computed once for whichever paper asks for it."""

    inspection: Inspection

    @cached_property
    def place(self) -> Facility:
        return place_of(self.inspection)

    def of(self, key: str) -> str:
        return getattr(self, f"_{key}")()

    def _facility(self) -> str:
        return self.place.name

    def _uscc(self) -> str:
        return self.place.uscc

    def _legal_person(self) -> str:
        return self.place.legal_person

    def _address(self) -> str:
        return self.place.address

    def _category(self) -> str:
        return f"{self.inspection.get_category_display()}监管对象"

    def _period(self) -> str:
        return period_words(self.inspection.there_since, self.inspection.ended_at)

    def _people(self) -> str:
        members = self.inspection.members.select_related("inspector__unit")
        return "；".join(
            f"{m.inspector.name}（{'组长，' if m.is_leader else ''}"
            f"{m.inspector.unit.on(localtime(m.arrived_at).date()).short_name}，执法证 {m.certificate_no}）"
            for m in members
            if m.arrived_at
        )

    def _responsible(self) -> str:
        signed = self._standing(Signer.RESPONSIBLE)
        if signed and signed.name:
            return f"{signed.name}　{signed.position}"
        return self.inspection.contact_person

    def _permit_no(self) -> str:
        return self.place.permit_no

    def _permit(self) -> str:
        return self.place.get_permit_category_display()

    def _industry(self) -> str:
        return "　".join(part for part in (self.place.industry_code, self.place.industry_name) if part)

    def _phone(self) -> str:
        return masked_phone(self.place.contact_phone)

    def _recorder(self) -> str:
        return self.inspection.recorder_no or self.inspection.no_recorder_because

    def _shown(self) -> str:
        i = self.inspection
        if i.identity_shown_at is None:
            return f"{i.get_mode_display()}检查，没有进入现场。{i.get_offsite_means_display()}：{i.offsite_evidence}"
        return f"{paper_moment(i.identity_shown_at)}，出示行政执法证件，说明检查事项和目的，告知权利和义务。"

    def _recorded(self) -> str:
        """Of the form: what recorded the visit, and when the certificates were shown."""
        i = self.inspection
        if i.mode != Mode.ONSITE:
            means = f"{i.get_offsite_means_display()}：{i.offsite_evidence}。" if i.offsite_means else ""
            return f"{i.get_mode_display()}检查，没有进入现场。{means}"
        recorder = f"{i.recorder_no}（检查人员声明）" if i.recorder_no else f"没有，{i.no_recorder_because}"
        if i.identity_shown_at is None:  # nobody was there to show anything to
            return f"执法记录仪：{recorder}。"
        shown = localtime(i.identity_shown_at)
        return f"执法记录仪：{recorder}；{shown.hour} 时 {shown.minute:02d} 分已出示执法证件，表明身份。"

    def _remark(self) -> str:
        i = self.inspection
        joined = [f"{a.get_source_display()} {a.no}" for a in i.targeted.all() if a.merged_at]
        parts = [f"综合查一次：{'、'.join(joined)}"] if joined else []
        parts += filter(None, [after_its_quarter(i, localtime(i.ended_at).date())])
        parts += filter(None, [source_words(i)])
        parts += [f"记录：{i.recorded_by.full_name}", f"上传：{table_moment(i.uploaded_at)}"]
        if i.reviewed_by:
            parts.append(f"审核：{i.reviewed_by.full_name}，{table_moment(i.reviewed_at)}")
        return "　".join(parts)

    def _served(self) -> str:
        said = [_served_words(d) for d in self.inspection.deliveries.all() if d.paper == "NOTICE"]
        return said[-1] if said else ""

    def _situation(self) -> str:
        """Item by item: what was looked at, and what was seen where something was found."""
        lines = []
        found = self._found()
        for n, item in enumerate(item_results(self.inspection), 1):
            answer = Answer(item.answer).label if item.answer else "未检查"
            lines.append(f"{n}. {item.name}：{answer}。{found.get(item.name, '')}")
        return "\n".join(lines)

    def _found(self) -> dict[str, str]:
        said: dict[str, str] = {}
        for point in self.inspection.answers.all():
            if point.answer == Answer.FOUND:
                basis = f"（依据：{point.found_under}）" if point.found_under else ""
                said[point.item_name] = said.get(point.item_name, "") + f"{point.words.rstrip('。')}{basis}。"
        return said

    def _finding(self) -> str:
        if self.inspection.finding:
            return self.inspection.finding
        return "检查事项均未发现问题。" if self.inspection.outcome == Outcome.NO_ISSUE else ""

    def _opinion(self) -> str:
        signed = self._standing(Signer.RESPONSIBLE)
        said = self.inspection.enterprise_opinion
        if signed and signed.refused_because:
            said += f"{signed.get_refused_because_display()}。{signed.refused_words}"
        return said or "没有提出意见。"

    def _addenda(self) -> str:
        return "\n".join(f"{a.text}（{a.by.full_name}，{paper_moment(a.at)}）" for a in self.inspection.addenda.all())

    def _source(self) -> str:
        i = self.inspection
        return f"{i.get_source_display()}，抽取编号 {i.draw.draw_id}" if i.draw_id else i.get_source_display()

    def _who(self) -> str:
        return f"{self._period()}，{self.inspection.get_mode_display()}检查。检查人员：{self._people()}。"

    def _firm(self) -> str:
        f = self.place
        parts = (
            f.name,
            f"统一社会信用代码 {f.uscc}" if f.uscc else "",
            f"地址：{f.address}" if f.address else "",
            f"行业：{f.industry_name}" if f.industry_name else "",
            f"排污许可：{f.get_permit_category_display()} {f.permit_no}".rstrip() if f.permit_no else "",
            f"联系电话 {masked_phone(f.contact_phone)}" if f.contact_phone else "",
        )
        return "，".join(part for part in parts if part) + "。"

    def _items(self) -> str:
        return "；".join(item.name for item in item_results(self.inspection))

    def _result(self) -> str:
        return self.inspection.get_outcome_display()

    def _bases(self) -> str:
        """Of what was found; of a check without a problem, of what was looked at."""
        answers = list(self.inspection.answers.order_by("item_code", "number"))
        found = [point for point in answers if point.answer == Answer.FOUND] or answers
        return "；".join(citations.gathered(point.found_under or point.basis for point in found))

    def _decision(self) -> str:
        return decision_words(self.inspection)

    def _rectify(self) -> str:
        i = self.inspection
        if i.outcome == Outcome.RECTIFY_ORDERED and i.rectify_by:
            return f"{full_date(i.rectify_by)}前改正，改正情况书面报告检查单位，到期复查。"
        return "当场改正，已复核。" if i.outcome == Outcome.ON_SITE_FIXED else "不需要改正。"

    def _publication(self) -> str:
        i = self.inspection
        if i.publish_by is None:
            return ""
        unit = i.unit.on(localtime(i.ended_at).date()).short_name
        return f"检查结果在 {full_date(i.publish_by)}前由{unit}向社会公开，个人信息和商业秘密不公开。"

    def _evidence(self) -> str:
        """How many there are, and the first signs of each photograph's SHA-256, so that none is put in its place."""
        # The paper itself, come back signed, is no evidence that it could name.
        found = self.inspection.evidence.standing().filter(paper_scan=None).select_related("file")
        photos = [f"{e.sha256[:12]}" for e in found]
        samples = [f"{s.no}（{s.get_medium_display()}，{s.place}）" for s in self.inspection.samples.standing()]
        parts = [f"照片、视频和扫描件 {len(photos)} 份，指纹开头 {'、'.join(photos)}"] if photos else []
        parts += [f"样品 {len(samples)} 份：{'、'.join(samples)}"] if samples else []
        return "；".join(parts)

    def _attached(self) -> str:
        return "行政执法检查审批表、行政检查通知书、现场检查笔录、清单式检查表、行政执法检查登记表。"

    def blocks(self, key: str, label: str) -> list[Block]:
        return getattr(self, f"_{key}_blocks")(label)

    def _way_blocks(self, label: str) -> list[Block]:
        choices = ((mode.label, mode == self.inspection.mode) for mode in (Mode.OFFSITE, Mode.ONSITE))
        return [Picks(label, (("", tuple(choices), ""),))]

    def _answers_blocks(self, label: str) -> list[Block]:
        """Each item with its boxes, of which one is ticked."""
        rows = (
            (
                f"{n}. {item.name}",
                tuple((answer.label, answer == item.answer) for answer in Answer),
                "" if item.answer else "未检查",
            )
            for n, item in enumerate(item_results(self.inspection), 1)
        )
        return [Picks(label, tuple(rows))]

    def _points_blocks(self, label: str) -> list[Block]:
        """Long words stand below over the whole width: in their narrow column they would fill pages."""
        points = list(enumerate(self.inspection.answers.order_by("item_code", "number"), 1))
        rows = tuple(
            (
                str(n),
                p.item_name,
                p.text,
                p.get_answer_display() if p.answer else "未检查",
                p.words if len(p.words) <= IN_A_CELL else f"见下面“第 {n} 点”",
            )
            for n, p in points
        )
        head = ("序号", "检查项", "检查要点", "结果", "问题记录")
        below = [Text(f"第 {n} 点", p.words) for n, p in points if len(p.words) > IN_A_CELL]
        return [Grid(label, head, rows, (7, 21, 34, 14, 24)), *below]

    def _deliveries_blocks(self, label: str) -> list[Block]:
        rows = [
            (
                d.get_paper_display(),
                paper_moment(d.at),
                "签收" if d.accepted else f"拒收：{d.refused_because}",
                d.witness,
                d.by.full_name,
            )
            for d in self.inspection.deliveries.select_related("by")
        ]
        head = ("文书", "送达时间", "送达情况", "见证人", "送达人")
        return [Grid(label, head, tuple(rows), (20, 24, 24, 16, 16))]

    def signs(self, layout: Layout) -> tuple[Sign, ...]:
        return signs_of(self.inspection, layout.signers)

    def _standing(self, who: str):
        return next((s for s in standing(self.inspection) if s.signer == who), None)


def _served_words(delivery) -> str:
    words = "当面送达，签收" if delivery.accepted else f"拒收：{delivery.refused_because}，见证人 {delivery.witness}"
    return f"{paper_moment(delivery.at)}，{words}"
