"""Photographs and scans of a visit: what is taken, what is refused in which words, who has it (四(3)-b, 七(五)-h)."""

import hashlib
import io
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents import files
from inspections.evidence import actions, pages
from inspections.evidence.forms import EvidenceForm
from inspections.evidence.places import metres_between
from inspections.models import Custody, CustodyAct, Evidence, EvidenceKind, Inspection
from tests.browsing import enter, html_of, post, queries, refused, signed_in, text_of
from tests.factories import make_disclosure_officer, make_inspector, make_planner, make_supervisor, make_unit
from tests.inspections.evidence.pictures import HEIC, PDF, bomb, noise, photo
from tests.inspections.factories import (
    answer_all,
    finish,
    make_finished,
    make_inspection,
    make_reviewed,
    make_started,
    team_of,
)

pytestmark = pytest.mark.django_db


def keep(inspection, content=None, **changes) -> Evidence:
    given = {"name": "池.jpg", "content": photo() if content is None else content, "by": team_of(inspection)[0].user}
    return actions.keep_photo(inspection=inspection, **{**given, **changes})


def upload(client, inspection, content, name="池.jpg", **fields):
    file = SimpleUploadedFile(name, content, "image/jpeg")
    url = reverse("inspections:field-evidence", args=[inspection.no])
    return post(client, url, {"kind": "PHOTO", "file": file, **fields})


def member(inspection):
    return signed_in(team_of(inspection)[0].user)


@pytest.mark.clause("四(3)-b")
def test_a_photo_is_kept_as_it_came_with_time_place_point_and_fingerprint():
    inspection = make_started()
    place = inspection.facility
    place.latitude, place.longitude = Decimal("41.290000"), Decimal("123.770000")
    place.save()
    content, point = photo(), inspection.answers.first()
    taken = clock.now() - timedelta(minutes=3)

    made = keep(
        inspection,
        content,
        point=point,
        sha256=hashlib.sha256(content).hexdigest(),
        taken_at=taken,
        place=actions.Place(Decimal("41.290539"), Decimal("123.770000"), 8),
        original_size=40_000_000,
    )

    assert files.read(made.file) == content
    assert (made.taken_at, made.distance_m, made.accuracy_m, made.point) == (taken, 60, 8, point)
    assert made.hashed_by_device and made.sha256 == hashlib.sha256(content).hexdigest()
    entry = AuditEntry.objects.get(verb="inspections.evidence.kept")
    assert entry.details["sha256"] == made.sha256
    assert pages.place_words(made) == "距登记地址 60 米，误差 8 米"


def test_distances_are_right_to_half_a_percent():
    north = (Decimal("41.0"), Decimal("123.0"))
    assert metres_between(north, (Decimal("42.0"), Decimal("123.0"))) == pytest.approx(111_050, rel=0.005)
    assert metres_between(north, (Decimal("41.0"), Decimal("124.0"))) == pytest.approx(84_100, rel=0.005)
    assert metres_between(north, north) == 0


@pytest.mark.promise("P24")
def test_the_small_copy_carries_nothing_that_the_camera_wrote_and_stands_upright():
    inspection = make_started()
    content = photo(size=(800, 400), located=True, turned=True)
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)

    made = keep(inspection, content)

    small = Image.open(io.BytesIO(files.read(made.small)))
    assert small.size == (240, 480) and not dict(small.getexif()) and not small.info.get("comment")
    assert b"Exif" not in files.read(made.small)
    assert files.read(made.file) == content


@pytest.mark.promise("P19")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"<html><script>alert(1)</script>", "不是图片，没有收"),
        (b"MZ\x90\x00" + b"\0" * 500, "不是图片，没有收"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "不是图片，没有收"),
        (HEIC, "HEIC"),
        (PDF, "这是 PDF，不是照片"),
        (noise()[:30_000], "不完整，可能没有传完"),
        (b"\xff\xd8\xff" + b"\x01" * 4000, "打不开，没有收"),
        (bomb(), "60,000×60,000 像素"),
        (bomb(9000, 9000), "不完整"),
    ],
    ids=["empty", "html", "exe", "svg", "heic", "pdf", "truncated", "noise", "bomb", "hollow"],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_a_sentence(content, words):
    inspection = make_started()
    with refused(words):
        keep(inspection, content)
    assert not Evidence.objects.exists()


def test_a_photo_of_40_megabytes_is_refused_before_it_is_read():
    class Large(SimpleUploadedFile):
        def read(self, *args):
            raise AssertionError("was read")

    file = Large("池.jpg", b"", "image/jpeg")
    file.size = 40 * 1024 * 1024
    form = EvidenceForm({"kind": "PHOTO"}, {"file": file}, inspection=make_started())
    assert form.errors["file"] == ["照片 40 MB，最多 10 MB。缩小后再传，或在这一页直接拍照。"]


def test_a_fingerprint_that_differs_from_what_arrived_is_refused():
    inspection = make_started()
    answer = upload(member(inspection), inspection, photo(), sha256="0" * 64)
    assert "指纹对不上，没有收。重传。" in text_of(answer)
    assert not Evidence.objects.exists()


def test_a_scan_may_be_a_pdf_that_is_whole():
    inspection = make_finished()
    made = keep(inspection, PDF, kind=EvidenceKind.SCAN, name="笔录.pdf")
    assert made.small is None and made.file.content_type == "application/pdf"
    with refused("PDF 不完整"):
        keep(inspection, PDF[:30], kind=EvidenceKind.SCAN)
    with refused("只收 PDF、JPG 和 PNG"):
        keep(inspection, b"text", kind=EvidenceKind.SCAN)


def test_the_same_photo_sent_twice_is_there_once():
    inspection = make_started()
    client, content = member(inspection), photo()
    upload(client, inspection, content)
    upload(client, inspection, content)
    assert inspection.evidence.count() == 1
    assert keep(inspection, content).pk == inspection.evidence.get().pk


def test_without_a_script_a_plain_form_is_enough_and_the_page_shows_the_photo():
    inspection = make_started()
    client, point = member(inspection), inspection.answers.first()

    answer = upload(client, inspection, photo(), point=point.pk, words="池内有水")

    assert answer.status_code == 302
    page = html_of(client.get(answer["Location"]))
    made = inspection.evidence.get()
    assert "照片 1 张" in page and point.text in page and "没有定位" in page
    assert made.sha256[:4] in page and not made.hashed_by_device and made.words == "池内有水"


def test_a_photo_taken_at_a_point_leads_back_to_its_point():
    inspection = make_started()
    point = inspection.answers.get(item_code="B01")
    answer = upload(member(inspection), inspection, photo(), point=point.pk, from_check="1")
    assert answer["Location"] == f"/field/{inspection.no}/check/2/#p{point.pk}"


@pytest.mark.parametrize("skew", [-10, 10])
def test_a_clock_that_is_ten_minutes_wrong_is_reckoned_and_both_times_are_kept(skew):
    inspection = make_started()
    taken = clock.now() - timedelta(minutes=5)
    phone = taken + timedelta(minutes=skew)
    sent = clock.now() + timedelta(minutes=skew)
    url = reverse("inspections:field-evidence", args=[inspection.no])
    file = SimpleUploadedFile("池.jpg", photo(), "image/jpeg")
    client = member(inspection)
    said = {"ID": str(uuid.uuid4()), "AT": phone.isoformat(), "SENT": sent.isoformat()}
    client.defaults |= {f"HTTP_X_OUTBOX_{name}": value for name, value in said.items()}

    post(client, url, {"kind": "PHOTO", "file": file, "taken_at": phone.isoformat()})

    made = inspection.evidence.get()
    assert abs(made.taken_at - taken) < timedelta(seconds=2) and made.device_at == phone


@pytest.mark.parametrize(
    "wrong",
    [
        {"taken_at": "gestern"},
        {"taken_at": "2026-07-09T10:00:00"},
        {"latitude": "91", "longitude": "0"},
        {"latitude": "NaN", "longitude": "0"},
        {"latitude": "41", "longitude": ""},
        {"original_size": "9" * 60},
        {"accuracy": "1e400", "latitude": "41", "longitude": "123"},
    ],
)
def test_what_a_phone_says_wrongly_beside_the_photo_is_no_reason_to_lose_it(wrong):
    inspection = make_started()
    upload(member(inspection), inspection, photo(), **wrong)
    assert inspection.evidence.get().latitude is None


@pytest.mark.clause("四(3)-b")
def test_photos_wait_for_the_network_and_still_come_after_the_visit_was_handed_in():
    inspection = answer_all(make_started())
    taken = clock.now()
    finish(inspection)
    inspection.refresh_from_db()

    assert keep(inspection, taken_at=taken).taken_at == taken

    with refused("只收检查期间拍的照片"):
        Inspection.objects.filter(pk=inspection.pk).update(ended_at=taken - timedelta(minutes=1))
        keep(Inspection.objects.get(pk=inspection.pk), photo((1, 2, 3)), taken_at=taken)


@pytest.mark.clause("七(五)-l")
def test_the_forms_are_there_before_the_arrival_for_a_phone_that_has_no_network_then():
    """What is taken in a valley lies on the phone until the arrival is sent; the page was kept before (30f)."""
    visit = make_inspection()
    its = signed_in(team_of(visit)[0].user)
    for page, form in (("evidence", "shoot"), ("samples", "sample")):
        said = html_of(its.get(f"/field/{visit.no}/{page}/"))
        assert f'id="{form}"' in said and "现在还不能填" in said and "检查还没有开始" in said, page


def test_nobody_photographs_before_arrival_or_for_another_team():
    waiting, started = make_inspection(), make_started()
    with refused("先登记到场"):
        keep(waiting)
    with refused("登记到场以前"):
        keep(started, taken_at=started.started_at - timedelta(hours=2))
    with refused("检查小组成员"):
        keep(started, by=make_inspector(started.unit, with_user=True).user)
    with refused("没有这个检查点"):
        keep(started, point=waiting.answers.first())


@pytest.mark.clause("七(五)-o")
def test_a_photo_is_for_the_team_and_the_circle_and_for_nobody_else():
    inspection = make_reviewed()
    made = keep(inspection, taken_at=inspection.ended_at)
    addresses = [reverse(f"inspections:evidence-{name}", args=[inspection.no, made.pk]) for name in ("file", "small")]
    inside = [team_of(inspection)[1].user, make_planner(inspection.unit), make_supervisor()]
    other_unit = make_unit("210503")
    outside = [
        make_disclosure_officer(inspection.unit),
        make_inspector(inspection.unit, with_user=True).user,
        make_planner(other_unit),
    ]
    for url in addresses:
        assert [signed_in(u).get(url).status_code for u in inside] == [200, 200, 200]
        assert all(signed_in(u).get(url).status_code in (403, 404) for u in outside)


@pytest.mark.clause("四(3)-b")
def test_who_looks_is_written_once_a_day_and_who_downloads_each_time():
    inspection = make_started()
    made = keep(inspection)
    planner = make_planner(inspection.unit)
    client = signed_in(planner)
    small = reverse("inspections:evidence-small", args=[inspection.no, made.pk])
    file = reverse("inspections:evidence-file", args=[inspection.no, made.pk])
    for url in (small, small, file, file):
        answer = client.get(url)
        assert answer["Content-Disposition"].startswith("attachment") and "sandbox" in answer["Content-Security-Policy"]

    acts = list(Custody.objects.filter(evidence=made, by=planner).order_by("pk").values_list("act", flat=True))
    assert acts == [CustodyAct.LOOKED, CustodyAct.DOWNLOADED, CustodyAct.DOWNLOADED]

    desk = html_of(client.get(inspection.get_absolute_url()))
    assert made.sha256 in desk and "3 次" in desk and planner.full_name in desk


@pytest.mark.promise("P20")
@pytest.mark.clause("四(3)-b")
def test_the_custody_log_and_the_evidence_never_change():
    from django.db import DatabaseError, transaction

    inspection = make_started()
    made = keep(inspection)
    actions.hand_out(evidence=made, act=CustodyAct.LOOKED, by=made.by)
    for rows in (Custody.objects.all(), Evidence.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(by=make_planner(inspection.unit))
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


@pytest.mark.story("S11")
@pytest.mark.clause("四(3)-b")
@pytest.mark.parametrize("gone", [True, False])
def test_a_photo_that_is_gone_or_changed_is_handed_to_nobody_and_the_page_says_who_restores_it(gone):
    inspection = make_started()
    made = keep(inspection)
    path = files.path_of(made.sha256)
    content = path.read_bytes()
    path.unlink()
    if not gone:
        path.write_bytes(content[:-1] + b"\x00")
    client = signed_in(make_planner(inspection.unit))

    answer = client.get(reverse("inspections:evidence-file", args=[inspection.no, made.pk]))

    assert answer.status_code == 503 and content[:50] not in answer.content
    assert ("不在存储中" if gone else "与存入时不同") in text_of(answer) and "由系统管理员从备份恢复" in text_of(answer)
    assert not Custody.objects.exists()
    assert client.get(inspection.get_absolute_url()).status_code == 200  # the record itself can be read
    keep(inspection, content, point=inspection.answers.first())  # the same bytes, sent once more, put it right
    assert client.get(reverse("inspections:evidence-file", args=[inspection.no, made.pk])).content == content


def test_pages_ask_no_more_for_30_photos_than_for_one(client):
    inspection = make_started()
    enter(client, team_of(inspection)[0].user)
    planner = signed_in(make_planner(inspection.unit))
    field, desk = reverse("inspections:field-evidence", args=[inspection.no]), inspection.get_absolute_url()
    made = keep(inspection, point=inspection.answers.first())
    few = queries(client, field), queries(planner, desk)

    for n in range(29):
        more = Evidence.objects.create(
            inspection=inspection,
            point=made.point,
            kind="PHOTO",
            file=files.store(name=f"{n}.jpg", content=b"%d" % n, content_type="image/jpeg"),
            small=made.small,
            taken_at=made.taken_at,
            by=made.by,
            kept_at=made.kept_at,
        )
        actions.hand_out(evidence=more, act=CustodyAct.DOWNLOADED, by=made.by)

    assert (queries(client, field), queries(planner, desk)) == few
