"""The process in which a stranger's package of JSON Lines is unpacked and parsed, under limits on memory and time (X09–X19).

It takes the zip on its input and tells its members, one JSON text a line: the manifest's text, then each file with its size and
SHA-256 and, of JSON Lines, each line's value. It imports nothing of the application; what the words mean is the caller's.
"""

import hashlib
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator

from benxi_shuangsuiji.documents.limited import put_limits, read_block

MIB = 1024 * 1024
MAX_SECONDS = 60
MAX_MEMORY = 1024 * MIB
MAX_PACKED, MAX_UNPACKED, MAX_MEMBERS, MAX_RATIO = 30 * MIB, 400 * MIB, 500, 1000
MAX_FILE, MAX_MANIFEST, MAX_LINE, MAX_LINES, MAX_DEPTH = 64 * MIB, MIB, MIB, 100_000, 20
MANIFEST = "manifest.json"
NAMES = re.compile(r"(manifest\.json|[a-z]{1,20}\.jsonl|files/[0-9a-f]{64})")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class Stop(Exception):
    """The package is refused; the text is the reason, `code` says of what kind it is."""

    def __init__(self, words: str, code: str = "BROKEN"):
        super().__init__(words)
        self.code = code


# How a file encrypted with age begins, in bytes or as text.
ENCRYPTED = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")


def main() -> None:
    put_limits(memory=MAX_MEMORY, seconds=MAX_SECONDS)
    content = read_block(sys.stdin.buffer)
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    try:
        for told in members(content):
            out.write(json.dumps(told, ensure_ascii=False) + "\n")
        out.write('{"end": true}\n')  # without it the process was stopped on the way
    except Stop as stop:
        out.write(json.dumps({"refused": str(stop), "code": stop.code}, ensure_ascii=False) + "\n")
    out.flush()


def members(content: bytes) -> Iterator[dict]:
    if content.startswith(ENCRYPTED):
        raise Stop(
            "这是用 age 加密的文件，没有导入。平台发来的包不加密：让对方发没有加密的 zip；"
            "本系统导出的 .zip.age 在平台那边用平台自己的私钥解开，不在这里导入。"
        )
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Stop("这不是数据包：不是完整的 zip 文件。让对方重新发送。") from None
    with package:
        entries = package.infolist()
        _look(entries)
        left = MAX_UNPACKED
        for entry in sorted(entries, key=lambda e: (e.filename != MANIFEST, e.filename)):
            data = _unpacked(package, entry, min(left, MAX_MANIFEST if entry.filename == MANIFEST else MAX_FILE))
            left -= len(data)
            if entry.filename == MANIFEST:
                manifest = parsed(_text(data, MANIFEST), MANIFEST)
                yield {"manifest": manifest, "sha256": hashlib.sha256(data).hexdigest()}
                continue
            _as_told(manifest, entry.filename, data)
            lines = _lines(data, entry.filename) if entry.filename.endswith(".jsonl") else None
            told = {"name": entry.filename, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            yield told | {"records": len(lines) if lines is not None else None}
            for n, line in enumerate(lines or (), 1):
                yield {"value": parsed(line, f"{entry.filename} 第 {n} 行")}


def _as_told(manifest: dict, name: str, data: bytes) -> None:
    """A byte that changed on the way is told as such, before what it made of the lines is read."""
    files = manifest.get("files")
    for file in files if isinstance(files, list) else ():
        told = file.get("sha256") if isinstance(file, dict) and file.get("name") == name else None
        if isinstance(told, str) and told != hashlib.sha256(data).hexdigest():
            raise Stop(f"{name} 的内容和清单里的指纹不符，传送中被改过。让对方重新发送。", "CHANGED")


def _look(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if MANIFEST not in names:
        raise Stop("包里没有 manifest.json，不是数据包。选择移动执法平台发来的 zip 文件。")
    if len(names) > MAX_MEMBERS:
        raise Stop(f"包里有 {len(names)} 个成员，最多 {MAX_MEMBERS} 个。让对方分成几个包。")
    if len(set(names)) != len(names):
        raise Stop("包里有重名的成员。让对方重新做包。", "CHANGED")
    for entry in entries:
        if not NAMES.fullmatch(entry.filename):
            raise Stop("包里有不认识的成员，只能有 manifest.json、*.jsonl 和 files/。让对方重新做包。", "CHANGED")
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Stop(f"{entry.filename} 加了密或者用了别的压缩方法，读不了。让对方按约定重新做包。")
        if entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Stop(f"{entry.filename} 压缩得过分，像是恶意文件，没有打开。")


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Its bytes, never more than may be, whatever its head says."""
    try:
        with package.open(entry) as member:
            data = member.read(most + 1)
            if len(data) <= most and member.read(1):
                data += b" " * (most + 1)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, zlib.error):
        raise Stop(f"{entry.filename} 损坏，读不出来。让对方重新发送。", "CHANGED") from None
    if len(data) > most:
        raise Stop(f"{entry.filename} 解开以后太大，没有读完。让对方分成几个包。")
    return data


def _text(data: bytes, name: str) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Stop(f"{name} 不是 UTF-8。让对方按约定重新做包。") from None
    if text.startswith("\ufeff") or "\r" in text or "\0" in text or "\\u0000" in text:
        raise Stop(f"{name} 有不该有的字符（BOM、回车或空字符）。让对方按约定重新做包。")
    return text


def _lines(data: bytes, name: str) -> list[str]:
    text = _text(data, name)
    if not text.endswith("\n"):
        raise Stop(f"{name} 最后一行没有换行，可能没有传完。让对方重新发送。")
    lines = text[:-1].split("\n")
    if len(lines) > MAX_LINES:
        raise Stop(f"{name} 超过 {MAX_LINES:,} 行。让对方分成几个包。")
    for n, line in enumerate(lines, 1):
        if not line or len(line) > MAX_LINE:
            raise Stop(f"{name} 第 {n} 行是空的或者太长。让对方按约定重新做包。")
    return lines


def parsed(text: str, where: str):
    depth = deepest = 0
    for letter in _STRING.sub("", text):
        depth += (letter in "[{") - (letter in "]}")
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise Stop(f"{where}嵌套超过 {MAX_DEPTH} 层。让对方按约定重新做包。")
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_float=_never, parse_constant=_never)
    except (ValueError, RecursionError):
        raise Stop(f"{where}不是约定的 JSON。让对方重新做包。") from None
    if not isinstance(value, dict):
        raise Stop(f"{where}不是一个 JSON 对象。让对方重新做包。")
    return value


def _once(pairs: list[tuple]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _never(_: str):
    raise ValueError("only whole numbers")


if __name__ == "__main__":
    main()
