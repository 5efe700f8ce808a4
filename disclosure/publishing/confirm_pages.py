"""公开确认: what becomes public word for word, what was found in it, what stays inside, where it goes (ui-2.md 26)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.html import format_html
from django.utils.timezone import localtime

from benxi_shuangsuiji.workdays.days import due_date, short_date
from disclosure.models import Publication
from disclosure.site import bulletin
from inspections.models import Conclusion, EvidenceKind, Outcome
from inspections.privacy import findings as privacy
from inspections.privacy.named import behind

from . import reading, rules
from .pages import ResultPage, ResultRow
from .reading import Line, Piece

WHERE = {
    "result": (
        ("马上", "检查结果页、企业页、订阅和开放数据文件"),
        ("永久", "公示日志里新的一条，只记指纹"),
    ),
    "step": (
        ("马上", "检查结果旁边、企业页和订阅"),
        ("永久", "公示日志里新的一条，只记指纹"),
    ),
    "document": (
        ("马上", "本系统的公示页和订阅"),
        ("公开以后", "门户网站公示包，交门户网站发布"),
        ("永久", "公示日志里新的一条，只记指纹"),
    ),
}


def made_public(sentence: str, publication: Publication) -> str:
    """What is said afterwards, with the way to where it stands."""
    return format_html('{}<a href="{}">打开公开页</a>', sentence, bulletin.public_url(publication))


@dataclass(frozen=True)
class Found:
    """A name or a number, and what was done with it: mended before the review, or kept with a reason."""

    number: int
    title: str
    gone: str = ""
    instead: str = ""
    kept: str = ""
    why: str = ""
    by: str = ""


@dataclass(frozen=True)
class Compared:
    """One line of the record as it was written beside what becomes public of it; None: nothing does."""

    label: str
    before: list[Piece]
    after: list[Piece] | None = None


@dataclass(frozen=True)
class ConfirmPage(ResultPage):
    """One result before it becomes public. `was`: what an earlier page had shown, where the words are others now."""

    was: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def lines(self) -> list[Line]:
        return reading.lines(self.snapshot)

    @cached_property
    def shown(self) -> str:
        return reading.told(self.snapshot)

    @property
    def marked(self) -> list[tuple[Line, list[Piece]]]:
        return [(line, self._pieces(line)) for line in self.lines]

    def _pieces(self, line: Line) -> list[Piece]:
        if self.was and (old := self.was.get(line.key, "")) != line.whole:
            return reading.differences(old.removeprefix(line.status).removeprefix("；"), line.text)[1]
        return reading.named(line.text, {found.kept: found.number for found in self.found if found.kept})

    @property
    def late_title(self) -> str:
        return f"已满 {self.strip.limit} 个工作日，{self.strip.words}。"

    @cached_property
    def written(self) -> Conclusion | None:
        """The result as the person in charge read and signed it; what was mended after a return is not in it."""
        return Conclusion.objects.filter(inspection=self.inspection).first()

    @cached_property
    def found(self) -> list[Found]:
        return [Found(number, **one) for number, one in enumerate(self._found(), 1)]

    def _found(self) -> Iterator[dict]:
        check = self.inspection
        texts = privacy.texts_of(check)
        for place, old in [("描述", self.written.finding), ("现场处理", self.written.measures)] if self.written else []:
            new = dict(texts).get(place, "")
            for one in privacy.findings(check, [(place, old)]) if old != new else []:
                if (one.name and one.name in privacy.plain_of(new)) or one in privacy.numbers(place, new):
                    continue
                gone, instead = behind(old, one.name) if one.name else (one.shown, "")
                done = "姓名，已改" if one.name else "号码，已删"
                yield {"title": done, "gone": gone, "instead": instead, "by": self._mended}
        for row in self.names["kept"]:
            by = f"{row.by.full_name} {short_date(localtime(row.at).date())}确认"
            yield {"title": "疑为姓名，确认公开", "kept": row.name, "why": row.reason, "by": by}

    @property
    def still_asked(self) -> dict:
        """What nobody has settled, with its form; the names that stay are told with their numbers already."""
        return self.names | {"kept": ()}

    @property
    def _mended(self) -> str:
        check = self.inspection
        return f"{check.recorded_by.full_name} {short_date(localtime(check.uploaded_at).date())}改"

    @cached_property
    def inside(self) -> list[tuple[str, str]]:
        """What stays inside, and how much of it there is."""
        kinds = list(self.inspection.evidence.standing().values_list("kind", flat=True))
        videos = kinds.count(EvidenceKind.VIDEO)
        return [
            ("人", "企业负责人、检查人员的姓名、电话和证号"),
            ("影像", f"照片和扫描件 {len(kinds) - videos} 张、录像 {videos} 段，执法记录仪的影像"),
            ("企业的话", "企业意见、工艺参数"),
            ("内部意见", "审核意见、退回记录"),
        ]

    @property
    def where(self) -> tuple[tuple[str, str], ...]:
        return WHERE["result"]

    @cached_property
    def stated(self) -> str:
        """What the enterprise has handed in and nobody has answered yet: the fact alone, its words stay with the team."""
        waiting = self.inspection.statements.filter(answered_at=None).first()
        return f"企业交来的材料 {due_date(waiting.answer_by, self.today)}前答复，不影响公开。" if waiting else ""

    @property
    def compared(self) -> list[Compared]:
        """The record beside the public text: result and words as they were signed, each point, what stays inside."""
        check, now = self.inspection, {line.key: line.whole for line in self.lines}
        rows = []
        if self.written:
            said = {
                "检查结果": (Outcome(self.written.outcome).label, self.snapshot["outcome_label"]),
                "描述": (self.written.finding, now.get("描述", "")),
                "现场处理": (self.written.measures, now.get("现场处理", "")),
            }
            rows += [Compared(label, *reading.differences(*both)) for label, both in said.items() if any(both)]
        for point in check.answers.all():
            text = "：".join(filter(None, [point.text, point.get_answer_display(), point.words]))
            rows.append(Compared(point.item_name, [Piece(text)], [Piece(now.get(point.item_code, ""))]))
        people = "、".join(member.inspector.name for member in check.who_came)
        for label, text in [
            ("检查人员", people),
            ("现场负责人", check.contact_person),
            ("执法记录仪", check.recorder_no),
            ("企业意见", check.enterprise_opinion),
        ]:
            if text:
                rows.append(Compared(label, [Piece(text)]))
        return rows


@dataclass(frozen=True)
class Together(ResultRow):
    """One row of the page that publishes several: its whole text, or why it has to be opened by itself."""

    snapshot: dict = field(default_factory=dict)

    @property
    def lines(self) -> list[Line]:
        return reading.lines(self.snapshot)

    @property
    def shown(self) -> str:
        return reading.told(self.snapshot)

    @property
    def summary(self) -> str:
        day = short_date(rules.ended_on(self.inspection))
        return f"{day}{self.snapshot['mode_label']}检查 {len(self.snapshot['items'])} 项，{self.outcome.row}。"
