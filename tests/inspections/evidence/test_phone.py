"""Photographs by thumb, in a real browser: reduced, hashed, sent, also later and also without a script (四(3)-b)."""

import hashlib
import io
import time

import pytest
from PIL import Image
from playwright.sync_api import expect

from benxi_shuangsuiji.documents import files
from inspections.models import Evidence
from tests.inspections.evidence.pictures import noise, photo
from tests.inspections.factories import make_started, team_of
from tests.inspections.outbox.test_offline import phone  # noqa: F401
from tests.inspections.visits.test_phone import PHONE, Thumb, thumb  # noqa: F401

pytestmark = [pytest.mark.slow("offline"), pytest.mark.browser, pytest.mark.commits]
HERE = {"latitude": 41.290539, "longitude": 123.77, "accuracy": 8}


@pytest.fixture(autouse=True)
def _files_that_the_server_sees_too(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def file(content, name="IMG_0001.jpg"):
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def kept(inspection, count=1):
    """The evidence once it has arrived."""
    for _ in range(450):  # as long as the browser's own expectations wait
        found = list(Evidence.objects.filter(inspection=inspection).order_by("pk").select_related("file"))
        if len(found) >= count:
            return found
        time.sleep(0.2)
    raise AssertionError("nothing arrived")


@pytest.mark.clause("四(3)-b")
def test_a_photo_is_reduced_and_hashed_on_the_phone_and_waits_for_the_network(phone):  # noqa: F811
    visit = make_started()
    point = visit.answers.order_by("item_code", "number").first()
    mine = phone()
    mine.context.grant_permissions(["geolocation"])
    mine.context.set_geolocation(HERE)
    mine.sign_in(team_of(visit)[0].user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/check/1/")
    mine.page.locator(f"[data-point='{point.pk}'] input[value=FOUND]").check()
    shoot = mine.page.locator(f"input[form=shoot-{point.pk}]")

    taken = photo(size=(4000, 3000), located=True)
    shoot.set_input_files(file(taken))
    expect(mine.page.locator("figure canvas")).to_be_visible()
    (first,) = kept(visit)
    content = files.read(first.file)
    picture = Image.open(io.BytesIO(content))
    assert picture.size == (2000, 1500) and not dict(picture.getexif())
    assert first.hashed_by_device and first.sha256 == hashlib.sha256(content).hexdigest()
    assert (first.original_size or len(content)) == max(len(taken), len(content))
    assert (float(first.latitude), first.accuracy_m, first.point_id) == (41.290539, 8, point.pk)
    expect(mine.page.locator("figure", has=mine.page.locator("canvas"))).to_contain_text("已上传")

    mine.cut()
    shoot.set_input_files(file(noise((2400, 1000)), "IMG_0002.jpg"))
    expect(mine.page.locator("figure", has=mine.page.locator("canvas")).nth(1)).to_contain_text("已存在手机")
    mine.page.goto(f"/field/{visit.no}/evidence/")
    expect(mine.page.get_by_role("heading", name="照片和录像")).to_be_visible()
    mine.connect()
    second = kept(visit, 2)[1]
    assert Image.open(io.BytesIO(files.read(second.file))).size == (2000, 833)
    assert Evidence.objects.filter(inspection=visit).count() == 2


def test_the_pages_of_evidence_can_be_read_and_reached_by_everybody(own_database, thumb):  # noqa: F811
    visit = make_started()
    page, site = thumb.page, thumb.site
    thumb.sign_in(team_of(visit)[0].user)
    page.goto(f"{site}/field/{visit.no}/evidence/")
    page.locator("input[data-photo]").set_input_files(file(photo(size=(900, 700))))
    expect(page.get_by_text("照片 1 张")).to_be_visible()  # once the receipt is there
    page.wait_for_load_state("networkidle")
    for name in ("evidence/", "evidence/?kind=SCAN", "recorder/", "samples/", "check/", "check/1/"):
        page.goto(f"{site}/field/{visit.no}/{name}")
        thumb.look()


def test_without_a_script_a_photo_is_a_plain_form(chromium, site):
    visit = make_started()
    context = chromium.new_context(base_url=site, locale="zh-CN", viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    try:
        Thumb(page, site).sign_in(team_of(visit)[0].user)
        page.goto(f"/field/{visit.no}/evidence/")
        content = photo(size=(900, 700))
        page.set_input_files("input[name=file]", file(content))
        page.get_by_role("button", name="上传").click()
        expect(page.get_by_text("照片 1 张")).to_be_visible()
        assert files.read(kept(visit)[0].file) == content
        page.set_input_files("input[name=file]", file(noise()[:20_000]))
        page.get_by_role("button", name="上传").click()
        expect(page.get_by_role("alert")).to_contain_text("不完整，可能没有传完")
    finally:
        context.close()
