"""What the sealed documents of a draw say in public: counts and fingerprints, never a name (decisions.md 3)."""

from collections.abc import Iterable
from types import SimpleNamespace

from plans.models import Draw, DrawDocument
from registry.models import Category

from . import frames, ssj1


def manifest_lines(draw: Draw) -> list[SimpleNamespace]:
    """The counts of the sealed manifest, which are public, or nothing before the freeze."""
    text = draw.documents.filter(kind="MANIFEST").values_list("text", flat=True).first()
    if text is None:
        return []
    lines = [
        SimpleNamespace(
            category=line.stratum.rpartition(".")[2],
            label=Category(line.stratum.rpartition(".")[2]).label,
            on_books=line.N,
            drawable=line.A,
            unseen=line.U,
            places=line.K,
            reserved=line.u,
            digest=line.frame,
        )
        for line in ssj1.parse_manifest(text).strata
    ]
    return sorted(lines, key=lambda line: frames.LAW_ORDER.index(line.category))


def on_books(draws: Iterable[Draw], category: str) -> dict[int, int]:
    """How many of the category the sealed list of each draw holds (SSJ1 N); one query for all."""
    texts = DrawDocument.objects.filter(draw__in=draws, kind="MANIFEST").values_list("draw", "text")
    found = {pk: ssj1.parse_manifest(text).strata for pk, text in texts}
    return {pk: sum(s.N for s in strata if s.stratum.rpartition(".")[2] == category) for pk, strata in found.items()}


def digests_of(draw: Draw) -> dict[str, str]:
    """The fingerprints that are public at once: of the manifest, the sealed number, the result and the slips."""
    kinds = ["MANIFEST", "ROSTER", "RESULT", "SLIPS"]
    documents = draw.documents.filter(kind__in=kinds, number=0).order_by("run")  # the run that holds comes last
    found = dict(documents.values_list("kind", "digest"))
    text = draw.documents.filter(kind="MANIFEST").values_list("text", flat=True).first()
    if text is not None:
        found["COMMIT"] = ssj1.parse_manifest(text).commit
    return found


def slips_of(draw: Draw) -> int | None:
    """How many teams were complete when it was drawn; the list of slips is public and says no more than this number."""
    slips = draw.documents.filter(kind="SLIPS", number=0, run=draw.run)
    text = slips.values_list("text", flat=True).first()
    return None if text is None else len(ssj1.parse_slips(text).slips)


def names_somebody(draw: Draw, text: str) -> bool:
    """Whether words that others read while the names are sealed hold the name or number of an enterprise.

    Asked of everybody in the sealed lists, which are public: a refusal does not say who was drawn.
    """
    found = draw.documents.filter(kind="FRAME").values_list("text", flat=True)
    return any(row.name in text or row.id in text for frame in found for row in ssj1.parse_frame(frame).rows)
