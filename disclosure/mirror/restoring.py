"""Publications and entries that a restored database lacks, brought back from a mirror with their old `at` (PUB1 §3).

Nothing of the folder is believed: the log must be in order, its head signed with a key that is known here, what the
database still has must be its beginning, and every text must be the one that was entered.
"""

import json
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path

from django.db import connection, transaction
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if
from disclosure.models import Checkpoint, Publication, RegisterEntry
from disclosure.publishing.snapshots import search_text
from disclosure.register import log, pub1, signing
from registry.models import Facility

from . import links
from .writing import COLUMNS, ROWS

# What stamps a publication and enters it stands aside, within this transaction alone.
ASIDE = ("publication_stamp", "register_publication", "register_says")
ENTER = """
INSERT INTO disclosure_registerentry (index, publication_id, at, leaf)
SELECT %s, p.id, %s, register_leaf(p.kind, p.no, p.version, p.state, p.digest, %s) FROM disclosure_publication p WHERE p.id = %s
"""


@transaction.atomic
def restore(root: Path, *, key: str = "") -> tuple[int, Checkpoint]:
    """How many were brought back, and the head up to which the register is whole again. At the server, as the owner."""
    note_text = _read(root, "register/checkpoint")
    try:
        register = pub1.check_file(_read(root, "register/register.txt"), note_text)[1]
        note = pub1.read_checkpoint(note_text)
    except pub1.Pub1Error as fault:
        raise Refused(f"镜像里的公示日志不成立：{fault}") from fault
    lines = [line.decode() for line in register.lines]
    here = [entry.line for entry in log.entries(0, 10**15)]
    refuse_if(_why_not_beginning(here, lines))
    texts = _texts(root, lines[len(here) :])
    signed_with = _key_of(note, texts, key)
    _bring_back(root, len(here), lines[len(here) :], texts)
    if root_here(register.size) != register.root:
        raise Refused("补齐以后算出的根与镜像的检查点不同，没有恢复。")
    head = log.newest()
    if head is None or head.size < register.size:
        head = Checkpoint.objects.create(
            size=register.size,
            root=register.root.hex(),
            note=_ours(note, signed_with),
            key=signed_with,
            signed_at=clock.now(),
        )
    trail.record("disclosure.mirror.restored", by=None, before=len(here), size=register.size, root=head.root)
    signing.remember_known(head.size, head.root)
    return register.size - len(here), head


def _ours(note: pub1.Checkpoint, key: str) -> str:
    """The head with our line alone; those of witnesses come again from them."""
    own = pub1.read_key(key)
    signature = next(s for name, s in note.signatures if (name, s[:4]) == (own.name, own.id))
    return f"{note.body}\n— {own.name} {b64encode(signature).decode()}\n"


def _read(root: Path, name: str) -> bytes:
    try:
        return (root / name).read_bytes()
    except OSError as lacking:
        raise Refused(f"镜像里没有 {name}。") from lacking


def _why_not_beginning(here: list[str], lines: list[str]) -> str:
    for index, (ours, theirs) in enumerate(zip(here, lines, strict=False)):
        if ours != theirs:
            return f"数据库的第 {index} 条与镜像的不同：{ours.split(chr(9))[1]}。恢复不了的，用 manage.py register_log 另起一本。"
    if len(here) > len(lines):
        return f"数据库有 {len(here)} 条，比镜像的 {len(lines)} 条多。用更新的镜像。"
    return ""


def _texts(root: Path, lines: Iterable[str]) -> list[pub1.Snapshot]:
    """The published text of each line; all of them or none."""
    found, lacking = [], []
    for line in lines:
        kind, no, version, _, doc, _ = line.split("\t")
        place = root / links.file_of(reverse(f"disclosure:json-{kind}", args=[no, version]))
        text = place.read_bytes() if place.is_file() else b""
        if pub1.digest(text) != doc:
            lacking.append(f"{kind} {no} 第 {version} 版")
            continue
        found.append(pub1.read_snapshot(text))
    if lacking:
        raise Refused(
            f"镜像里没有 {len(lacking)} 份原文：{'、'.join(lacking[:3])}。已经撤下封存的不在镜像里。"
            "从更早的镜像补不齐的，用 manage.py register_log 另起一本。"
        )
    return found


def _key_of(note: pub1.Checkpoint, texts: list[pub1.Snapshot], key: str) -> str:
    """The key that the mirror's head is signed with: the one known here, one that was announced, or one read from paper."""
    last = log.newest()
    known = [last.key] if last else []
    known += [text.value["new_key"] for text in texts if text.kind == "KEY"]
    for one in [*known, key]:
        try:
            if one and pub1.check_signature(note, pub1.read_key(one)):
                return one
        except pub1.Pub1Error:
            continue
    raise Refused("镜像的检查点不是用已知的公钥签署的。用 --key 给出印在公示文书上的公钥。")


def _bring_back(root: Path, first: int, lines: list[str], texts: list[pub1.Snapshot]) -> None:
    rows = {(row["kind"], row["no"], row["version"]): row for row in map(json.loads, _read(root, ROWS).splitlines())}
    with connection.cursor() as cursor:
        _triggers(cursor, "DISABLE TRIGGER")
        for index, (line, text) in enumerate(zip(lines, texts, strict=True), first):
            kind, no, version, state, doc, at = line.split("\t")
            row = rows.get((kind, no, int(version)), {})
            refuse_if(_why_not_row(row, text))
            columns = {name: row[name] for name in COLUMNS}
            columns |= {name: parse_datetime(row[name]) for name in ("published_at", "issued_at")}
            publication = Publication.everything.create(
                **columns,
                kind=kind,
                no=no,
                version=int(version),
                state=state,
                change=text.change,
                text=pub1.canonical(text.value),
                digest=doc,
                search_text=_search_text(text.value.get("facility")),
                published_by=None,
            )
            cursor.execute(ENTER, [index, at, at, publication.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _triggers(cursor, "ENABLE ALWAYS TRIGGER")


def _triggers(cursor, how: str) -> None:
    for name in ASIDE:
        cursor.execute(f"ALTER TABLE disclosure_publication {how} {name}")


def _why_not_row(row: dict, text: pub1.Snapshot) -> str:
    """What stands beside a text must be there and say the same."""
    said, where = text.value, f"{text.kind} {text.no} 第 {text.version} 版"
    if not row:
        return f"镜像的 {ROWS} 里没有 {where}。"
    same = {name: said[name] for name in ("title", "outcome", "checked_on", "district", "category") if name in said}
    if isinstance(said.get("facility"), dict):
        same |= {"facility_code": said["facility"]["code"], "facility_name": said["facility"]["name"]}
    wrong = [name for name, value in same.items() if row[name] and row[name] != value]
    return f"镜像的 {ROWS} 里 {where} 的 {wrong[0]} 与原文不同。" if wrong else ""


def _search_text(facility: dict | None) -> str:
    if not facility:
        return ""
    if known := Facility.objects.filter(code=facility["code"]).first():
        return search_text(known)
    return " ".join(part for part in (facility["name"], facility["code"], facility["uscc"]) if part).lower()


def root_here(size: int) -> bytes:
    """The root over the leaves as the database has them now."""
    tree = pub1.Growing()
    for leaf in RegisterEntry.objects.order_by("index").values_list("leaf", flat=True)[:size].iterator(chunk_size=5000):
        tree.add(bytes(leaf))
    return tree.root
