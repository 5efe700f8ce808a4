"""全过程留痕 on A4 (七(五)-n)."""

from datetime import datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.documents import filled
from benxi_shuangsuiji.documents.filled import Filled, Grid, Line, Text
from inspections.checks.issuer import issuer_of, place_of
from inspections.models import Inspection

from .linked import Trace

TITLE = "检查全过程留痕"


def verdict(trace: Trace) -> str:
    """The chain check in words."""
    said = f"操作记录 {len(trace.kept)} 条，逐条核对链环：一致 {trace.sound} 条"
    if trace.waiting:
        said += f"，等待入链 {trace.waiting} 条"
    if trace.broken:
        said += f"，接不上的是第 {'、'.join(map(str, trace.broken))} 条"
    return said + "。"


def paper_of(check: Inspection, trace: Trace, now: datetime, by: User) -> Filled:
    rows = tuple(
        (
            f"{localtime(line.event.at):{'%Y-%m-%d %H:%M' if line.event.to_the_minute else '%Y-%m-%d %H:%M:%S'}}",
            "。".join(filter(None, [line.event.what, line.event.note])),
            line.who,
            "，".join(filter(None, [line.address, line.device])),
            "，".join(digest[:16] for digest in line.event.digests),
            f"{line.held.seq}：{line.held.link[:8]}" if line.held else "等待入链" if line.entry else "",
        )
        for line in trace.lines
    )
    return Filled(
        unit=issuer_of(check).body,
        title=TITLE,
        left=f"编号：{check.no}",
        right=f"共 {len(rows)} 项",
        blocks=(
            Line((("检查对象", place_of(check).name), ("打印", f"{by.full_name}　{localtime(now):%Y-%m-%d %H:%M}"))),
            Text("链的核对", verdict(trace)),
            Grid("经过", ("时间", "事项", "人员", "地址和设备", "文件指纹", "记录"), rows, (13, 34, 10, 14, 14, 15)),
        ),
        note="指纹写开头 16 位，记录写序号和链环开头 8 位，全文在本系统核对。",
        made_at=localtime(now).isoformat(timespec="seconds"),
        small=True,
    )


def made(check: Inspection, trace: Trace, now: datetime, by: User) -> bytes:
    return filled.as_pdf(paper_of(check, trace, now, by))
