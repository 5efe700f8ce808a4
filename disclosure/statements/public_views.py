"""The address of one 企业说明, for good: it is read beside its result (四(3)-f)."""

from django.http import HttpResponseRedirect
from django.urls import reverse

from disclosure.models import Publication, PublicationKind
from disclosure.revisions.pages import gone_or_404
from disclosure.site.freshness import open_to_all


@open_to_all
def statement(request, no):
    found = Publication.objects.current().filter(kind=PublicationKind.STATEMENT, no=no).first()
    if found:
        return HttpResponseRedirect(f"{reverse('disclosure:result', args=[found.snapshot['check']])}#statement")
    return gone_or_404(request, PublicationKind.STATEMENT, no=no)
