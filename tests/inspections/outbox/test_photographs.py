"""Photographs, videos and proofs on their way: kept first and whole, sent in their order (四(3)-b, 七(五)-l)."""

import hashlib
import struct

import pytest
from playwright.sync_api import expect

from benxi_shuangsuiji.documents import files
from inspections.models import Conclusion, Evidence, EvidenceKind, Receipt
from tests import database
from tests.inspections.evidence.pictures import mp4, noise
from tests.inspections.factories import answer_all, make_started, team_of

from .test_offline import ALONE, phone  # noqa: F401

pytestmark = [pytest.mark.slow("offline"), pytest.mark.browser, pytest.mark.commits]
PICTURE = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": noise((1600, 1200))}
MIB = 1024 * 1024
PIECE = 4 * MIB
# A phone that knows where it is when the test says so, and never before; the five seconds it has for it never pass.
WHERE = """navigator.geolocation.getCurrentPosition = (found) => {
  globalThis.hereWeAre = () => found({ coords: { latitude: 41.290539, longitude: 123.77, accuracy: 8 } });
};
const real = setTimeout;
globalThis.setTimeout = (call, delay, ...given) => (delay === 5000 ? 0 : real(call, delay, ...given));"""


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.clause("四(3)-b")
def test_a_photograph_is_kept_before_the_phone_knows_where_it_is_and_says_so_when_it_does(own_database, phone):  # noqa: F811
    visit = make_started()
    first = visit.answers.order_by("item_code", "number").first()
    mine = phone(script=WHERE + ALONE)
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/check/1/")

    def shoot(n):
        picture = {**PICTURE, "buffer": noise((1600 + n, 1200))}
        mine.page.locator(f"input[form=shoot-{first.pk}]").set_input_files(picture)
        mine.until("Field.unsent().then((left) => left[0].kinds.photo === 1)")

    mine.cut()
    shoot(0)
    fields = "Field.mine().then((items) => Object.fromEntries(items[0].fields))"
    assert mine.page.evaluate(fields)["latitude"] == ""  # it is there already
    mine.page.evaluate("hereWeAre()")
    mine.until(f"{fields}.then(({{ latitude }}) => latitude === '41.290539')")
    mine.connect()
    mine.until("Field.unsent().then((left) => !left.length)")
    made = Evidence.objects.get()
    assert (str(made.latitude), str(made.longitude), made.accuracy_m) == ("41.290539", "123.770000", 8)

    # Indoors it never learns it, and the page is closed: the photograph goes without.
    shoot(1)
    mine.turn_off()
    mine.turn_on()
    mine.page.goto("/field/")
    mine.until("Field.unsent().then((left) => !left.length)")
    assert Evidence.objects.count() == 2 and Evidence.objects.exclude(pk=made.pk).get().latitude is None


@pytest.mark.clause("七(五)-l")
def test_the_proof_of_a_result_goes_with_it_and_does_not_wait_behind_the_photographs(own_database, at, phone):  # noqa: F811
    at(database.START, running=True)
    visit = answer_all(make_started())
    first = visit.answers.order_by("item_code", "number").first()
    mine = phone()
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/check/1/")
    mine.cut()
    for n in range(3):
        picture = {**PICTURE, "buffer": noise((1600 + n, 1200))}
        mine.page.locator(f"input[form=shoot-{first.pk}]").set_input_files(picture)
        mine.until(f"Field.unsent().then((left) => left[0].kinds.photo === {n + 1})")

    def conclude(words, picture):
        page = mine.page
        page.goto(f"/field/{visit.no}/finish/")
        opened(page, "没有查成")
        page.locator("label", has_text="停产未检查").click()
        page.select_option("[name=registry_status]", "SUSPENDED")
        page.set_input_files("[name=file]", picture)
        opened(page, "检查情况和现场处理")
        page.fill("[name=finding]", words)
        page.get_by_role("button", name="给现场负责人看").click()
        page.wait_for_url("**/read/")

    conclude("大门上锁。", {**PICTURE, "buffer": noise((900, 700))})
    conclude("大门上锁，停电。", PICTURE)  # one result: the later takes the place of the earlier, with its file
    assert mine.page.evaluate("Field.unsent().then((left) => left[0].kinds)") == {"photo": 3, "act": 1}
    mine.connect()
    mine.until("Field.unsent().then((left) => !left.length)")
    written = Conclusion.objects.select_related("file").get(inspection=visit)
    assert written.finding == "大门上锁，停电。" and files.read(written.file) == PICTURE["buffer"]
    paths = Receipt.objects.order_by("received_at").values_list("path", flat=True)
    assert [path.split("/")[3] for path in paths] == ["finish", "evidence", "evidence", "evidence"]


@pytest.mark.clause("四(3)-b")
def test_a_video_of_sixty_megabytes_waits_in_pieces_and_arrives_as_it_was(own_database, phone, tmp_path):  # noqa: F811
    visit = make_started()
    content = large_video(60 * MIB)
    taken = tmp_path / "排口.mp4"
    taken.write_bytes(content)
    mine = phone(script=ALONE)
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/evidence/?kind=VIDEO")
    mine.cut()
    mine.page.evaluate("globalThis.before = true")
    mine.page.set_input_files("[name=file]", taken)
    mine.until(
        "!globalThis.before && Field.unsent().then((left) => left[0].kinds.photo === 1)"
    )  # the page has come anew
    sizes = [piece["size"] for piece in pieces(mine)]
    assert len(sizes) == 15 and max(sizes) == PIECE + 16  # sealed piece by piece
    mine.turn_off()
    mine.turn_on(offline=True)
    mine.page.goto("/field/outbox/")
    expect(mine.page.locator("[data-outbox-title]")).to_have_text("1 件等上传：1 张照片")
    mine.connect()
    mine.until("Field.unsent().then((left) => !left.length)")
    made = Evidence.objects.select_related("file").get()
    assert (made.kind, made.sha256) == (EvidenceKind.VIDEO, hashlib.sha256(content).hexdigest())
    mine.until("Field.mine().then((items) => !items.length)")
    assert pieces(mine) == []

    # Where there is no room for it, that is said and nothing of it stays behind.
    session = mine.context.new_cdp_session(mine.page)
    mine.page.goto(f"/field/{visit.no}/evidence/?kind=VIDEO")
    used = mine.page.evaluate("navigator.storage.estimate().then((found) => found.usage)")
    session.send("Storage.overrideQuotaForOrigin", {"origin": mine.site, "quotaSize": used + 20 * MIB})
    mine.page.wait_for_timeout(31_000)  # for so long Chromium believes what it knew of the room left
    mine.cut()
    mine.page.set_input_files("[name=file]", taken)
    expect(mine.page.locator("[data-device]")).to_contain_text("手机存不下，这段视频没有存上。")
    assert pieces(mine) == [] and mine.page.evaluate("Field.unsent()") == []


def opened(page, words):
    """Folded or not: what was half typed opens by itself."""
    page.locator("details", has=page.locator("summary", has_text=words)).evaluate("(folded) => (folded.open = true)")


def large_video(size: int) -> bytes:
    head = mp4(50, frames=b"")
    room = size - len(head)
    frames = hashlib.shake_256(b"frames").digest(room - 8)
    return head[:-8] + struct.pack(">I4s", room + 8, b"mdat")[:8] + frames + b"\0" * 8


def pieces(mine) -> list:
    """Of what lies in the store the key and the size of every piece."""
    return mine.page.evaluate(
        """async () => {
          const db = await Field.base();
          const asked = db.transaction("files").objectStore("files").getAll(IDBKeyRange.lowerBound([]));
          await new Promise((done) => (asked.onsuccess = done));
          return asked.result.map(({ seq, data }) => ({ seq, size: data.byteLength }));
        }"""
    )
