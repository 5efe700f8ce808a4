"""每日核算: what came out of computing everything sealed anew (SSJ1 15 D10)."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.pages import act_page
from plans.models import ProofRun

from . import daily


@requires(Permission.SEE_CITY, Permission.SEE_LOG)
def proofs(request):
    """The runs, newest first; who reads the trail may ask for one now."""

    def said(run: ProofRun) -> str:
        if run.problem:
            messages.error(request, run.problem)
            return ""
        return f"核算一致：{run.draws} 次抽取，{run.documents} 份文书，公示链 {run.entries} 条。"

    return act_page(
        request,
        "plans/proofs/proofs.html",
        Form(request.POST if request.method == "POST" else None),
        partial(daily.prove_now, by=request.user),
        "plans:proofs",
        said,
        may_prove=not daily.why_not_prove(request.user),
        facts=lambda: {
            "page": Paginator(ProofRun.objects.select_related("by"), 30).get_page(request.GET.get("page")),
            "last": daily.last_run(),
        },
    )
