"""更正审批表 and 撤下审批表: what was asked, what changes, who said what, on one form (八(二)-c, ui-2.md 27)."""

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.filled import Filled, Grid, Line, Sign, Signs, Text
from benxi_shuangsuiji.forms.pages import Row
from benxi_shuangsuiji.workdays.days import full_date, paper_moment


def name_of(asked) -> str:
    return f"{_title(asked)}_{asked.publication.no}.pdf"


def paper_of(row: Row) -> Filled:
    """Of a request as it stands; what waits has an empty place to sign."""
    asked, p = row.asked, row.asked.publication
    again = f"，第 {row.nth} 次提出" if row.nth > 1 else ""
    facts = [
        ("公示编号和版次", f"{p.no}　第 {p.version} 版　{full_date(localtime(p.published_at).date())}公开"),
        ("提出", f"{asked.asked_by.full_name}　{row.asked_as}　{paper_moment(asked.asked_at)}{again}"),
    ]
    if row.more.changed:  # of sealed words nothing is printed
        facts.insert(0, ("关于哪一条", p.title))
    changes = tuple((label, _words(old), _words(new)) for label, old, new in row.more.changed)
    decided = asked.decided_at is not None and asked.decided_by is not None
    return Filled(
        unit=p.unit_name,
        title=_title(asked),
        left=f"公示编号：{p.no}",
        right=p.get_kind_display(),
        blocks=(
            *(Line((fact,)) for fact in facts),
            Text("理由", asked.reason),
            Text("证明材料和文号", "\n".join(row.notes)),
            *([Grid("改什么", ("哪一处", "原来公开的", "更正成"), changes, (20, 40, 40))] if changes else []),
            Text("决定", f"{asked.get_state_display()}。{asked.opinion}" if decided else "等决定。"),
            Signs(
                (
                    Sign("提出人", asked.asked_by.full_name, full_date(localtime(asked.asked_at).date())),
                    Sign(
                        row.decided_as,
                        asked.decided_by.full_name if decided else "",
                        full_date(localtime(asked.decided_at).date()) if decided else "",
                    ),
                )
            ),
        ),
        note="",
        made_at=localtime(asked.decided_at or asked.asked_at).isoformat(timespec="seconds"),
    )


def _title(asked) -> str:
    return f"{asked.get_act_display()}审批表"


def _words(pieces) -> str:
    return "".join(piece.words for piece in pieces) or "空着"
