"""Run by an interpreter that has `aics-tlog`: what a program of other people says of a mirrored log. Prints JSON.

python foreign.py FOLDER KEY OLD_SIZE OLD_ROOT(base64) PROOF SECONDS
"""

import json
import sys
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import aics_tlog as tlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

WITNESS = "witness.example/log"


def main(folder: str, key: str, old_size: str, old_root: str, proof: str, seconds: str) -> dict:
    root = Path(folder) / "register"
    note = tlog.parse_note((root / "checkpoint").read_bytes())
    vkey, private = tlog.parse_vkey(key), Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    found = tlog.verify_checkpoint(note, vkey)
    size, head = found.size, found.root
    reader = tlog.FileSystemTileReader(root)
    report = tlog.audit_tiles(reader, size, head)
    entry = tlog.read_entry(reader, size - 1, size)
    path = tlog.inclusion_proof_from_tiles(reader, size - 1, size)
    old = int(old_size)
    grown = tlog.consistency_proof_from_tiles(reader, old, size)
    lines = (Path(folder) / proof).read_text().split("\n\n")[0].split("\n")
    ours = [b64decode(line) for line in lines[3:]]
    document, index = b64decode(lines[1].removeprefix("extra ")), int(lines[2].removeprefix("index "))
    broken = tlog.MemoryTileReader(
        {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file() and "tile" in p.parts}
    )
    first = next(name for name in broken.tiles if name == "tile/0/000")
    broken.tiles[first] = bytes(32) + broken.tiles[first][32:]
    try:
        refused = not tlog.audit_tiles(broken, size, head)
    except tlog.TileVerificationError:
        refused = True
    _, line = tlog.sign_cosignature(private, WITNESS, int(seconds), found.origin, size, head)
    note = replace(note, signatures=(*note.signatures, line))
    witness = tlog.cosignature_vkey(WITNESS, private.public_key())
    return {
        "signature": found.ok and found.log_ok,
        "size": size,
        "tiles": [report.tiles, report.bundles],
        "inclusion": tlog.verify_leaf_inclusion(entry, size - 1, size, path, head),
        "our proof": tlog.verify_leaf_inclusion(document, index, size, ours, head),
        "consistency": tlog.verify_consistency(old, size, b64decode(old_root), head, grown),
        "another root": tlog.verify_consistency(old, size, bytes(32), head, grown),
        "a changed tile is refused": refused,
        "witness": tlog.format_vkey(witness),
        "cosigned": note.serialise(),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
