"""再输一次登录密码: an act that cannot be taken back is done by whoever owns the sign-in, not by who found the desk open.

A sign-in is fresh for five minutes after its password was typed (GB/T 22239 8.1.4.1, S10). It is the machine's time, like
that of every sign-in (decisions.md 8). What must be asked follows from the permission: a view that only permissions of
`roles.FRESH` open asks by itself (`access.requires`), and a decision does (`forms.decision_page`). A form may show the field
beforehand (`fresh=True` of its page); where it does not, a page between holds what was typed (`between`).
"""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from benxi_shuangsuiji.forms import kept

REFUSED = 409
FIELD = "own_password"  # “password” in the name keeps it out of kept forms, digests and what axes writes down
SESSION_KEY = "password_at"
WRONG = "密码不对，没有办理，填写的都还在。连续输错 {times} 次，要等一会儿再试。"


def note(request) -> None:
    """The password of this sign-in has just been typed."""
    request.session[SESSION_KEY] = timezone.now().isoformat()


@receiver(user_logged_in)
def _signed_in(*, request, **_) -> None:
    note(request)


def is_fresh(request) -> bool:
    typed = parse_datetime(request.session.get(SESSION_KEY, ""))
    return typed is not None and timezone.now() - typed < timedelta(minutes=settings.FRESH_SIGN_IN_MINUTES)


def between(request) -> TemplateResponse | None:
    """The page that asks for the password before the act, with everything that was posted; None when it is fresh.

    The form goes on to where it was going: nothing is carried out by this page, and nothing typed is lost but files,
    which no page can hand on.
    """
    if is_fresh(request):
        return None
    form = _Again(request.POST if FIELD in request.POST else None)
    ask_again(form, request)
    if form.is_bound and form.is_valid():
        if not (refusal := why_not(request, form)):
            return None
        form.add_error(FIELD, refusal)
    fields = kept.posted_fields(request)
    context = {
        "form": form,
        "inputs": [(name, value) for name, values in fields for value in values],
        "posted": kept.shown_fields(request.path, fields),
        "had_files": bool(request.FILES),
        "back": kept.page_of(request),
    }
    return TemplateResponse(request, "accounts/again.html", context, status=REFUSED if form.errors else 200)


class _Again(forms.Form):
    """The password alone; `ask_again` adds the field."""


def ask_again(form: forms.BaseForm, request) -> None:
    """Add the field to the form when the last password is too long ago."""
    if is_fresh(request):
        return
    minutes = settings.FRESH_SIGN_IN_MINUTES
    form.fields[FIELD] = forms.CharField(
        label="再输一次登录密码",
        max_length=128,
        strip=False,
        help_text=f"{request.user.full_name}，{minutes} 分钟内有效。人走开了，别人不能替着办。",
        widget=forms.PasswordInput(attrs={"class": "in", "autocomplete": "current-password"}),
        error_messages={"required": "再输一次登录密码"},
    )


def why_not(request, form: forms.BaseForm) -> str:
    """Why the valid form does not prove who sits there; guessing here is paused like guessing at the door."""
    if FIELD not in form.fields:
        return ""
    if authenticate(request, username=request.user.get_username(), password=form.cleaned_data[FIELD]) is None:
        return WRONG.format(times=settings.AXES_FAILURE_LIMIT)
    note(request)
    return ""
