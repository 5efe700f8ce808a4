from functools import partial

from django import forms
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.pages import act_page
from disclosure.models import FOLLOWUPS, Publication
from disclosure.publishing.confirm_pages import WHERE, made_public
from disclosure.words import PAGE_OF
from inspections.models import FollowUp

from . import actions, rules, snapshots, waiting


@requires(Permission.PUBLISH, asks_itself=True)
def followup(request, no):
    """One step: exactly what becomes public, what stays inside, and what stands in the way."""
    step = waiting.steps_of(request.user).filter(no=no).first()
    if step is None:
        return _published(request, no)
    result = rules.result_of(step)
    return act_page(
        request,
        "disclosure/followups/followup.html",
        forms.Form(request.POST or None),
        partial(actions.publish_step, step=step, by=request.user),
        "disclosure:publish-list",
        lambda publication: made_public(f"已公开：{publication.title}。", publication),
        fresh=True,
        where=WHERE["step"],
        step=step,
        shown=snapshots.of_step(step, result) if result else None,
        result_url=reverse("disclosure:result", args=[step.inspection.no]),
        obstacle=rules.why_not_publish(step, request.user),
    )


def _published(request, no):
    """Whoever opens or presses once more finds it published; of anything else there is no such page."""
    units = request.user.units_with(Permission.PUBLISH)
    step = FollowUp.objects.filter(no=no, published_at__isnull=False, inspection__unit__in=units).first()
    if step is None or not Publication.everything.filter(kind__in=FOLLOWUPS, no=no).exists():
        raise Http404
    return redirect("disclosure:publish-detail", PAGE_OF[step.kind], no)
