"""整改报告: what the enterprise hands in, by the address of its notice (八(二)-e, N-10)."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction

from benxi_shuangsuiji import clock as now_clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files as stored
from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.refusal import Refused, refuse_if
from inspections.followups.rules import why_not_file
from inspections.models import Rectification, RectificationReport, ReportFile, ReportLine

from . import duties, rules

A_MOMENT = timedelta(hours=1)  # pressed twice, or sent again with the back button


@transaction.atomic
def keep_report(
    *,
    rectification: Rectification,
    lines: Mapping[int, tuple[str, str]],
    files: Mapping[int, Sequence[tuple[str, bytes]]],
    by_name: str,
    phone: str = "",
    wish_until: date | None = None,
    wish_because: str = "",
    out: Sequence[int] = (),
    troubles: Sequence[str] = (),
) -> tuple[RectificationReport, list[str]]:
    """Keep what was typed and every file that is in order, as the one draft; of the others say why they were not taken.

    `out`: files of the draft that the enterprise takes out again. `troubles`: of files that nobody has read. What was sent
    with these words and files a moment ago is that report.
    """
    rectification = Rectification.objects.held(rectification)
    who = {"by_name": by_name.strip(), "phone": phone.strip()}
    who |= {"wish_until": wish_until, "wish_because": wish_because.strip()}
    last = rectification.reports.filter(sent_at__isnull=False).last()
    if last and last.sent_at >= now_clock.now() - A_MOMENT and not troubles and _says(last, lines, files, who, out):
        return last, []
    refuse_if(rules.why_not_report(rectification))
    report = rectification.reports.filter(sent_at__isnull=True).first() or RectificationReport(
        rectification=rectification, begun_at=now_clock.now()
    )
    for name, value in who.items():
        setattr(report, name, value)
    report.save()
    said = [*troubles, *_take_out(report, out)]
    for point in rectification.points.all():
        state, words = lines.get(point.n, ("", ""))
        line, _ = ReportLine.objects.update_or_create(
            report=report, point=point, defaults={"state": state, "words": words.strip()}
        )
        said += _keep_files(line, files.get(point.n, ()))
    return report, list(dict.fromkeys(said))


def _says(sent: RectificationReport, lines: Mapping, files: Mapping, who: Mapping, out: Sequence[int]) -> bool:
    """Word for word, with no file that it has not and none that was to go."""
    if ReportFile.objects.filter(line__report=sent, pk__in=out).exists():
        return False
    for line in sent.lines.select_related("point").prefetch_related("files__file"):
        n, there = line.point.n, {kept.file.sha256 for kept in line.files.all()}
        state, words = lines.get(n, ("", ""))
        if (line.state, line.words) != (state, words.strip()):
            return False
        if {hashlib.sha256(content).hexdigest() for _, content in files.get(n, ())} - there:
            return False
    return all(getattr(sent, name) == value for name, value in who.items())


def _take_out(report: RectificationReport, out: Sequence[int]) -> list[str]:
    """What was chosen by mistake leaves the draft; nobody but the enterprise has seen it there."""
    troubles = []
    for pk in out:
        kept = ReportFile.objects.filter(pk=pk, line__report__rectification=report.rectification_id)
        kept = kept.select_related("line__report").first()
        if refusal := rules.why_not_take_out(kept):
            troubles.append(refusal)
        else:
            kept.delete()
    return troubles


def _keep_files(line: ReportLine, files: Sequence[tuple[str, bytes]]) -> list[str]:
    troubles = []
    there = set(line.files.values_list("file__sha256", flat=True))
    for name, content in files:
        refusal = why_not_file(name, content)
        kind = pictures.kind_of(content)
        small = None
        if not refusal and not (refusal := rules.why_too_many(len(there))) and kind != pictures.PDF:
            try:
                small = pictures.look_at(content).small
            except Refused as trouble:
                refusal = f"文件“{name}”没有收：{trouble}"
        if refusal:
            troubles.append(refusal)
            continue
        file = stored.store(name=name, content=content, content_type=kind)
        if file.sha256 in there:
            continue  # the same file again, with a form that came back
        there.add(file.sha256)
        copy = small and stored.store(name="小图.jpg", content=small, content_type=pictures.JPEG)
        ReportFile.objects.create(line=line, file=file, small=copy)
    return troubles


@transaction.atomic
def send_report(*, report: RectificationReport) -> RectificationReport:
    """Hand the draft in: from then on it stays as it came, and the team is told."""
    rectification = Rectification.objects.held(report.rectification)
    report = RectificationReport.objects.get(pk=report.pk)
    report.rectification = rectification
    if report.sent_at:
        return report  # sent twice
    now = now_clock.now()
    refuse_if(rules.why_not_report(rectification) or rules.why_not_send(report, now.date()))
    report.sent_at = now
    report.save(update_fields=["sent_at"])
    if report.wish_until:
        duties.keep_next(rectification, True, "对企业的延期申请提出意见", now)
    trail.record("inspections.rectification.reported", by=None, about=rectification.inspection, no=report.no)
    return report
