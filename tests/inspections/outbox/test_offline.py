"""The phone without a network, in a real browser: nothing is lost, nothing is doubled, nothing tells a stranger (七(五)-l).

Each of the known ways in which offline forms lost work has its test.
"""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from benxi_shuangsuiji.refusal import NotNow
from inspections.models import Answer, Receipt, Signature, Signer
from inspections.outbox import pages, receiving
from inspections.visits import actions as visits_actions
from tests.factories import PASSWORD
from tests.inspections.factories import answer_all, make_started, team_of

pytestmark = [pytest.mark.slow("offline"), pytest.mark.browser, pytest.mark.commits]
expect.set_options(timeout=90_000)  # most answers come at once; a busy machine takes its time
PHONE = {"width": 390, "height": 844}


# A browser that sends while it is open and not otherwise: else it does as soon as it is there, whatever the test has cut.
ALONE = "delete ServiceWorkerRegistration.prototype.sync;"
ALL_THERE = """Promise.all([Field.greet(), Field.get('stamps')]).then(([{ pages }, stamps]) =>
  Object.entries(pages || { "": 1 }).every(([page, stamp]) => (stamps || {})[page] === stamp))"""


class Phone:
    """A phone: a browser that keeps what it stored when it is closed and opened again."""

    def __init__(self, chromium, site, folder, script=""):
        self.chromium, self.site, self.folder, self.script = chromium, site, folder, script
        self.context = None
        self.turn_on()

    def turn_on(self, *, offline=False):
        self.context = self.chromium.browser_type.launch_persistent_context(
            self.folder,
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            base_url=self.site,
            offline=offline,
            locale="zh-CN",
            viewport=PHONE,
            is_mobile=True,
            has_touch=True,
        )
        if self.script:
            self.context.add_init_script(self.script)
        self.page = self.context.pages[0]
        self.page.set_default_timeout(90_000)

    def turn_off(self):
        self.context.close()

    def cut(self):
        self.context.set_offline(True)

    def connect(self):
        self.context.set_offline(False)

    def sign_in(self, user):
        self.page.goto("/desk/login/?next=/field/")
        self.page.fill("#id_username", user.username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("main button[type=submit]")
        expect(self.page).to_have_url(f"{self.site}/field/")

    def load(self):
        """Wait until every page of the tasks is on the phone."""
        self.page.goto("/field/")
        self.until("navigator.serviceWorker.ready.then(() => Field.get('refreshed'))")
        self.until(ALL_THERE)

    def until(self, true, patience=120):
        for _ in range(patience * 5):
            with suppress(Error):  # while the page leads on, nothing can be asked of it
                if self.page.evaluate(f"(async () => Boolean(await ({true})))()"):
                    return
            self.page.wait_for_timeout(200)
        raise AssertionError(f"{true}\n{self.page.url}\n{self.page.inner_text('body')}")

    def answer(self, point, word):
        self.page.locator(f"[data-point='{point.pk}'] label", has_text=word).first.click()

    def find(self, point, words):
        self.page.locator(f"[data-point='{point.pk}'] label:has([value=FOUND])").click()
        self.page.locator(f"[name=words_{point.pk}]").fill(words)

    def saved(self, point):
        return self.page.locator(f"[data-point='{point.pk}'] [data-saved]")

    @property
    def chip(self):
        return self.page.locator("[data-save-state]").first


@pytest.fixture
def phone(chromium, site, tmp_path):
    made = []

    def make(name="phone", script=""):
        made.append(Phone(chromium, site, str(tmp_path / name), script))
        return made[-1]

    yield make
    for one in made:
        one.turn_off()


@pytest.mark.clause("七(五)-l")
def test_the_network_goes_in_mid_visit_the_browser_is_closed_and_everything_is_there_once(own_database, phone):
    visit = make_started()
    user = team_of(visit)[0].user
    first, second, third = visit.answers.order_by("item_code", "number")
    mine = phone(script=ALONE)
    mine.sign_in(user)
    mine.load()

    mine.page.goto(f"/field/{visit.no}/check/1/")
    mine.answer(first, "未发现问题")
    expect(mine.saved(first)).to_contain_text("已上传")
    mine.cut()
    mine.answer(second, "不涉及")
    expect(mine.saved(second)).to_contain_text("已存在手机，等网络")
    mine.page.goto(f"/field/{visit.no}/")  # every page of the task is there
    mine.page.goto(f"/field/{visit.no}/check/2/")
    mine.answer(third, "未发现问题")
    expect(mine.saved(third)).to_contain_text("已存在手机，等网络")
    mine.page.goto("/field/")
    expect(mine.chip).to_have_text("2 件等网络")
    expect(mine.page.locator("[data-device]")).to_contain_text("没有网络，可以接着查2 件等上传：2 项答案")

    mine.turn_off()
    mine.turn_on(offline=True)
    mine.page.goto("/field/")  # from the start page on, without a network
    expect(mine.chip).to_have_text("2 件等网络")
    mine.page.goto(f"/field/{visit.no}/check/1/")
    expect(mine.page.locator(f"[data-point='{second.pk}'] input:checked")).to_have_value(Answer.NOT_APPLICABLE)

    mine.connect()
    expect(mine.saved(second)).to_contain_text("已上传")
    mine.page.goto("/field/outbox/")
    expect(mine.page.locator("[data-outbox-title]")).to_have_text("全部已上传，手机里没有等着的")
    expect(mine.page.locator("[data-outbox-received]")).to_contain_text("今天已上传 3 项")
    assert [a.answer for a in visit.answers.order_by("item_code", "number")] == [
        Answer.NONE_FOUND,
        Answer.NOT_APPLICABLE,
        Answer.NONE_FOUND,
    ]
    assert Receipt.objects.count() == 3
    assert mine.page.evaluate("Field.unsent()") == []  # no “unsaved” where all was sent


def sends(phone, point, word):
    phone.answer(point, word)
    expect(phone.saved(point)).to_contain_text("已上传")


def whats_on(phone) -> str:
    """Everything that the browser holds of this site, as far as it can be read without a key."""
    return phone.page.evaluate(
        """async () => {
          let text = document.documentElement.outerHTML;
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              if (request.url.includes("/field/")) text += request.url + await (await cache.match(request)).text();
            }
          }
          const base = await new Promise((done) => {
            const asked = indexedDB.open("field");
            asked.onsuccess = () => done(asked.result);
          });
          const read = (name) => new Promise((done) => {
            const asked = base.transaction(name).objectStore(name).getAll();
            asked.onsuccess = () => done(asked.result);
          });
          const plain = (key, value) => value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value;
          for (const name of base.objectStoreNames) text += JSON.stringify(await read(name), plain);
          base.close();
          return text;
        }"""
    )


@pytest.mark.clause("七(五)-o")
def test_signed_out_in_the_valley_the_work_stays_sealed_for_its_owner_and_nobody_reads_a_name(own_database, phone):
    visit = make_started()
    owner = team_of(visit)[0].user
    other = team_of(make_started(visit.unit))[0].user
    point = visit.answers.order_by("item_code", "number").first()
    mine = phone()
    mine.sign_in(owner)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/check/1/")
    mine.cut()
    mine.answer(point, "未发现问题")
    expect(mine.saved(point)).to_contain_text("等网络")
    assert visit.facility.name in whats_on(mine)
    mine.page.goto("/field/sign-out/")
    expect(mine.page.locator("[data-sign-out]")).to_contain_text("还有 1 件没有上传：1 项答案")
    mine.page.click("[data-leave]")
    expect(mine.page.locator("[data-something]")).to_contain_text(f"{owner.full_name}再用这台手机登录")
    assert visit.facility.name not in whats_on(mine) and visit.no not in whats_on(mine)
    mine.page.goto("/field/")  # still without a network
    assert visit.facility.name not in mine.page.content()

    mine.connect()  # the sign-in that was left behind ends before anything else opens
    for _ in range(30):
        mine.page.goto("/desk/")
        if "/desk/login/" in mine.page.url:
            break
        mine.page.wait_for_timeout(500)
    assert "/desk/login/" in mine.page.url
    mine.until("localStorage.getItem('field') !== 'leaving'")  # asks the server first, beside the page
    mine.sign_in(other)
    theirs = mine.page.locator("[data-device]")
    expect(theirs).to_contain_text(f"这台手机里有{owner.full_name}没有上传的 1 件，加密保存，只有本人登录才能上传")
    assert visit.facility.name not in whats_on(mine)
    mine.page.goto("/field/sign-out/")
    expect(mine.page).to_have_url(f"{mine.site}/field/signed-out/")  # nothing of his own: at once

    mine.sign_in(owner)
    mine.until("Field.unsent().then((left) => !left.length)")
    point.refresh_from_db()
    assert (point.answer, point.answered_by) == (Answer.NONE_FOUND, owner)


def test_after_72_hours_the_phone_forgets_every_place_and_keeps_what_is_not_sent(own_database, phone):
    visit = make_started()
    point = visit.answers.order_by("item_code", "number").first()
    mine = phone()
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/check/1/")
    mine.cut()
    mine.answer(point, "未发现问题")
    expect(mine.saved(point)).to_contain_text("等网络")
    mine.page.evaluate("Field.set('seen', Date.now() - 73 * 3600 * 1000)")
    mine.page.goto(f"/field/{visit.no}/")
    expect(mine.page.locator("main")).to_contain_text("没有网络")
    assert visit.facility.name not in whats_on(mine)
    assert mine.page.evaluate("Field.unsent().then((left) => left[0].n)") == 1


def test_an_answer_of_the_server_that_never_arrives_is_asked_for_again_and_acts_once(own_database, phone):
    """As when the server is killed after the act, or the network goes while the receipt is on its way."""
    visit = make_started()
    point = visit.answers.order_by("item_code", "number").first()
    mine = phone()
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/check/1/")
    mine.page.evaluate(
        """() => {
          const real = window.fetch;
          window.lost = 0;
          window.fetch = async (path, more) => {
            const answer = await real(path, more);
            if (more && more.method === "POST" && !window.lost++) throw new TypeError("lost");
            return answer;
          };
        }"""
    )
    mine.answer(point, "未发现问题")
    mine.until("window.lost")  # from here the page or, sooner, the worker comes again
    assert Receipt.objects.count() == 1
    mine.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(mine.saved(point)).to_contain_text("已上传")
    assert Receipt.objects.count() == 1


def test_what_the_server_cannot_take_holds_back_nothing_but_what_follows_from_it(own_database, phone, monkeypatch):
    visit = make_started()
    first, second, _ = visit.answers.order_by("item_code", "number")
    taken, full = receiving._carry_out, [True]

    def carried_out(request, *given):
        if full and f"answer_{first.pk}" in request.POST:
            raise NotNow("存储空间不足，没有存上。")
        return taken(request, *given)

    monkeypatch.setattr(receiving, "_carry_out", carried_out)
    mine = phone()
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/check/1/")
    rest = mine.page.locator("[data-rest]")
    expect(rest).to_have_text("本项其余 2 点未发现问题")
    mine.answer(first, "未发现问题")
    expect(mine.saved(first)).to_contain_text("存储空间不足，没有存上。稍后自动再传")
    expect(rest).to_have_text("本项其余 1 点未发现问题")
    mine.answer(second, "不涉及")
    expect(rest).to_be_hidden()
    mine.until(
        "Field.sync().then(() => Field.mine()).then((kept) => kept.filter((i) => i.state === Field.WAITING).length === 1)"
    )
    assert not visit.answers.get(pk=first.pk).answer and visit.answers.get(pk=second.pk).answer
    mine.page.goto("/field/outbox/")
    row = mine.page.locator("[data-outbox-list] li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("存储空间不足，没有存上。稍后自动再传")
    expect(mine.page.locator("[data-outbox-list] > p")).to_have_text(visit.facility.name)
    full.clear()
    mine.page.locator("[data-outbox-send]").click()
    expect(mine.page.locator("[data-outbox-title]")).to_have_text("全部已上传，手机里没有等着的")
    assert visit.answers.get(pk=first.pk).answer


@pytest.mark.clause("七(五)-l")
def test_a_problem_found_without_a_network_opens_what_follows_from_it(own_database, phone):
    visit = make_started()
    point = visit.answers.order_by("item_code", "number").first()
    mine = phone()
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/check/1/")
    mine.cut()
    mine.page.locator(f"[data-point='{point.pk}'] label:has([value=FOUND])").click()
    expect(mine.saved(point)).to_contain_text("等网络")  # at the tap, the words come later
    words = mine.page.locator(f"[name=words_{point.pk}]")
    words.fill("贮存间门口没有标识，经营者李大山已确认")
    words.blur()
    expect(mine.page.get_by_text("疑为个人姓名：李大山")).to_be_visible()
    mine.page.get_by_text("确认需要，写明理由").first.click()
    mine.page.locator(f"[name=why_{point.pk}]").fill("经营者就是被检查人")
    mine.page.locator(f"[name=why_{point.pk}]").blur()
    expect(mine.page.get_by_text("疑为个人姓名：李大山")).to_be_hidden()
    mine.until("Field.mine().then((all) => all.some((i) => i.fields.some(([n, v]) => n.startsWith('why_') && v)))")
    mine.page.goto(f"/field/{visit.no}/finish/")  # kept when nothing had been found
    expect(mine.page.locator("[data-when=found]")).to_be_visible()
    expect(mine.page.locator("[data-when=none]")).to_be_hidden()
    mine.connect()
    mine.page.goto("/field/outbox/")
    mine.until("Field.unsent().then((left) => !left.length)")
    assert visit.kept_names.get().name == "李大山"


def test_two_signatures_drawn_in_a_row_both_arrive(own_database, phone):
    """The second is drawn while the first still looks for a network; then the page leads on to itself."""
    visit = answer_all(make_started())
    leader = team_of(visit)[0]
    visits_actions.conclude(
        inspection=visit, by=leader.user, outcome="NO_ISSUE", finding="", measures="", rectify_by=None
    )
    mine = phone(script=ALONE)
    mine.sign_in(leader.user)
    mine.load()
    mine.cut()
    mine.page.goto(f"/field/{visit.no}/submit/")
    mine.page.evaluate(
        """() => {
          window.asked = [];
          window.fetch = () => new Promise((_, fail) => asked.push(() => fail(new TypeError("lost"))));
        }"""
    )
    done = mine.page.locator("[data-pad-done]")
    draw(mine, 0)
    done.nth(0).click()
    expect(mine.chip).to_contain_text("1 件")
    mine.until("asked.length")
    draw(mine, 1)
    with mine.page.expect_navigation():
        mine.page.evaluate("setInterval(() => asked.forEach((fail) => fail()), 50)")
    expect(mine.chip).to_have_text("1 件等网络")
    with mine.page.expect_navigation():
        done.nth(1).click()
    expect(mine.chip).to_have_text("2 件等网络")
    mine.connect()
    mine.page.goto("/field/outbox/")
    mine.until("Field.unsent().then((left) => !left.length)")
    signed = Signature.objects.filter(inspection=visit, signer=Signer.INSPECTOR, replaced_at=None)
    assert sorted(s.inspector_id for s in signed) == sorted(p.pk for p in team_of(visit))


def draw(phone, n=0):
    """A stroke on the n-th pad of the page."""
    pad = phone.page.locator("[data-pad]").nth(n)
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    phone.page.mouse.move(box["x"] + 20, box["y"] + 30)
    phone.page.mouse.down()
    phone.page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    phone.page.mouse.up()


def test_a_new_version_of_the_worker_leaves_every_page_within_reach_and_one_that_cannot_be_fetched_is_not_taken(
    own_database, phone, monkeypatch
):
    visit = make_started()
    mine = phone()
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    shells = "caches.keys().then((names) => names.filter((name) => name.startsWith('field-shell-')).join())"
    renew = "navigator.serviceWorker.getRegistration().then((worker) => worker.update().catch(() => {}))"
    before = mine.page.evaluate(shells)
    monkeypatch.setattr(pages, "version", lambda: "second")
    mine.page.evaluate(renew)
    mine.until(f"{shells}.then((names) => names === 'field-shell-second')")
    assert before != "field-shell-second"
    whole = pages.shell()
    monkeypatch.setattr(pages, "version", lambda: "third")
    monkeypatch.setattr(pages, "shell", lambda: [*whole, "/field/no-such-page.js"])
    mine.page.evaluate(renew)
    mine.page.wait_for_timeout(3000)
    mine.cut()
    for path in (f"/field/{visit.no}/", f"/field/{visit.no}/check/2/", "/field/"):
        mine.page.goto(path)
        assert visit.facility.name in mine.page.content(), path
        assert (
            mine.page.locator("main").evaluate("(main) => getComputedStyle(main).paddingLeft") == "16px"
        )  # with its style


def test_one_check_open_in_two_windows_is_answered_in_one(own_database, phone):
    visit = make_started()
    point = visit.answers.order_by("item_code", "number").first()
    mine = phone()
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    address = f"/field/{visit.no}/check/1/"
    mine.page.goto(address)
    sends(mine, point, "未发现问题")
    second = mine.context.new_page()
    second.goto(address)
    expect(second.locator("[data-device]")).to_contain_text("这次检查已在另一个窗口打开。在那边接着答，这里只能看。")
    assert second.locator(f"[data-point='{point.pk}'] input").first.is_disabled()
    mine.page.close()
    expect(second.locator(f"[data-point='{point.pk}'] input").first).to_be_enabled(timeout=15000)
    mine.page = second
    assert Receipt.objects.count() == 1


def test_the_page_says_when_the_phone_cannot_keep_anything_and_works_all_the_same(own_database, phone):
    visit = make_started()
    first, second, _ = visit.answers.order_by("item_code", "number")
    mine = phone()
    mine.sign_in(team_of(visit)[0].user)
    says = mine.page.locator("[data-device]")
    for lacks, words in (
        (
            "Object.defineProperty(window, 'isSecureContext', { value: false })",
            "这个网址不是 https，没有网络时存不住。",
        ),
        ("IDBFactory.prototype.open = () => { throw new Error('private') }", "这个窗口不能保存，换普通窗口打开。"),
    ):
        page = mine.context.new_page()
        page.add_init_script(lacks)
        page.goto(f"/field/{visit.no}/check/1/")
        expect(page.locator("[data-device]")).to_contain_text(words)
        page.locator(f"[data-point='{first.pk}'] label").nth(0).click()
        page.get_by_role("button", name="下一项").click()
        expect(page).to_have_url(f"{mine.site}/field/{visit.no}/check/2/")
        first.refresh_from_db()
        assert first.answer == Answer.NONE_FOUND
        first.answer = ""
        first.save()
        page.close()

    # A store that the browser may clear, and one that is nearly full.
    mine.load()
    expect(says).to_contain_text("浏览器没有答应长期保存。连上网后尽快上传，不要清理浏览器数据。")
    mine.page.add_init_script("StorageManager.prototype.estimate = async () => ({ quota: 100e6, usage: 91.5e6 })")
    mine.page.goto("/field/")
    expect(says).to_contain_text("手机快存满了，还可存约 12 张照片。先上传，再拍。")
    mine.page.goto(f"/field/{visit.no}/check/1/")
    sends(mine, second, "不涉及")


@pytest.mark.clause("七(五)-l")
def test_pages_that_did_not_come_at_the_first_try_come_while_the_start_page_stands_open(
    own_database, phone, monkeypatch
):
    """A valley with one bar: the server is not reached for a moment, nobody touches the phone, and then it can go."""
    mine = phone(script=ALONE)
    mine.sign_in(team_of(make_started())[0].user)
    mine.load()
    mine.page.evaluate("Field.set('refreshed', 0)")
    real, tries = pages.of, []

    def seldom(user):
        tries.append(user)
        if len(tries) < 3:
            raise NotNow("服务器正忙。")
        return real(user)

    monkeypatch.setattr(pages, "of", seldom)
    mine.page.goto("/field/")
    mine.until("Field.get('refreshed')")
    mine.until(ALL_THERE)
    assert len(tries) >= 3
