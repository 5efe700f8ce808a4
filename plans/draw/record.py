"""随机抽取记录: the paper that those present sign (domain.md 3.2 (j), 6.4). Counts and digests, never a name."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.documents.codes import code_of
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import full_date
from plans.corrections import rules as correct_rules
from plans.models import CorrectionRequest, Draw

from .pages import corrections_of
from .sealed import digests_of, manifest_lines, slips_of
from .values import SourceState, parts_of, source_states

SIGNERS = ["抽取人", "录入人", "复核人", "分管负责人", "见证人", "监督人"]


@dataclass(frozen=True)
class Step:
    """One line of what was done: when, what, by whom."""

    when: str
    what: str
    who: str


@dataclass(frozen=True, kw_only=True)
class RecordFacts:
    """Everything on the paper, so that the same draw gives the same paper."""

    draw_id: str
    unit: str
    title: str
    rows: tuple
    total: int
    slips: int
    steps: tuple[Step, ...]
    values: tuple[tuple[str, str], ...]
    digests: tuple[tuple[str, str], ...]
    chain: tuple[tuple[int, str], ...]
    release: str
    year: int
    made_at: str
    signers: tuple[str, ...] = tuple(SIGNERS)


def why_no_record(draw: Draw) -> str:
    return "" if draw.drawn_at else "还没有抽取，抽取以后才有抽取记录。"


def record_facts(draw: Draw) -> RecordFacts:
    refuse_if(why_no_record(draw))
    digests, states = digests_of(draw), source_states(draw)
    steps = [
        Step(_words(draw.prepared_at), "核对名单", draw.prepared_by.full_name),
        Step(_words(draw.frozen_at), f"封存名单，公布指纹{_registries(draw)}", draw.sealed_by.full_name),
    ]
    steps += [
        Step(
            _words(entry.entered_at),
            f"录入{state.label}{'（与一致的号码不同，没有采用）' if entry in state.differing else ''}",
            entry.entered_by.full_name,
        )
        for state in states
        for entry in state.latest
    ]
    late = f"（逾期原因：{draw.late_reason}）" if draw.late_reason else ""
    held = Step(_words(draw.drawn_at), f"抽取，锁定结果{late}", draw.held_by.full_name)
    corrections = _corrections(draw, states)
    steps += [step for run, step in corrections if run == 1]
    steps += [held, *(step for run, step in corrections if run > 1)]
    lines = manifest_lines(draw)
    named = [("封存清单", "MANIFEST"), ("密封随机数", "COMMIT"), ("检查人员名录", "ROSTER"), ("抽取结果", "RESULT")]
    return RecordFacts(
        draw_id=draw.draw_id,
        unit=draw.unit.on(localtime(draw.drawn_at).date()).name,
        title=f"{draw.plan.quarter.label}随机抽取记录",
        rows=tuple(lines),
        total=sum(line.places for line in lines),
        slips=slips_of(draw) or 0,
        steps=tuple(steps),
        values=tuple((state.label, " ".join(parts_of(state.kind, state.agreed))) for state in states),
        digests=tuple((label, digests[kind]) for label, kind in named),
        chain=tuple(
            draw.chain_entries.filter(kind__in=["FREEZE", "RESULT"]).order_by("seq").values_list("seq", "link")
        ),
        release=_words(draw.release_at),
        year=timezone.localtime(draw.drawn_at).year,
        made_at=timezone.localtime(draw.drawn_at).isoformat(timespec="seconds"),
    )


def record_html(facts: RecordFacts, *, site: str) -> str:
    code = code_of(f"{site}/draws/{facts.draw_id}/")
    return render_to_string("documents/draw_record.html", {"facts": facts, "code": code})


def record_pdf(draw: Draw, *, site: str) -> bytes:
    return pdf.render(record_html(record_facts(draw), site=site), title_of_error="抽取记录")


def _corrections(draw: Draw, states: list[SourceState]) -> list[tuple[int, Step]]:
    """Each correction by the run that it led to, in their order; a source held one value after the other."""
    held = {s.position: [" ".join(parts_of(s.kind, v)) for v in (*s.wrong, s.agreed) if v] for s in states}
    labels = {state.position: state.label for state in states}
    found = []
    for request in corrections_of(draw):
        changed = []
        for position in correct_rules.positions_of(request):
            was = held[position].pop(0)
            changed.append(f"{labels[position]}先录为 {was}，更正为 {held[position][0]}")
        found.append((request.run or 1, _corrected(request, "；".join(changed))))
    return found


def _corrected(request: CorrectionRequest, changed: str) -> Step:
    """What was typed wrongly and put right by another person (SSJ1 9.1)."""
    again = f"，重算（第 {request.run} 次计算）" if request.run > 1 else ""
    what = f"更正公开随机数{again}：{changed}。{request.reason}（{request.document_no}）"
    return Step(_words(request.decided_at), what, request.decided_by.full_name)


def _registries(draw: Draw) -> str:
    """When both registries had last been audited; a draw sealed before that was asked says nothing (七(四)-1)."""
    said = "。".join(s for s in (draw.registry_audits, draw.registry_reason) if s)
    return f"（{said}）" if said else ""


def _words(moment) -> str:
    moment = timezone.localtime(moment)
    return f"{full_date(moment.date())} {moment.hour}:{moment.minute:02d}"
