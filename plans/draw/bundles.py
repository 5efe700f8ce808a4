"""The evidence of one draw for the public: what anybody needs to check it alone (SSJ1 11, 一-f)."""

from typing import Any

from benxi_shuangsuiji.refusal import refuse_if
from plans.models import ChainEntry, Draw, DrawStatus

from . import ssj1
from .actions import documents


def bundle_of(draw: Draw, released: bool) -> dict[str, Any]:
    """Return the sealed bundle (lists, quotas, slips, chain), or after the release the whole one.

    The whole one says who was drawn, so it is refused before the release, whoever asks.
    """
    refuse_if("名单还没有封存，没有证据包。" if draw.frozen_at is None else "")
    refuse_if("名单还没有公开，只能下载封存部分。" if released and draw.status != DrawStatus.RELEASED else "")
    if draw.status == DrawStatus.ABORTED:
        texts = documents(draw)
        return _bundle(draw, texts, roster=texts["ROSTER"][0], abort=texts["ABORT"][0])
    return whole_bundle(draw) if released else _bundle(draw, documents(draw))


def whole_bundle(draw: Draw) -> dict[str, Any]:
    """All documents of a drawn draw. Before the release only for computing an amendment, never for a reader."""
    texts = documents(draw)
    *superseded, last = runs_of(draw)
    return _bundle(
        draw,
        texts,
        roster=texts["ROSTER"][0],
        seed=last.seed,
        result=last.result,
        amends=last.amends,
        superseded=superseded,
    )


def runs_of(draw: Draw) -> list[ssj1.Run]:
    """SEED, RESULT and AMENDs of every run, the one that holds last (SSJ1 9.1)."""
    found: dict[int, dict[str, list[str]]] = {}
    rows = draw.documents.filter(kind__in=["SEED", "RESULT", "AMEND"]).order_by("run", "number")
    for run, kind, text in rows.values_list("run", "kind", "text"):
        found.setdefault(run, {}).setdefault(kind, []).append(text)
    return [ssj1.Run(texts["SEED"][0], texts["RESULT"][0], texts.get("AMEND", [])) for texts in found.values()]


def _bundle(draw: Draw, texts: dict[str, list[str]], **opened) -> dict[str, Any]:
    return ssj1.make_bundle(
        manifest=texts["MANIFEST"][0],
        frames=texts["FRAME"],
        slips=texts.get("SLIPS", []),
        chain=_chain_of(draw),
        **opened,
    )


def _chain_of(draw: Draw) -> list[str]:
    """The entries from this draw's first to its last, those of other draws between them included (SSJ1 11)."""
    own = list(ChainEntry.objects.filter(draw=draw).order_by("seq").values_list("seq", flat=True))
    return list(ChainEntry.objects.filter(seq__range=(own[0], own[-1])).order_by("seq").values_list("text", flat=True))
