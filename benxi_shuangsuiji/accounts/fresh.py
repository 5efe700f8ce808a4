"""再输一次登录密码: an act that cannot be taken back is done by whoever owns the sign-in, not by who found the desk open.

A sign-in is fresh for five minutes after its password was typed (GB/T 22239 8.1.4.1). It is the machine's time, like that
of every sign-in (decisions.md 8). `fresh=True` of the form's page asks for it.
"""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone
from django.utils.dateparse import parse_datetime

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
