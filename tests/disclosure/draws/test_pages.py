"""What the page of one draw says, fact by fact (ui.md 7.1)."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest

from disclosure.draws import quota_words, timeline
from disclosure.draws.documents import PublicDocument, draw_of
from disclosure.draws.downloads import Download
from disclosure.draws.pages import DrawPage, TicketList, TicketRow
from disclosure.draws.tickets import Place, Table
from plans.draw import ssj1
from tests.factories import make_unit
from tests.plans.draw.factories import make_held_draw, make_sealed_draw

NOON = datetime.fromisoformat("2026-07-20T12:00:00+08:00")


DRAW = "210504-2026Q3-01"


def line(
    N: int, K: int, bp: int = 2500, *, A: int | None = None, U: int = 0, P: int = 0, plan: int = 0
) -> ssj1.StratumLine:
    return ssj1.StratumLine("210504.key", "", bp, 0, 2026, P, plan, N, N if A is None else A, U, K, 0)


def page(draw, **asked) -> DrawPage:
    return DrawPage(draw_of(draw.draw_id), "明山分局", due=date(2026, 7, 10), now=NOON, **asked)


def place(rank: int, *, slot: str = "", gone: str = "") -> Place:
    row = ssj1.FrameRow(f"91-{rank}", f"第{rank}厂", (), "onsite", 0, False, "in")
    return Place(rank, row, "ab" * 16, slot=slot, gone=gone)


def table(*places: Place, **lines: int) -> Table:
    return Table(
        line(len(places), 1),
        SimpleNamespace(category="key", draw=DRAW, rows=[p.row for p in places]),
        list(places),
        **lines,
    )


@pytest.mark.parametrize(
    ("stratum", "said"),
    [
        (line(42, 11), "42 × 25% = 10.5，不足 1 家的进 1"),
        (line(40, 10), "40 × 25% = 10"),
        (line(40, 13, U=25), "40 × 25% = 10；还没抽到 25 家，余 2 个季度，25 ÷ 2 = 12.5，取 13 家"),
        (
            line(40, 14, U=25, plan=14),
            "40 × 25% = 10；还没抽到 25 家，余 2 个季度，25 ÷ 2 = 12.5；计划写明 14 家，取 14 家",
        ),
        (line(40, 7, P=3), "40 × 25% = 10；减去本季已抽的 3 家，取 7 家"),
        (line(40, 4, A=4), "40 × 25% = 10；参加抽取的只有 4 家，取 4 家"),
        (line(40, 13, bp=0, plan=13), "计划写明 13 家，取 13 家"),
        (line(40, 0, bp=0), ""),
    ],
)
def test_the_rule_stands_beside_the_number(stratum, said):
    assert quota_words.arithmetic(stratum, DRAW) == said


def test_the_lower_line_says_how_many_were_taken_and_why():
    assert quota_words.taken(line(42, 11), DRAW) == "42 × 25% = 10.5，取 11 家"
    assert quota_words.taken(line(40, 13, U=25), DRAW).endswith("25 ÷ 2 = 12.5，取 13 家")
    assert quota_words.taken(line(40, 0, bp=0), DRAW) == ""


def test_a_ticket_leads_to_its_arithmetic_only_for_those_drawn():
    drawn, other = place(1, slot="F"), place(2)
    shown = table(drawn, other, free=1)
    assert TicketRow(shown, drawn, None).url == "?code=91-1#one"
    assert (TicketRow(shown, other, None).url, TicketRow(shown, other, None).outcome) == ("", None)
    assert TicketRow(shown, drawn, SimpleNamespace(outcome="NO_ISSUE")).outcome.label == "未发现问题"
    assert TicketRow(shown, drawn, None).seen == "未查"
    assert TicketRow(shown, drawn, None).cuts[0].endswith("应抽 2 × 25% = 0.5，取 1 家")


def test_a_long_list_is_folded_below_its_lines_and_a_very_long_one_is_only_downloaded():
    short = table(*[place(n, slot="F" if n == 1 else "") for n in range(1, 11)], free=1)
    folded = TicketList([short], short, everybody=False, published={}, withdrawn=set())
    assert (len(folded.tickets), folded.rest, folded.folded) == (4, 6, 6)
    unfolded = TicketList([short], short, everybody=True, published={}, withdrawn=set())
    assert (len(unfolded.tickets), unfolded.rest, unfolded.folded) == (10, 0, 0)
    long = table(*[place(n) for n in range(1, 403)])
    whole = TicketList([long], long, everybody=True, published={}, withdrawn=set())
    assert (len(whole.tickets), whole.rest, whole.folded) == (400, 2, 0)
    assert folded.tabs == [{"label": "重点　参加 10 抽中 1", "url": "?list=key#tickets", "current": True}]


def test_a_download_names_its_run_and_its_address():
    seed = Download("X-01", "种子", PublicDocument(digest="d"), "run-1-seed")
    frame = Download("X-01", "名单", PublicDocument(digest="d"), "frames/key")
    assert (seed.url, seed.file, seed.digest) == ("/draws/X-01/run-1-seed.txt", "run-1-seed.txt", "d")
    assert (frame.url, frame.file) == ("/draws/X-01/frames/key.txt", "key.txt")


@pytest.mark.django_db
def test_a_sealed_draw_shows_numbers_and_no_names(at):
    at("2026-07-06 10:00")
    shown = page(make_sealed_draw(make_unit("210503")))
    assert shown.draw.on_books == sum(row.line.N for row in shown.strata) >= shown.drawable
    assert shown.by_category.startswith("重点 ")
    assert (shown.people, shown.tables, shown.chosen, shown.answer) == ((0, ""), [], None, None)
    assert (shown.amendments, shown.corrections, shown.corrected_lists) == ([], [], [])
    assert (shown.late_days, shown.release_late, shown.abort, shown.repeat) == (0, "", None, "")
    assert shown.late_due == "应在季度首月 10 日前抽取。"
    assert [entry["what"] for entry in shown.entries][-2:] == ["抽取，公布结果的指纹", "检查完毕，公开全部名单"]
    assert shown.manifest_digest == shown.downloads[0].digest


@pytest.mark.django_db
def test_a_released_draw_shows_the_list_that_was_asked_for(at):
    at("2026-07-06 10:00")
    draw = make_held_draw(make_unit("210503"), released=True)
    first = page(draw)
    assert first.chosen.table is first.tables[0]
    last = first.tables[-1].category
    assert page(draw, wanted=last).chosen.table.category == last
    code = first.tables[-1].places[0].row.id
    asked = page(draw, asked=code)
    assert (asked.answer.row.id, asked.chosen.table.category) == (code, last)
    assert all(entry["state"] == timeline.DONE for entry in first.entries)
    assert first.people[0] > 0
