"""Pages that belong to no app: errors, form trouble."""

import errno
import logging
import secrets
import sys
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import defaults
from django.views.decorators.http import require_safe

from benxi_shuangsuiji.accounts import refusals, request_rules
from benxi_shuangsuiji.accounts.access import STAFF_PATHS, NeedsPermission, requires
from benxi_shuangsuiji.accounts.roles import PERMISSIONS, Role
from benxi_shuangsuiji.forms import kept as kept_forms

from .logs import shown_path

log = logging.getLogger(__name__)
# Of PostgreSQL: lock_not_available, query_canceled, idle_in_transaction_session_timeout.
WAITED_TOO_LONG = ("55P03", "57014", "25P03")
DISK_FULL = "53100"
# Lost connections, a server that shuts down, starts, or takes no more connections; without a state nobody answered at all.
AWAY = ("08", "57P", "53300")


def csrf_failure(request, reason=""):
    """The form is older than the sign-in, or came from elsewhere: nothing was done, what was typed is offered again."""
    staff = request.path.startswith(STAFF_PATHS)
    if staff and not request.user.is_authenticated and kept_forms.keep(request):
        return redirect_to_login(reverse("continue"))
    fields = kept_forms.posted_fields(request)
    # Only a form that was made for this very person is offered to be sent with one press.
    mine = staff and request.user.is_authenticated and kept_forms.owner_of(request) == request.user.pk
    context = {
        "back": kept_forms.page_of(request) if staff else request.path,
        "posted": kept_forms.shown_fields(request.path, fields),
        "action": request.get_full_path() if mine else "",
        "inputs": [(name, value) for name, values in fields for value in values] if mine else [],
        "had_files": bool(request.FILES),
    }
    return TemplateResponse(request, "403_csrf.html", context, status=403).render()


@requires()
@require_safe
def continue_form(request):
    """What was typed before the sign-in ended: shown again, to be sent with one press or left (ui.md 6.3)."""
    kept = kept_forms.kept_of(request)
    if kept is None:
        messages.warning(request, "登录前填写的内容没有保留下来：时间太久，或者是用另一个账号填写的。")
        return redirect("inspections:desk-home")
    context = {
        "back": kept.page,
        "posted": kept_forms.shown_fields(kept.path, kept.fields),
        "action": kept.path,
        "inputs": kept.inputs,
        "had_files": kept.had_files,
    }
    return TemplateResponse(request, "form_kept.html", context)


def wrong_method(request):
    """An address that only takes forms was opened like a page: lead back to the page it belongs to."""
    back = kept_forms.readable_above(request.path)
    return TemplateResponse(request, "405.html", {"back": back}, status=405).render()


def why_not_now(trouble: BaseException | None) -> tuple[str, str] | None:
    """Title and sentence of what is over by itself or once somebody has seen to it; None for what broke (P25)."""
    state = getattr(getattr(trouble, "__cause__", None), "sqlstate", None) or ""
    if state in WAITED_TOO_LONG:
        return "现在太忙", "数据库里有别的操作没有做完，等了太久，这一步没有执行。过一分钟再试。"
    if state == DISK_FULL or (isinstance(trouble, OSError) and trouble.errno in (errno.ENOSPC, errno.EDQUOT)):
        return (
            "磁盘满了",
            "服务器的存储空间不足，这一步没有执行，什么也没有改。由系统管理员清理或者扩大磁盘，然后再试。",
        )
    if isinstance(trouble, (OperationalError, InterfaceError)) and (not state or state.startswith(AWAY)):
        return "网站暂时打不开", "数据库暂时连不上，这一步没有执行，什么也没有改。过一分钟再试，恢复以后照常打开。"
    return None


def server_error(request):
    """Something broke: a number that finds it in the log, and what was typed (ui.md 6.3)."""
    if reason := why_not_now(sys.exc_info()[1]):
        return not_now(request, *reason)
    number = getattr(request, "number", "") or secrets.token_hex(4).upper()
    log.error("error %s at %s %s", number, request.method, shown_path(request), exc_info=sys.exc_info())
    staff, posted = request.path.startswith(STAFF_PATHS), _posted(request)
    try:
        context = {
            "number": number,
            "back": kept_forms.page_of(request) if staff and request.method == "POST" else "",
            "posted": posted,
        }
        return TemplateResponse(request, "500_desk.html" if staff else "500.html", context, status=500).render()
    except Exception:  # the frame itself needs the database, which may be what broke
        log.exception("the page of error %s could not be drawn with its frame", number)
        return HttpResponseServerError(render_to_string("500.html", {"number": number, "posted": posted}))


server_error.access = "public"


def not_now(request, title: str, text: str):
    """Nothing was done, and it can be sent again: with its frame where that can be had, else a page that asks nothing (S8)."""
    log.warning("%s %s: %s", request.method, shown_path(request), title)
    context = {"title": title, "text": text, "posted": _posted(request)}
    try:
        staff, posted = request.path.startswith(STAFF_PATHS), request.method == "POST"
        back = kept_forms.page_of(request) if staff and posted else request.get_full_path()
        page = TemplateResponse(request, "form_again.html", context | {"back": back}, status=503).render()
    except Exception as trouble:  # the frame asks the database, or keeps a file
        log.warning("no frame for it: %s", type(trouble).__name__)
        back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
        facts = context | {"back": back, "number": getattr(request, "number", "")}
        page = HttpResponse(render_to_string("503.html", facts), status=503)
    page["Retry-After"] = "60"
    return page


def _posted(request) -> list[tuple[str, str]]:
    """What was typed; nothing where the form itself could not be read."""
    if request.method != "POST":
        return []
    try:
        return kept_forms.shown_fields(request.path, kept_forms.posted_fields(request))
    except Exception:
        log.warning("the form of %s could not be read", shown_path(request))
        return []


def bad_request(request, exception):
    """What cannot be read: too much of it, or what no page sends. Nothing of the request is looked at again."""
    too_much = isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent))
    context = {
        "title": "填写的内容太多，没有收下",
        "text": "什么也没有改。用浏览器退回上一页，填写的还在，删短或者分几次再交；成批的内容用表格导入。",
    }
    return HttpResponse(render_to_string("400.html", context if too_much else {}), status=413 if too_much else 400)


bad_request.access = "public"


def forbidden(request, exception=None):
    request.refused = True  # the frame counts nothing for a page that is not there for him
    refusals.note(request)
    missing = exception.permissions if isinstance(exception, NeedsPermission) else ()
    # Whose page it is, so that one knows whom to ask; from the table of roles, without a query.
    whose = [role.label for role in Role if PERMISSIONS[role] & set(missing)]
    asking = urlencode([("p", p.value) for p in missing])  # what is asked for, and never the address
    # Where no grant can help, or one waits already, it says so and offers nothing.
    hopeless = request_rules.why_not_open(request.user, missing) if missing else ""
    context = {"missing": [p.label for p in missing], "whose": whose, "asking": asking, "hopeless": hopeless}
    return TemplateResponse(request, "403.html", context, status=403)


forbidden.access = "public"


def not_found(request, exception):
    """Django's own page of what is not there, in a frame without counts."""
    request.refused = True
    page = defaults.page_not_found(request, exception)
    for name, value in getattr(request, "said_when_not_there", {}).items():
        page[name] = value
    return page


not_found.access = "public"
