"""Two inspectors, two phones, one valley: from the declaration to the review everything is there, once (七(五)-l, -o).

The network goes in mid-visit, both answer one point, photographs wait, a browser is closed, the server is killed during an
upload, and the clock of both phones is ten minutes fast.
"""

import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents import filled, pdf
from inspections.models import (
    Answer,
    AnswerConflict,
    Evidence,
    Inspection,
    InspectionStatus,
    PaperKind,
    Receipt,
    ReceiptState,
    Signature,
)
from inspections.paperwork import papers
from inspections.paperwork.rules import why_not_paper
from inspections.review import actions as review_actions
from tests import database
from tests.factories import make_approver
from tests.inspections.evidence.pictures import noise
from tests.inspections.factories import make_inspection, team_of

from .test_offline import Phone

pytestmark = [pytest.mark.slow("offline"), pytest.mark.browser, pytest.mark.commits]
ROOT = Path(__file__).resolve().parents[3]
FAST = timedelta(minutes=10)
# The clock of a phone, told as how many milliseconds it is ahead of this machine's.
PHONE_CLOCK = """(() => {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + %d); }
    static now() { return Real.now() + %d; }
  };
})();"""
POINTS = [
    ("A01", "污染防治设施运行情况", 1, "污染防治设施是否正常运行"),
    ("A01", "污染防治设施运行情况", 2, "运行台账是否完整"),
    ("B01", "固体废物管理情况", 1, "贮存间是否设置识别标志"),
    ("B01", "固体废物管理情况", 2, "转移联单是否齐全"),
]


class Site:
    """The application in a process that can be killed and started again under the same address."""

    def __init__(self, name, folder, script):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.name, self.folder, self.script = name, folder, script
        self.address = f"http://127.0.0.1:{self.port}"
        self.process, self.posted = None, None

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.inspections.outbox.serving", str(self.port), self.script],
            cwd=ROOT,
            env={
                **database.on(self.name),
                "DJANGO_SETTINGS_MODULE": "benxi_shuangsuiji.settings",
                "EVIDENCE_ROOT": str(self.folder),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.posted = queue.Queue()
        threading.Thread(target=self._listen, args=(self.process, self.posted), daemon=True).start()
        self.wait_for("ready")

    @staticmethod
    def _listen(process, heard):
        for line in process.stdout:
            heard.put(line.strip())

    def wait_for(self, end):
        """Until something is sent to an address with this end; earlier ones are forgotten."""
        while not self.posted.get(timeout=60).endswith(end):
            pass

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def valley(own_database, at, chromium, tmp_path, settings):
    """(site, make phone): the clock runs, the phones' are fast, evidence lies where the test can read it."""
    settings.EVIDENCE_ROOT = str(tmp_path / "evidence")
    began = at(database.START, running=True)
    ahead = int((began + FAST).timestamp() * 1000) - int(time.time() * 1000)
    script = PHONE_CLOCK % (ahead, ahead)
    site = Site(own_database, tmp_path / "evidence", script)
    site.start()
    phones = []

    def make(name):
        phones.append(Phone(chromium, site.address, str(tmp_path / name), script))
        return phones[-1]

    yield site, make
    for phone in phones:
        phone.turn_off()
    site.kill()


def accept(phone, visit):
    page = phone.page
    page.goto(f"/field/{visit.no}/")
    page.check("[name=no_conflict]")
    page.check("[name=discipline]")
    page.get_by_role("button", name="声明并接受任务").click()
    expect(page.get_by_role("button", name="声明并接受任务")).to_have_count(0)


def draw(page, pad):
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()


def shoot(phone, point, name):
    picture = {"name": name, "mimeType": "image/jpeg", "buffer": noise((1200, 900))}
    phone.page.locator(f"input[form=shoot-{point.pk}]").set_input_files(picture)


def minute(moment):
    return moment.replace(second=0, microsecond=0)


@pytest.mark.clause("七(五)-l", "七(五)-o")
def test_a_day_of_two_in_a_valley_is_on_record_once_and_in_order(valley):
    site, make_phone = valley
    visit = make_inspection(accepted=False, points=POINTS)
    leader, member = team_of(visit)
    one, two, three, four = visit.answers.order_by("item_code", "number")
    check, base = f"/field/{visit.no}/check", f"/field/{visit.no}/"
    first, second = make_phone("first"), make_phone("second")

    # In town: both declare and accept, and their phones take everything along.
    for phone, person in ((first, leader), (second, member)):
        phone.sign_in(person.user)
        accept(phone, visit)
    for phone in (first, second):
        phone.load()
        phone.until(f"Field.has('{check}/2/')")
    expect(first.page.locator("body")).to_contain_text("可以到场")
    first.page.goto("/field/outbox/")
    expect(first.page.locator("[data-outbox-clock]")).to_have_text(
        "手机时间比服务器快 10 分钟，记录按服务器时间换算，两个时间都留着"
    )

    # In the valley: arrival, the notice and the first answers of both without a network.
    first.cut()
    second.cut()
    site.kill()  # cut off also for what the browser sends by itself
    arrived = clock.now()
    page = first.page
    page.goto(f"{base}arrive/")
    page.fill("[name=recorder_no]", "BX-MS-07")
    page.get_by_role("button", name="登记到场").click()
    page.wait_for_url("**/code/")
    page.get_by_role("button", name="已出示证件并送达").click()
    page.wait_for_url("**/check/1/")
    first.answer(one, "未发现问题")
    first.answer(two, "不涉及")
    page.get_by_role("button", name="下一项").click()
    page.wait_for_url("**/check/2/")
    first.find(three, "贮存间门口没有识别标志")
    for n in range(3):
        shoot(first, three, f"IMG_{n}.jpg")
        first.until(f"Field.unsent().then((left) => left[0].kinds.photo === {n + 1})")
    expect(page.locator(f"[data-point='{three.pk}'] canvas")).to_have_count(3)  # the page has come to rest
    first.answer(four, "未发现问题")
    expect(first.saved(four)).to_contain_text("等网络")
    second.page.goto(f"{check}/1/")
    second.find(one, "水泵停着，没有报告")
    expect(second.saved(one)).to_contain_text("等网络")

    # The browser is closed and opened; everything is there, and counted.
    first.turn_off()
    first.turn_on(offline=True)
    page = first.page
    page.goto("/field/")
    expect(first.chip).to_have_text("9 件等网络")
    expect(page.locator("[data-device]")).to_contain_text("9 件等上传：4 项答案，3 张照片，2 项办理")
    page.goto(f"{base}check/")
    expect(page.locator(".ph-prog")).to_contain_text("已答 4 点，共 4 点")

    # The network comes back to the first; the server is killed while a photograph is on its way, and started again.
    site.start()
    first.connect()
    site.wait_for("/evidence/")
    site.kill()
    assert Evidence.objects.count() < 3
    site.start()
    first.page.evaluate("window.dispatchEvent(new Event('online'))")
    first.until("Field.unsent().then((left) => !left.length)")
    assert Evidence.objects.filter(inspection=visit, point=three).count() == 3

    # Then to the second, whose answer to the first point differs: said, and chosen on the phone.
    second.connect()
    expect(second.page.locator("[data-device]")).to_contain_text("1 处两人答案不同")
    one.refresh_from_db()
    assert (one.answer, one.answered_by) == (Answer.NONE_FOUND, leader.user)
    second.page.get_by_role("link", name="两个人商量后选一份").click()
    choices = second.page.locator("fieldset", has_text=one.text)
    expect(choices).to_contain_text("水泵停着，没有报告")
    assert choices.locator("input:checked").count() == 0
    expect(second.page.locator("main")).to_contain_text("1 处不同，0 处已定")
    choices.locator("label", has_text="（我）").click()
    second.page.get_by_role("button", name="定为选中的答案").click()
    expect(second.page.locator("main")).to_contain_text("1 处不同，1 处已定")
    one.refresh_from_db()
    assert (one.answer, one.words, one.answered_by) == (Answer.FOUND, "水泵停着，没有报告", member.user)
    conflict = AnswerConflict.objects.get()
    assert (conflict.first_answer, conflict.second_answer) == (Answer.NONE_FOUND, Answer.FOUND)

    # The end without a network: result, what is read to the person in charge, three signatures, handed in.
    first.load()
    first.cut()
    page = first.page
    page.goto(f"{base}finish/")
    page.locator("label", has_text="当场改正").click()
    page.get_by_role("button", name="给现场负责人看").click()
    page.wait_for_url("**/read/")
    expect(page.locator("[data-written]")).to_contain_text("当场改正")
    expect(page.locator("[data-found]")).to_contain_text("水泵停着，没有报告")
    page.get_by_role("button", name="看完了，去签名").click()
    page.wait_for_url("**/sign/")
    page.locator("[name=who]").last.check(force=True)
    page.fill("[name=name]", "齐某")
    page.fill("[name=position]", "厂长")
    draw(page, page.locator("[data-pad]"))
    page.get_by_role("button", name="签好了").click()
    page.wait_for_url("**/submit/")
    for n, person in enumerate((leader, member)):
        form = page.locator("form", has_text=person.name)
        draw(page, form.locator("[data-pad]"))
        with page.expect_navigation():  # the page leads on to itself
            form.locator("[data-pad-done]").click()
        expect(first.chip).to_have_text(f"{4 + n} 件等网络")
    page.get_by_role("button", name="提交检查结果").click()
    expect(page.locator("#leave [data-saved]")).to_contain_text("连上网后自动提交")
    left = clock.now()
    first.connect()
    first.until("Field.unsent().then((left) => !left.length)")

    handed_in = Inspection.objects.get(pk=visit.pk)
    assert handed_in.status == InspectionStatus.FINISHED
    refused = Receipt.objects.filter(state=ReceiptState.REFUSED)
    assert [r.why for r in refused] == []
    assert Receipt.objects.filter(inspection=visit, path=f"{base}arrive/").count() == 1
    assert [a.answer for a in visit.answers.order_by("item_code", "number")] == [
        Answer.FOUND,
        Answer.NOT_APPLICABLE,
        Answer.FOUND,
        Answer.NONE_FOUND,
    ]
    signed = list(Signature.objects.filter(inspection=visit, replaced_at=None).order_by("at", "pk"))
    assert [s.inspector for s in signed] == [None, leader, member] and signed[0].name == "齐某"

    # In order by the server's clock, though the phones' are fast; both times stand.
    photos = list(Evidence.objects.filter(inspection=visit).order_by("taken_at"))
    assert len({photo.sha256 for photo in photos}) == len(photos) == 3
    moments = [
        minute(arrived),
        handed_in.started_at,
        minute(handed_in.identity_shown_at),
        *(minute(photo.taken_at) for photo in photos),
        *(minute(s.at) for s in signed),
        handed_in.ended_at,
        left + timedelta(seconds=5),
    ]
    assert moments == sorted(moments)
    for photo in photos:
        assert abs(photo.device_at - photo.taken_at - FAST) < timedelta(seconds=20)
    for receipt in Receipt.objects.filter(inspection=visit):
        assert abs(receipt.skew - FAST) < timedelta(seconds=20)
        # The phone's clock is known to within the time that an answer takes.
        assert arrived - timedelta(minutes=5) < receipt.done_at <= receipt.received_at + timedelta(seconds=1)

    # The review, and the papers.
    reviewed = review_actions.review_result(inspection=handed_in, by=make_approver(visit.unit))
    assert reviewed.status == InspectionStatus.REVIEWED
    for kind in (PaperKind.RECORD, PaperKind.CHECKLIST, PaperKind.REPORT, PaperKind.RECEIPT):
        assert why_not_paper(reviewed, kind) == "", kind
        content, _, _ = papers.made(reviewed, kind, "docx")
        assert content.startswith(b"PK")
        if kind in (PaperKind.RECORD, PaperKind.CHECKLIST):
            html = filled.as_html(papers.paper_of(reviewed, kind))
            assert "水泵停着，没有报告" in html and "贮存间门口没有识别标志" in html, kind
        if pdf.available():
            assert papers.made(reviewed, kind, "pdf")[0].startswith(b"%PDF"), kind
