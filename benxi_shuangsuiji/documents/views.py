from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P

from . import files
from .models import FileRound, FileTrouble, Job, JobState


@requires()
@require_safe
def job_list(request):
    """The signed-in person's background jobs."""
    page = Paginator(Job.objects.visible_to(request.user).select_related("result"), 50).get_page(
        request.GET.get("page")
    )
    return TemplateResponse(request, "documents_pages/job_list.html", {"page": page})


@requires()
@require_safe
def job_detail(request, pk):
    """Progress of one job, and its file when it is ready; somebody else's job is not found."""
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("result"), pk=pk)
    percent = round(100 * job.done / job.total) if job.total else 0
    context = {"job": job, "percent": percent, "over": job.state in (JobState.DONE, JobState.FAILED)}
    return TemplateResponse(request, "documents_pages/job_detail.html", context)


@requires()
@require_safe
def job_result(request, pk):
    """Download what a job made; somebody else's job, or one without a file, is not found."""
    jobs = Job.objects.visible_to(request.user).select_related("result")
    job = get_object_or_404(jobs, pk=pk, state=JobState.DONE, result__isnull=False)
    return files.download(job.result)


@requires(P.SEE_LOG, P.MANAGE_SYSTEM)
@require_safe
def file_rounds(request):
    """文件核对: what the nights found, for supervisor and administrators (四(3)-b). Names no file, only digests."""
    page = Paginator(FileTrouble.objects.all(), 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rounds": FileRound.objects.all()[:30],
        "numbers": policy.on(clock.today()).recommended,
    }
    return TemplateResponse(request, "documents_pages/file_rounds.html", context)
