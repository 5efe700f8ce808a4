"""Witnesses: whose keys are known, and their signatures under our heads (PUB1 §3; C2SP tlog-cosignature).

A witness signs a head only if it extends the one he signed before; his line comes back as a note, is verified against his
key, and is shown after ours. The keys are entered at the server by a document.
"""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if
from disclosure.models import Checkpoint, Cosignature, Witness

from . import log, pub1

TYPE = b"\x04"  # of a timestamped Ed25519 cosignature
LENGTH = 4 + 8 + 64  # id, seconds, signature


def key_id(name: str, raw: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + TYPE + raw).digest()[:4]


def read_key(text: str) -> pub1.Key:
    """A witness's key as it is printed: name, id, base64 of 0x04 and the key; refused in another form."""
    name, _, rest = text.partition("+")
    id_hex, _, encoded = rest.partition("+")
    try:
        data = b64decode(encoded, validate=True)
    except ValueError:
        data = b""
    raw = data[1:]
    if not name or data[:1] != TYPE or len(raw) != 32 or key_id(name, raw).hex() != id_hex:
        raise Refused("见证人公钥的写法不对：名称、8 位编号、以 B 开头的 base64，用加号连接，照见证人给的一行抄。")
    return pub1.Key(name, key_id(name, raw), raw)


@transaction.atomic
def add(*, name: str, key: str, document: str) -> Witness:
    """Know a witness's key from now on."""
    read_key(key)
    refuse_if("" if name.strip() and document.strip() else "写明见证人的名称和依据文件。")
    refuse_if("这把公钥已经登记。" if Witness.objects.filter(key=key).exists() else "")
    witness = Witness.objects.create(name=name.strip(), key=key, document_no=document.strip(), since=clock.now())
    trail.record("disclosure.register.witness_added", by=None, about=witness, name=name, key=key, document=document)
    return witness


@transaction.atomic
def end(*, key: str, document: str) -> Witness:
    """His earlier signatures stay; later ones are not taken."""
    witness = Witness.objects.select_for_update().filter(key=key, ended_at__isnull=True).first()
    refuse_if("" if witness and document.strip() else "没有登记这把公钥，或者没有写明依据文件。")
    witness.ended_at = clock.now()
    witness.save(update_fields=["ended_at"])
    trail.record("disclosure.register.witness_ended", by=None, about=witness, name=witness.name, document=document)
    return witness


@transaction.atomic
def receive(note: bytes) -> list[Cosignature]:
    """Keep the lines of known witnesses under one of our heads; those that stand there already are passed over."""
    try:
        found = pub1.read_checkpoint(note)
    except pub1.Pub1Error as fault:
        raise Refused(f"不是签名的检查点：{fault}") from fault
    head = Checkpoint.objects.filter(size=found.size, root=found.root.hex()).first()
    if head is None or head.origin != found.origin:
        raise Refused("不是本日志签署过的检查点：来源、条数或根不同。")
    known = {(key.name, key.id): (witness, key) for witness, key in _keys()}
    kept = []
    for name, signature in found.signatures:
        if (match := known.get((name, signature[:4]))) is None:
            continue
        witness, key = match
        signed_at = _verified(found, key, signature)
        if Cosignature.objects.filter(checkpoint=head, witness=witness).exists():
            continue
        line = f"— {name} {b64encode(signature).decode()}"
        kept.append(
            Cosignature.objects.create(
                checkpoint=head, witness=witness, line=line, signed_at=signed_at, received_at=clock.now()
            )
        )
        trail.record("disclosure.register.cosigned", by=None, about=witness, size=head.size, name=witness.name)
    return kept


def _keys() -> list[tuple[Witness, pub1.Key]]:
    return [(witness, read_key(witness.key)) for witness in Witness.objects.filter(ended_at__isnull=True)]


def _verified(note: pub1.Checkpoint, key: pub1.Key, signature: bytes) -> datetime:
    """When the witness signed; refused where the signature does not hold."""
    seconds = int.from_bytes(signature[4:12], "big")
    message = f"cosignature/v1\ntime {seconds}\n{note.body}"
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature[12:], message.encode())
    except InvalidSignature:
        raise Refused(f"{key.name} 的签名与检查点不符，没有收下。") from None
    if len(signature) != LENGTH or not 0 < seconds <= clock.now().timestamp() + 120:
        raise Refused(f"{key.name} 的签名时间不对，没有收下。")
    return datetime.fromtimestamp(seconds, UTC)


def note_of(checkpoint: Checkpoint) -> str:
    """A head with the lines of its witnesses after ours."""
    lines = checkpoint.cosignatures.order_by("pk").values_list("line", flat=True)
    return checkpoint.note + "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True)
class Seen:
    """How far a witness has come: the last head that he signed, and how many entries he is behind."""

    witness: Witness
    last: Cosignature | None
    behind: int


def seen() -> list[Seen]:
    """Everybody who witnesses now, for the page."""
    newest = log.newest()
    last: dict[int, Cosignature] = {}
    for one in Cosignature.objects.order_by("checkpoint_id").select_related("checkpoint"):
        last[one.witness_id] = one
    size = newest.size if newest else 0
    witnesses = Witness.objects.filter(ended_at__isnull=True)
    return [Seen(w, (one := last.get(w.pk)), size - (one.checkpoint_id if one else 0)) for w in witnesses]
