"""The public draw page in a real browser: the reader's own device recomputes the draw (一-f; ui.md 4.12)."""

import json

import pytest

from disclosure.draws import documents as public_documents
from plans.draw import actions as draw_actions
from plans.draw import ssj1
from tests.factories import make_unit
from tests.plans.corrections.test_corrections import corrected
from tests.plans.draw.factories import make_held_draw, make_sealed_draw, move_clock

pytestmark = [pytest.mark.browser, pytest.mark.commits]


def outcomes(page) -> dict[str, tuple[str, str]]:
    """Each row of the panel: the colour it has, and what stands at its right."""
    return {
        row.get_attribute("data-row"): (row.get_attribute("class") or "", row.locator(".res").inner_text())
        for row in page.locator("[data-row]").all()
    }


def press(page):
    page.click("[data-verify-go]")
    page.wait_for_selector("[data-verify-verdict]:not([hidden])")
    return page.inner_text("[data-verify-text]")


def served(text):
    return lambda route: route.fulfill(body=text, content_type="application/json")


def errors_of(page) -> list[str]:
    errors = []
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


@pytest.fixture
def released(site, at):
    return make_held_draw(make_unit("210503"), key=8, general=6, special=2, released=True)


@pytest.mark.clause("一-f", "七(二)-c")
def test_every_row_agrees_and_no_row_but_the_altered_one_fails(page, released):
    """One page of one draw: pressed as it is, and then with one character of the served bundle altered, at each place."""
    errors = errors_of(page)
    page.goto(f"/draws/{released.draw_id}/")
    requests = []
    page.on("request", lambda request: requests.append((request.method, request.url)))

    assert press(page).startswith("核验一致：")
    found = outcomes(page)
    assert set(found) == {"frames", "quotas", "random", "picks", "teams", "chain"}
    assert {colour for colour, _ in found.values()} == {"ok"}
    total = sum(line.K for line in public_documents.draw_of(released.draw_id).manifest.strata)
    assert found["picks"][1] == f"{total} / {total} 相同"
    assert "没有向任何服务器发送数据" in page.inner_text("[data-verify-took]")
    assert [(method, url.rpartition("/")[2]) for method, url in requests if "/static/img/" not in url] == [
        ("GET", "bundle.json")
    ]

    whole = public_documents.bundle_of(public_documents.draw_of(released.draw_id))
    names = list(found)
    for altered, row, code in altered_bundles(whole):
        text = json.dumps(altered, ensure_ascii=False)
        page.route("**/bundle.json", served(text))
        said = press(page)
        page.unroute("**/bundle.json")
        assert said == f"核验不一致：{ssj1.verify(altered).sentence}"
        assert code == ssj1.verify(altered).error and code in page.inner_text("[data-verify-took]")
        now = outcomes(page)
        assert now[row] == ("no", "不一致")
        assert {now[name][1] for name in names[names.index(row) + 1 :]} <= {"未核验"}
        assert all(now[name][0] == "ok" for name in names[: names.index(row)])
        assert "保存本页并联系市执法队" in page.inner_text("[data-verify-took]")
    assert errors == []


def altered_bundles(whole):
    """One character changed, in the document that each row looks at."""
    result = ssj1.parse_result(whole["result"])
    team = next(task for task in result.tasks if isinstance(task, ssj1.Team))

    def change(key, old, new):
        return whole | {key: whole[key].replace(old, new, 1)}

    frames = [whole["frames"][0].replace("onsite", "offsite", 1), *whole["frames"][1:]]
    secret = ssj1.parse_seed(whole["seed"]).secret
    yield whole | {"frames": frames}, "frames", "E_FRAME_DIGEST"
    yield change("seed", secret, f"{(int(secret[0], 16) + 1) % 16:x}{secret[1:]}"), "random", "E_COMMIT"
    ticket = result.picks[0].ticket
    yield change("result", ticket, f"{(int(ticket[0], 16) + 1) % 16:x}{ticket[1:]}"), "picks", "E_PICK"
    swapped = f"team\t{team.object}\t{team.members[0]}\t{team.leader}"
    yield change("result", f"team\t{team.object}\t{team.leader}\t{team.members[0]}", swapped), "teams", "E_TEAM"
    chain = [*whole["chain"][:-1], whole["chain"][-1].replace("kind\tSLIPS", "kind\tAMEND")]
    yield whole | {"chain": chain}, "chain", "E_CHAIN_DOC"


@pytest.mark.clause("一-f")
def test_a_sealed_draw_is_checked_as_far_as_it_is_public(page, at):
    draw = make_sealed_draw(make_unit("210503"), values_agreed=True)
    page.goto(f"/draws/{draw.draw_id}/")

    assert press(page) == "核验一致：已公开的部分没有被改动"
    found = outcomes(page)
    assert [name for name, (colour, _) in found.items() if colour == "ok"] == ["frames", "quotas", "chain"]
    assert {found[name][1] for name in ("random", "picks", "teams")} == {"名单公开后可以核验，最迟 9 月 25 日 18:00"}
    assert "名单尚未公开" in page.inner_text("[data-verify-warnings]")


@pytest.mark.clause("一-f")
def test_a_sealed_file_does_not_say_that_nobody_was_replaced(page, at, tmp_path):
    draw = make_held_draw(make_unit("210503"))
    sealed = public_documents.bundle_of(public_documents.draw_of(draw.draw_id))
    (tmp_path / "sealed.json").write_text(ssj1.bundle_json(sealed), encoding="utf-8")
    page.goto("/verify/")
    page.set_input_files("#verify-file", tmp_path / "sealed.json")
    page.wait_for_selector("[data-verify-text]:has-text('已公开的部分没有被改动')")
    assert outcomes(page)["amends"] == ("", "名单公开后可以核验")


@pytest.mark.clause("一-f")
def test_the_panel_asks_for_the_bundle_anew_when_the_names_have_opened(page, at):
    draw = make_held_draw(make_unit("210503"))
    page.goto(f"/draws/{draw.draw_id}/")
    assert press(page) == "核验一致：已公开的部分没有被改动"
    move_clock(draw.release_at)
    draw_actions.release_draw(draw=draw)
    page.goto(f"/draws/{draw.draw_id}/?list=key")
    assert "家抽中企业与公布结果完全相同" in press(page)


@pytest.mark.clause("一-f")
def test_a_file_is_checked_on_the_readers_device_alone(page, released, tmp_path):
    """A bundle and the file of a year, chosen on 怎样核验: nothing leaves the device."""
    errors = errors_of(page)
    whole = public_documents.bundle_of(public_documents.draw_of(released.draw_id))
    for name, content in (
        ("bundle", whole),
        ("history", public_documents.history_of(2026)),
        ("broken", {"format": "SSJ1-BUNDLE"}),
        ("other", {}),
    ):
        (tmp_path / f"{name}.json").write_text(ssj1.bundle_json(content), encoding="utf-8")
    page.goto("/verify/")
    requests = []
    page.on("request", lambda request: requests.append(request.url))

    for name, said in (
        ("bundle", "家抽中企业与公布结果完全相同"),
        ("history", "公示链 3 条、证据包 1 个，前后相符"),
        ("broken", "核验不一致：证据包格式不对"),
    ):
        page.set_input_files("#verify-file", tmp_path / f"{name}.json")
        page.wait_for_selector(f"[data-verify-text]:has-text('{said}')")

    page.set_input_files("#verify-file", tmp_path / "other.json")
    page.wait_for_selector("[data-verify-warnings]:has-text('这不是证据包，没有核验')")
    assert not page.is_visible("[data-verify-text]")  # nobody is alarmed by a file of something else
    assert [url for url in requests if "/static/img/" not in url] == []
    assert errors == []


@pytest.mark.clause("一-f")
def test_without_script_the_same_rows_stand_as_text_with_the_downloads(chromium, site, released):
    context = chromium.new_context(base_url=site, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/draws/{released.draw_id}/")
    shown = page.inner_text("[data-verify]")

    assert "名单没有被改动" in shown and "公示链没有断" in shown and "浏览器没有开启脚本" in shown
    assert not page.is_visible("[data-verify-go]")
    assert page.get_attribute("[data-verify] footer a >> nth=0", "href").endswith("bundle.json")
    page.fill("#code", public_documents.draw_of(released.draw_id).frames[0].rows[0].id)
    page.click("form[action='#one'] button")
    assert "签号排第" in page.inner_text("section:has(> div > #one)")
    context.close()


def test_a_hundred_thousand_tickets_do_not_freeze_the_page(page, site):
    """They are computed in slices, between which the page's own timers go on (ui.md 10)."""
    page.goto("/verify/")
    drawn, ticks = page.evaluate(
        """async () => {
          const rows = Array.from({ length: 100000 }, (_, n) => ({ id: "9121050" + n, seen: false }));
          let ticks = 0;
          const watch = setInterval(() => { ticks += 1; }, 1);
          const ranked = await SSJ1.slices(SSJ1.rank("ab".repeat(32), "210504.key", rows), { sliceMs: 10 });
          clearInterval(watch);
          return [ranked.order.length, ticks];
        }"""
    )
    assert drawn == 100_000
    assert ticks >= 5


@pytest.mark.clause("一-f", "七(二)-d")
def test_a_corrected_draw_agrees_in_the_browser_and_its_superseded_run_is_checked_too(page, released):
    """Both runs are computed anew: an altered line of the one that no longer holds is found like any other."""
    draw = corrected(released)
    page.goto(f"/draws/{draw.draw_id}/")

    assert press(page).startswith("核验一致：")
    assert {colour for colour, _ in outcomes(page).values()} == {"ok"}
    assert "曾经录错，已按原封存清单更正" in page.inner_text("[data-verify-warnings]")
    whole = public_documents.bundle_of(public_documents.draw_of(draw.draw_id))
    [first] = whole["superseded"]
    team = next(t for t in ssj1.parse_result(first["result"]).tasks if isinstance(t, ssj1.Team))
    line = f"team\t{team.object}\t{team.leader}\t{','.join(team.members)}"
    swapped = f"team\t{team.object}\t{team.members[0]}\t{','.join(sorted([team.leader, *team.members[1:]]))}"
    altered = whole | {"superseded": [first | {"result": first["result"].replace(line, swapped)}]}
    page.route("**/bundle.json", served(json.dumps(altered, ensure_ascii=False)))

    said = press(page)

    assert said == f"核验不一致：{ssj1.verify(altered).sentence}"
    assert ssj1.verify(altered).error == "E_TEAM" and "E_TEAM" in page.inner_text("[data-verify-took]")
