"""Every change is kept at once, a full store says so, and what the phone shows is what it holds (七(五)-l, PNG 28b)."""

import pytest
from playwright.sync_api import expect

from inspections.models import Answer, Conclusion, Evidence, InspectionStatus, Receipt, Sample
from inspections.visits import actions as visits_actions
from tests.inspections.evidence.pictures import noise
from tests.inspections.factories import answer_all, finish, make_inspection, make_started, start, team_of

from .test_offline import ALONE, draw, phone, whats_on  # noqa: F401

pytestmark = [pytest.mark.slow("offline"), pytest.mark.browser, pytest.mark.commits]
PICTURE = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": noise((1600, 1200))}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.clause("七(五)-l")
def test_a_half_typed_result_and_a_signature_half_way_are_there_again_and_are_gone_once_received(own_database, phone):  # noqa: F811
    visit = answer_all(make_started())
    leader, member = (p.user for p in team_of(visit))
    mine = phone()
    mine.sign_in(leader)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/finish/")
    mine.page.locator("summary", has_text="检查情况和现场处理").click()
    mine.page.locator("[name=finding]").press_sequentially("在线监测房正在")
    expect(mine.page.locator("#result [data-saved]")).to_contain_text("已存在手机，还没提交")
    mine.turn_off()  # nothing was pressed
    mine.turn_on()
    mine.page.goto(f"/field/{visit.no}/finish/")
    box = mine.page.locator("[name=finding]")
    expect(box).to_be_visible()
    expect(box).to_have_value("在线监测房正在")
    assert mine.page.evaluate("Field.unsent()") == [] and "在线监测房" not in whats_on_device(mine)
    expect(mine.chip).to_have_text("全部已上传")

    # What the partner wrote meanwhile is not overwritten by it.
    visits_actions.conclude(
        inspection=visit, by=member, outcome="NO_ISSUE", finding="同组写的", measures="", rectify_by=None
    )
    mine.page.reload()
    expect(box).to_have_value("在线监测房正在")
    mine.page.get_by_role("button", name="给现场负责人看").click()
    expect(mine.page.locator("#result [data-saved]")).to_contain_text("没有传上去：同组")
    assert Conclusion.objects.get(inspection=visit).finding == "同组写的"
    mine.page.reload()
    box.fill("在线监测房正在检修。")
    mine.page.get_by_role("button", name="给现场负责人看").click()
    mine.page.wait_for_url("**/read/")
    assert Conclusion.objects.get(inspection=visit).finding == "在线监测房正在检修。"
    mine.until("Field.mine().then((items) => !items.length)")

    mine.page.goto(f"/field/{visit.no}/sign/")
    draw(mine)
    expect(mine.page.locator("#sign [data-saved]")).to_contain_text("还没提交")
    drawn = mine.page.locator("[name=path]").input_value()
    mine.page.reload()
    expect(mine.page.locator("[data-pad-again]")).to_be_visible()
    expect(mine.page.locator("[name=path]")).to_have_value(drawn)


def whats_on_device(mine) -> str:
    """What lies there, without the page that is open."""
    mine.page.evaluate("document.body.remove()")
    text = whats_on(mine)
    mine.page.reload()
    return text


@pytest.mark.clause("七(五)-l")
def test_without_a_network_every_page_counts_what_the_phone_holds(own_database, phone):  # noqa: F811
    visit = make_started()
    later = make_inspection(visit.unit, team=team_of(visit))
    first, second, third = visit.answers.order_by("item_code", "number")
    mine = phone()
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    page, base = mine.page, f"/field/{visit.no}/"
    page.goto(f"{base}check/1/")
    mine.answer(first, "未发现问题")
    expect(mine.saved(first)).to_contain_text("已上传")
    mine.load()
    mine.until(f"caches.match('{base}').then((page) => page.text()).then((text) => text.includes('还有'))")
    page.evaluate(f"caches.open(Field.PAGES).then((kept) => kept.delete('/field/{later.no}/'))")  # as if not loaded yet
    mine.cut()
    page.goto(f"{base}check/1/")
    mine.answer(second, "不涉及")
    page.get_by_role("link", name="返回").click()  # at once: it is kept before the page goes
    page.wait_for_url(f"**{base}check/")
    page.goto(f"{base}check/2/")
    mine.find(third, "贮存间门口没有标识")
    expect(mine.saved(third)).to_contain_text("等网络")
    # The tap is kept at once, the words a moment after the last sign.
    mine.until("Field.mine().then((kept) => JSON.stringify(kept).includes('贮存间门口没有标识'))")
    expect(page.locator(".ph-prog")).to_contain_text("已答 3 点，共 3 点")

    page.goto("/field/")
    card = page.locator(f"[data-task='{visit.no}']")
    expect(card).to_contain_text("已答 3 点，共 3 点")
    expect(card).to_contain_text("1 点已上传，2 点等网络")
    expect(page.locator("main")).to_contain_text("任务、企业情况、检查清单和检查码都在手机里，没有网络也能打开。")
    expect(page.locator(f"[data-task='{later.no}']")).to_contain_text("这家企业的资料还没有存到手机，连上网后再打开")
    page.goto(f"{base}check/")
    rows = page.locator("main .ph-list").first.locator("li")
    expect(rows.nth(0)).to_contain_text("2 / 2 点未发现问题")
    expect(rows.nth(1)).to_contain_text("1 / 1 点发现问题 1 点")
    page.goto(f"{base}finish/")
    expect(page.locator("[data-lead]")).to_contain_text("3 个检查点都有答案")
    expect(page.locator("[data-found]")).to_contain_text("贮存间门口没有标识")
    expect(page.locator("[name=finding]")).to_have_value("贮存间门口没有标识。")  # what was found stands ready
    page.locator("label", has_text="当场改正").click()
    page.get_by_role("button", name="给现场负责人看").click()
    page.wait_for_url("**/read/")
    read = page.locator("main")  # what the person in charge reads adds up before he signs
    for way in ("sign", "refuse", "submit"):  # the result lies on the phone: no page says that it is not written
        page.goto(f"{base}{way}/")
        expect(page.locator("main")).to_contain_text({"sign": "谁在签", "refuse": "谁见证", "submit": "提交前"}[way])
        expect(page.get_by_text("还没有写检查结果")).to_be_hidden()
    page.goto(f"{base}read/")
    expect(read).to_contain_text("未发现问题 1 点，发现问题 1 点，不涉及 1 点")
    expect(page.locator("[data-n=open]")).to_be_hidden()
    expect(page.locator("[data-found]")).to_contain_text("贮存间门口没有标识")
    expect(page.locator("[data-written]")).to_contain_text("当场改正")

    # Sent while a page stands open, its numbers do not fall back.
    page.goto("/field/")
    expect(card).to_contain_text("2 点等网络")
    mine.connect()
    mine.until("Field.mine().then((items) => !items.length)")
    expect(card).to_contain_text("已答 3 点，共 3 点")
    expect(card).not_to_contain_text("等网络")
    assert not Receipt.objects.filter(state="REFUSED").exists()
    assert Conclusion.objects.get(inspection=visit).finding == "贮存间门口没有标识。"


@pytest.mark.clause("七(五)-l")
def test_what_is_registered_one_after_the_other_without_a_network_is_all_kept(own_database, phone):  # noqa: F811
    """Two samples are two: the second form does not take the place of the first, as a second answer to one point does."""
    visit = make_started()
    mine = phone()
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/samples/")
    mine.cut()
    for n in (1, 2):
        mine.page.fill("[name=no]", f"S-{n}")
        mine.page.select_option("[name=medium]", index=1)
        for name, words in (("place", "总排口"), ("amount", "2 瓶"), ("tested_for", "化学需氧量")):
            mine.page.fill(f"[name={name}]", words)
        mine.page.get_by_role("button", name="登记", exact=True).click()
        expect(mine.page.locator("#sample [data-saved]")).to_contain_text(f"{n} 件已存在手机，等上传")
        expect(mine.page.locator("[name=no]")).to_have_value("")
    mine.connect()
    mine.until("Field.unsent().then((left) => !left.length)")
    assert sorted(Sample.objects.filter(inspection=visit).values_list("no", flat=True)) == ["S-1", "S-2"]


@pytest.mark.clause("七(五)-l")
def test_a_store_nearly_full_and_full_says_so_keeps_what_is_there_and_still_sends(own_database, phone):  # noqa: F811
    visit = make_started()
    first, second, third = visit.answers.order_by("item_code", "number")
    mine = phone()
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    page, says = mine.page, mine.page.locator("[data-device]")
    session = mine.context.new_cdp_session(page)

    def leave(room):
        """The browser gives this site what it uses and so many bytes more, and does not say so."""
        used = page.evaluate("navigator.storage.estimate().then((found) => found.usage)")
        session.send("Storage.overrideQuotaForOrigin", {"origin": mine.site, "quotaSize": used + room})
        page.wait_for_timeout(31_000)  # for so long Chromium believes what it knew of the room left

    def shot(n, many):
        shoot.set_input_files({**PICTURE, "buffer": noise((1600 + n, 1200))})
        mine.until(f"Field.unsent().then((left) => left[0].kinds.photo === {many})")

    page.goto(f"/field/{visit.no}/check/1/")
    mine.cut()
    mine.find(first, "排口标志牌缺一块")
    shoot = page.locator(f"input[form=shoot-{first.pk}]")
    shot(0, 1)
    mine.until("Field.spare().then((many) => many === Field.SPARES)")
    leave(100_000)
    shot(1, 2)  # there is no room for it but what was held free
    expect(says).to_contain_text("手机快存满了，还可存约")
    expect(says).to_contain_text("先上传，再拍。")
    taken = 2
    for n in range(2, 20):
        before = page.evaluate("Field.unsent().then((left) => left[0].kinds.photo)")
        shoot.set_input_files({**PICTURE, "buffer": noise((1600 + n, 1200))})
        mine.until(
            f"document.querySelector('[data-says=full]') || Field.unsent().then((left) => left[0].kinds.photo > {before})"
        )
        if page.locator("[data-says=full]").count():
            break
        taken += 1
    expect(says).to_contain_text("手机存满了，这张照片没有存上。答案和文字还能存。")
    assert 3 <= taken < 19 and page.evaluate("Field.unsent().then((left) => left[0].kinds.photo)") == taken
    mine.answer(second, "不涉及")
    expect(mine.saved(second)).to_contain_text("已存在手机，等网络")
    leave(-5_000_000)  # and less than it holds already: now nothing goes in, words neither
    assert page.evaluate("Field.unsent().then((left) => left[0].n)") == taken + 2

    mine.connect()  # full as it is, it sends, and what is received makes room
    mine.until("Field.unsent().then((left) => !left.length)")
    assert [a.answer for a in visit.answers.order_by("item_code", "number")] == [Answer.FOUND, "NOT_APPLICABLE", ""]
    assert Evidence.objects.filter(inspection=visit).count() == taken and Receipt.objects.count() == taken + 2
    page.goto(f"/field/{visit.no}/check/2/")
    mine.answer(third, "未发现问题")
    expect(mine.saved(third)).to_contain_text("已上传")


@pytest.mark.clause("七(五)-o")
def test_what_is_handed_in_or_taken_away_leaves_the_phone_with_its_half_typed_words(own_database, phone):  # noqa: F811
    """The release, a replacement, the submission: the phone keeps no page that names the place any more."""
    visit = answer_all(make_started())
    mine = phone()
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/read/")
    mine.page.locator("summary", has_text="不同意见").click()
    mine.page.locator("[name=words]").press_sequentially("我们已经")
    mine.until("Field.mine().then((items) => items.length === 1)")
    assert visit.facility.name in whats_on(mine)
    finish(visit)
    visit.refresh_from_db()
    assert visit.status == InspectionStatus.FINISHED
    mine.page.goto("/field/outbox/")
    mine.page.evaluate("dispatchEvent(new Event('online'))")  # whatever there is, the pages are looked at anew
    mine.until(f"Field.has('/field/{visit.no}/').then((has) => !has)")
    mine.until("Field.mine().then((items) => !items.length)")
    mine.page.goto("/field/outbox/")
    kept = mine.page.evaluate(
        "caches.open(Field.PAGES).then((kept) => kept.keys()).then((all) => all.map((r) => r.url))"
    )
    assert not any(visit.no in address for address in kept)


@pytest.mark.clause("七(五)-l")
def test_the_partners_phone_that_finds_the_network_first_waits_for_the_arrival(own_database, phone):  # noqa: F811
    visit = make_inspection()
    first, second, _ = visit.answers.order_by("item_code", "number")
    mine = phone()
    mine.sign_in(team_of(visit)[1].user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/check/1/")
    expect(mine.page.locator("[data-early]")).to_contain_text("先存在手机里")
    mine.answer(first, "未发现问题")
    mine.answer(second, "不涉及")
    expect(mine.saved(second)).to_contain_text("到场和送达还没有传上来，也许在同组的手机里。稍后自动再传")
    expect(mine.chip).to_have_text("2 件还不能上传")
    assert not Receipt.objects.exists()
    start(visit)
    mine.page.evaluate("window.dispatchEvent(new Event('online'))")
    mine.until("Field.unsent().then((left) => !left.length)")
    assert [a.answer for a in visit.answers.order_by("item_code", "number")] == ["NONE_FOUND", "NOT_APPLICABLE", ""]


@pytest.mark.clause("七(五)-l")
def test_once_the_arrival_was_received_no_page_kept_on_the_phone_says_that_it_is_missing(own_database, phone):  # noqa: F811
    visit = make_inspection()
    mine = phone(script=ALONE)
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    page = mine.page
    page.goto(f"/field/{visit.no}/arrive/")
    page.fill("[name=recorder_no]", "BX-MS-07")
    page.get_by_role("button", name="登记到场").click()
    page.wait_for_url("**/code/")
    mine.until("Field.mine().then((items) => !items.length)")
    mine.cut()  # within the minute
    for way, words in (("evidence", "照片 0 张"), ("samples", "登记采样"), ("", "到场")):
        page.goto(f"/field/{visit.no}/{way + '/' if way else ''}")
        expect(page.locator("body")).to_contain_text(words)
        expect(page.get_by_text("检查还没有开始")).to_have_count(0)


@pytest.mark.clause("七(五)-l")
def test_an_answer_given_before_the_notice_is_served_does_not_keep_the_serving_on_the_phone(own_database, phone):  # noqa: F811
    visit = make_inspection()
    point = visit.answers.order_by("item_code", "number").first()
    mine = phone(script=ALONE)
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/arrive/")
    mine.page.fill("[name=recorder_no]", "BX-MS-07")
    mine.page.get_by_role("button", name="登记到场").click()
    mine.page.wait_for_url("**/code/")
    mine.until("Field.mine().then((items) => !items.length)")
    mine.page.goto(f"/field/{visit.no}/check/1/")
    mine.answer(point, "未发现问题")
    expect(mine.saved(point)).to_contain_text("还没有出示执法证件")
    mine.page.goto(f"/field/{visit.no}/code/")
    mine.page.get_by_role("button", name="已出示证件并送达").click()
    mine.until("Field.unsent().then((left) => !left.length)")
    visit.refresh_from_db()
    point.refresh_from_db()
    assert visit.identity_shown_at and point.answer == Answer.NONE_FOUND
