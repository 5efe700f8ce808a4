from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from benxi_shuangsuiji.accounts.access import requires

from . import files
from .models import Job, JobState


@requires()
def job_list(request):
    """The signed-in person's background jobs."""
    page = Paginator(Job.objects.visible_to(request.user).select_related("result"), 50).get_page(
        request.GET.get("page")
    )
    return TemplateResponse(request, "documents_pages/job_list.html", {"page": page})


@requires()
def job_detail(request, pk):
    """Progress of one job, and its file when it is ready; somebody else's job is not found."""
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("result"), pk=pk)
    percent = round(100 * job.done / job.total) if job.total else 0
    context = {"job": job, "percent": percent, "over": job.state in (JobState.DONE, JobState.FAILED)}
    return TemplateResponse(request, "documents_pages/job_detail.html", context)


@requires()
def job_result(request, pk):
    """Download what a job made; somebody else's job, or one without a file, is not found."""
    jobs = Job.objects.visible_to(request.user).select_related("result")
    job = get_object_or_404(jobs, pk=pk, state=JobState.DONE, result__isnull=False)
    return files.download(job.result)
