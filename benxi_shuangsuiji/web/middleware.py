"""Small rules that hold for every request."""

import logging
import re
import unicodedata
from contextlib import nullcontext, suppress

from django.http import Http404, HttpResponseNotAllowed, QueryDict, UnreadablePostError
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import STAFF_PATHS, client_address
from benxi_shuangsuiji.accounts.devices import label_of
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents.files import Damaged
from benxi_shuangsuiji.forms import kept, unseen
from benxi_shuangsuiji.refusal import NotNow

from .logs import shown_path
from .views import wrong_method

log = logging.getLogger(__name__)
READ, SENT = ("GET", "HEAD"), ("POST",)
_UNSEEN = re.compile(f"[{unseen.NO_WIDTH}{unseen.DIRECTION}]")


class PrivateByDefault:
    """Nothing is cached unless a public page says so itself (reliability.md 3)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        own = "self" if request.path.startswith(STAFF_PATHS) else ""  # only the phone of an inspector takes pictures
        response.setdefault("Permissions-Policy", f"geolocation=({own}), camera=({own}), microphone=()")
        return response


class OneDay:
    """A page that is only read is of one day from its first line to its last; an act asks for the day when it needs it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with clock.on_one_day() if request.method in READ else nullcontext():
            return self.get_response(request)


class Whence:
    """What the trail keeps of an act besides who did it: from which address, with what device (七(五)-n)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in READ and not request.path.startswith(STAFF_PATHS):
            return self.get_response(request)
        told = {"address": client_address(request), "device": label_of(request)}
        before = trail.whence.set(told)
        try:
            return self.get_response(request)
        finally:
            trail.whence.reset(before)


class WrongMethod:
    """Give the staff side's 405 a page that says what to do; without it the answer is blank (reliability F11).

    No address of ours takes another method than these: a view that asks only whether something was posted would take DELETE,
    TRACE, or a word of somebody's own, for GET (P07). Whoever sends one is no page of ours: he reads in `Allow` what this
    address takes, and no frame is made for him.
    """

    TAKEN = (*READ, *SENT)

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if known := request.method in self.TAKEN:
            response = self.get_response(request)
        else:
            response = HttpResponseNotAllowed(kept.methods_at(request.path_info) or READ)
        staff = known and request.path.startswith(STAFF_PATHS) and request.user.is_authenticated
        if response.status_code == 405 and staff:
            page = wrong_method(request)
            page["Allow"] = response["Allow"]
            return page
        if response.status_code == 405 and not response.content:
            why = "这个地址只能打开，不能提交" if known else "这个地址不接受这样的请求，只接受"
            response.content = f"{why}：{response['Allow']}。\n"
            response["Content-Type"] = "text/plain; charset=utf-8"
        return response


class WithoutItsFile:
    """A page that needs a file which cannot be had, for now or until it is restored, says so (reliability.md P20)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, (NotNow, Damaged)):
            return None
        log.warning("%s %s: %s", request.method, shown_path(request), exception)
        back = kept.page_of(request) if request.method == "POST" else request.get_full_path()
        context = {"title": "文件现在取不到", "text": str(exception), "back": back}
        return TemplateResponse(request, "form_again.html", context, status=503, headers={"Retry-After": "60"})


class CleanInput:
    """Take NUL and lone surrogates out of what is typed: PostgreSQL and UTF-8 refuse them (reliability.md F02, F03). Of what is sent,
    but passwords, what is not seen goes too.

    An address with a NUL in its path names nothing that can exist.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\x00" in request.path_info:
            raise Http404
        if any(bad in request.META.get("QUERY_STRING", "") for bad in ("%00", "%ED", "%ed", "\x00")):
            request.GET = cleaned(request.GET)
        if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
            request._post = cleaned(request.POST, sent=True)
        return self.get_response(request)

    def process_view(self, request, *_):
        """A form with files is read no sooner than the check of its token reads it."""
        if request.method == "POST" and request.content_type == "multipart/form-data":
            with suppress(UnreadablePostError):
                request._post = cleaned(request.POST, sent=True)


def cleaned(data: QueryDict, *, sent: bool = False) -> QueryDict:
    clean = QueryDict(mutable=True)
    for name, values in data.lists():
        texts = [_clean(value) for value in values]
        clean.setlist(_clean(name), [_UNSEEN.sub("", t) for t in texts] if sent and "password" not in name else texts)
    clean._mutable = False
    return clean


def _clean(text: str) -> str:
    if text.isascii() and "\x00" not in text:
        return text
    kept = "".join(c for c in text if c != "\x00" and not "\ud800" <= c <= "\udfff")
    return unicodedata.normalize("NFC", kept)
