"""What pages show of corrections and withdrawals: the tombstone with 410, the banner, who may do what (PUB1 §1, §4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_date

from disclosure.models import Objection, Publication
from disclosure.site import bulletin

from . import terms, tombstones

GONE = 410
CANNOT_BE_CALLED_BACK = "别人已经下载、转发、打印的收不回来；网站和代理的缓存一分钟内失效。"


def gone_or_404(request, kind: str, version: str | int | None = None, **which) -> HttpResponse:
    """The answer at an address whose words are withdrawn; of what was never public there is no such page."""
    tombstone = tombstones.in_place_of(kind, version, **which)
    if tombstone is None:
        raise Http404
    context = {"tombstone": tombstone, "stone": tombstone.snapshot, "sentence": tombstones.sentence(tombstone)}
    context |= {"anew": _anew(tombstone), "public_url": bulletin.public_url(tombstone)}
    return TemplateResponse(request, "disclosure/revisions/tombstone.html", context, status=GONE)


def text_or_404(kind: str, version: str | None, **which) -> HttpResponse:
    """The text of a version, byte for byte, or of the newest; a tombstone's at its own version is a text like others."""
    versions = Publication.objects.versions(kind, **which)
    publication = next((v for v in versions if version in (None, str(v.version))), None)
    tombstone = None if publication else tombstones.in_place_of(kind, version, **which)
    if publication is None and tombstone is None:
        raise Http404
    own = publication or (version and str(tombstone.version) == version)
    return HttpResponse((publication or tombstone).text, content_type="application/json", status=200 if own else GONE)


def kind_or_404(kinds: Iterable[str], no: str) -> str:
    """Of which of several kinds that share their addresses a number is."""
    kind = Publication.everything.filter(kind__in=kinds, no=no).values_list("kind", flat=True).first()
    if kind is None:
        raise Http404
    return kind


def _anew(tombstone: Publication) -> Publication | None:
    """The clean text that stands in its place."""
    return Publication.objects.current().filter(kind=tombstone.kind, no=tombstone.no).first()


@dataclass(frozen=True)
class Standing:
    """How one version that is shown stands among those of its number."""

    publication: Publication
    versions: list[Publication]  # the newest first

    @property
    def term(self) -> terms.Term:
        return terms.term_of(self.publication)

    @property
    def corrected_on(self) -> date | None:
        return _day(self.publication)

    @property
    def objections(self) -> list[Objection]:
        """What is asked about it and not decided yet (四(3)-f)."""
        return list(Objection.objects.pending().about(self.publication.kind, self.publication.no).order_by("pk"))

    @property
    def before(self) -> Publication | None:
        """The words that this version corrects."""
        return next((v for v in self.versions if v.version < self.publication.version), None)

    @property
    def newer(self) -> Publication | None:
        return self.versions[0] if self.versions[0] != self.publication else None

    @property
    def superseded_by(self) -> Publication | None:
        """The correction that took its place, where one did."""
        later = [v for v in self.versions if v.version > self.publication.version and v.correction]
        return later[-1] if later else None


# --- the page of one request (ui-2.md 27) ---------------------------------------------------------------------------


def _day(publication: Publication) -> date | None:
    return parse_date(publication.correction["corrected_on"]) if publication.correction else None
