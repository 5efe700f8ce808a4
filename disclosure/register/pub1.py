"""PUB1: the public register as a transparency log that anybody can check (四(3)-a, 八(二)-c).

This one file is both what the system writes its register with and what anybody may download to check it. It needs
Python 3.10 or later and nothing else; with the library `cryptography` it also checks signatures (Ed25519):

    python pub1.py register register.txt [CHECKPOINT [KEY]]        核验整份日志
    python pub1.py record PROOF FILE [KEY]                         核验一份公示原文
    python pub1.py data register.txt SNAPSHOTS.jsonl [--complete KIND]   核验下载的数据
    python pub1.py witness FOLDER register.txt CHECKPOINT [KEY]    记下见过的日志，发现改写

It ends with 0 for `ok`, with 2 for `consistent` (in order, but no signature was checked), with 1 and the code otherwise.

Bytes and strings go in and come out: no clock, no database, no setting, no random number. What is ours is what an
entry says (register.md); tree, checkpoints, tiles and proofs are those of RFC 6962 §2.1 and of C2SP (signed-note,
tlog-checkpoint, tlog-tiles, tlog-proof), so that programs of other people follow the register as well. `§` below means
the sections of that specification. Contents, each part under its own ruler:

    §6     What can be wrong               FAULTS, Pub1Error
    §1–§2  Types, snapshots and entries    canonical, read_snapshot, Entry
    §3–§4  Tree, tiles, checkpoints        Tree, Checkpoint, sign
    §5     The plain file                  register_text, check_register
    §6     The four checks                 check_record, check_data, check_witness
    §6     Test vectors, command line      run_vector, main

Whatever is not as it must be raises `Pub1Error`, which has a stable `code` and speaks Chinese.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
except ImportError:  # the signature is then not checked, and the answer says so
    Ed25519PublicKey = None  # type: ignore[assignment,misc]

# ------------------------------------------------------------------------------------------------------------
# §6 What can be wrong
# ------------------------------------------------------------------------------------------------------------

FAULTS: dict[str, str] = {
    "E_SYNTAX": "内容不合规范",
    "E_TIME": "登记时间倒置",
    "E_STATE": "版本或状态前后不衔接",
    "E_TWICE": "同一份原文登记了两次",
    "E_ROOT": "条数或根与内容不符",
    "E_SIG": "签名不对，或者不是这个日志的",
    "E_DOC": "原文与登记的指纹、种类、编号、版本或状态不符",
    "E_PROOF": "证明不成立：这一条不在日志里",
    "E_OLD": "这是较早的一版，已有更新的版本",
    "E_UNKNOWN": "日志里没有这份原文",
    "E_MISSING": "少了日志里现行的公示",
    "E_REWRITTEN": "日志已被改写",
    "E_SHORTER": "日志比以前见过的短",
}


class Pub1Error(ValueError):
    """One failed check: `code` is stable, `where` says at which line or part."""

    def __init__(self, code: str, where: str = "") -> None:
        self.code = code
        self.sentence = FAULTS[code]
        self.where = where
        super().__init__(f"{self.sentence}（{code}）" + (f"。{where}" if where else ""))


def _malformed(where: str) -> Pub1Error:
    return Pub1Error("E_SYNTAX", where)


# ------------------------------------------------------------------------------------------------------------
# §1–§2 Types, snapshots and entries
# ------------------------------------------------------------------------------------------------------------

KINDS: dict[str, str] = {
    "ITEM_LIST": "事项清单",
    "PLAN": "抽查计划",
    "RESULT": "检查结果",
    "SUMMARY": "全市汇总",
    "RESULT_SUM": "检查结果汇总",
    "REGISTER": "检查对象名录",
    "RECTIFICATION": "整改情况",
    "CASE": "立案查处情况",
    "REFERRAL": "移送情况",
    "STATEMENT": "企业说明",
    "DECISION": "异议答复",
    "REPORT": "工作报告",
    "SELF_CHECK": "合规体检摘要",
    "HEADS": "每日链头",
    "KEY": "新公钥",
    "LOG": "日志接续",
}
STATES: dict[str, str] = {"ISSUED": "公开", "CORRECTED": "更正", "WITHDRAWN": "撤下"}
CHANGES = ("correction", "adjustment", "completion", "withdrawal")
DEEPEST = 32
LONGEST = 4 * 1024 * 1024

_KIND, _NO, _HEX = rb"[0-9A-Z][0-9A-Z_-]{0,31}", rb"[0-9A-Z][0-9A-Z._-]{0,63}", rb"[0-9a-f]{64}"
_VERSION = rb"[1-9][0-9]{0,8}"
_DAY = rb"[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
_AT = rb"(%b)T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\+08:00" % _DAY
_LINE = re.compile(rb"(%b)\t(%b)\t(%b)\t(ISSUED|CORRECTED|WITHDRAWN)\t(%b)\t(%b)" % (_KIND, _NO, _VERSION, _HEX, _AT))
_ENTRY = re.compile(
    rb"PUB1 ENTRY\nkind\t(%b)\nno\t(%b)\nversion\t(%b)\nstate\t(ISSUED|CORRECTED|WITHDRAWN)\ndoc\t(%b)\nat\t(%b)\nend\t6\n"
    % (_KIND, _NO, _VERSION, _HEX, _AT)
)
_END = re.compile(rb"end\t(0|[1-9][0-9]{0,8})\t(%b)" % _HEX)
_KEY_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_SALT = re.compile(r"[0-9a-f]{32}", re.ASCII)
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,14}", re.ASCII)
_SIZE = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)
_LARGEST = 10**15


def canonical(snapshot: Mapping[str, Any]) -> str:
    """The canonical text of a snapshot, its words brought to NFC (§1): the same content is always the same bytes.

    E_SYNTAX for a value that the specification does not know, since nobody could check it.
    """
    return _canonical(_checked(snapshot, 1, _normal))


def _normal(words: str) -> str:
    return unicodedata.normalize("NFC", words)


def _same(words: str) -> str:
    return words


def _canonical(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if len(text.encode("utf-8")) > LONGEST:
        raise _malformed("原文超过 4 MiB")
    return text


def _checked(value: Any, depth: int, normal: Callable[[str], str]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) >= _LARGEST:
            raise _malformed("整数超过 15 位")
        return int(value)
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value if c > "\u07ff"):
            raise _malformed("文字里有不许出现的字符")
        return normal(str(value))
    if depth > DEEPEST:
        raise _malformed(f"嵌套超过 {DEEPEST} 层")
    if isinstance(value, list | tuple):
        return [_checked(one, depth + 1, normal) for one in value]
    if isinstance(value, Mapping):
        if wrong := [key for key in value if not isinstance(key, str) or not _KEY_NAME.fullmatch(key)]:
            raise _malformed(f"项目名不对：{wrong[0]!r}"[:80])
        return {key: _checked(one, depth + 1, normal) for key, one in value.items()}
    raise _malformed("有不许出现的值")


def digest(text: str | bytes) -> str:
    """`doc` (§1): SHA-256 of the canonical text's bytes, what `sha256sum` prints for the published file."""
    return sha256(text.encode("utf-8") if isinstance(text, str) else text).hexdigest()


class Snapshot(NamedTuple):
    """What a published text says of itself, and its digest."""

    kind: str
    no: str
    version: int
    change: str
    doc: str
    value: dict[str, Any]


def read_snapshot(data: bytes) -> Snapshot:
    """Read a published text strictly (§1); E_SYNTAX for a file that is not the canonical text of what it holds."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(found := dict(pairs)) < len(pairs):
            raise _malformed("同一项目出现了两次")
        return found

    def whole(text: str) -> int:
        if not _NUMBER.fullmatch(text):
            raise _malformed("数字的写法不对")
        return int(text)

    def refused(_: str) -> Any:
        raise _malformed("数字只能是整数")

    if len(data) > LONGEST:
        raise _malformed("原文超过 4 MiB")
    try:
        text = data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=unique, parse_int=whole, parse_float=refused, parse_constant=refused)
    except Pub1Error:
        raise
    except (ValueError, RecursionError):
        raise _malformed("原文不是完整的 JSON") from None
    if not isinstance(value, dict) or _canonical(_checked(value, 1, _same)) != text:
        raise _malformed("原文不是规范写法")
    return _said(value, data)


def _said(value: Mapping[str, Any], data: bytes) -> Snapshot:
    kind, no, version, salt = (value.get(name) for name in ("kind", "no", "version", "salt"))
    if not isinstance(kind, str) or not isinstance(no, str):
        raise _malformed("原文没有写明种类和编号")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _malformed("原文没有写明版本")
    if not isinstance(salt, str) or not _SALT.fullmatch(salt):
        raise _malformed("原文没有随机数")
    change = value.get("change", "")
    if ("change" in value) != (version > 1) or (version > 1 and change not in CHANGES):
        raise _malformed("原文的变动与版本不符")
    return Snapshot(kind, no, version, change, digest(data), dict(value))


def written(snapshot: Mapping[str, Any]) -> tuple[str, str]:
    """Text and digest of a snapshot that is about to be published; E_SYNTAX where it lacks what §1 wants."""
    text = canonical(snapshot)
    return text, _said(snapshot, text.encode("utf-8")).doc


class Entry(NamedTuple):
    """One line of the register (§2)."""

    kind: str
    no: str
    version: int
    state: str
    doc: str
    at: str

    @property
    def document(self) -> str:
        """The leaf's bytes as text."""
        return (
            f"PUB1 ENTRY\nkind\t{self.kind}\nno\t{self.no}\nversion\t{self.version}\n"
            f"state\t{self.state}\ndoc\t{self.doc}\nat\t{self.at}\nend\t6\n"
        )

    @property
    def line(self) -> str:
        """As it stands in the plain file, without its line feed (§5)."""
        return "\t".join(map(str, self))


_days: set[bytes] = set()  # dates already known to exist: a register has few days and many lines


def _is_day(day: bytes) -> bool:
    if day in _days:
        return True
    try:
        date(int(day[:4]), int(day[5:7]), int(day[8:]))
    except ValueError:
        return False
    _days.add(day)
    return True


def read_entry(data: bytes) -> Entry:
    """Read an entry's document strictly (§2)."""
    found = _ENTRY.fullmatch(data)
    if found is None or not _is_day(found[7]):
        raise _malformed("登记条目的写法不对")
    kind, no, version, state, doc, at = (part.decode("ascii") for part in found.groups()[:6])
    return Entry(kind, no, int(version), state, doc, at)


def entry_of(kind: str, no: str, version: object, state: str, doc: str, at: str) -> Entry:
    """An entry from its fields; E_SYNTAX where one is not of its type."""
    return read_entry(Entry(kind, no, version, state, doc, at).document.encode("utf-8", "replace"))  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------------
# §3–§4 Tree, tiles, checkpoints
# ------------------------------------------------------------------------------------------------------------

EMPTY = sha256(b"").digest()
TILE = 256  # hashes of a full tile: height 8


def leaf_hash(document: bytes) -> bytes:
    return sha256(b"\0" + document).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class Growing:
    """The roots of the full subtrees of a tree that grows at its right end, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        place = self.size
        while place & 1:
            leaf = sha256(b"\1" + self._roots.pop() + leaf).digest()
            place >>= 1
        self._roots.append(leaf)
        self.size += 1

    @property
    def root(self) -> bytes:
        if not self._roots:
            return EMPTY
        *rest, root = self._roots
        for left in reversed(rest):
            root = node_hash(left, root)
        return root


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


# The hash of leaves first … first + size - 1, where size is a power of two and divides first, or the tree ends there.
Node = Callable[[int, int], bytes]


class Tree:
    """The whole tree over leaves that are at hand: level by level, so that each hash is made once."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.size = len(leaves)
        self.levels = [list(leaves)]
        while len(level := self.levels[-1]) > 1:
            self.levels.append([node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)])

    def node(self, first: int, size: int) -> bytes:
        return self.levels[size.bit_length() - 1][first // size]

    @property
    def root(self) -> bytes:
        return root(self.node, self.size)


def root(node: Node, size: int, first: int = 0) -> bytes:
    """MTH of RFC 6962 §2.1 over `size` leaves from `first` on, of the hashes of full subtrees."""
    if size == 0:
        return EMPTY
    if size & (size - 1) == 0:
        return node(first, size)
    half = _split(size)
    return node_hash(node(first, half), root(node, size - half, first + half))


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """PATH of RFC 6962 §2.1.1: the leaf's sibling first."""
    path: list[bytes] = []
    first = 0
    while size > 1:
        half = _split(size)
        if index - first < half:
            path.append(root(node, size - half, first + half))
            size = half
        else:
            path.append(root(node, half, first))
            first, size = first + half, size - half
    return path[::-1]


def consistency(node: Node, old: int, size: int) -> list[bytes]:
    """PROOF of RFC 6962 §2.1.2, 0 < old ≤ size."""
    path: list[bytes] = []
    first, whole = 0, True  # whole: the old tree is the full left part that the reader knows
    while old != size:
        half = _split(size)
        if old <= half:
            path.append(root(node, size - half, first + half))
            size = half
        else:
            path.append(root(node, half, first))
            first, old, size, whole = first + half, old - half, size - half, False
    if not whole:
        path.append(root(node, size, first))
    return path[::-1]


def root_by(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a leaf's path leads to (RFC 9162 §2.1.3.2); E_PROOF where index, size and path do not fit."""
    if index >= size:
        raise Pub1Error("E_PROOF", "序号不小于条数")
    place, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Pub1Error("E_PROOF", "证明过长")
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise Pub1Error("E_PROOF", "证明过短")
    return found


def tile_path(level: str, number: int, width: int = TILE) -> str:
    """The address of a tile after `/register/` (tlog-tiles): `tile/0/x001/234.p/17`."""
    digits = f"{number:d}"
    digits = digits.zfill((len(digits) + 2) // 3 * 3)
    parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    name = "/".join([*("x" + part for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < TILE else "")


def entry_tile(documents: Iterable[bytes]) -> bytes:
    """An entry bundle: each document after its length in two bytes."""
    return b"".join(len(document).to_bytes(2, "big") + document for document in documents)


def tiles(documents: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Every tile of a register of this size: the full ones, and of each level's last the partial one."""
    for first in range(0, len(documents), TILE):
        part = documents[first : first + TILE]
        yield tile_path("entries", first // TILE, len(part)), entry_tile(part)
    level, hashes = 0, [leaf_hash(document) for document in documents]
    while hashes:
        for first in range(0, len(hashes), TILE):
            part = hashes[first : first + TILE]
            yield tile_path(str(level), first // TILE, len(part)), b"".join(part)
        full = len(hashes) // TILE
        hashes = [Tree(hashes[i * TILE : (i + 1) * TILE]).root for i in range(full)]
        level += 1


def _base64(text: str, length: int | None = None) -> bytes:
    """Strict base64 (RFC 4648 §4): padded, unused bits zero."""
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise _malformed("base64 的写法不对") from None
    if b64encode(data).decode("ascii") != text or (length is not None and len(data) != length):
        raise _malformed("base64 的写法或长度不对")
    return data


_NAME = re.compile(r"[^\s+\x00-\x20\x7f]+")
_SIGNATURE = re.compile(r"— ([^\s+\x00-\x20\x7f]+) ([0-9A-Za-z+/=]+)")


class Key(NamedTuple):
    """A public key as it is printed (§3): name, id in hex, the 32 bytes."""

    name: str
    id: bytes
    raw: bytes


def key_id(name: str, raw: bytes) -> bytes:
    return sha256(name.encode("utf-8") + b"\n\x01" + raw).digest()[:4]


def key_text(name: str, raw: bytes) -> str:
    return "+".join([name, key_id(name, raw).hex(), b64encode(b"\x01" + raw).decode("ascii")])


def read_key(text: str) -> Key:
    """Read a public key as it is printed; E_SYNTAX."""
    parts = text.split("+", 2)
    if len(parts) < 3 or not _NAME.fullmatch(parts[0]) or not re.fullmatch(r"[0-9a-f]{8}", parts[1], re.ASCII):
        raise _malformed("公钥的写法不对")
    data = _base64(parts[2], 33)
    if data[:1] != b"\x01" or key_id(parts[0], data[1:]).hex() != parts[1]:
        raise _malformed("公钥的写法不对")
    return Key(parts[0], bytes.fromhex(parts[1]), data[1:])


class Checkpoint(NamedTuple):
    """A signed tree head (tlog-checkpoint): exactly three lines, then signatures."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes], ...] = ()

    @property
    def body(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode('ascii')}\n"


def read_checkpoint(data: bytes) -> Checkpoint:
    """Read a checkpoint with at least one signature line; its signatures are not yet checked."""
    try:
        text = data.decode("utf-8")
    except ValueError:
        raise _malformed("检查点不是 UTF-8") from None
    lines = text.split("\n")
    if len(lines) < 6 or lines[3] or lines[-1] or not _NAME.fullmatch(lines[0]) or not _SIZE.fullmatch(lines[1]):
        raise _malformed("检查点的写法不对")
    head = _base64(lines[2], 32)
    signatures = []
    for line in lines[4:-1]:
        found = _SIGNATURE.fullmatch(line)
        if found is None or len(signature := _base64(found[2])) < 5:
            raise _malformed("签名行的写法不对")
        signatures.append((found[1], signature))
    return Checkpoint(lines[0], int(lines[1]), head, tuple(signatures))


def sign(origin: str, size: int, head: bytes, seed: bytes) -> tuple[str, str]:
    """A checkpoint signed with Ed25519, and the public key as it is printed. Only the log's worker holds `seed` (32 bytes)."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    raw = private.public_key().public_bytes_raw()
    body = Checkpoint(origin, size, head).body
    signature = b64encode(key_id(origin, raw) + private.sign(body.encode("utf-8"))).decode("ascii")
    return f"{body}\n— {origin} {signature}\n", key_text(origin, raw)


def check_signature(checkpoint: Checkpoint, key: Key) -> bool:
    """Whether a signature could be checked; E_SIG if none is there, one does not hold, or the origin is another (§6)."""
    own = [signature[4:] for name, signature in checkpoint.signatures if (name, signature[:4]) == (key.name, key.id)]
    if checkpoint.origin != key.name or not own:
        raise Pub1Error(
            "E_SIG", f"来源是 {checkpoint.origin}，没有 {key.name} 的签名" if not own else checkpoint.origin
        )
    if Ed25519PublicKey is None:
        return False
    public = Ed25519PublicKey.from_public_bytes(key.raw)
    for signature in own:
        try:
            public.verify(signature, checkpoint.body.encode("utf-8"))
        except InvalidSignature:
            raise Pub1Error("E_SIG", "签名与内容不符") from None
    return True


# ------------------------------------------------------------------------------------------------------------
# §5 The plain file
# ------------------------------------------------------------------------------------------------------------

HEAD = b"PUB1 REGISTER"


@dataclass(frozen=True)
class Register:
    """What a plain file in order says."""

    size: int
    root: bytes
    newest: Mapping[bytes, tuple[int, bytes, bytes]]  # kind TAB no: version, state, doc
    lines: Sequence[bytes]  # one an entry

    @property
    def standing(self) -> int:
        """How many numbers are not withdrawn."""
        return sum(state != b"WITHDRAWN" for _, state, _ in self.newest.values())


def document_of(line: bytes) -> bytes:
    """The entry document of a line of the plain file."""
    return b"PUB1 ENTRY\nkind\t%b\nno\t%b\nversion\t%b\nstate\t%b\ndoc\t%b\nat\t%b\nend\t6\n" % tuple(line.split(b"\t"))


def register_text(lines: Iterable[str], size: int, head: bytes) -> Iterator[str]:
    """The plain file, line by line, each with its line feed."""
    yield HEAD.decode() + "\n"
    for line in lines:
        yield line + "\n"
    yield f"end\t{size}\t{head.hex()}\n"


def check_register(data: bytes) -> Register:
    """Check a plain file from its first line on; the first violation is raised with its line (§2 R1–R3, §5)."""
    lines = data.split(b"\n")
    if lines[0] != HEAD:
        raise _malformed("第 1 行不是 PUB1 REGISTER")
    tree = Growing()
    newest: dict[bytes, tuple[int, bytes, bytes]] = {}
    docs: set[bytes] = set()
    last = b""
    for number, line in enumerate(lines[1:], 2):
        found = _LINE.fullmatch(line)
        if found is None or not _is_day(found[7]):
            return _ended(line, number, lines, tree, newest)
        kind, no, version, state, doc, at = found.groups()[:6]
        if at < last:
            raise Pub1Error("E_TIME", f"第 {number} 行")
        key, last = kind + b"\t" + no, at
        before, was, _ = newest.get(key, (0, b"", b""))
        if (
            int(version) != before + 1
            or (state == b"ISSUED") != (before == 0)
            or (was == b"WITHDRAWN" and state != b"CORRECTED")
        ):
            raise Pub1Error("E_STATE", f"第 {number} 行")
        if doc in docs:
            raise Pub1Error("E_TWICE", f"第 {number} 行")
        docs.add(doc)
        newest[key] = (before + 1, state, doc)
        tree.add(
            sha256(
                b"\0PUB1 ENTRY\nkind\t%b\nno\t%b\nversion\t%b\nstate\t%b\ndoc\t%b\nat\t%b\nend\t6\n"
                % (kind, no, version, state, doc, at)
            ).digest()
        )
    raise _malformed(f"第 {len(lines)} 行：没有结尾")


def _ended(line: bytes, number: int, lines: Sequence[bytes], tree: Growing, newest: dict[bytes, Any]) -> Register:
    """The line that is no entry: the end, or a fault of form."""
    found = _END.fullmatch(line)
    if found is None or lines[number:] != [b""]:
        raise _malformed(f"第 {number} 行")
    if int(found[1]) != tree.size or found[2] != tree.root.hex().encode():
        raise Pub1Error("E_ROOT", f"实有 {tree.size} 条，根 {tree.root.hex()}")
    return Register(tree.size, tree.root, newest, lines[1 : number - 1])


# ------------------------------------------------------------------------------------------------------------
# §6 The four checks
# ------------------------------------------------------------------------------------------------------------

PROOF_HEAD = "c2sp.org/tlog-proof@v1"


def proof_text(document: str, index: int, path: Iterable[bytes], checkpoint: str) -> str:
    """A `.tlog-proof`: the entry in `extra`, its place, its path, and a checkpoint."""
    extra = b64encode(document.encode("utf-8")).decode("ascii")
    hashes = "".join(b64encode(one).decode("ascii") + "\n" for one in path)
    return f"{PROOF_HEAD}\nextra {extra}\nindex {index}\n{hashes}\n{checkpoint}"


class Proof(NamedTuple):
    """What a `.tlog-proof` holds; `document` is the entry's, out of `extra`."""

    document: bytes
    place: int
    path: list[bytes]
    checkpoint: Checkpoint


def _read_proof(data: bytes) -> Proof:
    """The form of a proof and of its checkpoint; its entry is read afterwards."""
    head, parted, note = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except ValueError:
        raise _malformed("证明的写法不对") from None
    if not parted or lines.pop(0) != PROOF_HEAD or not lines:
        raise _malformed("证明的写法不对")
    extra = b""
    if lines[0].startswith("extra "):
        extra = _base64(lines.pop(0)[6:])
    if not lines or not lines[0].startswith("index ") or not _SIZE.fullmatch(lines[0][6:]):
        raise _malformed("证明没有序号")
    return Proof(extra, int(lines[0][6:]), [_base64(line, 32) for line in lines[1:]], read_checkpoint(note))


class Verdict(NamedTuple):
    """What a check in order says: `ok`, or `consistent` where no signature was checked."""

    answer: str
    said: str


def check_record(proof: bytes, file: bytes, key: str | None = None) -> tuple[str, Proof]:
    """Whether a published text stands in the register (§6 `record`): `ok` or `consistent`, and the proof read."""
    found = _read_proof(proof)
    known = None if key is None else read_key(key)
    entry = read_entry(found.document)
    snapshot = read_snapshot(file)
    if (snapshot.doc, snapshot.kind, snapshot.no, snapshot.version) != (entry.doc, entry.kind, entry.no, entry.version):
        raise Pub1Error("E_DOC", f"登记的是 {entry.kind} {entry.no} 第 {entry.version} 版")
    if (snapshot.change == "withdrawal") != (entry.state == "WITHDRAWN"):
        raise Pub1Error("E_DOC", "撤下与原文的变动不符")
    checkpoint = found.checkpoint
    if root_by(leaf_hash(found.document), found.place, checkpoint.size, found.path) != checkpoint.root:
        raise Pub1Error("E_PROOF", "算出的根与检查点不同")
    signed = known is not None and check_signature(checkpoint, known)
    return ("ok" if signed else "consistent"), found


def check_file(data: bytes, checkpoint: bytes | None = None, key: str | None = None) -> tuple[str, Register]:
    """§6 `register`: the plain file, and that a checkpoint is its own."""
    register = check_register(data)
    if checkpoint is None:
        return "consistent", register
    note = read_checkpoint(checkpoint)
    known = None if key is None else read_key(key)
    if (note.size, note.root) != (register.size, register.root):
        raise Pub1Error("E_ROOT", f"检查点是 {note.size} 条、{note.root.hex()}")
    signed = known is not None and check_signature(note, known)
    return ("ok" if signed else "consistent"), register


def check_data(data: bytes, snapshots: bytes, complete: str | None = None) -> int:
    """§6 `data`: every line is the newest text of its number; with `complete` none of that kind is missing. Lines."""
    register = check_register(data)
    known = {tuple(line.split(b"\t")[i] for i in (0, 1, 4)) for line in register.lines}
    lines = snapshots.split(b"\n")
    if lines.pop():
        raise _malformed(f"第 {len(lines) + 1} 行没有换行")
    met = set()
    for number, line in enumerate(lines, 1):
        try:
            found = read_snapshot(line)
        except Pub1Error as error:
            raise Pub1Error(error.code, f"第 {number} 行：{error.where}") from None
        kind, no, doc = found.kind.encode(), found.no.encode(), found.doc.encode()
        if (kind, no, doc) not in known:
            raise Pub1Error("E_UNKNOWN", f"第 {number} 行：{found.kind} {found.no}")
        key = kind + b"\t" + no
        if register.newest[key][2] != doc:
            raise Pub1Error("E_OLD", f"第 {number} 行：{found.kind} {found.no}")
        met.add(key)
    if complete is not None:
        start = complete.encode("utf-8") + b"\t"
        for key, (_, state, _) in register.newest.items():
            if key.startswith(start) and state != b"WITHDRAWN" and key not in met:
                raise Pub1Error("E_MISSING", key.decode().replace("\t", " "))
    return len(lines)


def check_extends(old: Register, new: Register) -> None:
    """That a register goes on from one seen before (§6 `witness`)."""
    for index, (one, other) in enumerate(zip(old.lines, new.lines, strict=False)):
        if one != other:
            raise Pub1Error("E_REWRITTEN", f"第 {index} 条")
    if new.size < old.size:
        raise Pub1Error("E_SHORTER", f"以前有 {old.size} 条，现在 {new.size} 条")


def check_witness(folder: Path, data: bytes, checkpoint: bytes, key: str | None = None) -> tuple[str, Register]:
    """Keep a register and its checkpoint in a folder, after comparing with the newest one kept of the same origin."""
    answer, register = check_file(data, checkpoint, key)
    note = read_checkpoint(checkpoint)
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / sha256(note.origin.encode("utf-8")).hexdigest()[:16]
    others = [p for p in folder.iterdir() if p.is_dir() and p != place]
    if others:
        raise Pub1Error("E_SIG", "这个文件夹记的是另一个来源的日志")
    kept = sorted(place.glob("*.register"), key=lambda p: int(p.stem))
    if kept:
        check_extends(check_register(kept[-1].read_bytes()), register)
    place.mkdir(exist_ok=True)
    (place / f"{register.size}.register").write_bytes(data)
    (place / f"{register.size}.checkpoint").write_bytes(checkpoint)
    return answer, register


# ------------------------------------------------------------------------------------------------------------
# §6 Test vectors, command line
# ------------------------------------------------------------------------------------------------------------


def _tree(file: str) -> Tree:
    return Tree([leaf_hash(document_of(line)) for line in check_register(file.encode()).lines])


def _hexes(path: Iterable[bytes]) -> dict[str, list[str]]:
    return {"path": [one.hex() for one in path]}


def _vector_write(given: Mapping[str, Any]) -> object:
    text, doc = written(given["snapshot"])
    return {"text": text, "doc": doc}


def _vector_leaf(given: Mapping[str, Any]) -> object:
    entry = entry_of(*(given.get(name, "") for name in Entry._fields))
    document = entry.document
    return {"document": document, "leaf": leaf_hash(document.encode()).hex()}


def _vector_register(given: Mapping[str, Any]) -> object:
    found = check_register(given["file"].encode("utf-8", "surrogatepass"))
    return {"entries": found.size, "root": found.root.hex(), "standing": found.standing}


def _vector_inclusion(given: Mapping[str, Any]) -> object:
    tree = _tree(given["file"])
    return _hexes(inclusion(tree.node, given["index"], tree.size))


def _vector_consistency(given: Mapping[str, Any]) -> object:
    tree = _tree(given["file"])
    return _hexes(consistency(tree.node, given["from"], tree.size))


def _vector_tiles(given: Mapping[str, Any]) -> object:
    documents = [document_of(line) for line in check_register(given["file"].encode()).lines]
    return {path: sha256(data).hexdigest() for path, data in tiles(documents)}


def _vector_checkpoint(given: Mapping[str, Any]) -> object:
    note, key = sign(given["origin"], given["size"], bytes.fromhex(given["root"]), bytes.fromhex(given["seed"]))
    return {"note": note, "key": key}


def _vector_proof(given: Mapping[str, Any]) -> object:
    return check_record(given["proof"].encode(), given["file"].encode("utf-8", "surrogatepass"), given["key"])[0]


def _vector_data(given: Mapping[str, Any]) -> object:
    return {"lines": check_data(given["file"].encode(), given["snapshots"].encode(), given["complete"])}


def _vector_witness(given: Mapping[str, Any]) -> object:
    check_extends(check_register(given["old"].encode()), check_register(given["new"].encode()))
    return "ok"


_VECTORS: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "write": _vector_write,
    "digest": lambda given: {"doc": read_snapshot(given["file"].encode("utf-8", "surrogatepass")).doc},
    "leaf": _vector_leaf,
    "register": _vector_register,
    "inclusion": _vector_inclusion,
    "consistency": _vector_consistency,
    "tiles": _vector_tiles,
    "checkpoint": _vector_checkpoint,
    "proof": _vector_proof,
    "data": _vector_data,
    "witness": _vector_witness,
}


def run_vector(kind: str, given: Mapping[str, Any]) -> object:
    """The result of one public test vector: a value, or the code of what is wrong."""
    try:
        return _VECTORS[kind](given)
    except Pub1Error as error:
        return error.code


UNSIGNED = "没有核对签名：把来源、条数和根与印在公示文书上的比较。"


def _told(answer: str, origin: str, size: int, head: bytes) -> str:
    return f"来源 {origin}，{size} 条，根 {head.hex()}。" + ("签名成立。" if answer == "ok" else UNSIGNED)


def _main_register(file: str, checkpoint: str = "", key: str = "") -> Verdict:
    note = Path(checkpoint).read_bytes() if checkpoint else None
    answer, found = check_file(Path(file).read_bytes(), note, key or None)
    origin = read_checkpoint(note).origin if note else "（没有检查点）"
    return Verdict(answer, f"日志前后一致，现行 {found.standing} 件。" + _told(answer, origin, found.size, found.root))


def _main_record(proof: str, file: str, key: str = "") -> Verdict:
    answer, found = check_record(Path(proof).read_bytes(), Path(file).read_bytes(), key or None)
    entry, note = read_entry(found.document), found.checkpoint
    words = f"这份原文自 {entry.at} 起登记为 {entry.kind} {entry.no} 第 {entry.version} 版（{STATES[entry.state]}）；以后可能有更新的一版。"
    return Verdict(answer, words + _told(answer, note.origin, note.size, note.root))


def _main_data(file: str, snapshots: str, flag: str = "", kind: str = "") -> Verdict:
    if flag and (flag != "--complete" or not kind):
        raise TypeError
    lines = check_data(Path(file).read_bytes(), Path(snapshots).read_bytes(), kind or None)
    return Verdict("consistent", f"{lines} 行都是日志里各自最新的一版" + (f"，{kind} 一件不少。" if kind else "。"))


def _main_witness(folder: str, file: str, checkpoint: str, key: str = "") -> Verdict:
    note = Path(checkpoint).read_bytes()
    answer, found = check_witness(Path(folder), Path(file).read_bytes(), note, key or None)
    return Verdict(
        answer, "与以前见过的衔接，已记下。" + _told(answer, read_checkpoint(note).origin, found.size, found.root)
    )


_COMMANDS: dict[str, Callable[..., Verdict]] = {
    "register": _main_register,
    "record": _main_record,
    "data": _main_data,
    "witness": _main_witness,
}


def main(arguments: Sequence[str]) -> int:
    """The command line; its exit status."""
    command = _COMMANDS.get(arguments[0] if arguments else "")
    try:
        if command is None:
            raise TypeError
        verdict = command(*arguments[1:])
    except TypeError:
        print("\n".join((__doc__ or "").splitlines()[5:10]), file=sys.stderr)
        return 64
    except Pub1Error as error:
        print(f"{error.code} {error}")
        return 1
    except OSError as error:
        print(f"打不开文件：{error.filename}", file=sys.stderr)
        return 66
    print(f"{verdict.answer} {verdict.said}")
    return 0 if verdict.answer == "ok" else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
