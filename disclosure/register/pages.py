"""Where a publication stands in the register, for its page (PUB1 §4)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from disclosure.models import Publication

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
        entry, checkpoint = publication.entry, log.newest()
        place = [publication.no, publication.version]
        text_url = reverse(f"disclosure:json-{publication.kind}", args=place)
        signed = checkpoint is not None and entry.index < checkpoint.size
        return cls(
            number=entry.index + 1,
            at=localtime(parse_datetime(entry.at)).strftime("%Y-%m-%d %H:%M"),
            text_url=text_url,
            proof_url=reverse(f"disclosure:tlog-proof-{publication.kind}", args=place) if signed else "",
            check_url=f"{reverse('disclosure:register')}?of={text_url.removesuffix('.json')}",
        )
