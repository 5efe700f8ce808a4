"""`/healthz/` for machines, 系统状况 for the administrator: the same questions (`questions`)."""

from django.http import JsonResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji.accounts.access import public_page, requires
from benxi_shuangsuiji.accounts.roles import Permission as P

from . import questions


@public_page
@require_safe
def healthz(request):
    """Whether all is well, and which questions are answered by no: 200 or 503, and not one word more for a stranger.

    `?only=database` asks that alone: whether this process can serve people, whatever the worker does.
    """
    asked = questions.ask(slow=False, only=request.GET.getlist("only"))
    well = bool(asked) and questions.is_well(asked)
    told = {a.question.key: a.answer.ok is not False for a in asked}
    return JsonResponse({"ok": well, "questions": told}, status=200 if well else 503)


@requires(P.MANAGE_SYSTEM)
def health(request):
    """All questions with their answers, and what to do."""
    asked = questions.ask()
    return TemplateResponse(request, "health/health.html", {"asked": asked, "well": questions.is_well(asked)})
