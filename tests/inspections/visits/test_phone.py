"""A visit by thumb, in a real browser: how many taps it takes, and whether everybody can read and reach it (七(五)-l)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError, expect

from benxi_shuangsuiji.accounts.models import User
from inspections.models import Inspection, InspectionStatus, Signature
from tests.factories import PASSWORD
from tests.inspections.factories import make_inspection, make_started, team_of

pytestmark = [pytest.mark.slow("offline"), pytest.mark.browser, pytest.mark.commits]
PHONE = {"width": 390, "height": 844}
SIZES = (4, 4, 4, 4, 5, 3, 5, 5)  # 8 items, 34 points
MOST_TAPS = 25
TOO_SMALL = """() => [...document.querySelectorAll("a, button, summary, input, select, textarea")].filter((e) => {
  const whole = e.closest("label") || e;
  const { width, height } = whole.getBoundingClientRect();
  return e.checkVisibility() && !e.matches(".skip, p a, .ph-card a") && width > 0 && height < 43.5;
}).map((e) => e.outerHTML.slice(0, 120))"""


def sheet():
    return [
        (f"A{n:02d}", f"第 {n} 个抽查事项的落实情况", k, f"检查要点 {n}.{k} 是否落实")
        for n, size in enumerate(SIZES, 1)
        for k in range(1, size + 1)
    ]


class Thumb:
    """Somebody with a phone whose taps are counted, signatures apart."""

    def __init__(self, page, site):
        self.page, self.site, self.taps = page, site, 0
        page.set_default_timeout(20_000)

    def sign_in(self, user: User):
        self.page.goto(f"{self.site}/desk/login/?next=/field/")
        self.page.fill("#id_username", user.username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("main button[type=submit]")
        expect(self.page).to_have_url(f"{self.site}/field/")

    def tap(self, words, then=""):
        self.taps += 1
        self.page.get_by_role("button", name=words).or_(self.page.get_by_role("link", name=words)).first.click()
        if then:
            try:
                self.page.wait_for_url(f"{self.site}{then}")
            except TimeoutError:  # the phone says on the page why it stays
                raise AssertionError(f"no {then}, but:\n{self.page.locator('body').inner_text()}") from None

    def look(self):
        """What everybody must be able to read and reach, also in large print."""
        for size in ("", "large"):
            self.page.evaluate("size => (document.documentElement.dataset.size = size)", size)
            found = Axe().run(self.page, context={"exclude": [[".demo"]]}).response["violations"]
            assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == [], self.page.url
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide == 0, self.page.url
        self.page.evaluate("delete document.documentElement.dataset.size")
        assert self.page.evaluate(TOO_SMALL) == [], self.page.url

    def draw(self, pad):
        box = pad.bounding_box()
        self.page.mouse.move(box["x"] + 30, box["y"] + 40)
        self.page.mouse.down()
        for n in range(1, 6):
            self.page.mouse.move(box["x"] + 30 + 18 * n, box["y"] + 40 + (12 if n % 2 else 28))
        self.page.mouse.up()


@pytest.fixture
def thumb(chromium, site):
    context = chromium.new_context(locale="zh-CN", viewport=PHONE, is_mobile=True, has_touch=True)
    yield Thumb(context.new_page(), site)
    context.close()


@pytest.mark.clause("七(五)-l")
def test_a_visit_of_34_points_without_a_problem_takes_at_most_25_taps(own_database, thumb):
    visit = make_inspection(points=sheet())
    base = f"/field/{visit.no}/"
    leader, member = team_of(visit)
    Inspection.objects.filter(pk=visit.pk).update(planned_on="2026-07-06", planned_minutes=150)
    thumb.sign_in(leader.user)
    thumb.look()
    page = thumb.page

    page.get_by_role("link", name="去查").click()
    page.fill("[name=recorder_no]", "BX-MS-07")  # of the first visit only; later ones have it ready
    thumb.look()
    thumb.tap("登记到场，记录仪已开启", base + "code/")
    thumb.tap("已出示证件并送达", base + "check/1/")
    for n, size in enumerate(SIZES, 1):
        if n == 1:
            thumb.look()
        thumb.tap(f"本项其余 {size} 点未发现问题")
        expect(page.get_by_text(f"刚把 {size} 点记为未发现问题")).to_be_visible()
        last = n == len(SIZES)
        thumb.tap("检查完毕" if last else "下一项", base + ("finish/" if last else f"check/{n + 1}/"))
    thumb.look()
    thumb.tap("给现场负责人看", base + "read/")
    thumb.look()
    thumb.tap("看完了，去签名", base + "sign/")
    page.get_by_text("别的人").or_(page.get_by_text("现场负责人", exact=True)).last.click()
    page.fill("[name=name]", "齐某")
    thumb.draw(page.locator("[data-pad]"))
    thumb.look()
    thumb.tap("签好了，轮到检查人员", base + "submit/")
    for person in (leader, member):
        pad = page.locator("form", has_text=person.name).locator("[data-pad]")
        thumb.draw(pad)
        page.get_by_role("button", name=f"{person.name}签好了").click()
        expect(page.get_by_role("img", name=f"{person.name}的签名")).to_be_visible()
    thumb.look()
    thumb.tap("提交检查结果")
    expect(page.get_by_text("的检查已提交")).to_be_visible()
    thumb.look()

    visit.refresh_from_db()
    assert (visit.status, visit.answers.filter(answer="NONE_FOUND").count()) == (InspectionStatus.FINISHED, 34)
    assert Signature.objects.filter(inspection=visit, path__isnull=False).count() == 3
    assert thumb.taps <= MOST_TAPS, thumb.taps


@pytest.mark.clause("七(五)-l")
def test_a_problem_opens_its_words_and_a_refusal_its_witness(own_database, thumb):
    visit = make_started()
    base = f"/field/{visit.no}/"
    page, point = thumb.page, visit.answers.order_by("item_code", "number").first()
    thumb.sign_in(team_of(visit)[0].user)
    page.goto(f"{thumb.site}{base}check/1/")
    words = page.locator(f"[name=words_{point.pk}]")
    expect(words).to_be_hidden()
    page.locator(f"[data-point='{point.pk}'] label", has_text="发现问题").nth(1).click()
    words.fill("事故应急池没有排空，现场负责人王建国已确认。")
    page.locator(f"[data-point='{point.pk}'] label", has_text="不涉及").click()
    expect(words).to_be_hidden()
    expect(page.get_by_text("留着 1 段文字，没有用上").first).to_be_visible()
    page.locator(f"[data-point='{point.pk}'] label", has_text="发现问题").nth(1).click()
    expect(words).to_have_value("事故应急池没有排空，现场负责人王建国已确认。")
    words.blur()
    expect(page.get_by_text("疑为个人姓名：王建国")).to_be_visible()
    expect(page.locator(f"[data-point='{point.pk}'] [data-saved]")).to_contain_text("已上传")
    thumb.look()
    page.get_by_role("button", name="改为“现场负责人”").click()
    expect(words).to_have_value("事故应急池没有排空，现场负责人已确认。")
    expect(page.locator(f"[data-point='{point.pk}'] [data-saved]")).to_contain_text("已上传")
    page.goto(f"{thumb.site}{base}check/")
    thumb.look()
    page.goto(f"{thumb.site}{base}finish/")
    expect(page.get_by_text("公开的文字里没有姓名、电话和证件号")).to_be_visible()
    thumb.look()
    page.goto(f"{thumb.site}{base}refuse/")
    thumb.look()
    page.get_by_text("没有见证人", exact=True).click()
    expect(page.locator("[name=witness]")).to_be_hidden()
    for name in ("read/", "paper/", "sign/"):
        page.goto(f"{thumb.site}{base}{name}")
        thumb.look()
