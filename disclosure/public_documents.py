"""The public documents of draws, read through the two views that show nothing before its time (decisions.md 2, 3).

MANIFEST, FRAMEs, SLIPS, ABORT and the chain are there at once; ROSTER, SEED, RESULT and AMENDs after the release.
Of an aborted draw, which never has names, the ROSTER is there too.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db import models
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime

from benxi_shuangsuiji.workdays.days import Quarter
from plans.draw import ssj1


class PublicDocument(models.Model):
    """One SSJ1 text document that is public."""

    draw_id = models.CharField(max_length=32)
    unit_id = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    serial = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8)
    run = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "plans_public_document"
        verbose_name = verbose_name_plural = "公开的抽取文书"

    def __str__(self):
        return f"{self.draw_id} {self.kind}"


class PublicChainEntry(models.Model):
    """One entry of the public chain."""

    seq = models.BigIntegerField(primary_key=True)
    prev = models.CharField(max_length=64)
    link = models.CharField(max_length=64)
    kind = models.CharField(max_length=6)
    draw_id = models.CharField(max_length=32, null=True)
    doc = models.CharField(max_length=64)
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        managed = False
        db_table = "plans_public_chain"
        verbose_name = verbose_name_plural = "公示链"
        ordering = ["seq"]

    def __str__(self):
        return f"{self.seq} {self.kind}"


# Short documents, that is all but the lists of names; enough for every page that shows no names.
SHORT = Q(kind__in=["MANIFEST", "ABORT", "SEED"])


@dataclass
class PublicDraw:
    """A draw as the public sees it: what its documents and its chain entries say, and nothing else."""

    draw_id: str
    documents: list[PublicDocument] = field(default_factory=list)
    entries: list[PublicChainEntry] = field(default_factory=list)

    @property
    def id(self) -> ssj1.DrawId:
        return ssj1.DrawId.of(self.draw_id)

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.id.year, self.id.quarter)

    @cached_property
    def manifest(self) -> ssj1.Manifest:
        return ssj1.parse_manifest(self.text_of("MANIFEST"))

    def text_of(self, kind: str) -> str | None:
        return next((d.text for d in self.documents if d.kind == kind), None)

    def document(self, kind: str) -> PublicDocument | None:
        return next((d for d in self.documents if d.kind == kind), None)

    def entry(self, kind: str) -> PublicChainEntry | None:
        return next((e for e in self.entries if e.kind == kind), None)

    @property
    def state(self) -> str:
        """SSJ1 14.1, read from what is public."""
        if self.entry("ABORT"):
            return "ABORTED"
        if self.document("SEED"):  # SEED and RESULT become public together
            return "RELEASED"
        return "DRAWN" if self.entry("RESULT") else "FROZEN"

    @property
    def drawn(self) -> bool:
        return self.state in ("DRAWN", "RELEASED")

    @property
    def state_words(self) -> str:
        return {"FROZEN": "已封存", "DRAWN": "已抽取", "RELEASED": "已公开", "ABORTED": "已作废"}[self.state]

    @property
    def frozen_at(self) -> datetime:
        return parse_datetime(self.manifest.frozen)

    @property
    def release_at(self) -> datetime:
        return parse_datetime(self.manifest.release)

    @property
    def drawn_at(self) -> datetime | None:
        entry = self.entry("RESULT")
        return entry.at if entry else None

    def stratum(self, category: str) -> ssj1.StratumLine | None:
        return next((s for s in self.manifest.strata if s.stratum.endswith("." + category)), None)

    @property
    def total(self) -> int:
        """How many are drawn in all."""
        return sum(s.K for s in self.manifest.strata)

    @cached_property
    def frames(self) -> list[ssj1.Frame]:
        texts = sorted((d for d in self.documents if d.kind == "FRAME"), key=lambda d: d.number)
        return [ssj1.parse_frame(d.text) for d in texts]

    def exclusions(self, frame: ssj1.Frame) -> list[tuple[str, int]]:
        """Why objects on the books take no part, counted (SSJ1 12: what a verifier prints for a human)."""
        return sorted(Counter(row.state for row in frame.rows if row.state != "in").items())

    @cached_property
    def result(self) -> ssj1.Result | None:
        text = self.text_of("RESULT")
        return ssj1.parse_result(text) if text else None

    @cached_property
    def seed(self) -> ssj1.Seed | None:
        text = self.text_of("SEED")
        return ssj1.parse_seed(text) if text else None


def draws(condition: Q, *, what: Q = SHORT) -> list[PublicDraw]:
    """The draws with a public document that meets `condition`, oldest first, in two queries.

    `what` says which documents to load, since the lists of names are long; MANIFEST and SEED are always among them.
    """
    found: dict[str, PublicDraw] = {}
    for document in (
        PublicDocument.objects.filter(condition).filter(what).order_by("year", "quarter", "draw_id", "number")
    ):
        found.setdefault(document.draw_id, PublicDraw(document.draw_id)).documents.append(document)
    for entry in PublicChainEntry.objects.filter(draw_id__in=list(found)).defer("text").order_by("seq"):
        found[entry.draw_id].entries.append(entry)
    # A draw without its MANIFEST is not frozen, and so not public at all.
    return [draw for draw in found.values() if draw.document("MANIFEST")]


def draw_of(draw_id: str, *, what: Q | None = None) -> PublicDraw | None:
    """One draw with all its public documents (or those of `what`), or None."""
    found = draws(Q(draw_id=draw_id), what=Q() if what is None else what)
    return found[0] if found else None


def by_unit(found: list[PublicDraw]) -> dict[str, list[PublicDraw]]:
    grouped = defaultdict(list)
    for draw in found:
        grouped[draw.id.unit].append(draw)
    return grouped


def bundle_of(draw: PublicDraw) -> str:
    """The evidence as one JSON file (SSJ1 11): sealed before the release, whole after it."""
    frames = sorted((d for d in draw.documents if d.kind == "FRAME"), key=lambda d: d.number)
    ended = draw.state == "ABORTED"
    chain = []
    if draw.entries:
        first, last = draw.entries[0].seq, draw.entries[-1].seq
        chain = list(PublicChainEntry.objects.filter(seq__gte=first, seq__lte=last).values_list("text", flat=True))
    opened = {}
    if draw.state == "RELEASED":
        opened = {kind.lower(): draw.text_of(kind) for kind in ("ROSTER", "SEED", "RESULT")}
        opened["amends"] = [d.text for d in draw.documents if d.kind == "AMEND"]
    elif ended:
        opened["roster"] = draw.text_of("ROSTER")
    bundle = ssj1.make_bundle(
        manifest=draw.text_of("MANIFEST"),
        frames=[d.text for d in frames],
        slips=[] if ended else [d.text for d in draw.documents if d.kind == "SLIPS"],
        abort=draw.text_of("ABORT"),
        chain=chain,
        **opened,
    )
    return json.dumps(bundle, ensure_ascii=False)


def day(text: str) -> date | None:
    """A day as a snapshot writes it."""
    return parse_date(text) if text else None
