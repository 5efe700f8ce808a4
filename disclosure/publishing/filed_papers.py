"""公开页打印件 in the volume of a check, and what of its public words is still to be decided (domain.md 3.3; 七(七)-o)."""

from collections.abc import Iterable
from functools import partial

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import filled
from benxi_shuangsuiji.documents.filled import Filled, Line, Text
from benxi_shuangsuiji.subject import Ending, Leaf
from benxi_shuangsuiji.workdays.days import paper_moment
from disclosure.models import Publication, PublicationKind, Revision
from disclosure.words import item_words
from inspections.models import Inspection


def publications(checks: Iterable[Inspection]) -> dict[int, list[Leaf]]:
    """The words that stand in public; of what was withdrawn that it was."""
    by_no = {check.no: check.pk for check in checks}
    rows = Publication.everything.current().filter(kind=PublicationKind.RESULT, no__in=by_no)
    return {by_no[row.no]: [_leaf(row)] for row in rows}


def withheld(checks: Iterable[Inspection]) -> dict[int, str]:
    """A law keeps it from the public: its ground and document lie in the volume instead (二-b)."""
    return {check.pk: "依法不公开" for check in checks if check.withheld_at}


def ends(checks: Iterable[Inspection]) -> dict[int, Ending]:
    """Nothing is bound while somebody has yet to decide whether the public words stay (八(二)-c)."""
    by_no = {check.no: check.pk for check in checks}
    waiting = Revision.objects.pending().filter(publication__kind=PublicationKind.RESULT, publication__no__in=by_no)
    rows = waiting.select_related("publication")
    return {by_no[row.publication.no]: Ending(holds=f"{row.get_act_display()}申请在办") for row in rows}


def _leaf(row: Publication) -> Leaf:
    made, day = partial(_made, row), localtime(row.published_at).date()
    key = f"PUBLIC-{row.version}"  # corrected after the file was bound, it is a paper of its own, for a supplement
    return Leaf(key, "公开页打印件", day, made, author=row.unit_name, number=lambda: row.no)


def _made(row: Publication, site: str) -> list[bytes]:
    said = row.snapshot
    words = [said.get("finding", ""), said.get("measures", "")]
    facts = (
        ("检查对象", row.facility_name),
        ("检查结果", said.get("outcome_label", "已撤下")),
        ("抽查事项", item_words(said) if said.get("items") else ""),
    )
    paper = Filled(
        unit=row.unit_name,
        title="公开页打印件",
        left=f"公示编号：{row.no}　第 {row.version} 版",
        right=f"{paper_moment(row.published_at)}{row.get_state_display()}",
        blocks=(
            *(Line((fact,)) for fact in facts if fact[1]),
            Text("发现的问题和处理", "\n".join(filter(None, words)) or "没有。"),
            Line((("公开页的指纹（SHA-256）", row.digest),)),
        ),
        note=f"{site}/results/{row.no}/",
        made_at=localtime(row.published_at).isoformat(timespec="seconds"),
    )
    return [filled.as_pdf(paper)]
