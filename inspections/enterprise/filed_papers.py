"""陈述申辩 of the enterprise, with its files and our answers, in the volume of a check (七(七)-m)."""

from collections.abc import Iterable, Iterator
from functools import partial

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import files, filled
from benxi_shuangsuiji.documents.filled import Filled, Line, Text
from benxi_shuangsuiji.subject import Leaf
from benxi_shuangsuiji.workdays.days import paper_moment
from inspections.checks.issuer import issuer_of
from inspections.models import Inspection, Statement


def statements(checks: Iterable[Inspection]) -> dict[int, list[Leaf]]:
    found: dict[int, list[Leaf]] = {}
    rows = Statement.objects.filter(inspection__in=checks).select_related("inspection__unit", "answered_by")
    for row in rows.prefetch_related("files__file"):
        found.setdefault(row.inspection_id, []).append(_leaf(row))
    return found


def _leaf(row: Statement) -> Leaf:
    kept = [added.file for added in row.files.all()]
    return Leaf(
        f"STATEMENT-{row.pk}",
        "企业的陈述申辩和答复",
        localtime(row.at).date(),
        partial(_made, row, kept),
        author="被检查单位",
        number=lambda: row.no,
        digests=tuple(file.sha256 for file in kept),
        foreign=bool(kept),
    )


def _made(row: Statement, kept, site: str) -> Iterator[bytes]:
    answered = f"{row.answered_by.full_name}，{paper_moment(row.answered_at)}" if row.answered_by else ""
    paper = Filled(
        unit=issuer_of(row.inspection).body,
        title="企业的陈述申辩和答复",
        left=f"编号：{row.no}",
        right=f"检查编号：{row.inspection.no}",
        blocks=(
            Line((("经办人", row.by_name), ("收到", paper_moment(row.at)))),
            Text("内容", row.words),
            Text("答复", row.answer or "没有答复。"),
            Line((("答复人", answered),)),
        ),
        note=f"企业交来文件 {len(kept)} 份，附后。" if kept else "",
        made_at=localtime(row.answered_at or row.at).isoformat(timespec="seconds"),
    )
    yield filled.as_pdf(paper)
    for file in kept:
        yield files.read(file)
