"""One form, one act, one page; and one page for what one person asks and another decides (ui-2.md 27).

A view gathers what it needs and hands it over; what happens to the form once it is sent is written here alone. A refusal
is shown on the form with 409, and nothing that was typed is lost.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts import fresh as sign_in
from benxi_shuangsuiji.refusal import SHORTEST_REASON, NotNow, Refused, refuse_if

from . import kept
from .decision import Decision

REFUSED = 409
CONFIRMED, AGAIN = "confirmed", "fill_in_again"

Form = forms.BaseForm
Done = str | Callable[[Any], str]  # what is said afterwards; of what the act made, where that matters


@dataclass(frozen=True)
class Confirm:
    """A second step before the act: what follows from it, in sentences, for whoever typed it to read once more.

    `consequences` is given what was typed, as the act will be; with nothing to say there is no second step.
    """

    title: str
    button: str
    consequences: Callable[..., Sequence[str]]


def act_page(
    request,
    template: str,
    form: Form | None,
    act: Callable[..., Any],
    back: Any,
    done: Done,
    /,
    *,
    refusals_at: str | None = None,
    fresh: bool = False,
    confirm: Confirm | None = None,
    late: str = "",
    facts: Callable[[], Mapping[str, Any]] = dict,
    **context: Any,
) -> HttpResponse:
    """Show the form; once it is sent and valid, carry out the act, say so and lead back.

    `act` gets what was typed by keyword: mostly `partial(actions.retire, item=item, by=request.user)`. `back` is an
    object, a URL name, an address, or a callable of what the act made, which may also answer with a page (a first
    password is shown once, without an address); so is `done` a sentence or a callable. Refusals go to the top of the
    form, or to the field `refusals_at`. `facts` is called only when the page is shown, so that a carried-out act costs
    none of its queries and a refused one shows them as they are now. Without a form nothing can be sent; who sends one
    all the same, from an older page, reads `late`. `fresh` asks for the password again when the sign-in is older than
    five minutes.
    """
    if fresh and form is not None:
        sign_in.ask_again(form, request)
    status = 200
    if request.method == "POST" and form is None:
        status = REFUSED
        if late:
            messages.error(request, late)
    elif request.method == "POST" and AGAIN not in request.POST and form.is_valid():
        typed = {name: value for name, value in form.cleaned_data.items() if name != sign_in.FIELD}
        if fresh and (refusal := sign_in.why_not(request, form)):
            form.add_error(sign_in.FIELD, refusal)
            status = REFUSED
        elif confirm is not None and (page := _second_step(request, form, confirm, typed)):
            return page
        else:
            try:
                made = act(**typed)
            except Refused as refusal:
                _unless_it_comes_again(request, refusal)
                form.add_error(refusals_at, str(refusal))
                status = REFUSED
            else:
                return _answer(request, made, back, done)
    return TemplateResponse(request, template, {"form": form, **context, **facts()}, status=status)


def press(request, act: Callable[[], Any], back: Any, done: Done) -> HttpResponse:
    """One button without a form: the sentence of a refusal is shown on the page that it leads back to.

    The view wears `@require_POST`, so that a lost sign-in finds the page above it.
    """
    try:
        made = act()
    except Refused as refusal:
        _unless_it_comes_again(request, refusal)
        messages.error(request, str(refusal))
        return redirect(back(None) if callable(back) else back)
    return _answer(request, made, back, done)


def _unless_it_comes_again(request, refusal: Refused) -> None:
    """What a phone keeps until it is received is not told to be tapped anew for a trouble that passes (七(五)-l)."""
    if isinstance(refusal, NotNow) and getattr(request, "comes_again", False):
        raise refusal


def carried_out(request) -> None:
    """The act was done: whoever answers a phone tells this from a page that only led on (inspections.outbox)."""
    request.carried_out = True


def _answer(request, made: Any, back: Any, done: Done) -> HttpResponse:
    carried_out(request)
    if said := done(made) if callable(done) else done:
        messages.success(request, said)
    to = back(made) if callable(back) else back
    return to if isinstance(to, HttpResponse) else redirect(to)


def _second_step(request, form: Form, confirm: Confirm, typed: Mapping[str, Any]) -> HttpResponse | None:
    """The page that shows what follows; None when exactly this has been shown and confirmed.

    What is confirmed is what was typed with what follows from it: when either has changed, it is shown once more.
    """
    if form.is_multipart():
        raise ImproperlyConfigured("A form with files has no second step: the browser would have to send them again.")
    lines = list(confirm.consequences(**typed))
    fields = [(name, values) for name, values in kept.posted_fields(request) if name != CONFIRMED]
    shown = hashlib.sha256(json.dumps([fields, lines]).encode()).hexdigest()
    if not lines or request.POST.get(CONFIRMED) == shown:
        return None
    context = {
        "confirm": confirm,
        "lines": lines,
        "typed": kept.shown_fields(request.path, fields),
        "inputs": [(name, value) for name, values in fields for value in values],
        "shown": shown,
    }
    return TemplateResponse(request, "forms/confirm.html", context)


# --- one asks, another decides ------------------------------------------------------------------------------------

APPROVE, REJECT, MORE, TAKE_BACK = "approve", "reject", "more", "take_back"
OPINION = "opinion"
TONES = {"ASKED": "warn", "APPROVED": "ok", "RETURNED": "bad"}  # of the three states that every request knows


@dataclass(frozen=True)
class Ask:
    """How the first person asks. `obstacle` is the rule's sentence about him; with one there is no form."""

    form: Callable[..., Form]  # a form class, or a partial of one: called with what was posted and its files
    act: Callable[..., Any]  # by keyword what was typed
    done: Done
    obstacle: str = ""
    title: str = "提出申请"
    button: str = "提交申请"
    notes: Sequence[str] = ()
    fresh: bool = False
    confirm: Confirm | None = None


@dataclass(frozen=True)
class Decide:
    """How the second person decides. Whoever may not approve may perhaps still return; that needs the opinion alone.

    `obstacle` stands in the way of approving. With `may_return` he still sees the field for the opinion and the second
    button; without it he reads the sentence only: who asked never sees the form (ui-2.md 27).
    """

    form: Callable[..., Form]
    approve: Callable[..., Any]  # by keyword what was typed
    reject: Callable[..., Any]  # by keyword the opinion
    approved: Done
    rejected: Done
    obstacle: str = ""
    may_return: bool = False
    title: str = "批准以后不能撤回"
    returning: str = "退回申请"
    approve_button: str = "批准"
    reject_button: str = "不批准，退回"
    danger: bool = False
    notes: Sequence[str] = ()
    fresh: bool = True  # whoever decides is asked for his password again; to return something, it is not needed
    confirm: Confirm | None = None  # of approving
    more: Callable[..., Any] | None = None  # by keyword the opinion: sent back to be completed and asked once more
    more_button: str = ""
    sent_back: Done = ""


@dataclass(frozen=True)
class TakeBack:
    """How the first person takes back what nobody has decided on yet."""

    act: Callable[[], Any]
    done: Done
    button: str = "撤回申请"


@dataclass(frozen=True)
class Row:
    """One request as the table of all and the card of the one in hand show it."""

    asked: Decision
    tone: str  # of components/status.html
    title: str  # why
    notes: Sequence[str] = ()  # what proves it
    links: Sequence[tuple[str, str]] = ()  # (words, address)
    url: str = ""  # of its own page
    more: Any = None  # for the room's own column
    asked_as: str = ""  # 公示员: what the people are, behind their names
    decided_as: str = ""
    nth: int = 1  # 第 2 次提出: how often this was asked for
    name: str = ""  # what it is called, where that says more than the name of the page


@dataclass(frozen=True)
class Panel:
    """What components/decision.html shows: the request in hand, the part of whoever looks at it, everybody's parts."""

    pending: Decision | None
    part: Ask | Decide | None
    form: Form | None
    rows: Sequence[Row]
    nobody: str
    who: Sequence[tuple[str, str]] = ()
    due: Any = None
    action: str = ""  # where the form goes, when it does not lead back to its own page
    take_back: TakeBack | None = None

    @property
    def deciding(self) -> bool:
        return isinstance(self.part, Decide)

    @property
    def obstacle(self) -> str:
        return self.part.obstacle if self.part else ""

    @property
    def sentence(self) -> str:
        """What is read where there is no form."""
        return self.obstacle or self.nobody

    @property
    def title(self) -> str:
        if isinstance(self.part, Decide) and self.part.obstacle:
            return self.part.returning
        return self.part.title if self.part else ""

    @property
    def shown(self) -> Row | None:
        """The card: what waits; once nothing does, the last one, unless a further one can be asked for here."""
        if self.pending is not None:
            return next((row for row in self.rows if row.asked.pk == self.pending.pk), None)
        return None if self.form else next(iter(self.rows), None)


def decision_page(
    request,
    *,
    about: Any,
    template: str,
    pending: Decision | None,
    rows: Sequence[Row],
    ask: Ask | None = None,
    decide: Decide | None = None,
    nobody: str = "",
    who: Sequence[tuple[str, str]] = (),
    due: Any = None,
    take_back: TakeBack | None = None,
    facts: Callable[[], Mapping[str, Any]] = dict,
    **context: Any,
) -> HttpResponse:
    """One page for the whole course: the request, the decision, and what was decided before.

    `ask` and `decide` are given for whoever has that part in this matter, else None; which of them counts follows from
    `pending`; `take_back` for whoever asked. `nobody` is read by everybody else, `who` says who may do what. The page
    leads back to itself. Whoever asks while another request came to wait reads so on his own form and keeps what he
    typed; of two who decide at one moment the second reads who was first.
    """
    if _came_late(request, pending):
        return _over(request, next((row.asked for row in rows if not row.asked.waits), None))
    if take_back is not None and request.POST.get("decision") == TAKE_BACK:
        return press(request, take_back.act, request.get_full_path(), take_back.done)
    asks = request.method == "POST" and "decision" not in request.POST and ask is not None
    part = ask if pending is None or asks else decide
    chosen = request.POST.get("decision") if isinstance(part, Decide) else None
    form = _form_of(part, request, chosen)
    act, done, confirm = _act_of(part, chosen)
    panel = Panel(pending, part, form, rows, nobody, who, due, take_back=take_back)
    page = act_page(
        request,
        template,
        form,
        act,
        request.get_full_path(),
        done,
        fresh=part is not None and part.fresh and chosen not in (REJECT, MORE),
        confirm=confirm,
        facts=facts,
        about=about,
        decision=panel,
        **context,
    )
    if page.status_code == REFUSED and chosen and not (now := pending.as_now()).waits:
        return _over(request, now)
    return page


def panel_in_list(row: Row, decide: Decide | None, action: str, nobody: str = "") -> Panel:
    """One request out of a list, with its own small form while it waits; `decide_in_list` stands at `action`."""
    pending, part = (row.asked, decide) if row.asked.waits else (None, None)
    if part is not None and part.confirm:
        raise ImproperlyConfigured("A list has no room for a second step: give the decision a page of its own.")
    form = _form_of(part, None, None)
    if form is not None:
        form.auto_id = f"id_{row.asked.pk}_%s"  # several such forms stand on one page
        # A refusal leads back to the list, where what was typed would be lost: the browser stops what is too short.
        form.fields[OPINION].required = True
        form.fields[OPINION].widget.attrs.setdefault("minlength", SHORTEST_REASON)
    return Panel(pending, part, form, [row], nobody, action=action)


def decide_in_list(request, decide: Decide, back: Any) -> HttpResponse:
    """One decision out of a list (`@require_POST`): a refusal, or what is wrong in the form, is said above the list."""
    chosen = request.POST.get("decision")
    form = _form_of(decide, request, chosen)
    act, done, _ = _act_of(decide, chosen)
    if form is None or chosen not in (APPROVE, REJECT):
        messages.error(request, decide.obstacle or "没有办理，重新打开页面。")
        return redirect(back)
    if not form.is_valid():
        messages.error(request, "；".join(error for errors in form.errors.values() for error in errors))
        return redirect(back)
    if decide.fresh and chosen == APPROVE and (page := sign_in.between(request)):
        return page
    return press(request, partial(act, **form.cleaned_data), back, done)


def _came_late(request, pending: Decision | None) -> bool:
    """Whether this decision is about a request that is no longer the one that waits."""
    if request.method != "POST" or "decision" not in request.POST:
        return False
    return pending is None or request.POST.get("request", str(pending.pk)) != str(pending.pk)


def _over(request, last: Decision | None) -> HttpResponse:
    """Back to the page, which shows the result, with who was first."""
    who = last.decided_by if last is not None else None
    said = f"{who.full_name} {localtime(last.decided_at):%H:%M} 已决定" if who is not None else "这份申请已经办完"
    messages.error(request, f"{said}，下面是结果。")
    return redirect(request.get_full_path())


def _form_of(part: Ask | Decide | None, request, chosen: str | None) -> Form | None:
    if part is None:
        return None
    sent = request is not None and request.method == "POST"
    posted = sent and (isinstance(part, Ask) or chosen in (APPROVE, REJECT, MORE))
    # Who sends a request that stands in the way of another reads the refusal on his form, and keeps what he typed.
    if part.obstacle and not (getattr(part, "may_return", False) or (posted and isinstance(part, Ask))):
        return None
    form = part.form(request.POST if posted else None, request.FILES if posted else None)
    if isinstance(part, Decide):
        for name, field in list(form.fields.items()):
            if part.obstacle and name != OPINION:
                del form.fields[name]
            elif chosen in (REJECT, MORE) and name != OPINION:
                field.required, field.sometimes = False, True  # to return it, why is enough
    return form


def _act_of(part: Ask | Decide | None, chosen: str | None) -> tuple[Callable[..., Any], Done, Confirm | None]:
    if isinstance(part, Ask):
        return part.act, part.done, part.confirm
    if part is None:
        return dict, "", None  # nobody's part: there is no form either
    if chosen == REJECT:
        return lambda **typed: part.reject(opinion=typed.get(OPINION, "")), part.rejected, None
    if chosen == MORE and part.more is not None:
        return lambda **typed: part.more(opinion=typed.get(OPINION, "")), part.sent_back, None

    def approve(**typed):
        refuse_if(part.obstacle)
        return part.approve(**typed)

    return approve, part.approved, part.confirm
