"""更正与申诉 in the volume of the check that they concern: asked, looked into, decided, answered (四(3)-f; 七(七)-o).

A volume is read by more people than may know who asked, by those who were on the check among them: neither name nor words
nor files of the applicant are bound, but how many there are, with their digests. They stay with the objection, where each
look is written down.
"""

from collections.abc import Iterable
from functools import partial

from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.documents import filled
from benxi_shuangsuiji.documents.filled import Filled, Line, Text
from benxi_shuangsuiji.subject import Ending, Leaf
from benxi_shuangsuiji.workdays.days import full_date, paper_moment
from disclosure.models import FOLLOWUPS, Objection, PublicationKind
from inspections.checks.issuer import issuer_of
from inspections.models import Inspection


def objections(checks: Iterable[Inspection]) -> dict[int, list[Leaf]]:
    """Those that are over, one paper each."""
    found: dict[int, list[Leaf]] = {}
    for check, objection in _of(checks):
        if not objection.is_open:
            found.setdefault(check.pk, []).append(_leaf(check, objection))
    return found


def ends(checks: Iterable[Inspection]) -> dict[int, Ending]:
    """Nothing is bound while somebody waits for an answer about it."""
    open_ones: dict[int, list[str]] = {}
    for check, objection in _of(checks):
        if objection.is_open:
            open_ones.setdefault(check.pk, []).append(f"{objection.get_demand_display()} {objection.receipt}")
    return {pk: Ending(holds=f"{'、'.join(named)} 在办") for pk, named in open_ones.items()}


def _of(checks: Iterable[Inspection]) -> list[tuple[Inspection, Objection]]:
    by_no = {check.no: check for check in checks}
    of_results = Objection.objects.filter(publication__kind=PublicationKind.RESULT, publication__no__in=by_no)
    of_steps = Objection.objects.filter(publication__kind__in=FOLLOWUPS, publication__snapshot__check__in=list(by_no))
    rows = (of_results | of_steps).select_related("publication", "unit").order_by("at", "pk")
    found = rows.prefetch_related("papers__files__file", "rulings__asked_by", "rulings__decided_by")
    return [(by_no[_check_no(o)], o) for o in found]


def _check_no(objection: Objection) -> str:
    p = objection.publication
    return p.no if p.kind == PublicationKind.RESULT else p.snapshot["check"]


def _leaf(check: Inspection, objection: Objection) -> Leaf:
    day = localtime(objection.ended_at).date()
    return Leaf(
        f"OBJECTION-{objection.receipt}",
        "更正与申诉办理单",
        day,
        partial(_made, check, objection),
        author=objection.unit.on(day).short_name,
        number=lambda: objection.receipt,
    )


def _made(check: Inspection, objection: Objection, site: str) -> list[bytes]:
    o, ended = objection, localtime(objection.ended_at)
    ruling = next((r for r in o.rulings.all() if r.state == "APPROVED"), None)
    handed = list(o.papers.all())
    digests = [kept.file.sha256 for paper in handed for kept in paper.files.all()]
    blocks = [
        Line((("对哪条公示", f"{o.publication.get_kind_display()}　{o.publication.no}"),)),
        Line((("申请人", o.get_relation_display()), ("受理", paper_moment(o.at)))),
        Line((("要求", o.get_demand_display()), ("哪一部分", o.get_part_display()))),
        Text("申请原文和材料", _kept(len(handed), digests)),
    ]
    if o.more_on:
        given = f"，{full_date(o.more_given_on)}收到" if o.more_given_on else "，没有收到"
        blocks.append(Line((("补正", f"{full_date(o.more_on)}通知{given}"),)))
    if ruling:
        blocks += [
            Text("决定", f"{ruling.get_outcome_display()}。{ruling.reason}"),
            Line((("核查", f"{ruling.asked_by.full_name}，{paper_moment(ruling.asked_at)}"),)),
            Line((("批准", f"{ruling.decided_by.full_name}，{paper_moment(ruling.decided_at)}"),)),
        ]
    used = o.used(workdays.calendar(), ended.date())
    blocks.append(Line((("办结", f"{full_date(ended.date())}，{o.get_state_display()}，第 {used} 个工作日"),)))
    if o.late_reason:
        blocks.append(Text("逾期原因", o.late_reason))
    paper = Filled(
        unit=issuer_of(check).body,
        title="更正与申诉办理单",
        left=f"受理编号：{o.receipt}",
        right=f"检查编号：{check.no}",
        blocks=tuple(blocks),
        note=f"{site}/corrections/{o.receipt}/",
        made_at=ended.isoformat(timespec="seconds"),
    )
    return [filled.as_pdf(paper)]


def _kept(papers: int, digests: list[str]) -> str:
    files = f"，材料 {len(digests)} 份，指纹（SHA-256）：" + "；".join(digests) if digests else "，没有材料"
    return f"申请原文 {papers} 份{files}。不入卷，由办理单位凭受理编号保存，每次查看记入操作记录。"
