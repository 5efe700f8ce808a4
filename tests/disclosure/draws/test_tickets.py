"""签号与结果, 为什么抽中我, and what there is of them before the release: nothing (SSJ1 6, 19; ui.md 4.11, 7.4)."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from disclosure.draws import corrections, tickets
from disclosure.draws import documents as public_documents
from disclosure.draws.downloads import downloads_of
from inspections.models import Inspection
from plans.aborts import actions as abort_actions
from plans.draw import actions as draw_actions
from plans.draw import ssj1
from plans.models import Pick
from registry.models import Category
from tests.disclosure.draws.test_public_amendments import make_amended
from tests.draw import samples
from tests.factories import make_approver, make_facility, make_planner, make_unit
from tests.plans.draw.factories import agree_on_values, make_held_draw, make_sealed_draw, move_clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def get(path, **query):
    return Client().get(path, query or None)


def text_of(path) -> str:
    return get(path).getvalue().decode("utf-8", "replace")


def released(**fields):
    draw = make_held_draw(make_unit("210503"), released=True, **fields)
    return draw, public_documents.draw_of(draw.draw_id)


@pytest.mark.clause("一-f", "七(二)-c")
def test_the_lines_cut_where_the_tickets_say_and_carry_their_arithmetic():
    _draw, found = released(key=10, general=6, special=3)

    for table in tickets.tables_of(found):
        own = [p for p in found.result.picks if p.stratum == table.line.stratum]
        assert [p.ticket for p in table.places] == sorted(p.ticket for p in table.places)
        assert [p.row.id for p in table.places if p.standing] == [p.id for p in own]
        assert table.counts == (table.line.u, table.line.K - table.line.u)
        by_rank = {place.rank: place for place in table.places}
        # SSJ1 19: whoever has been seen is drawn up to the free line, the unseen up to the larger of both.
        for place in table.places:
            limit = table.free if place.row.seen else max(table.free, table.reserved)
            assert place.standing == (place.rank <= limit)
        assert all(by_rank[rank].slot for rank in (table.free, table.reserved) if rank)
        page = get(f"/draws/{found.draw_id}/", list=table.category).content.decode()
        assert ("普通名额到此" in page, "优先名额到此" in page) == (bool(table.free), bool(table.reserved))
        # Two quarters are left in which ten must be reached: five, though the ratio alone asks for three.
        assert (
            table.category != "key"
        ) or "应抽 10 × 25% = 2.5；还没抽到 10 家，余 2 个季度，10 ÷ 2 = 5，取 5 家" in page


def test_three_not_drawn_stand_below_the_line_and_the_rest_unfolds():
    draw, found = released(key=12, general=0, special=0)
    table = tickets.tables_of(found)[0]
    path = f"/draws/{draw.draw_id}/"

    first, everybody = get(path), get(f"{path}?list=key&all=1")

    assert len(first.context["page"].chosen.tickets) == table.lower + 3
    assert f"展开其余 {12 - table.lower - 3} 家" in first.content.decode()
    assert len(everybody.context["page"].chosen.tickets) == 12
    assert "展开其余" not in everybody.content.decode()


def test_who_takes_no_part_is_listed_with_the_reason_in_words():
    unit = make_unit("210503")
    halted = make_facility(unit, category=Category.KEY, status="SUSPENDED", name="本溪停产铸造有限公司")
    draw = make_held_draw(unit, released=True)
    page = get(f"/draws/{draw.draw_id}/").content.decode()

    assert re.search(rf"{halted.name}.*?停产停业", page, re.S)
    assert "不参加抽取的 1 家" in page
    assert "停产停业" in get(f"/draws/{draw.draw_id}/?code={halted.code}").content.decode()


def test_one_query_more_or_less_does_not_depend_on_how_many_were_drawn():
    few, many = (
        make_sealed_draw(make_unit(code), key=key, general=0, special=0, inspectors=8)
        for code, key in (("210503", 4), ("210502", 40))
    )
    for draw in (few, many):
        agree_on_values(draw)
        draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))
    move_clock(few.release_at)
    counted = []
    for draw in (few, many):
        draw.refresh_from_db()
        draw_actions.release_draw(draw=draw)
        with CaptureQueriesContext(connection) as queries:
            assert get(f"/draws/{draw.draw_id}/?all=1").status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.clause("一-f")
def test_an_enterprise_sees_its_rank_its_ticket_and_how_to_compute_it():
    draw, found = released(key=10, general=0, special=0)
    table = tickets.tables_of(found)[0]
    drawn, last = table.places[0], table.places[-1]

    for place in (drawn, last):
        page = get(f"/draws/{draw.draw_id}/?code={place.row.id.lower()}")
        answer = page.context["page"].answer
        assert hashlib.sha256(answer.line.encode()).hexdigest() == answer.ticket == place.ticket
        assert f"签号排第 {place.rank}" in answer.sentence
        body = page.content.decode()
        assert answer.line in body and answer.ticket in body
        assert [system for system, _ in answer.commands] == ["Linux", "macOS", "Windows PowerShell"]
    assert (
        get(f"/draws/{draw.draw_id}/?code={drawn.row.id}")
        .context["page"]
        .answer.sentence.endswith("名额线以内，抽中。")
    )
    assert get(f"/draws/{draw.draw_id}/?code={last.row.id}").context["page"].answer.sentence.endswith("未抽中。")
    assert get(f"/draws/{draw.draw_id}/", code=drawn.row.name).context["page"].answer.row.name == drawn.row.name


def test_the_printed_command_gives_the_ticket_even_for_a_code_with_a_quote():
    answer = tickets.Answer(ssj1.FrameRow("A'B", "某", (), "onsite", 0, False, "in"), "重点", "", "x.key", "SSJ1|T|0|x.key|A'B", "t")  # fmt: skip
    _, command = answer.commands[0]

    given = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout.split()[0]

    assert given == hashlib.sha256(answer.line.encode()).hexdigest()


def test_a_code_that_no_list_has_is_said_so_and_shown_as_typed():
    draw, _ = released(key=2, general=0, special=0)
    page = get(f"/draws/{draw.draw_id}/", code="<b>x</b>").content.decode()

    assert "没有“&lt;b&gt;x&lt;/b&gt;”" in page


@pytest.mark.clause("一-f", "七(二)-g")
def test_amended_tickets_show_who_left_and_who_came():
    draw, gone, _leaves = make_amended()
    draw.refresh_from_db()
    move_clock(draw.release_at)
    draw_actions.release_draw(draw=draw)
    came = Pick.objects.get(draw=draw, amendment=1)
    own = f"/draws/{draw.draw_id}/"

    page = get(own).content.decode()
    rows = csv.DictReader(io.StringIO(text_of(f"{own}tickets.csv").lstrip("\ufeff")))

    assert f"<s>{gone.facility.name}</s>" in page
    assert "第 1 次更换补入" in page
    assert "补入" in get(f"{own}?code={came.facility.code}").context["page"].answer.sentence
    assert "后来更换" in get(f"{own}?code={gone.facility.code}").context["page"].answer.sentence
    by_code = {row["名录编号"]: row for row in rows}
    assert by_code[gone.facility.code]["更换或不参加的原因"] == "第 1 次更换：停产停业"
    assert by_code[came.facility.code]["名额"].endswith("第 1 次更换补入")
    assert "amends" in [row["name"] for row in get(own).context["page"].panel]


@pytest.mark.clause("七(五)-o")
def test_before_the_release_nothing_tells_a_ticket_at_any_address():
    draw = make_held_draw(make_unit("210503"))
    own = f"/draws/{draw.draw_id}/"
    picks = list(Pick.objects.filter(draw=draw).select_related("facility"))
    others = [code for code in draw_codes(draw) if code not in {pick.facility.code for pick in picks}]
    secret = {pick.ticket for pick in picks} | {pick.ticket[:12] for pick in picks}
    secret |= {" ".join(ticket[i : i + 4] for i in (0, 4, 8)) for ticket in secret}
    secret |= set(draw.documents.filter(kind__in=["SEED"]).values_list("digest", flat=True))
    for n in range(3):
        for name in ("seed", "result", "roster", f"amend-{n + 1}", f"run-{n + 1}-seed", f"run-{n + 1}-result"):
            assert get(f"{own}{name}.txt").status_code == 404, name
    assert get(f"{own}tickets.csv").status_code == 404

    asked = [f"{own}?code={code}" for code in draw_codes(draw)] + [f"{own}?list=key&all=1", f"{own}sha256sums.txt"]
    for path in [own, f"{own}bundle.json", "/verify/", "/verify/chain/", "/verify/history/2026.json", *asked]:
        found = text_of(path)
        assert not [word for word in secret if word in found], path
    # What is said of one that was drawn and of one that was not differs in code and name only.
    plain = [
        re.sub(r"\s+", " ", text_of(f"{own}?code={code}").replace(code, "").replace(name, ""))
        for code, name in ((picks[0].facility.code, picks[0].facility.name), *((c, name_of(draw, c)) for c in others))
        if name_of(draw, code) and category_of(draw, code) == category_of(draw, picks[0].facility.code)
    ]
    assert len(plain) > 1 and len(set(plain)) == 1
    assert not Inspection.objects.filter(draw=draw).exists()


def draw_codes(draw):
    return [row.id for frame in public_documents.draw_of(draw.draw_id).frames for row in frame.rows]


def name_of(draw, code):
    frames = public_documents.draw_of(draw.draw_id).frames
    return next(row.name for frame in frames for row in frame.rows if row.id == code)


def category_of(draw, code):
    frames = public_documents.draw_of(draw.draw_id).frames
    return next(frame.category for frame in frames for row in frame.rows if row.id == code)


def test_before_the_draw_an_enterprise_learns_whether_it_takes_part():
    draw = make_sealed_draw(make_unit("210503"), key=4)
    code = draw_codes(draw)[-1]
    answer = get(f"/draws/{draw.draw_id}/?code={code}").context["page"].answer

    assert answer.sentence.startswith("参加抽取：")
    assert (answer.ticket, answer.line, answer.limits) == ("", "", ())


def test_the_sums_are_those_of_the_downloads(tmp_path):
    draw, _ = released()
    own = f"/draws/{draw.draw_id}/"
    for document in get(own).context["page"].downloads:
        (tmp_path / document.file).write_bytes(get(document.url).content)
    (tmp_path / "sha256sums.txt").write_bytes(get(f"{own}sha256sums.txt").content)

    ran = subprocess.run(["sha256sum", "-c", "sha256sums.txt"], cwd=tmp_path, capture_output=True, text=True)

    assert ran.returncode == 0, ran.stdout
    assert len(ran.stdout.splitlines()) == len(list(tmp_path.iterdir())) - 1


@pytest.mark.clause("一-f")
def test_an_auditor_replays_the_year_from_one_file(tmp_path):
    make_sealed_draw(make_unit("210505"))
    make_held_draw(make_unit("210503"), released=True)
    file, program = tmp_path / "2026.json", tmp_path / "ssj1.py"
    file.write_bytes(get("/verify/history/2026.json").content)
    program.write_bytes(get("/verify/ssj1.py").content)

    ran = subprocess.run([sys.executable, program, "history", file], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
    assert "证据包 2 个" in ran.stdout

    spoiled = json.loads(file.read_text())
    del spoiled["bundles"][0]
    file.write_text(json.dumps(spoiled))
    assert subprocess.run([sys.executable, program, "history", file], capture_output=True).returncode == 1


def test_the_addresses_of_both_programs_are_stable_and_their_digests_shown():
    page = get("/verify/").content.decode()

    for path in ("/verify/ssj1.py", "/verify/ssj1.js"):
        assert hashlib.sha256(get(path).content).hexdigest() in page
        assert path in page
    assert get("/verify/ssj1.js")["Content-Type"].startswith("text/javascript")


# --- corrected and aborted draws ---------------------------------------------------------------------------------


def corrected_draw() -> tuple[public_documents.PublicDraw, dict]:
    """A released draw of which one value had been typed wrongly, as the views of the database would give it (SSJ1 9.1)."""
    freeze = samples.make_freeze()
    first = samples.hold(freeze, values=(samples.OTHER_LOTTERY, samples.DICE))
    second = samples.hold(
        freeze, drawn="2026-04-09T09:30:00+08:00", earlier=ssj1.Run(first.seed_text, first.result_text)
    )
    bundle = samples.released(freeze, second, earlier=[(first, [])])
    texts = [("MANIFEST", 1, 0, freeze.manifest), ("ROSTER", 1, 0, freeze.roster)]
    texts += [("FRAME", 1, n, text) for n, text in enumerate(freeze.frames, 1)]
    for run, outcome in ((1, first), (2, second)):
        texts += [("SEED", run, 0, outcome.seed_text), ("RESULT", run, 0, outcome.result_text)]
        texts += [("SLIPS", run, 0, outcome.slips_text)]
    draw_id = ssj1.parse_manifest(freeze.manifest).draw
    documents = [
        public_documents.PublicDocument(
            draw_id=draw_id, kind=kind, run=run, number=n, text=text, digest=ssj1.digest(text)
        )
        for kind, run, n, text in texts
    ]
    entries = [ssj1.parse_chain(text) for text in bundle["chain"]]
    kept = [public_documents.PublicChainEntry(seq=e.seq, kind=e.kind, draw_id=draw_id, doc=e.doc) for e in entries]
    return public_documents.PublicDraw(draw_id, documents, kept), bundle


@pytest.mark.clause("一-f", "七(二)-d")
def test_a_corrected_draw_shows_the_run_that_holds_and_keeps_the_earlier_one():
    found, bundle = corrected_draw()

    assert public_documents.evidence(found, bundle["chain"]) == bundle
    assert ssj1.verify(bundle).warnings == ("W_CORRECTED",)
    assert ssj1.digest(bundle["seed"]) == found.result.seed
    [change] = corrections.lists(found)
    before, after = (
        {p.id for p in ssj1.parse_result(text).picks} for text in (bundle["superseded"][0]["result"], bundle["result"])
    )
    assert (len(change["gone"]), len(change["came"]), change["both"]) == (
        len(before - after),
        len(after - before),
        len(before & after),
    )
    standing = {p.row.id for table in tickets.tables_of(found) for p in table.places if p.standing}
    assert standing == {pick.id for pick in ssj1.parse_result(bundle["result"]).picks}
    shown = {d.label: d.url for d in downloads_of(found)}
    assert shown["种子"].endswith("/seed.txt")
    assert shown["种子（第 1 次录入，已更正）"].endswith("/run-1-seed.txt")
    assert shown["抽取结果（第 1 次录入，已更正）"].endswith("/run-1-result.txt")


@pytest.mark.clause("一-f")
def test_an_aborted_draw_is_checked_as_what_it_is():
    draw = make_sealed_draw(make_unit("210503"))
    asked = abort_actions.ask_to_abort(
        draw=draw, by=make_planner(draw.unit), reason="停售，开不出来", evidence="停售公告"
    )
    abort_actions.approve_abort(request=asked, by=make_approver(draw.unit), document_no="溪环审〔2026〕7号")
    page = get(f"/draws/{draw.draw_id}/")
    body = page.content.decode()

    assert [row["name"] for row in page.context["page"].panel] == ["frames", "quotas", "abort", "chain"]
    assert "停售，开不出来" in body and "密封随机数（作废时揭示）" in body
    assert ssj1.verify_json(get(f"/draws/{draw.draw_id}/bundle.json").content).ok
    assert get(f"/draws/{draw.draw_id}/tickets.csv").status_code == 404
    code = draw_codes(draw)[0]
    assert get(f"/draws/{draw.draw_id}/?code={code}").context["page"].answer.ticket == ""
