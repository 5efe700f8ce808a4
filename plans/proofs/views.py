"""每日核算: what came out of computing everything sealed anew (SSJ1 15 D10)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import Refused
from plans.models import ProofRun

from . import daily

REFUSED = 409


@requires(Permission.SEE_CITY, Permission.SEE_LOG)
def proofs(request):
    """The runs, newest first; who reads the trail may ask for one now."""
    obstacle, refused = daily.why_not_prove(request.user), ""
    if request.method == "POST":
        try:
            run = daily.prove_now(by=request.user)
        except Refused as refusal:
            refused = str(refusal)
        else:
            if run.problem:
                messages.error(request, run.problem)
            else:
                messages.success(
                    request, f"核算一致：{run.draws} 次抽取，{run.documents} 份文书，公示链 {run.entries} 条。"
                )
            return redirect("plans:proofs")
    context = {
        "page": Paginator(ProofRun.objects.select_related("by"), 30).get_page(request.GET.get("page")),
        "last": daily.last_run(),
        "may_prove": not obstacle,
        "refused": refused,
    }
    return TemplateResponse(request, "plans/proofs/proofs.html", context, status=REFUSED if refused else 200)
