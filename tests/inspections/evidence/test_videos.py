"""Short videos of a visit, and evidence that is struck out (四(3)-b)."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.documents import files, videos
from inspections.evidence import actions, pages, rules
from inspections.models import Custody, CustodyAct, Evidence, EvidenceKind, Sample, Struck
from inspections.paperwork.check_papers import CheckFacts
from tests.browsing import html_of, post, refused, signed_in, text_of
from tests.factories import make_inspector, make_planner
from tests.inspections.evidence.pictures import HEIC, PDF, mp4, photo, webm
from tests.inspections.factories import make_finished, make_reviewed, make_started, team_of

pytestmark = pytest.mark.django_db


def keep(inspection, content=None, **changes) -> Evidence:
    given = {"name": "排口.mp4", "kind": EvidenceKind.VIDEO, "by": team_of(inspection)[0].user}
    return actions.keep_photo(inspection=inspection, **{**given, "content": content or mp4(), **changes})


def enter_sample(inspection) -> Sample:
    words = {"medium": "WATER", "place": "总排口", "amount": "2 瓶", "tested_for": "化学需氧量"}
    by = team_of(inspection)[0].user
    return actions.enter_sample(inspection=inspection, by=by, no="S-01", taken_at=clock.now(), **words)


def strike(inspection, thing, reason="拍到了隔壁厂区", **changes) -> Struck:
    given = {"inspection": inspection, "thing": thing, "reason": reason, "by": team_of(inspection)[0].user}
    return actions.strike(**{**given, **changes})


@pytest.mark.clause("四(3)-b")
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (mp4(60), videos.MP4),
        (mp4(5, brand=b"3gp5"), videos.THREE_GP),
        (webm(59.5), videos.WEBM),
    ],
)
def test_a_short_video_is_kept_under_its_hash_whatever_it_is_called(content, kind):
    made = keep(make_started(), content, name="a.txt")
    assert files.read(made.file) == content and made.sha256 == hashlib.sha256(content).hexdigest()
    assert (made.file.content_type, made.small, made.kind) == (kind, None, EvidenceKind.VIDEO)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (photo(), "不是视频，没有收"),
        (PDF, "不是视频，没有收"),
        (HEIC, "不是视频，没有收"),
        (mp4(brand=b"qt  "), "MOV"),
        (mp4(61), "视频 61 秒，最多 60 秒"),
        (webm(75), "视频 75 秒，最多 60 秒"),
        (webm(0), "打不开或没有传完"),
        (webm(doctype=b"matroska"), "不是视频，没有收"),
        (mp4(handler=b"soun"), "打不开或没有传完"),
        (mp4()[:-100], "打不开或没有传完"),
        (mp4(0), "打不开或没有传完"),
        (mp4() + b"\0\0\0\x08free" * 20_001, "打不开或没有传完"),
        (b"\0\0\0\x18ftypisom" + b"\xff" * 500, "打不开或没有传完"),
        (b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm" + b"\0" * 50, "打不开或没有传完"),
    ],
)
def test_what_is_no_short_video_is_refused_in_words(content, words):
    assert words in videos.why_not_video(content, 60)


def test_a_video_that_is_too_large_is_refused_before_it_is_read(monkeypatch):
    inspection = make_started()
    most = policy.on(clock.today()).recommended.video_most_megabytes
    assert rules.why_too_large(EvidenceKind.VIDEO, most * 1024 * 1024) == ""
    assert f"最多 {most} MB" in rules.why_too_large(EvidenceKind.VIDEO, most * 1024 * 1024 + 1)
    monkeypatch.setattr(rules, "most_bytes", lambda kind: 300)
    url = reverse("inspections:field-evidence", args=[inspection.no])
    sent = {"kind": "VIDEO", "file": SimpleUploadedFile("排口.mp4", mp4(), "video/mp4")}
    assert "拍短一点" in text_of(post(signed_in(team_of(inspection)[0].user), url, sent))
    assert not Evidence.objects.exists()


@pytest.mark.clause("四(3)-b", "七(五)-h")
def test_a_video_plays_in_pieces_for_its_circle_alone_and_a_look_is_written_down():
    inspection = make_finished()
    made = keep(inspection, by=team_of(inspection)[0].user, taken_at=inspection.ended_at)
    address = reverse("inspections:evidence-video", args=[inspection.no, made.pk])
    planner = make_planner(inspection.unit)
    browser = signed_in(planner)
    whole = browser.get(address)
    assert (whole.status_code, whole.content, whole["Accept-Ranges"]) == (200, mp4(), "bytes")
    part = browser.get(address, headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.content) == (206, b"ftypisom")
    assert part["Content-Range"] == f"bytes 4-11/{len(mp4())}" and part["Content-Length"] == "8"
    rest = browser.get(address, headers={"Range": f"bytes={len(mp4()) - 3}-"})
    assert (rest.status_code, rest.content) == (206, mp4()[-3:])
    assert browser.get(address, headers={"Range": f"bytes={len(mp4())}-"}).status_code == 416
    assert Custody.objects.get(evidence=made).act == CustodyAct.LOOKED
    page = browser.get(inspection.get_absolute_url())
    assert f'src="{address}"' in page.content.decode() and "media-src 'self'" in page["Content-Security-Policy"]
    assert signed_in(make_inspector(inspection.unit, with_user=True).user).get(address).status_code == 404
    shot = keep(inspection, photo(), kind=EvidenceKind.PHOTO, taken_at=inspection.ended_at)
    other = reverse("inspections:evidence-video", args=[inspection.no, shot.pk])
    assert browser.get(other).status_code == 404


def test_the_phone_takes_a_video_with_its_camera():
    inspection = make_started()
    browser = signed_in(team_of(inspection)[0].user)
    url = reverse("inspections:field-evidence", args=[inspection.no])
    page = html_of(browser.get(f"{url}?kind=VIDEO"))
    assert 'accept="video/mp4,video/webm,video/3gpp"' in page and 'capture="environment"' in page
    post(browser, url, {"kind": "VIDEO", "file": SimpleUploadedFile("排口.mp4", mp4(), "video/mp4")})
    assert Evidence.objects.get().kind == EvidenceKind.VIDEO
    assert "视频 1 段" in text_of(browser.get(url))


@pytest.mark.clause("四(3)-b")
def test_what_is_struck_out_stays_with_its_log_but_on_no_paper_and_at_no_point():
    inspection = make_started()
    point = inspection.answers.first()
    wrong = keep(inspection, photo(), kind=EvidenceKind.PHOTO, point=point)
    right = keep(inspection, photo((1, 2, 3)), kind=EvidenceKind.PHOTO, point=point)
    sample = enter_sample(inspection)
    actions.hand_out(evidence=wrong, act=CustodyAct.LOOKED, by=team_of(inspection)[1].user)
    strike(inspection, wrong)
    strike(inspection, sample, reason="编号登错，另登")
    said = CheckFacts(inspection).of("evidence")
    assert right.sha256[:12] in said and wrong.sha256[:12] not in said and sample.no not in said
    shown = pages.photos_of(inspection, [point])[point.pk]
    assert [row["evidence"] for row in shown] == [right]
    assert files.read(wrong.file) == photo() and wrong.custody.count() == 1
    desk = text_of(signed_in(make_planner(inspection.unit)).get(inspection.get_absolute_url()))
    assert "拍到了隔壁厂区" in desk and "编号登错，另登" in desk and wrong.sha256 in desk
    with refused("已经划去"):
        strike(inspection, wrong)
    assert keep(inspection, photo(), kind=EvidenceKind.PHOTO, point=point) != wrong
    with pytest.raises(DatabaseError), transaction.atomic():
        Struck.objects.all().delete()


def test_only_the_team_strikes_out_with_a_reason_and_until_the_review():
    inspection = make_reviewed()
    taken = inspection.ended_at
    made = Evidence.objects.filter(inspection=inspection).first() or keep(inspection, taken_at=taken)
    with refused("已经审核"):
        strike(inspection, made)
    open_one = make_started()
    shot = keep(open_one)
    with refused("检查小组成员"):
        strike(open_one, shot, by=make_planner(open_one.unit))
    browser = signed_in(team_of(open_one)[0].user)
    url = reverse("inspections:field-strike", args=[open_one.no, shot.pk])
    assert url in html_of(browser.get(reverse("inspections:field-evidence", args=[open_one.no])))
    assert "太短" in text_of(post(browser, url, {"reason": "错"}))
    post(browser, url, {"reason": "拍到了隔壁厂区"})
    assert Struck.objects.get().evidence == shot
    assert "拍到了隔壁厂区" in text_of(browser.get(reverse("inspections:field-evidence", args=[open_one.no])))
    sample = enter_sample(open_one)
    post(
        browser, reverse("inspections:field-strike-sample", args=[open_one.no, sample.pk]), {"reason": "编号登错，另登"}
    )
    assert Struck.objects.count() == 2
    with pytest.raises(IntegrityError, match="one_thing_is_struck"), transaction.atomic():
        Struck.objects.create(reason="两件都没有", by=team_of(open_one)[0].user, at=clock.now())


def test_a_photo_can_be_taken_at_a_point_without_a_problem():
    inspection = make_started()
    page = html_of(signed_in(team_of(inspection)[0].user).get(f"/field/{inspection.no}/check/1/"))
    folded = page[page.index("<summary>写看到了什么") :]
    assert 'class="shoot"' not in folded[: folded.index("</details>")] and 'class="shoot"' in folded
