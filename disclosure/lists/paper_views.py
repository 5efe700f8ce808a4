"""What is public as files: plan and summary as PDF and Word, and the package for the portal (八(二)-a, ui.md 7.1)."""

from django.http import Http404, HttpResponse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, official, pdf
from benxi_shuangsuiji.refusal import Refused
from disclosure.models import OF_THE_CITY, Publication, PublicationKind
from disclosure.revisions.pages import gone_or_404
from disclosure.site.freshness import open_to_all

from . import papers

MAKE = {"pdf": (official.as_pdf, pdf.PDF), "docx": (official.as_docx, official.DOCX)}
KIND_OF = {
    "list": PublicationKind.ITEM_LIST,
    "plan": PublicationKind.PLAN,
    "summary": PublicationKind.SUMMARY,
    "results": PublicationKind.RESULT_SUM,
    "selfcheck": PublicationKind.SELF_CHECK,
}


@open_to_all
def publication_paper(request, kind, no, version, form):
    """One version of a list, a plan or one of the city's summaries; it never changes, unless it is withdrawn."""
    publication = Publication.objects.filter(kind=KIND_OF[kind], no__iexact=no, version=version).first()
    if publication is None:
        return gone_or_404(request, KIND_OF[kind], version, no__iexact=no)
    make, content_type = MAKE[form]
    try:
        content = make(papers.paper_of(publication, site=_site(request)))
    except Refused as refusal:  # no layout library on this machine; the page itself says the same
        return HttpResponse(str(refusal), status=503, content_type="text/plain; charset=utf-8")
    return files.attachment(content, name=f"{publication.title}.{form}", content_type=content_type)


@requires(Permission.PUBLISH, Permission.PUBLISH_CITY)
@require_safe
def portal_package(request, kind, no):
    """Title, body, attachments and number of what is public, for the office that enters it into the portal."""
    publication = Publication.objects.current().filter(kind=KIND_OF[kind], no__iexact=no).first()
    wanted = Permission.PUBLISH_CITY if KIND_OF[kind] in OF_THE_CITY else Permission.PUBLISH
    mine = Unit.objects.filter(pk__in=request.user.units_with(wanted))
    if publication is None or not mine.filter(code=publication.unit_code).exists():
        raise Http404
    content = papers.portal_package(publication, site=_site(request))
    trail.record("disclosure.portal.exported", by=request.user, about=publication, digest=publication.digest)
    day = localtime(publication.published_at)
    return files.attachment(
        content, name=f"门户网站_{publication.title}_{day:%Y%m%d}.zip", content_type="application/zip"
    )


def _site(request) -> str:
    return f"{request.scheme}://{request.get_host()}"
