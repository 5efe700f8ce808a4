"""影像资料目录, photographs, samples and written proof in the volume of a check (七(七)-k, -l, -m)."""

from collections.abc import Iterable, Iterator
from functools import partial

from django.db.models import Prefetch
from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import files, filled
from benxi_shuangsuiji.documents.filled import Filled, Grid, Text
from benxi_shuangsuiji.subject import Leaf
from benxi_shuangsuiji.workdays.days import paper_moment
from inspections.checks.issuer import issuer_of
from inspections.models import Evidence, EvidenceKind, Inspection, Mode, Recording, RecordingGap, Sample

from . import recordings

Leaves = dict[int, list[Leaf]]


def indexes(checks: Iterable[Inspection]) -> Leaves:
    """目录 of what was recorded, where every minute of the visit is covered or explained (七(五)-h)."""
    found: Leaves = {}
    for check, media in _with_media(checks):
        recorded, still = list(check.recordings.all()), [e for e in media if e.kind != EvidenceKind.SCAN]
        counted = recordings.that_count(recorded)
        whole = not recordings.unexplained(check, recorded, check.ended_at)
        if (check.mode == Mode.ONSITE and whole) or (still and check.mode != Mode.ONSITE):
            title = f"影像资料目录（录像 {len(counted)} 段，照片和视频 {len(still)} 份）"
            made = partial(_index, check, counted, media)
            said = [localtime(gap.at).date() for gap in check.recording_gaps.all()]
            day = _day(check)
            author, since = check.executing_unit.on(day).short_name, max([day, *said])
            found[check.pk] = [Leaf("MEDIA", title, day, made, author=author, since=since)]
    return found


def photographs(checks: Iterable[Inspection]) -> Leaves:
    """All of one check are one paper of as many pages."""
    found: Leaves = {}
    for check, media in _with_media(checks):
        if photos := [e for e in media if e.kind == EvidenceKind.PHOTO]:
            leaf = Leaf(
                "PHOTOS",
                f"现场照片（{len(photos)} 张）",
                localtime(photos[0].taken_at).date(),
                partial(_contents, photos),
                author=photos[0].by.full_name,
                digests=tuple(e.sha256 for e in photos),
                foreign=True,
            )
            found[check.pk] = [leaf]
    return found


def proofs(checks: Iterable[Inspection]) -> Leaves:
    """书证: what was scanned on the spot and is none of our papers."""
    return {
        check.pk: [_proof(e) for e in media if e.kind == EvidenceKind.SCAN and not hasattr(e, "paper_scan")]
        for check, media in _with_media(checks)
    }


def samples(checks: Iterable[Inspection]) -> Leaves:
    return {
        pk: [
            Leaf(
                "SAMPLES",
                "采样取证登记单",
                localtime(rows[0].taken_at).date(),
                partial(_samples, rows),
                rows[0].by.full_name,
            )
        ]
        for pk, rows in sampled(checks).items()
    }


def sampled(checks: Iterable[Inspection]) -> dict[int, list[Sample]]:
    """What was taken and stands, by check."""
    found: dict[int, list[Sample]] = {}
    for row in Sample.objects.standing().filter(inspection__in=checks).select_related("by", "inspection"):
        found.setdefault(row.inspection_id, []).append(row)
    return found


def not_recorded(checks: Iterable[Inspection]) -> dict[int, str]:
    return {check.pk: f"{check.get_mode_display()}检查，没有录像" for check in checks if check.mode != Mode.ONSITE}


def _with_media(checks: Iterable[Inspection]) -> Iterator[tuple[Inspection, list[Evidence]]]:
    standing = Evidence.objects.standing().select_related("file", "by", "paper_scan")
    kept = Prefetch("evidence", standing, to_attr="media")
    recorded = Prefetch("recordings", Recording.objects.select_related("by"))
    gaps = Prefetch("recording_gaps", RecordingGap.objects.all())
    wanted = Inspection.objects.filter(pk__in=[check.pk for check in checks])
    for check in wanted.select_related("unit", "executing_unit", "facility").prefetch_related(kept, recorded, gaps):
        yield check, check.media


def _proof(evidence: Evidence) -> Leaf:
    return Leaf(
        f"PROOF-{evidence.pk}",
        evidence.words or "书证",
        localtime(evidence.taken_at).date(),
        partial(_contents, [evidence]),
        author=evidence.by.full_name,
        digests=(evidence.sha256,),
        foreign=True,
    )


def _contents(media: list[Evidence], site: str) -> Iterator[bytes]:
    for one in media:
        yield files.read(one.file)


def _day(check: Inspection):
    return localtime(check.ended_at).date()


def _index(check: Inspection, recorded: list[Recording], media: list[Evidence], site: str) -> list[bytes]:
    stretches = tuple(
        (
            r.recorder_no,
            paper_moment(r.starts_at),
            paper_moment(r.ends_at) if r.ends_at else "",
            r.file_name or "声明，没有读出",
            r.sha256,
        )
        for r in recorded
    )
    kept = tuple(
        (str(n), e.get_kind_display(), e.words, paper_moment(e.taken_at), e.by.full_name, e.sha256)
        for n, e in enumerate(media, 1)
    )
    gaps = "\n".join(
        f"{paper_moment(g.starts_at)} 至 {paper_moment(g.ends_at)}：{g.reason}" for g in check.recording_gaps.all()
    )
    paper = Filled(
        unit=issuer_of(check).body,
        title="影像资料目录",
        left=f"编号：{check.no}",
        right=f"执法记录仪：{check.recorder_no or check.no_recorder_because or '没有'}",
        blocks=(
            Grid("录像", ("记录仪", "开始", "结束", "文件", "指纹（SHA-256）"), stretches, (14, 18, 18, 22, 28)),
            Text("没有录像的时段", gaps or "没有。"),
            Grid(
                "照片和扫描件",
                ("序号", "种类", "说明", "时间", "拍摄或上传人", "指纹（SHA-256）"),
                kept,
                (7, 13, 20, 20, 12, 28),
            ),
        ),
        note="录像存放在执法记录仪的采集站，照片、视频和扫描件的原件存放在本系统，按指纹核对。",
        made_at=localtime(check.ended_at).isoformat(timespec="seconds"),
    )
    return [filled.as_pdf(paper)]


def _samples(rows: list[Sample], site: str) -> list[bytes]:
    check = rows[0].inspection
    head = ("样品编号", "种类", "采样位置", "采样时间", "检测项目", "送检单位", "在场人")
    lines = tuple(
        (s.no, s.get_medium_display(), s.place, paper_moment(s.taken_at), s.tested_for, s.sent_to, s.witness)
        for s in rows
    )
    paper = Filled(
        unit=issuer_of(check).body,
        title="采样取证登记单",
        left=f"编号：{check.no}",
        right=f"共 {len(rows)} 份样品",
        blocks=(Grid("样品", head, lines, (14, 13, 16, 17, 18, 12, 10)),),
        note="",
        made_at=localtime(max(s.recorded_at for s in rows)).isoformat(timespec="seconds"),
    )
    return [filled.as_pdf(paper)]
