"""End of a visit (PNG 31): the result, what the person in charge reads, leaving and handing in, what is added later."""

from datetime import date
from functools import partial

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.forms.pages import act_page, carried_out
from benxi_shuangsuiji.notices.agenda import left_of_due
from inspections.checks import naming, papers
from inspections.checks.pages import items, my_task, tapped_at
from inspections.checks.publication_days import publication_limit
from inspections.checks.states import ENDED
from inspections.enterprise.pages import statements_of
from inspections.exchange import results
from inspections.models import Conclusion, InspectionStatus, Mode, Outcome, Paper, Signer
from inspections.paperwork.pages import papers as papers_of
from inspections.privacy import findings as privacy
from inspections.service import rules as service_rules
from inspections.signatures import rules as signatures_rules
from inspections.signatures.pages import Pad, of_standing

from . import actions, adopting, end_pages, pages, rules
from .closed_views import open_to_the_team, too_early
from .forms import AddendumForm, AgainForm, LeavingForm, OpinionForm, ResultForm


def _written(inspection) -> Conclusion | None:
    return Conclusion.objects.filter(inspection=inspection).select_related("by").first()


@requires(P.FIELD_WORK)
def field_finish(request, no):
    """检查完毕 (31a): what is missing, what was found, what follows; of a returned record the whole once more."""
    inspection = my_task(request, no)
    if closed := open_to_the_team(request, inspection):
        return closed
    again = inspection.status == InspectionStatus.RETURNED
    found_items = items(inspection)
    found = pages.found_points(found_items)
    written = inspection if again else _written(inspection)
    taken_over = None if written else results.adopted(inspection)
    source = written or taken_over
    form = (AgainForm if again else ResultForm)(
        request.POST or None,
        request.FILES or None,
        initial=_initial(inspection, source, found_items, bool(found)),
    )
    of = {"inspection": inspection, "by": request.user}
    return act_page(
        request,
        "inspections/visits/field_finish.html",
        form,
        partial(actions.resubmit if again else actions.conclude, **of),
        inspection.field_url if again else lambda made: _after_the_result(inspection, made),
        "已提交，等待审核。" if again else "",
        facts=lambda: {"checks": end_pages.submit_checks(inspection, found_items, written)},
        inspection=inspection,
        again=again,
        early=too_early(inspection, request.user),
        found=found,
        adopted_words=adopting.outcome_words(inspection, taken_over, bool(found)) if taken_over else "",
        personal=privacy.given_to_the_phone(inspection),
        groups=form.groups(bool(found)),
        order_words=pages.order_words(form["rectify_by"].value()),
        rectify_words=pages.day_words(form["rectify_by"].value())
        if _is_day(form["rectify_by"].value())
        else "改正期限",
    )


def _is_day(value) -> bool:
    return isinstance(value, date)


def _initial(inspection, source, found_items, found: bool) -> dict:
    """What was written before, what was taken over from the platform, or what the answers say of themselves."""
    said = {
        name: getattr(source, name, None)
        for name in (
            "outcome",
            "finding",
            "measures",
            "rectify_by",
            "registry_status",
            "earlier_attempt_on",
            "enterprise_opinion",
        )
    }
    return {
        **said,
        "version": inspection.version,
        "seen": source.stamp if isinstance(source, Conclusion) else "",
        "outcome": said["outcome"] or ("" if found else Outcome.NO_ISSUE),
        "finding": said["finding"] or pages.words_found(found_items),
        "rectify_by": said["rectify_by"] or pages.proposed_day(clock.today()),
    }


def _after_the_result(inspection, written: Conclusion) -> str:
    signed = signatures_rules.is_signed(inspection, written.outcome)
    return reverse(f"inspections:field-{'read' if signed else 'submit'}", args=[inspection.no])


@requires(P.FIELD_WORK)
def field_read(request, no):
    """给现场负责人看 (31b): what was checked, what was found word for word, who came; his opinion goes in unedited."""
    inspection = my_task(request, no)
    if closed := open_to_the_team(request, inspection):
        return closed
    found_items = items(inspection)
    written = _written(inspection)
    form = OpinionForm(request.POST or None, initial={"words": written.enterprise_opinion if written else ""})
    members = inspection.members.select_related("inspector")
    return act_page(
        request,
        "inspections/visits/field_read.html",
        form,
        partial(actions.note_opinion, inspection=inspection, by=request.user),
        reverse("inspections:field-sign", args=[inspection.no]),
        "",
        inspection=inspection,
        early=too_early(inspection, request.user),
        tally=pages.tally(found_items),
        items=len(found_items),
        found=pages.found_points(found_items),
        said=pages.words_found(found_items),
        written=written,
        decision=papers.decision_words(written) if written else "",
        came=[m for m in members if m.arrived_at or inspection.started_at is None],
    )


@requires(P.FIELD_WORK)
def field_submit(request, no):
    """离场和提交 (31e); once the server has it, what happens next (31f), however often it is pressed."""
    inspection = my_task(request, no)
    if _handed_in(inspection):
        carried_out(request)  # three times pressed, once submitted
        return redirect(request.path) if request.method == "POST" else _submitted(request, inspection)
    if closed := open_to_the_team(request, inspection):
        return closed
    now = tapped_at(request)
    form = LeavingForm(request.POST or None)
    if inspection.mode != Mode.ONSITE:
        form.fields["at"].label = "结束时间"  # nobody leaves a place where nobody was

    def submit(*, at):
        return actions.finish_visit(
            inspection=inspection,
            by=request.user,
            at=at or max(now.replace(second=0, microsecond=0), inspection.there_since),
        )

    page = act_page(
        request,
        "inspections/visits/field_submit.html",
        form,
        submit,
        request.path,
        "",
        facts=lambda: _before_leaving(request, inspection, now),
        inspection=inspection,
        early=too_early(inspection, request.user),
    )
    # Two phones, one moment: the second reads that it is handed in.
    return redirect(request.path) if page.status_code == 409 and _handed_in(my_task(request, no)) else page


def _handed_in(inspection) -> bool:
    return inspection.status in ENDED and inspection.status != InspectionStatus.RETURNED


def _before_leaving(request, inspection, now) -> dict:
    written = _written(inspection)
    signed = signatures_rules.is_signed(inspection, written.outcome if written else Outcome.NO_ISSUE)
    standing = signatures_rules.standing(inspection) if signed else []
    pads = [
        Pad.of(m.inspector, standing)
        for m in inspection.members.select_related("inspector__user")
        if m.arrived_at or inspection.started_at is None
    ]
    here = next((s for s in standing if s.signer == Signer.RESPONSIBLE), None)
    return {
        "signed": signed,
        "pads": pads if signed else [],
        "written": written,
        "responsible": of_standing(here) if here else None,
        "checks": _leaving_checks(inspection, written, standing, signed),
        "now": localtime(now),
        "spent": pages.spent(inspection, now) if inspection.started_at else "",
        "onsite": inspection.mode == Mode.ONSITE,
    }


def _leaving_checks(inspection, written, standing, signed) -> list[dict]:
    """提交前: each with the way to what is missing."""
    no = inspection.no
    if written is None:
        way = reverse("inspections:field-finish", args=[no])
        return [
            {"text": "还没有写检查结果。", "state": "bad", "url": way, "link": "去写", "wants": way, "kept": "检查结果"}
        ]
    lines = [{"text": f"检查结果：{papers.decision_words(written)}", "state": "ok"}]
    if not signed:
        return lines
    here = next((s for s in standing if s.signer == Signer.RESPONSIBLE), None)
    way = reverse("inspections:field-sign", args=[no])
    if here is None:
        wants = f"{way}|{reverse('inspections:field-refuse', args=[no])}"
        line = {"text": "还差现场负责人的签名。", "state": "bad", "url": way, "link": "去签名"}
        lines.append(line | {"wants": wants, "kept": "现场负责人的签名"})
    elif here.refused_because:
        lines.append({"text": f"现场负责人没有签名：{here.get_refused_because_display()}", "state": "warn"})
    else:
        lines.append({"text": f"{here.name}已签名，{localtime(here.at):%-H:%M}", "state": "ok"})
    wanted = signatures_rules.unsigned(inspection, standing)
    if wanted:
        names = "、".join(person.name for person in wanted)
        pads = [reverse("inspections:field-sign-inspector", args=[no, person.pk]) for person in wanted]
        line = {"text": f"还差{names}的签名。", "state": "bad"}
        lines.append(line | {"wants": " ".join(pads), "kept": f"{names}的签名"})
    else:
        lines.append({"text": "检查人员都已签名", "state": "ok"})
    if late := signatures_rules.why_outdated(inspection, standing):
        lines.append({"text": late, "state": "bad"})
    return lines + end_pages.recorder_checks(inspection)


def _submitted(request, inspection):
    """31f: the number, what happens next with its days, the papers, and where something can be added."""
    today, calendar = clock.today(), workdays.calendar()
    if first := pages.first_of(pages.tasks_of(request.user, today, calendar)):
        naming.note(request.user, "field-submit", 1)
    context = {
        "inspection": inspection,
        "first": first,
        "reviewers": pages.reviewers_of(inspection),
        "notes": inspection.addenda.select_related("by"),
        "left": left_of_due(publication_limit(inspection, calendar), today, calendar)[0],
        "reviewed": inspection.reviewed_by is not None,
        "told": service_rules.told_words(inspection),
        "may_tell": not service_rules.why_not_deliver(inspection, Paper.RESULT, request.user),
        "published": inspection.status == InspectionStatus.PUBLISHED,
        "decision": papers.decision_words(inspection),
        "pdf_missing": "" if pdf.available() else pdf.MISSING,
        "papers": papers_of(inspection),
        "again": signatures_rules.to_sign_again(inspection),
        "statements": statements_of(inspection),
        "may_add": not rules.why_not_add(inspection, request.user, "追加说明"),
    }
    return TemplateResponse(request, "inspections/visits/field_submitted.html", context)


@requires(P.FIELD_WORK)
def field_note(request, no):
    """追加说明: the only way to say more once the record is handed in."""
    inspection = my_task(request, no)
    return act_page(
        request,
        "inspections/visits/field_note.html",
        AddendumForm(request.POST or None),
        partial(actions.add_note, inspection=inspection, by=request.user),
        reverse("inspections:field-submit", args=[inspection.no]),
        "已追加说明。",
        inspection=inspection,
        obstacle=rules.why_not_add(inspection, request.user, "追加说明"),
    )
