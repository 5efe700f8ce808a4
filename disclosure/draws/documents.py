"""The public documents of draws, read through the views that show nothing before its time (decisions.md 2, 3).

MANIFEST, FRAMEs, SLIPS, ABORT, the chain, the public values and their corrections are there at once; ROSTER, SEED, RESULT and AMENDs after the release.
Of an aborted draw, which never has names, the ROSTER is there too.
"""

from collections import Counter
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


class PublicCarry(models.Model):
    """The random checks of before the day of first use, the chain's first entry, and who gave none (SSJ1 10)."""

    text = models.TextField()
    digest = models.CharField(max_length=64)
    silent = models.JSONField()
    document = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "plans_public_carry"
        verbose_name = verbose_name_plural = "公开的历史抽查结转"

    def __str__(self):
        return self.document

    @property
    def lines(self) -> int:
        return len(ssj1.parse_carry(self.text).old)


class PublicValue(models.Model):
    """One public value, from the moment at which two people typed it alike (SSJ1 14.1)."""

    id = models.BigIntegerField(primary_key=True)
    draw_id = models.CharField(max_length=32)
    position = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=400)

    class Meta:
        managed = False
        db_table = "plans_public_value"
        verbose_name = verbose_name_plural = "公开随机数"
        ordering = ["position"]

    def __str__(self):
        return f"{self.draw_id} {self.position}"


class PublicLateness(models.Model):
    """Why a draw was held after its day (七(二)-a)."""

    draw_id = models.CharField(max_length=32, primary_key=True)
    reason = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "plans_public_lateness"
        verbose_name = verbose_name_plural = "逾期抽取的原因"

    def __str__(self):
        return self.draw_id


class PublicCorrection(models.Model):
    """One public value that was typed wrongly, and what it was corrected to; `run` is the first computed with it (SSJ1 9.1)."""

    id = models.BigIntegerField(primary_key=True)
    draw_id = models.CharField(max_length=32)
    run = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    was = models.CharField(max_length=400)
    value = models.CharField(max_length=400)
    reason = models.CharField(max_length=200)
    evidence = models.CharField(max_length=300)
    person = models.CharField(max_length=60)
    document = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "plans_public_correction"
        verbose_name = verbose_name_plural = "公开随机数的更正"
        ordering = ["id"]

    def __str__(self):
        return f"{self.draw_id} {self.position}"


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
        document = self.document(kind)
        return document.text if document else None

    def document(self, kind: str) -> PublicDocument | None:
        """The document that holds: after a correction that of the last run (SSJ1 9.1)."""
        return max((d for d in self.documents if d.kind == kind), key=lambda d: (d.run, -d.number), default=None)

    def documents_of(self, kind: str, *, run: int | None = None) -> list[PublicDocument]:
        """All of one kind in the order in which they came about, or those of one run."""
        found = [d for d in self.documents if d.kind == kind and run in (None, d.run)]
        return sorted(found, key=lambda d: (d.run, d.number))

    @property
    def runs(self) -> list[int]:
        """The numbers of the runs that are public, the one that holds last."""
        return sorted(d.run for d in self.documents if d.kind == "SEED")

    def run_texts(self, run: int) -> ssj1.Run:
        seed, result = (self.documents_of(kind, run=run)[0].text for kind in ("SEED", "RESULT"))
        return ssj1.Run(seed, result, [d.text for d in self.documents_of("AMEND", run=run)])

    @property
    def results(self) -> list[PublicChainEntry]:
        """The entries of its results; more than one: it was computed anew after a correction (SSJ1 9.1)."""
        return [entry for entry in self.entries if entry.kind == "RESULT"]

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

    @cached_property
    def values(self) -> dict[int, str]:
        """The public values that are known, by the place of their source: those of the seed, or those agreed on so far."""
        if self.seed:
            return {place: value for place, (_, value) in enumerate(self.seed.values, 1)}
        return dict(PublicValue.objects.filter(draw_id=self.draw_id).values_list("position", "value"))

    def stratum(self, category: str) -> ssj1.StratumLine | None:
        return next((s for s in self.manifest.strata if s.stratum.endswith("." + category)), None)

    @property
    def on_books(self) -> int:
        return sum(s.N for s in self.manifest.strata)

    @property
    def total(self) -> int:
        """How many are drawn in all."""
        return sum(s.K for s in self.manifest.strata)

    @cached_property
    def frames(self) -> list[ssj1.Frame]:
        return [ssj1.parse_frame(d.text) for d in self.documents_of("FRAME")]

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
        PublicDocument.objects.filter(condition).filter(what).order_by("year", "quarter", "draw_id", "run", "number")
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


def bundle_of(draw: PublicDraw) -> dict:
    """The evidence (SSJ1 11): sealed before the release, whole after it."""
    chain = []
    if draw.entries:
        first, last = draw.entries[0].seq, draw.entries[-1].seq
        chain = list(PublicChainEntry.objects.filter(seq__gte=first, seq__lte=last).values_list("text", flat=True))
    return evidence(draw, chain)


def evidence(draw: PublicDraw, chain: list[str]) -> dict:
    """The bundle of one draw with these chain entries, without asking the database."""
    ended, released = draw.state == "ABORTED", draw.state == "RELEASED"
    runs = [draw.run_texts(run) for run in draw.runs] if released else []
    last = runs[-1] if runs else ssj1.Run(None, None)
    return ssj1.make_bundle(
        manifest=draw.text_of("MANIFEST"),
        frames=[d.text for d in draw.documents_of("FRAME")],
        roster=draw.text_of("ROSTER") if ended or released else None,
        seed=last.seed,
        result=last.result,
        amends=last.amends,
        superseded=runs[:-1],
        slips=[] if ended else [d.text for d in draw.documents_of("SLIPS")],
        abort=draw.text_of("ABORT"),
        chain=chain,
    )


def history_of(year: int) -> dict | None:
    """What an auditor needs to replay a year (SSJ1 13): the chain from its beginning and the bundle of every draw in it.

    The chain goes to the last event of that year's draws; draws of the next year that began before that are taken along
    whole, since a bundle must stand in the chain with all its events. None if the year has no draw.
    """
    entries = list(PublicChainEntry.objects.order_by("seq"))
    ends = {entry.draw_id: place for place, entry in enumerate(entries) if entry.draw_id}
    last = max((place for draw_id, place in ends.items() if ssj1.DrawId.of(draw_id).year == year), default=None)
    if last is None:
        return None
    while (reach := max(ends.get(entry.draw_id, 0) for entry in entries[: last + 1])) > last:
        last = reach
    chain = [entry.text for entry in entries[: last + 1]]
    ids = dict.fromkeys(entry.draw_id for entry in entries[: last + 1] if entry.draw_id)
    found = {draw.draw_id: draw for draw in draws(Q(draw_id__in=list(ids)), what=Q())}
    bundles = []
    for draw_id in ids:
        first, final = found[draw_id].entries[0].seq, found[draw_id].entries[-1].seq
        bundles.append(evidence(found[draw_id], chain[first - 1 : final]))
    carry = PublicCarry.objects.first()
    return {"chain": chain, "bundles": bundles, "carry": carry.text if carry else None}


def years_with_draws() -> list[int]:
    return sorted(set(PublicDocument.objects.filter(kind="MANIFEST").values_list("year", flat=True)), reverse=True)


def day(text: str) -> date | None:
    """A day as a snapshot writes it."""
    return parse_date(text) if text else None
