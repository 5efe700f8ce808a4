"""What a draw's filing shows of it (七(二)-j)."""

from benxi_shuangsuiji.workdays.days import moment_words
from plans.draw.sealed import digests_of, manifest_lines, slips_of
from plans.models import Draw


def summary_of_draw(draw: Draw) -> list[list[str]]:
    """Counts and digests only (decisions.md 3)."""
    digests = digests_of(draw)
    named = [("封存清单指纹", "MANIFEST"), ("检查人员名录指纹", "ROSTER"), ("抽取结果指纹", "RESULT")]
    return [
        ["抽取编号", draw.draw_id],
        ["封存时间", moment_words(draw.frozen_at)],
        ["抽取时间", moment_words(draw.drawn_at)],
        *([["逾期原因", draw.late_reason]] if draw.late_reason else []),
        *[
            ["更正", f"{moment_words(c.decided_at)}，公开随机数更正，{c.document_no}"]
            for c in draw.correction_requests.approved().order_by("pk")
        ],
        *[
            [f"{line.label}对象", f"名录 {line.on_books} 家，参加抽取 {line.drawable} 家，抽中 {line.places} 家"]
            for line in manifest_lines(draw)
        ],
        ["检查小组", f"{slips_of(draw) or 0} 个配齐"],
        *[[label, digests[kind]] for label, kind in named],
    ]
