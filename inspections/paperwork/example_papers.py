"""样张: what a paper would look like laid out like this; every word of it says that it is none."""

from dataclasses import dataclass, replace

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents.filled import Block, Filled, Grid, Picks, Sign, Text
from benxi_shuangsuiji.documents.official import Official
from inspections.models import Answer, Mode, PaperKind

from .approval_papers import OPINION
from .blocks import LONG
from .layouts import DEFAULTS, Layout
from .papers import paper_with

SAMPLE = "样张"


@dataclass(frozen=True)
class ExampleFacts:
    """Instead of facts the names of what will stand there, so that nobody can take it for a paper of a check."""

    kind: PaperKind

    def of(self, key: str) -> str:
        if key == "facility":
            return f"{SAMPLE}单位"
        name = dict(DEFAULTS[self.kind].fields)[key]
        return f"{SAMPLE}：{name}。" + f"{SAMPLE}文字，看换行和分页。" * 4 if key in LONG else f"{SAMPLE}：{name}"

    def blocks(self, key: str, label: str) -> list[Block]:
        if key in ("proposed", "decided_by"):
            return [Text(label, f"{SAMPLE}意见", OPINION, f"{SAMPLE}签名，　　年　　月　　日")]
        if key == "way":
            return [Picks(label, (("", tuple((mode.label, False) for mode in (Mode.OFFSITE, Mode.ONSITE)), ""),))]
        if key == "answers":
            boxes = tuple((answer.label, False) for answer in Answer)
            return [Picks(label, tuple((f"{n}. {SAMPLE}事项", boxes, "") for n in (1, 2)))]
        heads = {
            "points": (("序号", "检查项", "检查要点", "结果", "问题记录"), (7, 21, 34, 14, 24)),
            "deliveries": (("文书", "送达时间", "送达情况", "见证人", "送达人"), (20, 24, 24, 16, 16)),
        }
        head, widths = heads[key]
        return [Grid(label, head, ((SAMPLE,) * len(head),) * 2, widths)]

    def signs(self, layout: Layout) -> tuple[Sign, ...]:
        return tuple(Sign(label, remark=SAMPLE) for _, label in layout.signers)


def example(kind: PaperKind, layout: Layout) -> Filled | Official:
    """Its codes say 样张 only, so that no scan of it finds a check."""
    now = clock.now()
    number = layout.numbered(now.year, SAMPLE)
    paper = paper_with(
        ExampleFacts(kind), layout, kind, f"{SAMPLE}单位", number, f"{SAMPLE}，不是正式文书", made_at=now
    )
    coded = kind in (PaperKind.NOTICE, PaperKind.FORM)
    return replace(paper, mark=SAMPLE, stamp=SAMPLE, **({"address": SAMPLE} if coded else {}))
