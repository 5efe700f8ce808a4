"""What the register holds, as a tree: its hashes, proofs and files, up to a checkpoint (PUB1 §3–§5)."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from disclosure.models import Checkpoint, RegisterEntry, RegisterNode

from . import pub1

BITS = 8  # of a tile's height
COLUMNS = ("kind", "no", "version", "state", "digest")


def newest() -> Checkpoint | None:
    return Checkpoint.objects.first()


def signed_by(at: datetime) -> Checkpoint | None:
    """The head that was the newest at a moment: what a paper of that moment prints, whenever it is printed."""
    return Checkpoint.objects.filter(signed_at__lte=at).first()


def first_with(entry: RegisterEntry) -> Checkpoint | None:
    """The first head that reaches an entry."""
    return Checkpoint.objects.filter(size__gt=entry.index).order_by("size").first()


def words_of(checkpoint: Checkpoint | None) -> str:
    """A head as papers and mails print it, to be compared with what others keep (PUB1 §7)."""
    if checkpoint is None:
        return ""
    c = checkpoint
    return f"公示日志 {c.origin} 共 {c.size} 条，根 {c.base64}，公钥 {c.key}。"


def hashes(level: int, tile: int, width: int = pub1.TILE) -> list[bytes]:
    """The hashes of one tile, as many as there are."""
    first = tile * pub1.TILE
    found = (
        RegisterNode.objects.filter(level=level, number__gte=first, number__lt=first + width)
        .order_by("number")
        .values_list("hash", flat=True)
        if level
        else RegisterEntry.objects.filter(index__gte=first, index__lt=first + width)
        .order_by("index")
        .values_list("leaf", flat=True)
    )
    return [bytes(one) for one in found]


def reader() -> pub1.Node:
    """The hash of a full subtree, from what is kept; each tile is read once while it is near."""

    @lru_cache(maxsize=64)
    def tree(level: int, tile: int) -> pub1.Tree:
        return pub1.Tree(hashes(level, tile))

    def node(first: int, size: int) -> bytes:
        level = (size.bit_length() - 1) // BITS
        place = first >> BITS * level
        return tree(level, place // pub1.TILE).node(place % pub1.TILE, size >> BITS * level)

    return node


def entry_of(entry: RegisterEntry) -> pub1.Entry:
    p = entry.publication
    return pub1.Entry(p.kind, p.no, p.version, p.state, p.digest, entry.at)


def entries(first: int, end: int) -> Iterator[pub1.Entry]:
    """The entries from one index to another, read as they are asked for."""
    rows = (
        RegisterEntry.objects.filter(index__gte=first, index__lt=end)
        .order_by("index")
        .values_list(*(f"publication__{name}" for name in COLUMNS), "at")
    )
    return (pub1.Entry(*row) for row in rows.iterator(chunk_size=2000))


def plain_file(checkpoint: Checkpoint) -> Iterator[str]:
    """The whole register as people read it, as long as the checkpoint says (§5)."""
    lines = (entry.line for entry in entries(0, checkpoint.size))
    return pub1.register_text(lines, checkpoint.size, bytes.fromhex(checkpoint.root))


def tile(level: str, number: int, width: int, checkpoint: Checkpoint) -> bytes | None:
    """One tile; None where the checkpoint does not reach that far (tlog-tiles)."""
    if level == "entries":
        first = number * pub1.TILE
        if first + width > checkpoint.size:
            return None
        return pub1.entry_tile(entry.document.encode() for entry in entries(first, first + width))
    if (number * pub1.TILE + width) << BITS * int(level) > checkpoint.size:
        return None
    return b"".join(hashes(int(level), number, width))


def proof(entry: RegisterEntry, checkpoint: Checkpoint, node: pub1.Node | None = None) -> str:
    """The `.tlog-proof` of an entry that the checkpoint reaches; whoever makes many hands on one reader."""
    path = pub1.inclusion(node or reader(), entry.index, checkpoint.size)
    return pub1.proof_text(entry_of(entry).document, entry.index, path, checkpoint.note)
