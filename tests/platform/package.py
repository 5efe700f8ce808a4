"""One package of `docs/exchange/README.md`, section 1: opened with every check of the document, and made."""

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "exchange" / "schema.json").read_text())
KINDS = ("tasks", "teams", "notices", "results", "evidence", "followups", "acks")
MIB = 1024 * 1024
# Section 1: what a package may be at most.
WHOLE, UNPACKED, MEMBERS, RATIO, FILE, LINES, LINE, DEPTH = 30 * MIB, 400 * MIB, 500, 1000, 64 * MIB, 100_000, MIB, 20

Record = dict[str, Any]


class Refusal(Exception):
    """Why a package or a record is not taken: a code of section 6 and a sentence."""

    number: str | None = None  # of the package, where its manifest could be read

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


@dataclass
class Package:
    manifest: Record
    records: dict[str, list[Record]]
    files: dict[str, bytes] = field(default_factory=dict)
    fingerprint: str = ""  # SHA-256 of the manifest, by which a repetition is known (section 4)

    @property
    def number(self) -> str:
        return self.manifest["package"]

    @property
    def place(self) -> int:
        return place(self.number)


def place(number: str) -> int:
    """The six digits at the end of a package number."""
    return int(number[-6:])


def numbered(sender: str, unit: str, at: int) -> str:
    return f"{sender}-{unit}-{at:06}"


def content(record: Record) -> str:
    """What may not change under one version: section 4 leaves out the version and the two numbers."""
    kept = {key: value for key, value in record.items() if key not in ("record_version", "task", "platform_task")}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@cache
def _validator(name: str) -> Any:
    return jsonschema_rs.validator_for({**SCHEMA, "$ref": f"#/$defs/{name}"})


def _as_schema(value: Any, name: str, where: str) -> None:
    for error in _validator(name).iter_errors(value):
        at = ".".join(str(step) for step in error.instance_path) or "整个对象"
        raise Refusal("BROKEN", f"{where}：{at} 不合格式。")


def _once(pairs: list[tuple[str, Any]]) -> Record:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("重复的键")
    return dict(pairs)


def _whole(text: str) -> Any:
    raise ValueError(f"数不是整数：{text}")


def _json(data: bytes, where: str) -> Any:
    """JSON as section 1 has it: UTF-8, no mark before it, no key twice, whole numbers, not too deep."""
    try:
        text = data.decode("utf-8")
        if text.startswith("\ufeff"):
            raise ValueError("开头有 BOM")
        value = json.loads(text, object_pairs_hook=_once, parse_float=_whole, parse_constant=_whole)
    except (ValueError, RecursionError) as error:
        raise Refusal("BROKEN", f"{where} 不是合格的 JSON。") from error
    if _depth(value) > DEPTH:
        raise Refusal("BROKEN", f"{where} 的嵌套超过 {DEPTH} 层。")
    return value


def _depth(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inside is None else 1 + max(map(_depth, inside), default=0)


def unpacked(data: bytes) -> dict[str, bytes]:
    """What is in the zip; nothing is unpacked beyond the limits."""
    if len(data) > WHOLE:
        raise Refusal("BROKEN", "包超过 30 MiB。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            for info in infos:
                if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise Refusal("BROKEN", "zip 的成员加了密，或者不是 stored、deflate。")
                if info.file_size > RATIO * max(info.compress_size, 1):
                    raise Refusal("BROKEN", "zip 的成员压缩比超过 1000。")
            if len(infos) > MEMBERS or sum(info.file_size for info in infos) > UNPACKED:
                raise Refusal("BROKEN", "zip 的成员太多，或者解开太大。")
            if len({info.filename for info in infos}) < len(infos) or any(info.is_dir() for info in infos):
                raise Refusal("BROKEN", "zip 里有同名的成员，或者有文件夹。")
            # The size in the directory is a claim; zipfile reads no further than it, and its CRC tells a changed byte.
            return {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Refusal("BROKEN", "不是完整的 zip。") from error


def open_package(data: bytes) -> Package:
    """The package in these bytes, or why it is none (sections 1, 2 and 8)."""
    members = unpacked(data)
    if "manifest.json" not in members:
        raise Refusal("BROKEN", "缺 manifest.json。")
    raw = members.pop("manifest.json")
    manifest = _json(raw, "manifest.json")
    if not isinstance(manifest, dict):
        raise Refusal("BROKEN", "manifest.json 不是一个对象。")
    if manifest.get("format") != "BXS-EXCHANGE" or manifest.get("version") != 1 or manifest["version"] is True:
        raise Refusal("VERSION", f"只会读 BXS-EXCHANGE 1，这是 {manifest.get('format')} {manifest.get('version')}。")
    _as_schema(manifest, "manifest", "manifest.json")
    _same_series(manifest)
    try:
        return _read(manifest, members, hashlib.sha256(raw).hexdigest())
    except Refusal as refusal:
        refusal.number = manifest["package"]
        raise


def _read(manifest: Record, members: dict[str, bytes], fingerprint: str) -> Package:
    """What the manifest lists, compared with what is there."""
    listed = {file["name"]: file for file in manifest["files"]}
    if set(listed) != set(members) or len(listed) < len(manifest["files"]):
        odd = sorted(set(listed) ^ set(members)) or sorted(listed)
        raise Refusal("CHANGED", f"清单和 zip 里的成员不一样：{odd[0]}。")
    if [file["name"] for file in manifest["files"]] != sorted(listed):
        raise Refusal("BROKEN", "清单的 files 没有按名称排序。")
    for name, file in listed.items():
        if (len(members[name]), hashlib.sha256(members[name]).hexdigest()) != (file["size"], file["sha256"]):
            raise Refusal("CHANGED", f"{name} 的大小或 SHA-256 与清单不符。")
        if name.startswith("files/") and (name != f"files/{file['sha256']}" or file["records"] is not None):
            raise Refusal("BROKEN", f"{name} 的名字不是它的 SHA-256。")
    if manifest["kinds"] != [kind for kind in KINDS if f"{kind}.jsonl" in listed]:
        raise Refusal("BROKEN", "清单的 kinds 与文件不一致。")
    records = {kind: _lines(members[f"{kind}.jsonl"], kind, listed) for kind in manifest["kinds"]}
    files = {name: data for name, data in members.items() if name.startswith("files/")}
    _named(records, files, "task" if manifest["sender"] == "BXS" else "platform_task")
    return Package(manifest, records, files, fingerprint)


def _same_series(manifest: Record) -> None:
    """Number, previous and superseded are of one sender and unit, one after the other (sections 1.1, 4 and 5)."""
    at = place(manifest["package"])
    stem = f"{manifest['sender']}-{manifest['unit']}-"
    before = manifest["supersedes"]
    if not all(number.startswith(stem) for number in [manifest["package"], *before]):
        raise Refusal("BROKEN", "包号与清单的发送方、单位不一致。")
    if at < 1 or manifest["previous"] != (f"{stem}{at - 1:06}" if at > 1 else None):
        raise Refusal("BROKEN", "previous 不是上一个包号。")
    if sorted(map(place, before)) != list(range(at - len(before), at)) or (before and at - len(before) < 1):
        raise Refusal("BROKEN", "supersedes 不是到上一个包为止、一个不缺的包号。")


def _lines(data: bytes, kind: str, listed: dict[str, Record]) -> list[Record]:
    name = f"{kind}.jsonl"
    lines = data.split(b"\n")
    if len(data) > FILE or len(lines) - 1 > LINES or max(map(len, lines)) > LINE:
        raise Refusal("BROKEN", f"{name} 太大。")
    if lines.pop() != b"" or b"" in lines or len(lines) != listed[name]["records"]:
        raise Refusal("BROKEN", f"{name} 的行数与清单不符，或者有空行，或者最后没有 LF。")
    rows = []
    for at, line in enumerate(lines, 1):
        row = _json(line, f"{name} 第 {at} 行")
        _as_schema(row, kind, f"{name} 第 {at} 行")
        rows.append(row)
    if len({row["key"] for row in rows}) < len(rows):
        raise Refusal("BROKEN", f"{name} 里同一个 key 有两行。")
    return rows


def _named(records: dict[str, list[Record]], files: dict[str, bytes], own: str) -> None:
    """What the schema cannot say of keys, paths, leaders and acknowledgements (sections 2 and 3)."""
    paths = {row["path"] for row in records.get("evidence", []) if row["path"]}
    if paths != set(files):
        raise Refusal("BROKEN", "证据的 path 与包里的 files 不一致。")
    for row in records.get("evidence", []):
        owner, _, start = row["key"].rpartition(":")
        if owner != row[own] or start != row["sha256"][:16] or row["path"] not in (None, f"files/{row['sha256']}"):
            raise Refusal("BROKEN", f"证据 {row['key']} 的 key、sha256、path 不一致。")
    for kind in ("tasks", "teams", "results"):
        for row in records.get(kind, []):
            if row["key"] != row[own]:
                raise Refusal("BROKEN", f"{kind} 的 key {row['key']} 不是发送方的检查编号。")
    for row in records.get("results", []):
        begun, ended, handed_in = (datetime.fromisoformat(row[n]) for n in ("started_at", "ended_at", "handed_in_at"))
        if ended < begun:
            raise Refusal("BROKEN", f"检查情况 {row['key']} 的结束时间早于到达时间。")
        if handed_in < ended:
            raise Refusal("BROKEN", f"检查情况 {row['key']} 的交齐时间早于结束时间。")
    for row in records.get("teams", []):
        codes = [member["code"] for member in row["members"]]
        if [member["leader"] for member in row["members"]] != [True] + [False] * (len(codes) - 1):
            raise Refusal("BROKEN", f"{row['key']} 的人员不是正好一位组长在前。")
        if codes[1:] != sorted(codes[1:]):
            raise Refusal("BROKEN", f"{row['key']} 的人员没有按 code 排序。")
    for row in records.get("acks", []):
        about = row["package"] if row["kind"] is None else f"{row['package']}/{row['kind']}/{row['record']}"
        if row["key"] != about or (row["state"] == "REFUSED") != bool(row["reason_code"] and row["reason"]):
            raise Refusal("BROKEN", f"回执 {row['key']} 的 key 或者原因写得不对。")


def make_package(head: Record, records: dict[str, list[Record]], files: dict[str, bytes] | None = None) -> bytes:
    """The zip of these records; `head` is the manifest without `kinds` and `files`."""
    lines = {
        f"{kind}.jsonl": "".join(
            json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n" for row in records[kind]
        ).encode()
        for kind in KINDS
        if records.get(kind)
    }
    members = {**lines, **(files or {})}
    listed = [
        {
            "name": name,
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "records": data.count(b"\n") if name in lines else None,
        }
        for name, data in sorted(members.items())
    ]
    kinds = [kind for kind in KINDS if f"{kind}.jsonl" in lines]
    manifest = json.dumps({**head, "kinds": kinds, "files": listed}, ensure_ascii=False, indent=2) + "\n"
    return zipped({"manifest.json": manifest.encode(), **members})


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def folder(path: Path) -> bytes:
    """An example of the document, which lies unpacked, as the zip it stands for."""
    names = sorted(p for p in path.rglob("*") if p.is_file())
    return zipped({p.relative_to(path).as_posix(): p.read_bytes() for p in names})
