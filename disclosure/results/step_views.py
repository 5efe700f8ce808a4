"""Public addresses of the single steps that followed a result: for good, as every publication (四(3)-e, 八(二)-e)."""

from django.http import HttpResponseRedirect
from django.urls import reverse

from disclosure import kept_files
from disclosure.kept import EVERY
from disclosure.models import FOLLOWUPS, Publication
from disclosure.revisions.pages import gone_or_404, kind_or_404, text_or_404
from disclosure.site.freshness import open_to_all

from . import exports, followups
from .forms import ResultQuery, Unknown


@open_to_all
def followup(request, no):
    """It is read beside its result; of a withdrawn one what stands in its place."""
    if step := Publication.objects.current().filter(kind__in=FOLLOWUPS, no=no).first():
        return HttpResponseRedirect(f"{reverse('disclosure:result', args=[step.snapshot['check']])}#{no}")
    return gone_or_404(request, kind_or_404(FOLLOWUPS, no), no=no)


@open_to_all
def followup_snapshot(request, no, version):
    """The text that its digest was made of."""
    return text_or_404(kind_or_404(FOLLOWUPS, no), version, no=no)


@open_to_all(pace="files", asks=EVERY)
def followups_csv(request):
    """Every step that is public, the newest first; there is no condition to ask it with."""
    if request.GET:
        given = (Unknown(name[:40], request.GET[name][:40], ("这份文件没有条件",)) for name in request.GET)
        return exports.refused(ResultQuery(unknown=tuple(given)))
    return kept_files.answer(request, followups.file())
