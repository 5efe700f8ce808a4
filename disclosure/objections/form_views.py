"""更正与申诉 handed in without a login and without a cookie; and what only the receipt's code opens (四(3)-f, ui-2.md 19)."""

from functools import partial

from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import client_address
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.forms.pages import act_page
from disclosure.models import Objection
from disclosure.site import bulletin
from disclosure.words import PAGE_OF
from inspections.checks import visit_codes
from inspections.codes import tries
from inspections.codes.models import Try
from inspections.codes.pages import open_to_holders
from inspections.enterprise.link_pages import by_token

from . import actions, forgetting, pages, rules
from .forms import MoreForm, ObjectionForm, TakeBackForm, key_of, new_token
from .models import Relation

NEW = "disclosure/objections/new.html"
KIND_OF = {page: kind for kind, page in PAGE_OF.items()}


@open_to_holders
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """About whichever publication; what is not public is answered as what never was."""
    asked = request.POST if request.method == "POST" else request.GET
    typed, kind = asked.get("record", "").strip(), KIND_OF.get(asked.get("kind", ""), "")
    record = rules.record_of(typed, kind) if typed else None
    if record is None:
        wrong = rules.UNKNOWN if typed else "选择对哪条公示提出" if request.method == "POST" else ""
        context = {"typed": typed[:40], "wrong": wrong}
        status = 404 if typed else 409 if wrong else 200
        return TemplateResponse(request, "disclosure/objections/which.html", context, status=status)
    return _form(request, record, "")


@open_to_holders
@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def of_link(request, inspection, token):
    """The same by the address of a notice: whoever holds it acts for the enterprise, about its own result."""
    record = rules.record_of(inspection.no, "RESULT")
    if record is None:
        raise Http404
    return _form(request, record, token)


def _form(request, record, token: str):
    today, sent = clock.today(), request.POST.get("form", "")
    context = {
        "record": record,
        "kind": PAGE_OF[record.kind],
        "record_url": bulletin.public_url(record),
        "identified": bool(token),
        "token": sent if key_of(sent) else new_token(),
        "relations": pages.RELATIONS,
        "demands": rules.demands(),
        "days": pages.within(today),
        "kept_months": forgetting.months(),
        "unit": Unit.objects.get(code=record.unit_code),
    }
    initial = {"relation": Relation.OTHER, "name": record.facility_name if token else ""}
    about = rules.line_of(record, (request.POST or request.GET).get("code", ""))
    context["code"] = (request.POST or request.GET).get("code", "") if about else ""
    form = ObjectionForm(
        request.POST or None, request.FILES or None, initial=initial, identified=bool(token), about=about
    )
    address = client_address(request)
    if request.method == "POST" and form.is_valid() and (again := tries.again_at(Try.Kind.OBJECTION, address)):
        most = tries.MOST[Try.Kind.OBJECTION]
        at = f"{localtime(again):%H:%M}"
        form.add_error(None, f"这个网络一小时内已提交 {most} 件，{at} 以后再提交，或者书面提出")
        return TemplateResponse(request, NEW, context | {"form": form}, status=429)

    def act(**typed):
        typed.setdefault("relation", Relation.ENTERPRISE)
        made = actions.submit(publication=record, form=key_of(sent), **typed)
        tries.note(Try.Kind.OBJECTION, address)
        return made

    def receipt(objection):
        return redirect("disclosure:objection-own", objection.receipt, actions.code_of(objection.applicant))

    return act_page(request, NEW, form, act, receipt, "", **context)


@open_to_holders
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request, receipt):
    """Whoever has the code of the receipt hands in more or takes it back."""
    objection = Objection.objects.filter(receipt=receipt).first()
    if objection is None:
        raise Http404
    context = {"objection": objection, "wrong": ""}
    if request.method == "POST":
        code = visit_codes.read(request.POST.get("code", "")[:60])
        if _is_code(objection, code):
            return redirect("disclosure:objection-own", objection.receipt, code)
        tries.count(Try.Kind.UNKNOWN_CODE, client_address(request))
        context["wrong"] = "撤回码对不上这个受理编号，对照受理时记下的再看一遍"
    return TemplateResponse(
        request, "disclosure/objections/enter.html", context, status=409 if context["wrong"] else 200
    )


def _is_code(objection: Objection, code: str) -> bool:
    return constant_time_compare(actions.code_of(objection.applicant), code)


@open_to_holders
@require_http_methods(["GET", "HEAD", "POST"])
def own(request, receipt, code):
    """What was handed in, more of it, or all of it taken back."""
    objection = Objection.objects.select_related("publication", "unit", "applicant").filter(receipt=receipt).first()
    if objection is None or not _is_code(objection, visit_codes.read(code)):
        tries.count(Try.Kind.UNKNOWN_CODE, client_address(request))
        raise Http404
    form = MoreForm(request.POST or None, request.FILES or None) if objection.is_open else None
    act, back = partial(actions.complete, objection=objection), request.path
    if request.POST.get("act") == "take_back":
        form, act = TakeBackForm(request.POST), partial(actions.take_back, objection=objection)
        back = reverse("disclosure:objection", args=[receipt])
    (shown,) = pages.shown([objection], clock.today(), workdays.calendar())
    return act_page(
        request,
        "disclosure/objections/own.html",
        form,
        act,
        back,
        "",
        objection=objection,
        shown=shown,
        code=visit_codes.grouped(code),
        kept_months=forgetting.months(),
        papers=list(objection.papers.prefetch_related("files__file")),
        may_complete=not rules.why_not_complete(objection, clock.today()),
    )
