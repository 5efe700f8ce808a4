"""What happened to one check, from the rows in which it is kept (七(五)-n). Each event names the act by which the trail knows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import short_date
from inspections.exchange.actions import WITH_ALL
from inspections.exchange.catching_up import BY_ITSELF
from inspections.exchange.results import ADOPTED
from inspections.models import DifferenceState, EvidenceKind, ExchangePackage, Inspection, PackageState, Paper, Side
from inspections.offsite.wording import look_words

# Moments of a check that somebody may type, later than they were; the trail's entry comes when he does.
TYPED = ("started_at", "entered_at", "identity_shown_at", "ended_at")


@dataclass(frozen=True)
class Event:
    """`verbs`: under which the trail keeps it; `named`: by which detail an entry that has it says that it is of this one;
    `typed`: the column of the moment, which was typed, the entry came later; `phone`: sent by one;
    `first`: of one moment all else came of it; `about`: the number of a thing that is not this check's own, under which the trail
    keeps it; `shared`: one entry may tell several of its kind, as the import of a package tells all that stood in it; `with_it`: the other entries of the same act, which are no events.
    """

    at: datetime
    what: str
    who: str = ""
    actor: int | None = None
    verbs: tuple[str, ...] = ()
    named: tuple[str, object] = ("", None)
    note: str = ""
    digests: tuple[str, ...] = ()
    url: str = ""
    typed: str = ""
    phone: str = ""
    first: bool = False
    about: str = ""
    shared: bool = False
    with_it: tuple[str, ...] = ()

    @property
    def to_the_minute(self) -> bool:
        """It was typed by hand, hour and minute."""
        return bool(self.typed) and not (self.at.second or self.at.microsecond)


def _by(user) -> dict:
    return {"who": user.full_name, "actor": user.pk} if user else {}


def _act(*verbs: str) -> tuple[str, ...]:
    return tuple(f"inspections.{verb}" for verb in verbs if verb)


def of(check: Inspection) -> list[Event]:
    """All of them, the oldest first."""
    parts = (_course, _before, _exchanged, _differing, _on_the_way, _proofs, _papers, _follow, _filed, _phones, _duties)
    found = [event for part in parts for event in part(check) if event.at]
    return sorted(found, key=lambda event: event.at)


def _course(check: Inspection) -> Iterator[Event]:
    """The check itself."""
    if check.draw_id and check.draw.drawn_at:
        draw = check.draw
        said = {"note": draw.draw_id, "url": draw.get_absolute_url(), "verbs": ("plans.draw.held",)}
        yield Event(draw.drawn_at, "抽取", **_by(draw.held_by), **said, first=True)
    for asked in check.targeted.all():
        said = f"{asked.get_source_display()}　{asked.reason}"
        raised, approved = _act("targeted.raised"), _act("targeted.approved")
        yield Event(asked.asked_at, "发起针对性检查", **_by(asked.asked_by), note=said, verbs=raised)
        yield Event(asked.decided_at, "批准针对性检查", **_by(asked.decided_by), note=asked.opinion, verbs=approved)
    yield Event(
        check.dispatched_at,
        "派发",
        **_by(check.dispatched_by),
        note="；".join(f"进现场的原因：{asked.onsite_why}" for asked in check.targeted.all() if asked.onsite_why),
        verbs=_act("dispatched", "targeted.approved", "targeted.raised"),
    )
    came = "、".join(m.inspector.name for m in check.members.all() if m.arrived_at)
    begun = "到场" if check.is_there and check.entered_at is None else "开始检查"
    yield Event(check.started_at, begun, note=came, verbs=_act("visit.started"), typed="started_at")
    yield Event(check.entered_at, "到现场核实", verbs=_act("visit.entered"), typed="entered_at")
    recorder = f"{check.recorder_no}（声明）" if check.recorder_no else check.no_recorder_because
    yield Event(
        check.identity_shown_at,
        "出示执法证件",
        note=f"执法记录仪：{recorder}" if recorder else "",
        verbs=_act("identity.shown", "paper.served"),
        named=("paper", Paper.NOTICE),
        typed="identity_shown_at",
    )
    ended = check.get_outcome_display()
    yield Event(check.ended_at, "检查结束", note=ended, verbs=_act("visit.finished"), typed="ended_at")
    if check.uploaded_at:
        yield Event(
            check.uploaded_at,
            "提交检查结果",
            **_by(check.recorded_by),
            verbs=_act("visit.finished", "result.resubmitted"),
        )
    if check.reviewed_at:
        yield Event(
            check.reviewed_at, "审核通过", **_by(check.reviewed_by), note=check.opinion, verbs=_act("result.reviewed")
        )
    yield Event(
        check.published_at, "公开结果", verbs=("disclosure.result.published",), with_it=_act("result.published")
    )
    yield Event(check.withheld_at, "批准不公开", verbs=_act("withholding.approved"))
    yield Event(check.withdrawn_at, "撤下公开的结果", verbs=_act("result.withdrawn"))
    yield Event(check.replaced_at, "更换，不再检查")
    yield Event(check.cancelled_at, "取消，不再检查", note=check.cancelled_because)


def _before(check: Inspection) -> Iterator[Event]:
    """Accepted, approved, numbered."""
    for member in check.members.all():
        taken = getattr(member, "acceptance", None)
        if taken and taken.accepted_at:
            name, user = member.inspector.name, member.inspector.user_id
            said = "声明没有利害关系、遵守纪律，接受任务"
            yield Event(taken.accepted_at, said, who=name, actor=user, verbs=_act("accepted"))
    for asked in check.approvals.select_related("asked_by", "decided_by"):
        # Of a targeted check its raising and its approval are those of the visit (docs/decisions/0026).
        raised = ("targeted.raised", "targeted.approved")
        yield from _decision(asked, f"检查审批 {asked.no}", "approval", named=("no", asked.no), also=raised)
    if number := getattr(check, "notice_number", None):
        # Given with the last approval, or where an emergency is sent out.
        with_it = _act("approval.approved", "targeted.approved", "targeted.raised")
        yield Event(number.given_at, "检查通知书编号", note=number.text, verbs=with_it)
    for asked in check.onsite_requests.select_related("asked_by", "decided_by"):
        yield from _decision(asked, f"改为现场检查：{asked.get_reason_display()}", "onsite", asked.reference)
    for asked in check.swaps.select_related("asked_by", "decided_by"):
        yield from _decision(asked, "更换检查人员", "swap")


def _decision(
    asked,
    what: str,
    verb: str,
    note: str = "",
    url: str = "",
    named: tuple[str, object] = ("", None),
    also: tuple[str, str] = ("", ""),
) -> Iterator[Event]:
    """What one asked and another decided."""
    if asked.asked_at:
        verbs = _act(f"{verb}.asked", f"{verb}_asked", f"{verb}.filed", also[0])
        said = {"note": note, "verbs": verbs, "named": named, "url": url}
        yield Event(asked.asked_at, f"提出：{what}", **_by(asked.asked_by), **said)
    if asked.decided_at:
        ends = ("approved", "returned", "rejected", "filed", "over")
        verbs = _act(*(f"{verb}.{end}" for end in ends), *(f"{verb}_{end}" for end in ends), also[1])
        words = "；".join(filter(None, [asked.get_state_display(), asked.opinion]))
        head = "决定" if asked.decided_by else "没有决定"
        said = {"note": words, "verbs": verbs, "named": named, "url": url}
        yield Event(asked.decided_at, f"{head}：{what}", **_by(asked.decided_by), **said)


def _exchanged(check: Inspection) -> Iterator[Event]:
    """Told to 移动执法平台 and what it said, once for all records of a package of which it said the same (五-4h)."""
    packages: dict = {}
    answers: dict = {}
    for row in check.exchanged.select_related("package__by", "settled_by").order_by("pk"):
        packages.setdefault(row.package, []).append(row)
        if row.settled_at:
            answers.setdefault((row.package, row.settled_at, row.settled_by, row.reason), []).append(row)
    for package, rows in packages.items():
        said = {"note": _versions(rows), "verbs": _act("exchange.exported"), "about": package.number}
        yield Event(package.at, f"导出给移动执法平台 {package.number}", **_by(package.by), **said)
    came = dict(_theirs(check.unit_id, {at for _, at, *_ in answers}))
    for (package, at, by, reason), rows in answers.items():
        if reason == WITH_ALL:
            reason = package.reason or WITH_ALL
        what = f"移动执法平台{'退回' if reason else '收下'} {package.number}"
        note = "：".join(filter(None, [_versions(rows), reason]))
        yield Event(at, what, **_by(by), note=note, **_told_by(came.get(at), package.number))
    task = getattr(check, "platform_task", None)
    if task is not None:
        came = dict(_theirs(check.unit_id, {task.came_at, task.decided_at}))
        if task.content:
            said = _told_by(came.get(task.came_at), "")
            yield Event(task.came_at, f"收到移动执法平台发起的任务 {task.number}", **said)
        settled = [package.number for package, at, *_ in answers if at == task.decided_at]
        said = _told_by(came.get(task.decided_at), *settled)
        if not said["about"]:  # by the planner, who found the check that it is
            said = {
                "verbs": _act("exchange.taken_up"),
                "about": trail.key_of(check.unit),
                "named": ("number", task.number),
            }
        yield Event(task.decided_at, f"登记移动执法平台编号 {task.number}", **_by(task.decided_by), **said)


def _differing(check: Inspection) -> Iterator[Event]:
    """Where the platform's words were others than ours, once for all of a package, and what a person decided of each."""
    raised: dict = {}
    found = check.platform_differences.select_related("package__by", "decided_by")
    for one in found.order_by("pk"):
        raised.setdefault(one.package, []).append(one)
    for package, rows in raised.items():
        what = f"移动执法平台 {package.number} 说的和本系统有 {len(rows)} 处不同"
        note = "、".join(one.field for one in rows)
        yield Event(package.at, what, **_by(package.by), note=note, **_told_by(package.number))
    for one in found.exclude(state=DifferenceState.OPEN).exclude(words__in=(*BY_ITSELF, ADOPTED)):
        note = f"{one.get_state_display()}：{one.words}"
        said = {"note": note, "verbs": _act("exchange.decided"), "about": trail.key_of(check.unit)}
        yield Event(one.decided_at, f"决定两边的差异：{one.field}", **_by(one.decided_by), **said)


def _theirs(unit: int, moments: set) -> Iterator[tuple[datetime, str]]:
    """The package of the platform that was taken at a moment: what it said of ours has that moment."""
    rows = ExchangePackage.objects.filter(unit=unit, sender=Side.PLATFORM, at__in=moments)
    yield from rows.exclude(state=PackageState.REPLACED).values_list("at", "number")


def _told_by(theirs: str | None, *ours: str) -> dict:
    """The import of their package, or what was entered by hand of ours."""
    if theirs:
        return {"verbs": _act("exchange.imported"), "about": theirs, "shared": True}
    return {"verbs": _act("exchange.answered"), "about": next(iter(ours), ""), "shared": True}


def _versions(rows) -> str:
    return "、".join(f"{row.get_kind_display()}第 {row.version} 版" for row in rows)


def _on_the_way(check: Inspection) -> Iterator[Event]:
    """Looked at from outside, recorded, signed."""
    told: set[int] = set()
    for look in check.looks.whole():
        # A file that was kept with this look has a line of its own; one that an earlier look had brought is named here.
        files = [f.evidence for f in look.files.all()]
        digests = tuple(file.sha256 for file in files if file.pk in told)
        told |= {file.pk for file in files}
        what = f"非现场查看第 {look.number} 次：{look.get_method_display()}，{look.get_result_display()}"
        yield Event(
            look.at, what, **_by(look.by), note=f"{look_words(look)}，材料 {len(files)} 份", digests=digests,
            verbs=_act("look.kept"), named=("number", look.number),
        )  # fmt: skip
    answered = check.answers.exclude(answered_at=None).select_related("answered_by")
    for point in answered:
        yield Event(
            point.answered_at,
            f"检查点：{point.text}，{point.get_answer_display()}",
            **_by(point.answered_by),
            note=point.words,
            verbs=_act("points.answered"),
        )
    for part in check.recordings.select_related("by"):
        until = f"{localtime(part.ends_at):%H:%M}" if part.ends_at else "正在录"
        yield Event(
            part.entered_at, f"执法记录仪 {part.recorder_no}，{localtime(part.starts_at):%H:%M} 至 {until}", **_by(part.by),
            note=f"{part.get_told_display()} {part.file_name}".strip(), digests=tuple(filter(None, [part.sha256])),
            verbs=_act("recording.entered", "recorder.started", "visit.started", "visit.entered"),
            named=("sha256", part.sha256),
        )  # fmt: skip
    for gap in check.recording_gaps.select_related("by"):
        span = f"{localtime(gap.starts_at):%H:%M} 至 {localtime(gap.ends_at):%H:%M}"
        yield Event(gap.at, f"没有录像 {span}", **_by(gap.by), note=gap.reason, verbs=_act("recorder.gap_explained"))
    for signed in check.signatures.select_related("by", "inspector", "drawing"):
        name = signed.inspector.name if signed.inspector else signed.name
        what = f"拒绝签名：{signed.get_refused_because_display()}" if signed.refused_because else f"签名：{name}"
        yield Event(
            signed.recorded_at, what, **_by(signed.by), note=f"所签内容的指纹 {signed.covers}",
            digests=(signed.drawing.sha256,) if signed.drawing else (), verbs=_act("signed", "signing.refused"),
        )  # fmt: skip
    for told in check.platform_results.filter(adopted_at__isnull=False).select_related("package", "adopted_by"):
        note = f"{check.platform_task.number}　{told}" if hasattr(check, "platform_task") else str(told)
        verbs = _act("exchange.adopted")
        yield Event(told.adopted_at, "采用移动执法平台的结果", **_by(told.adopted_by), note=note, verbs=verbs)
    for note in check.addenda.select_related("by"):
        yield Event(note.at, "追加说明", **_by(note.by), note=note.text, verbs=_act("record.added_to"))


def _proofs(check: Inspection) -> Iterator[Event]:
    """Photographs, scans, videos, samples, and what of them was struck out."""
    for proof in check.evidence.select_related("file", "by", "struck__by"):
        came = "上传" if proof.kind == EvidenceKind.SCAN else "拍摄"
        yield Event(
            proof.kept_at, f"{proof.get_kind_display()}{f'：{proof.words}' if proof.words else ''}", **_by(proof.by),
            note=f"{localtime(proof.taken_at):%m-%d %H:%M:%S} {came}", digests=(proof.sha256,),
            verbs=_act("evidence.kept"), named=("sha256", proof.sha256),
        )  # fmt: skip
        yield from _struck(proof, proof.get_kind_display())
    for scan in check.paper_scans.select_related("by"):
        paper = scan.get_paper_display()
        verbs = _act("paper.scanned")
        yield Event(scan.at, f"归档签名后扫描的{paper}", **_by(scan.by), verbs=verbs, named=("paper", paper))
    for sample in check.samples.select_related("by", "struck__by"):
        what = f"采样 {sample.no}，{sample.get_medium_display()}"
        yield Event(sample.recorded_at, what, **_by(sample.by), note=sample.place, verbs=_act("sample.entered"))
        yield from _struck(sample, f"采样 {sample.no}")


def _struck(thing, what: str) -> Iterator[Event]:
    if struck := getattr(thing, "struck", None):
        yield Event(struck.at, f"划去：{what}", **_by(struck.by), note=struck.reason, verbs=_act("evidence.struck"))


def _papers(check: Inspection) -> Iterator[Event]:
    """Served, and what the enterprise handed in."""
    for served in check.deliveries.select_related("by"):
        said = "签收" if served.accepted else f"拒收：{served.refused_because}，见证人 {served.witness}"
        what = f"送达{served.get_paper_display()}"
        note = f"{localtime(served.at):%m-%d %H:%M} {said}"
        yield Event(
            served.recorded_at, what, **_by(served.by), note=note,
            verbs=_act("paper.served"), named=("paper", served.paper),
        )  # fmt: skip
    for handed in check.statements.select_related("answered_by").prefetch_related("files__file"):
        digests = tuple(f.file.sha256 for f in handed.files.all())
        verbs, no = _act("statement.handed_in"), ("no", handed.no)
        yield Event(handed.at, "企业陈述申辩", who=handed.by_name, digests=digests, verbs=verbs, named=no)
        if handed.answered_at:
            verbs = _act("statement.answered")
            said = {"note": handed.answer, "verbs": verbs, "named": no}
            yield Event(handed.answered_at, "答复陈述申辩", **_by(handed.answered_by), **said)
    # What the firm thinks of the check stands here not: it was told that nobody reads of which check it spoke (七(五)-q).


def _follow(check: Inspection) -> Iterator[Event]:
    """整改、立案、移送 and each step of them."""
    if mending := getattr(check, "rectification", None):
        url = mending.get_absolute_url()
        due = f"期限 {short_date(mending.due)}"
        yield Event(mending.opened_at, "责令改正", note=due, verbs=_act("rectification.opened"), url=url)
        for report in mending.reports.all():
            verbs = _act("rectification.reported")
            yield Event(report.sent_at, f"整改报告 {report.no}", who=report.by_name, verbs=verbs, url=url)
        for act in mending.acts.select_related("asked_by", "decided_by"):
            yield from _decision(act, act.get_kind_display(), "rectification", url=url)
        yield Event(mending.closed_at, "整改办结", note=mending.get_state_display(), url=url)
    for case in check.cases.select_related("asked_by", "decided_by"):
        url = case.get_absolute_url()
        yield from _decision(case, f"立案 {case.no}", "case", url=url)
        for act in case.acts.select_related("asked_by", "decided_by"):
            yield from _decision(act, f"{act.get_kind_display()} {case.no}", "case.act", url=url)
    for letter in check.referrals.select_related("asked_by", "decided_by", "sent_by"):
        url = letter.get_absolute_url()
        yield from _decision(letter, f"移送 {letter.no}", "referral", url=url)
        yield Event(
            letter.sent_at, f"送出移送函 {letter.no}", **_by(letter.sent_by), verbs=_act("referral.sent"), url=url
        )
    for step in check.followups.select_related("by"):
        what = f"提出公开后续处理：{step.get_step_display()}"
        yield Event(step.handed_at, what, **_by(step.by), note=step.no, verbs=_act("followup.handed_over"))
        yield Event(step.published_at, f"公开后续处理：{step.get_step_display()}", note=step.no)
    for asked in check.withholdings.select_related("asked_by", "decided_by"):
        yield from _decision(asked, f"依法不公开：{asked.get_ground_display()}", "withholding")


def _filed(check: Inspection) -> Iterator[Event]:
    """Bound and kept."""
    for taken in check.enclosures.select_related("by", "file"):
        digests = (taken.file.sha256,)
        yield Event(taken.at, f"收入案卷：{taken}", **_by(taken.by), digests=digests, verbs=_act("enclosure.taken"))
    for volume in check.volumes.select_related("asked_by", "file"):
        digests = (volume.file.sha256,) if volume.file else ()
        yield Event(volume.asked_at, f"立卷 {volume.no}", **_by(volume.asked_by), verbs=_act("volume.asked"))
        yield Event(volume.bound_at, f"案卷成册 {volume.no}", digests=digests, verbs=_act("volume.bound"))
        yield Event(volume.destroyed_at, f"案卷销毁 {volume.no}")


def _phones(check: Inspection) -> Iterator[Event]:
    """What a phone had kept, with both clocks."""
    for sent in check.receipts.select_related("user"):
        note = f"手机上 {localtime(sent.tapped_at):%m-%d %H:%M:%S} 按下，{localtime(sent.sent_at):%H:%M:%S} 发出"
        what = f"收到手机存着的内容（{sent.get_state_display()}）"
        yield Event(sent.received_at, what, **_by(sent.user), note=note, digests=(sent.digest,), phone=str(sent.pk)[:8])


def _duties(check: Inspection) -> Iterator[Event]:
    """To-dos of this check that were done; what two rules asked for in the same words stands once."""
    done = Duty.objects.filter(period=check.no, closed_at__isnull=False)
    told = (
        Event(
            duty.closed_at,
            f"待办办结：{duty.title}",
            note=f"期限 {short_date(duty.due)}{f'。{duty.late_words}' if duty.missed else ''}",
        )
        for duty in done
    )
    yield from dict.fromkeys(told)
