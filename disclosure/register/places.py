"""Where a publication stands in the register, for its page (PUB1 §4)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from disclosure.models import Publication, RegisterEntry

from . import log


@dataclass(frozen=True)
class Registered:
    """`proof_url` is empty until a head reaches the entry: at most ten minutes (§3)."""

    number: int
    at: str
    text_url: str
    proof_url: str
    check_url: str

    @classmethod
    def of(cls, publication: Publication) -> "Registered":
        return cls.of_all([publication])[publication.pk]

    @classmethod
    def of_all(cls, publications: Iterable[Publication]) -> dict[int, "Registered"]:
        """Of each of a page's publications, by its key, in two queries."""
        known = {publication.pk: publication for publication in publications}
        checkpoint = log.newest()
        signed = checkpoint.size if checkpoint else 0
        entries = RegisterEntry.objects.filter(publication__in=known)
        return {entry.publication_id: cls._of(known[entry.publication_id], entry, signed) for entry in entries}

    @classmethod
    def _of(cls, publication: Publication, entry: RegisterEntry, signed: int) -> "Registered":
        place = [publication.no, publication.version]
        text_url = reverse(f"disclosure:json-{publication.kind}", args=place)
        reached = entry.index < signed
        return cls(
            number=entry.index + 1,
            at=localtime(parse_datetime(entry.at)).strftime("%Y-%m-%d %H:%M"),
            text_url=text_url,
            proof_url=reverse(f"disclosure:tlog-proof-{publication.kind}", args=place) if reached else "",
            check_url=f"{reverse('disclosure:register')}?of={text_url.removesuffix('.json')}",
        )
