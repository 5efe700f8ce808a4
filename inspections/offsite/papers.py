"""非现场检查记录: every look of a check on paper, with what was seen and the digests of what was looked at (七(三)-b, 七(五)-l)."""

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import filled
from benxi_shuangsuiji.documents.filled import Block, Filled, Grid, Line, Text
from benxi_shuangsuiji.workdays.days import paper_moment
from inspections.checks.issuer import issuer_of, place_of
from inspections.models import Inspection, OffsiteLook

from .wording import also_words, period_words

TITLE = "非现场检查记录"


def record_of(inspection: Inspection) -> Filled:
    """What was looked at, as it was written; a corrected look stays on the paper and says so."""
    looks = list(inspection.looks.whole())
    team = [m.inspector.name for m in inspection.members.select_related("inspector") if m.arrived_at]
    blocks: list[Block] = [
        Line((("检查对象", place_of(inspection).name),)),
        Line((("检查人员", "、".join(team)),)),
        *(block for look in looks for block in _blocks(look)),
    ]
    return Filled(
        unit=issuer_of(inspection).body,
        title=TITLE,
        left=f"编号：{inspection.no}",
        right=f"查看 {len(looks)} 次",
        blocks=tuple(blocks),
        note=f"{_entered(inspection)}材料的原件存放在本系统，按指纹核对。",
        made_at=localtime(max(look.at for look in looks)).isoformat(timespec="seconds"),
    )


def _entered(inspection: Inspection) -> str:
    """The looks themselves were from outside; whoever followed a clue to the place says since when (N-14)."""
    if inspection.entered_at:
        return f"查看以后经批准到现场核实，{paper_moment(inspection.entered_at)}到场，见现场检查笔录。"
    return "没有进入现场。"


def _blocks(look: OffsiteLook) -> list[Block]:
    taken = getattr(look, "corrected_by", None)
    head = f"第 {look.number} 次" + (f"（已由第 {taken.number} 次更正）" if taken else "")
    said = [
        f"{look.get_method_display()}　{look.source}",
        f"数据时段：{period_words(look.period_from, look.period_to)}",
        f"结论：{look.get_result_display()}" + (f"。{look.clue}" if look.clue else ""),
    ]
    if look.approval:
        said.append(f"企业配合，审批编号 {look.approval.no}")
    if look.instead_of:
        said.append("：".join(filter(None, [f"更正第 {look.instead_of.number} 次", look.instead_why])))
    said.append(f"{look.by.full_name}，{paper_moment(look.at)}登记")
    points = tuple((p.point.item_name, p.point.text, p.words) for p in look.points.all())
    files = tuple(
        (str(n), "，".join(filter(None, [f.evidence.file.name, also_words(f.also_in)])), f.evidence.sha256)
        for n, f in enumerate(look.files.all(), 1)
    )
    return [
        Text(head, "\n".join(said)),
        Grid("看到的情况", ("检查项", "检查要点", "看到了什么"), points, (22, 34, 44)),
        Grid("材料", ("序号", "文件", "指纹（SHA-256）"), files, (8, 32, 60)),
    ]


def made(inspection: Inspection) -> bytes:
    return filled.as_pdf(record_of(inspection))
