"""`/healthz/` for machines, 系统状况 for the administrator: the same questions (`questions`)."""

from functools import partial

from django.http import JsonResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji.accounts.access import public_page, requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import press
from benxi_shuangsuiji.notices import mails

from . import questions


@public_page
@require_safe
def healthz(request):
    """Whether all is well, and which questions are answered by no: 200 or 503, and not one word more for a stranger. An answer is at
    most two seconds old.

    `?only=database` asks that alone: whether this process can serve people, whatever the worker does.
    """
    asked = questions.ask_seldom(only=request.GET.getlist("only"))
    well = bool(asked) and questions.is_well(asked)
    told = {a.question.key: a.answer.ok is not False for a in asked}
    return JsonResponse({"ok": well, "questions": told}, status=200 if well else 503)


@requires(P.MANAGE_SYSTEM)
@require_safe
def health(request):
    """All questions with their answers, and what to do."""
    asked = questions.ask()
    context = {"asked": asked, "well": questions.is_well(asked), "given_up": mails.given_up().count()}
    return TemplateResponse(request, "health/health.html", context)


@requires(P.MANAGE_SYSTEM)
@require_POST
def mails_again(request):
    """What was given up is tried anew, once the mail server is put right."""
    act = partial(mails.send_again, by=request.user)
    return press(request, act, "health", lambda count: f"{count} 封邮件交给后台任务再发。")
