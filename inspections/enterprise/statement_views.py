"""What an enterprise handed in, for the team and the circle."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page
from inspections.models import Statement

from . import actions, rules
from .forms import AnswerForm


def _statement(request, no: str, pk: int) -> Statement:
    """Of somebody else's check it is not found."""
    known = Statement.objects.visible_to(request.user).select_related("inspection__facility", "inspection__unit")
    return get_object_or_404(known, inspection__no=no, pk=pk)


@requires(P.SEE_SEALED, P.FIELD_WORK)
def statement(request, no, pk):
    """The words, the files, and the answer of whoever gives it."""
    found = _statement(request, no, pk)
    obstacle = rules.why_not_answer(found, request.user)
    check = found.inspection
    return act_page(
        request,
        "inspections/enterprise/statement.html",
        None if obstacle else AnswerForm(request.POST or None),
        partial(actions.answer, statement=found, by=request.user),
        request.path,
        "已记下答复，企业在办理的网页上看得到。",
        late=obstacle,
        statement=found,
        files=list(found.files.select_related("file")),
        obstacle="" if found.answered_at else obstacle,
        of_the_circle=request.user.may(P.SEE_SEALED, check.unit_id),
        of_the_team=check.members.filter(inspector__user=request.user).exists(),
    )


@requires(P.SEE_SEALED, P.FIELD_WORK)
@require_safe
def statement_file(request, no, pk, n):
    """One of its files; who takes it is written down (四(3)-b)."""
    found = _statement(request, no, pk)
    kept = list(found.files.select_related("file"))
    if not 0 < n <= len(kept):
        raise Http404
    answer = files.download(kept[n - 1].file)
    trail.record("inspections.statement.file", by=request.user, about=found.inspection, no=found.no)
    return answer
