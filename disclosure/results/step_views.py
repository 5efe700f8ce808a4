"""Public addresses of the single steps that followed a result: for good, as every publication (四(3)-e, 八(二)-e)."""

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from benxi_shuangsuiji import clock
from disclosure.models import FOLLOWUPS, Publication
from disclosure.revisions.pages import gone_or_404, text_or_404
from disclosure.site.freshness import open_to_all

from . import exports, followups


@open_to_all
def followup(request, no):
    """It is read beside its result; of a withdrawn one what stands in its place."""
    if step := Publication.objects.current().filter(kind__in=FOLLOWUPS, no=no).first():
        return HttpResponseRedirect(f"{reverse('disclosure:result', args=[step.snapshot['check']])}#{no}")
    return gone_or_404(request, _kind_of(no), no=no)


@open_to_all
def followup_snapshot(request, no, version):
    """The text that its digest was made of."""
    return text_or_404(_kind_of(no), version, no=no)


@open_to_all
def followups_csv(request):
    """Every step that is public, the newest first."""
    found = followups.steps().order_by("-issued_at", "-pk")
    name = f"本溪双随机_后续处理_{clock.today():%Y%m%d}.csv"
    return exports.csv_response(found, name, [title for title, _, _ in followups.COLUMNS], followups.row_of)


def _kind_of(no: str) -> str:
    kind = Publication.everything.filter(kind__in=FOLLOWUPS, no=no).values_list("kind", flat=True).first()
    if kind is None:
        raise Http404
    return kind
