"""A week in the mountains: 20 visits and 200 photographs, then the network comes (七(五)-l)."""

import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from benxi_shuangsuiji import clock
from inspections.models import Answer, Evidence, Inspection, Receipt, ReceiptState
from tests import database
from tests.factories import make_inspector, make_unit
from tests.inspections.factories import make_inspection

from .test_offline import ALONE, Phone
from .test_whole_story import PHONE_CLOCK, Site

pytestmark = [pytest.mark.slow("offline"), pytest.mark.browser, pytest.mark.commits]
VISITS, PHOTOS = 20, 10
WEEK = timedelta(days=7)
MOST_SECONDS = 900  # on a machine that does other things as well
POINTS = [("A01", "污染防治设施运行情况", n, f"检查要点 {n} 是否落实") for n in range(1, 6)]
SHOOT = """async ({ input, from, many }) => {
  const box = document.querySelector(input);
  for (let n = from; n < from + many; n++) {
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
    const pen = canvas.getContext("2d");
    pen.fillStyle = `hsl(${n}, 60%, 60%)`;
    pen.fillRect(0, 0, 320, 240);
    pen.strokeText(`photo ${n}`, 20, 20);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
    const chosen = new DataTransfer();
    chosen.items.add(new File([blob], `IMG_${n}.jpg`, { type: "image/jpeg" }));
    const before = (await Field.unsent())[0].kinds.photo || 0;
    box.files = chosen.files;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    while (((await Field.unsent())[0].kinds.photo || 0) === before) await new Promise((later) => setTimeout(later, 20));
  }
}"""


def clock_of(moment) -> str:
    ahead = int(moment.timestamp() * 1000) - int(time.time() * 1000)
    return PHONE_CLOCK % (ahead, ahead)


@pytest.mark.clause("七(五)-l")
def test_a_week_of_visits_and_photographs_arrives_once_in_order_and_leaves_the_phone_empty(
    own_database, at, chromium, tmp_path, settings, capsys
):
    settings.EVIDENCE_ROOT = str(tmp_path / "evidence")
    unit = make_unit()
    team = [make_inspector(unit, with_user=True) for _ in range(2)]
    visits = [make_inspection(unit, team=team, points=POINTS) for _ in range(VISITS)]
    site = Site(own_database, tmp_path / "evidence", clock_of(at(database.START, running=True)))
    site.start()
    mine = Phone(chromium, site.address, str(tmp_path / "phone"), ALONE + site.script)
    try:
        mine.context.grant_permissions(["geolocation"])  # else each photograph waits five seconds for an answer
        mine.context.set_geolocation({"latitude": 41.290539, "longitude": 123.77, "accuracy": 8})
        mine.sign_in(team[0].user)
        mine.load()
        mine.until(f"Field.has('/field/{visits[-1].no}/submit/')")
        mine.cut()
        for n, visit in enumerate(visits):
            found = visit.answers.order_by("number").first()
            mine.page.goto(f"/field/{visit.no}/arrive/")
            mine.page.locator("[name=recorder][value=other]").check(force=True)
            mine.page.fill("[name=recorder_no]", "BX-MS-07")
            mine.page.get_by_role("button", name="登记到场").click()
            mine.page.wait_for_url("**/code/")
            mine.page.get_by_role("button", name="已出示证件并送达").click()
            mine.page.wait_for_url("**/check/1/")
            mine.find(found, f"第 {n + 1} 家，台账缺页")
            expect(mine.saved(found)).to_contain_text("等网络")
            mine.page.get_by_role("button", name="本项其余").click()
            expect(mine.page.get_by_text("刚把 4 点记为未发现问题")).to_be_visible()
            mine.page.evaluate(SHOOT, {"input": f"input[form=shoot-{found.pk}]", "from": n * PHOTOS, "many": PHOTOS})
        kinds = mine.page.evaluate("Field.unsent().then((left) => left[0].kinds)")
        assert kinds == {"act": 2 * VISITS, "answer": 5 * VISITS, "photo": PHOTOS * VISITS}
        last_tap = clock.now()

        # A week passes: the sign-in is over, the pages are gone, what was not sent lies there sealed.
        mine.turn_off()
        Session.objects.all().delete()
        site.kill()
        site.script = clock_of(at(database.START + WEEK, running=True))
        site.start()
        mine.script = ALONE + site.script
        mine.turn_on(offline=True)
        mine.page.goto("/field/")
        expect(mine.page.locator("body")).not_to_contain_text(visits[0].facility.name)
        mine.connect()
        began = time.monotonic()
        mine.sign_in(team[0].user)
        mine.until("Field.unsent().then((left) => !left.length)", patience=MOST_SECONDS)
        sent = time.monotonic() - began
        mine.until("Field.mine().then((items) => !items.length)", patience=MOST_SECONDS)
        emptied = time.monotonic() - began
        with capsys.disabled():
            sys.stdout.write(
                f"\n{VISITS} 次检查、{PHOTOS * VISITS} 张照片：{sent:.0f} 秒收齐，{emptied:.0f} 秒手机清空\n"
            )
        files = mine.page.evaluate(
            "Field.base().then((db) => new Promise((done) => {"
            "const asked = db.transaction('files').objectStore('files').count(IDBKeyRange.lowerBound(0)); asked.onsuccess = () => done(asked.result);}))"
        )
        assert files == 0 and sent < MOST_SECONDS
    finally:
        mine.turn_off()
        site.kill()

    receipts = list(Receipt.objects.order_by("received_at"))
    assert Counter(r.state for r in receipts) == {ReceiptState.KEPT: 2 * VISITS + 2 * VISITS + PHOTOS * VISITS}
    for visit in visits:
        its = [r for r in receipts if r.inspection_id == visit.pk]
        assert [r.path.split("/")[3] for r in its] == ["arrive", "code", "check", "check", *["evidence"] * PHOTOS]
        assert [r.tapped_at for r in its] == sorted(r.tapped_at for r in its)
        assert [a.answer for a in visit.answers.order_by("number")] == [Answer.FOUND, *[Answer.NONE_FOUND] * 4]
        photos = Evidence.objects.filter(inspection=visit)
        assert photos.count() == PHOTOS and photos.filter(taken_at__lte=last_tap).count() == PHOTOS
    assert len({photo.sha256 for photo in Evidence.objects.select_related("file")}) == PHOTOS * VISITS
    began = list(
        Inspection.objects.filter(pk__in=[v.pk for v in visits]).order_by("no").values_list("started_at", flat=True)
    )
    assert began == sorted(began) and began[-1] <= last_tap
    assert all(WEEK - timedelta(hours=2) < r.received_at - r.done_at < WEEK + timedelta(hours=2) for r in receipts)
