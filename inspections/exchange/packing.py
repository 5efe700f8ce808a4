"""The bytes of a package: the same records make the same file (docs/exchange/ 1)."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

from benxi_shuangsuiji.accounts.models import Unit
from inspections.models import Connection, ExchangePackage, RecordKind, Side

from .records import canonical, moment

FORMAT, VERSION = "BXS-EXCHANGE", 1
_STAMP = (1980, 1, 1, 0, 0, 0)  # when it was made stands in the manifest


def number(side: str, unit: Unit, n: int) -> str:
    return f"{side}-{unit.code}-{n:06d}"


def nth(number: str) -> int:
    return int(number[-6:])


def last_of(unit: Unit, side: str) -> int:
    """Which of its packages a side of this unit has made or sent last; 0 before the first."""
    last = ExchangePackage.objects.filter(unit=unit, sender=side).order_by("-number").first()
    return nth(last.number) if last else 0


def manifest(
    number: str,
    *,
    unit: Unit,
    previous: str,
    supersedes: Sequence[str],
    made_at: datetime,
    led: Connection,
    files: Mapping[str, bytes],
) -> bytes:
    kinds = [kind for kind in RecordKind.values if f"{kind}.jsonl" in files]
    told = {
        "format": FORMAT,
        "version": VERSION,
        "package": number,
        "previous": previous or None,
        "supersedes": list(supersedes),
        "sender": Side.OURS,
        "receiver": Side.PLATFORM,
        "unit": unit.code,
        "made_at": moment(made_at),
        "leads": {"tasks": led.tasks, "dispatch": led.dispatch, "results": led.results},
        "kinds": kinds,
        "files": [
            {
                "name": name,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "records": content.count(b"\n"),
            }
            for name, content in sorted(files.items())
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def lines(records: Mapping[str, Sequence[dict]]) -> dict[str, bytes]:
    """One file of each kind that has records."""
    return {
        f"{kind}.jsonl": "".join(canonical(record) + "\n" for record in rows).encode()
        for kind, rows in records.items()
        if rows
    }


def zipped(manifest: bytes, files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in [("manifest.json", manifest), *files.items()]:
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            package.writestr(entry, content)
    return out.getvalue()


def sealed(content: bytes, key: str) -> bytes:
    """Encrypted to the platform's public key, so that nobody on the way reads who was drawn (docs/exchange/ 9)."""
    import pyrage

    return pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(key)])


def why_not_key(key: str) -> str:
    import pyrage

    try:
        if key:
            pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        return "移动执法平台的公钥不对：它以 age1 开头。让对方重新抄一遍；不加密的留空。"
    return ""
