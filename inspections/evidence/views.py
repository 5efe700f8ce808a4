"""Pages of a visit's evidence (/field/<no>/…), what is handed out of it, and the register of recorders (/desk/recorders/)."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.pictures import JPEG
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from inspections.checks import pages as check_pages
from inspections.checks.pages import my_task
from inspections.checks.states import NOT_YET_THERE
from inspections.indicators.facts import Scope
from inspections.indicators.figures import figure
from inspections.models import CustodyAct, Evidence, EvidenceKind, Inspection, Recorder
from inspections.paperwork.actions import keep_evidence
from inspections.paperwork.papers import digest_today
from registry.models import Inspector

from . import actions, forms, pages, rules


@requires(P.FIELD_WORK)
def field_evidence(request, no):
    """照片和录像 of one visit, and one more (ui-2.md 30f)."""
    inspection = my_task(request, no)
    form = forms.EvidenceForm(
        request.POST or None,
        request.FILES or None,
        inspection=inspection,
        skew=check_pages.skew(request),
        initial={
            "kind": chips.asked(request, "kind", EvidenceKind.values, EvidenceKind.PHOTO),
            "point": request.GET.get("point"),
        },
    )
    from_check = request.POST.get("from_check")

    def back(made: Evidence) -> str:
        return _point_address(inspection, made) if from_check else request.path

    return act_page(
        request,
        "inspections/evidence/field_evidence.html",
        form,
        partial(keep_evidence, inspection=inspection, by=request.user, digest_today=digest_today),
        back,
        lambda made: f"{made.get_kind_display()}已上传，指纹 {made.sha256[:12]}。",
        refusals_at="file",
        facts=lambda: {
            **pages.of_visit(inspection),
            **_in_the_way(inspection, request.user),
            "may_strike": not rules.why_not_strike(inspection, request.user, None),
            "longest": policy.on(clock.today()).recommended.photo_longest_side,
        },
        inspection=inspection,
        kind=form.of_kind,
        word=rules.word_for(form.of_kind),
    )


def _in_the_way(inspection: Inspection, user) -> dict:
    """Before the arrival the form is there: a phone without a network keeps what is taken until the arrival is sent."""
    reason = rules.why_not_keep(inspection, user)
    early = reason.startswith(NOT_YET_THERE)
    return {"early": reason if early else "", "obstacle": "" if early else reason}


def _point_address(inspection: Inspection, made: Evidence) -> str:
    """Where on the check pages its point stands."""
    here = next((i["n"] for i in check_pages.items(inspection) if made.point in i["points"]), 1)
    return f"{reverse('inspections:field-check', args=[inspection.no, here])}#p{made.point_id or ''}"


@requires(P.FIELD_WORK)
def field_recorder(request, no):
    """执法记录仪 of one visit: what ran when, what the device holds, why something is missing (七(五)-h)."""
    inspection = my_task(request, no)
    last = inspection.recordings.last()
    form = forms.RecordingForm(
        request.POST or None,
        initial={
            "recorder_no": inspection.recorder_no,
            "starts_at": last.starts_at if last else inspection.there_since,
            "ends_at": last.ends_at if last else inspection.ended_at,
        },
    )
    now = clock.now()
    return act_page(
        request,
        "inspections/evidence/field_recorder.html",
        form,
        partial(actions.enter_recording, inspection=inspection, by=request.user),
        request.path,
        "录像已登记。",
        facts=lambda: {
            **pages.recorder(inspection),
            "obstacle": rules.why_not_record(inspection, request.user),
            "mute": rules.why_not_explain(inspection, request.user),
            "stop_forms": _stop_forms(inspection, now),
            "run_form": forms.RunForm(
                initial={"at": now, "recorder_no": inspection.recorder_no},
                auto_id="run_%s",
                registered=actions.recorder_numbers({inspection.unit_id, inspection.executing_unit_id}),
            ),
            "gap_form": forms.GapForm(auto_id="gap_%s"),
        },
        inspection=inspection,
    )


def _stop_forms(inspection: Inspection, now) -> list[forms.StopForm]:
    """One for each that runs: of two, the one named stops."""
    running = inspection.recordings.filter(ends_at__isnull=True)
    return [
        forms.StopForm(initial={"at": now, "recorder_no": r.recorder_no}, auto_id=f"stop{r.pk}_%s") for r in running
    ]


def _small_act(request, no, form, act, done):
    """One of the small forms of the recorder's page: what is wrong is said above it."""
    inspection = my_task(request, no)
    back = reverse("inspections:field-recorder", args=[inspection.no])

    def do():
        if not form.is_valid():
            raise Refused("；".join(error for errors in form.errors.values() for error in errors) + "。")
        return act(inspection=inspection, by=request.user, **form.cleaned_data)

    return press(request, do, back, done)


@requires(P.FIELD_WORK)
@require_POST
def field_recorder_stop(request, no):
    form = forms.StopForm(request.POST)
    return _small_act(request, no, form, actions.stop, lambda made: f"{localtime(made.ends_at):%-H:%M} 停止，已记下。")


@requires(P.FIELD_WORK)
@require_POST
def field_recorder_run(request, no):
    form = forms.RunForm(request.POST)
    return _small_act(
        request, no, form, actions.run_again, lambda made: f"{localtime(made.starts_at):%-H:%M} 开始录，已记下。"
    )


@requires(P.FIELD_WORK)
@require_POST
def field_recorder_gap(request, no):
    form = forms.GapForm(request.POST)
    return _small_act(request, no, form, actions.explain_gaps, "没有录像的原因已写明。")


@requires(P.FIELD_WORK)
def field_samples(request, no):
    """采样取证登记 of one visit."""
    inspection = my_task(request, no)
    return act_page(
        request,
        "inspections/evidence/field_samples.html",
        forms.SampleForm(request.POST or None, initial={"taken_at": clock.now()}),
        partial(actions.enter_sample, inspection=inspection, by=request.user),
        request.path,
        lambda made: f"样品 {made.no} 已登记。",
        facts=lambda: {
            **pages.samples_of(inspection),
            **_in_the_way(inspection, request.user),
            "may_strike": not rules.why_not_strike(inspection, request.user, None),
        },
        inspection=inspection,
    )


@requires(P.FIELD_WORK)
def field_strike(request, no, pk):
    """划去 one photograph, video or scan, with the reason."""
    inspection = my_task(request, no)
    evidence = get_object_or_404(inspection.evidence.select_related("file", "struck"), pk=pk)
    what = f"{evidence.get_kind_display()}，{localtime(evidence.taken_at):%-H:%M} 拍，指纹 {evidence.sha256[:12]}"
    return _strike(request, inspection, evidence, what, reverse("inspections:field-evidence", args=[no]))


@requires(P.FIELD_WORK)
def field_strike_sample(request, no, pk):
    """划去 one sampling record, with the reason."""
    inspection = my_task(request, no)
    sample = get_object_or_404(inspection.samples.select_related("struck"), pk=pk)
    what = f"样品 {sample.no}，{sample.get_medium_display()}，{sample.place}"
    return _strike(request, inspection, sample, what, reverse("inspections:field-samples", args=[no]))


def _strike(request, inspection, thing, what, back):
    obstacle = rules.why_not_strike(inspection, request.user, thing)
    return act_page(
        request,
        "inspections/evidence/field_strike.html",
        None if obstacle else forms.StrikeForm(request.POST or None),
        partial(actions.strike, inspection=inspection, thing=thing, by=request.user),
        back,
        "已划去，原件和查看记录仍保存。",
        late=obstacle,
        inspection=inspection,
        what=what,
        obstacle=obstacle,
        back=back,
    )


def _evidence(request, no, pk) -> Evidence:
    """A piece of evidence for its circle; anybody else finds nothing (decisions.md 3)."""
    found = Evidence.objects.in_circle_of(request.user).select_related("file", "small", "inspection")
    return get_object_or_404(found, inspection__no=no, pk=pk)


@requires(P.SEE_SEALED, P.FIELD_WORK)
@require_safe
def evidence_file(request, no, pk):
    """The original as it was received; who takes a copy is written down."""
    evidence = _evidence(request, no, pk)
    answer = files.download(evidence.file)
    actions.hand_out(evidence=evidence, act=CustodyAct.DOWNLOADED, by=request.user)
    return answer


@requires(P.SEE_SEALED, P.FIELD_WORK)
@require_safe
def evidence_small(request, no, pk):
    """The small copy that pages show, without anything that the camera wrote into the original."""
    evidence = _evidence(request, no, pk)
    if evidence.small is None:
        raise Http404
    answer = files.attachment(files.read(evidence.small), name="小图.jpg", content_type=JPEG)
    actions.hand_out(evidence=evidence, act=CustodyAct.LOOKED, by=request.user)
    return answer


@requires(P.SEE_SEALED, P.FIELD_WORK)
@require_safe
def evidence_video(request, no, pk):
    """A video as a page plays it: in pieces, as browsers ask for it; that somebody looked is written down once a day."""
    evidence = _evidence(request, no, pk)
    if evidence.kind != EvidenceKind.VIDEO:
        raise Http404
    answer = files.piece(evidence.file, request.headers.get("Range", ""))
    actions.hand_out(evidence=evidence, act=CustodyAct.LOOKED, by=request.user)
    return answer


@requires(P.SEE_SEALED, P.FIELD_WORK)
@require_safe
def recorder_list(request):
    """执法记录仪 of a unit."""
    unit = shell.unit_or_404(request, P.SEE_SEALED, P.FIELD_WORK)
    quarter, may = shell.current_quarter(request), request.user.may(P.SEE_SEALED, unit)
    found = Recorder.objects.visible_to(request.user).filter(unit=unit).select_related("keeper")
    context = {
        "unit": unit,
        "recorders": found,
        "may_keep": not rules.why_not_keep_recorders(unit, request.user),
        # How far the quarter's checks have come is for those who see the sealed list (decisions.md 3).
        "covered": figure(Scope.known_to(request.user, [unit], quarter), 14) if may else None,  # K14
        "quarter": quarter,
    }
    return TemplateResponse(request, "inspections/evidence/recorder_list.html", context)


@requires(P.DISPATCH)
def recorder_new(request):
    """One device more."""
    unit = shell.unit_or_404(request, P.DISPATCH)
    form = forms.RecorderForm(request.POST or None, people=_people(unit), initial={"in_use": True})
    return _recorder_page(request, unit, form, None)


@requires(P.DISPATCH)
def recorder_edit(request, pk):
    """The entry of one device: who keeps it, whether it is in use."""
    mine = Recorder.objects.visible_to(request.user).filter(unit__in=request.user.units_with(P.DISPATCH))
    recorder = get_object_or_404(mine.select_related("unit"), pk=pk)
    form = forms.RecorderForm(
        request.POST or None, people=_people(recorder.unit), initial=forms.RecorderForm.of(recorder)
    )
    return _recorder_page(request, recorder.unit, form, recorder)


def _people(unit):
    return Inspector.objects.of_units([unit.pk]).filter(left_on__isnull=True).order_by("code")


def _recorder_page(request, unit, form, recorder: Recorder | None):
    return act_page(
        request,
        "inspections/evidence/recorder_form.html",
        form,
        partial(actions.enter_recorder, unit=unit, recorder=recorder, by=request.user),
        f"{reverse('inspections:recorder-list')}?unit={unit.code}",
        lambda made: f"执法记录仪 {made.no} 已登记。",
        unit=unit,
        recorder=recorder,
    )
