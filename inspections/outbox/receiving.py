"""One door: the form that works without script, sent by the phone's outbox, is answered in JSON and acts once.

The view stays as it is. What tells such a request is its header X-Outbox-Id, made on the phone at the tap; the id stands
in the receipt, and the receipt is written in the transaction of the act. So a second sending, also at the same moment or
after the process was killed before its answer arrived, gets the first one's answer (reliability.md P15).
"""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.database import constraints
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms import kept
from benxi_shuangsuiji.forms.keys import digest_of
from benxi_shuangsuiji.refusal import NotNow
from inspections.checks.states import NOT_SHOWN, NOT_YET_THERE
from inspections.models import Inspection, Receipt, ReceiptState, VisitMember
from inspections.visits import differences

HEADER = "X-Outbox-Id"
ON_THE_WAY = timedelta(minutes=5)  # longer than the phone waits for an answer: then what it says of its clock is wrong
SIGNED_OUT = "登录超时，重新登录后接着上传，内容还在。"
TAKEN_AWAY = "任务已换人。手机里的这一份交给计划员留存，不进检查结果。"
NOT_FOUND = "没有找到这项任务，或者不是本人的任务。"
NOT_NOW = "这一步现在不能办，也许同组已经办过。打开这一页看最新的情况。"
NOT_KEPT = "没有存上。打开这一页，看清要改的地方再提交。"
NOT_YET = "到场和送达还没有传上来，也许在同组的手机里。"


@dataclass(frozen=True)
class Sent:
    """What the phone says of one thing it sends; `fast` is how far its clock is ahead, as it found when it last asked."""

    id: uuid.UUID
    tapped_at: datetime
    sent_at: datetime
    fast: timedelta | None

    @classmethod
    def of(cls, request) -> "Sent":
        tapped_at, sent_at = (_moment(request, name) for name in ("X-Outbox-At", "X-Outbox-Sent"))
        told = request.headers.get("X-Outbox-Fast", "")
        fast = timedelta(milliseconds=int(told)) if re.fullmatch(r"-?\d{1,14}", told, re.ASCII) else None
        return cls(uuid.UUID(request.headers[HEADER]), tapped_at, sent_at, fast)

    def skew(self, now: datetime) -> timedelta:
        """How far the phone's clock is ahead. What it found in a short answer leaves out how long a photograph was on its
        way; where that cannot be right, the moment of sending is taken for the moment of arrival."""
        way = now - (self.sent_at - self.fast) if self.fast is not None else timedelta(-1)
        return self.fast if timedelta(seconds=-5) <= way <= ON_THE_WAY else self.sent_at - now

    def done_at(self, now: datetime) -> datetime:
        """The tap by the server's clock, however soon it was sent: two taps in a row stay in a row."""
        return min(self.tapped_at - self.skew(now), now)


def _moment(request, name: str) -> datetime:
    moment = parse_datetime(request.headers.get(name, ""))
    if moment is None or moment.tzinfo is None:
        raise ValueError(name)
    return moment


class Said(BaseStorage):
    """What a view says goes into the answer, not onto the next page."""

    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, messages, response, *args, **kwargs):
        return []


class Taken(Exception):
    """Something else was received under this id."""


class TooSoon(Exception):
    """It belongs to a visit whose arrival has not come yet: it may lie on the partner's phone (七(五)-l)."""


class Outbox:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if HEADER not in request.headers or isinstance(response, JsonResponse):
            return response
        # It never reached its view: the phone keeps it and comes again.
        if not request.user.is_authenticated or getattr(request, "half_signed_in", False):
            return JsonResponse({"state": "signed_out", "why": SIGNED_OUT}, status=401)
        if response.status_code == 403:
            return JsonResponse({"state": "again"}, status=403)  # the page's token is of an earlier sign-in
        return JsonResponse({"state": "later"}, status=503)

    def process_view(self, request, view_func, args, kwargs):
        if request.method != "POST" or HEADER not in request.headers or not request.user.is_authenticated:
            return None
        try:
            sent = Sent.of(request)
        except ValueError:
            return JsonResponse({"state": "later"}, status=400)
        request.comes_again = True
        try:
            return JsonResponse(self._once(request, sent, view_func, args, kwargs).answer)
        except Taken:
            return JsonResponse({"id": str(sent.id), "state": "taken"}, status=409)  # the phone gives it a new one
        except TooSoon as trouble:
            return JsonResponse({"state": "unbegun", "why": str(trouble)}, status=425)
        except NotNow as trouble:  # what passes by itself is no answer: the phone keeps it and comes again
            return JsonResponse({"state": "later", "why": str(trouble)}, status=503)

    @staticmethod
    def _once(request, sent: Sent, view_func, args, kwargs) -> Receipt:
        with transaction.atomic():
            trail.act_as(request.user)
            with connection.cursor() as cursor:  # whoever sends the same thing meanwhile waits here
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(sent.id)])
            digest = digest_of(request)
            first = Receipt.objects.filter(pk=sent.id).first()
            if first is None:
                return _carry_out(request, sent, digest, view_func, args, kwargs)
        if (first.user_id, first.path, first.digest) != (request.user.pk, request.path[:300], digest):
            raise Taken
        return first


def _carry_out(request, sent: Sent, digest: str, view_func, args, kwargs) -> Receipt:
    now = clock.now()
    skew = sent.skew(now)
    no = kwargs.get("no", "")
    inspection = Inspection.objects.filter(no=no).only("pk").first() if no else None
    content = {"fields": kept.posted_fields(request)}
    request.tapped_at, request.skew = sent.done_at(now), skew
    receipt = Receipt(
        id=sent.id,
        user=request.user,
        inspection=inspection,
        path=request.path[:300],
        digest=digest,
        tapped_at=sent.tapped_at,
        sent_at=sent.sent_at,
        received_at=now,
        skew=skew,
    )
    try:
        # A refusal inside leaves nothing behind but the receipt.
        with transaction.atomic(), connection.execute_wrapper(constraints.in_words):
            request._messages = Said(request)  # as Django's own middleware hands it to the request
            receipt.state, receipt.why, receipt.next = _judged(request, view_func(request, *args, **kwargs))
    except constraints.RefusedByDatabase as refusal:
        receipt.state, receipt.why = ReceiptState.REFUSED, str(refusal)
    except (Http404, PermissionDenied):
        receipt.state, receipt.why = _not_his(request.user, inspection)
        receipt.inspection = inspection if receipt.state == ReceiptState.ASIDE else None
    if receipt.state == ReceiptState.REFUSED and receipt.why.startswith(NOT_YET_THERE):
        # Once the arrival is here, what is missing is one step, and the rule says which.
        raise TooSoon(receipt.why if receipt.why.startswith(NOT_SHOWN) else NOT_YET)
    if receipt.state in (ReceiptState.ASIDE, ReceiptState.DIFFERS):
        receipt.content = content
        if receipt.state == ReceiptState.ASIDE and (file := next(iter(request.FILES.values()), None)):
            file.seek(0)
            receipt.file = files.store(
                name=file.name, content=file.read(), content_type=file.content_type, by=request.user
            )
    receipt.why = receipt.why[:500]
    receipt.save(force_insert=True)
    return receipt


def _judged(request, response: HttpResponse) -> tuple[str, str, str]:
    """What became of it, told from what the view would have shown."""
    said = list(messages.get_messages(request))
    if different := [m.message for m in said if differences.TAG in m.tags.split()]:
        return ReceiptState.DIFFERS, "".join(different), ""
    against = "".join(str(m.message) for m in said if m.level >= messages.WARNING)
    if 300 <= response.status_code < 400 and not against and getattr(request, "carried_out", False):
        return ReceiptState.KEPT, "", response["Location"][:500]
    form = (getattr(response, "context_data", None) or {}).get("form")
    errors = "".join(error for found in getattr(form, "errors", {}).values() for error in found)
    led_on = NOT_NOW if 300 <= response.status_code < 400 else NOT_KEPT
    return ReceiptState.REFUSED, errors or against or led_on, ""


def _not_his(user, inspection: Inspection | None) -> tuple[str, str]:
    if inspection and VisitMember.ever.filter(inspection=inspection, inspector__user=user).exists():
        return ReceiptState.ASIDE, TAKEN_AWAY
    return ReceiptState.REFUSED, NOT_FOUND
