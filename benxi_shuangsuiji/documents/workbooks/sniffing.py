"""What kind of file somebody brought: told by its bytes, never by its name. Nothing is unpacked here."""

import codecs
import io
import math
import re
import zipfile

from benxi_shuangsuiji.documents.workbooks.limits import MIB, encrypted

ENDINGS = (".xlsx", ".xls", ".et", ".ods", ".csv", ".txt")
MAX_BYTES = 30 * MIB
MAX_UNPACKED = 400 * MIB
MAX_MEMBER = 300 * MIB
MAX_MEMBERS = 500
MAX_RATIO = 100
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "text": "text/csv",
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The globals of a workbook of 1997 to 2003 that say next that all that follows is encrypted (BOF, FILEPASS).
_LOCKED = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.S)
_OTHERS = {
    b"%PDF": " PDF 文件",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
}
_HEAD = 65536
_TAIL = "用 Excel 或 WPS 打开后另存为 .xlsx，再上传。"


def kind_of(content: bytes) -> tuple[str, str]:
    """xlsx, xls, ods or text, and why such a file is not opened; without a kind the reason says what it is."""
    if content.startswith(b"PK"):
        return _zip(content)
    if content.startswith(_OLD_OFFICE):
        return _old_office(content)
    for start, what in _OTHERS.items():
        if content.startswith(start):
            remedy = "解压后上传里面的表格" if what == "压缩包" else "把内容做成表格"
            return "", f"这是{what}，不是表格。{remedy}（.xlsx、.xls、.et、.ods 或 .csv），再上传。"
    encoding = encoding_of(content[:_HEAD], whole=len(content) <= _HEAD)
    if not encoding:
        return "", f"这个文件不是表格，读不出来。{_TAIL}"
    start = codecs.getincrementaldecoder(encoding)("replace").decode(content[:_HEAD]).lstrip().lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start or 'progid="excel.sheet"' in start:
        return "", f"这是“XML 表格 2003”，不是工作簿，改名没有用。{_TAIL}"
    if start.startswith(("<html", "<!doctype", "<meta", "mime-version:")) or "<table" in start[:4096]:
        return "", f"这是网页表格，只是改了名字，不是工作簿。{_TAIL}"
    return ("", f"这个文件不是表格，读不出来。{_TAIL}") if start.startswith("<?xml") else ("text", "")


def why_too_large(size: int) -> str:
    if size <= MAX_BYTES:
        return ""
    return f"文件有 {math.ceil(10 * size / MIB) / 10:.1f} MB，最多 {MAX_BYTES // MIB} MB。拆成几份分别导入。"


def encoding_of(content: bytes, *, whole: bool = True) -> str:
    """In which encoding these bytes are text, be it damaged; "" when in none. `whole`: not cut off in the middle."""
    if content.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif b"\x00" in content:
        zeros = content[: len(content) // 2 * 2]
        candidates = ["utf-16-le" if zeros[1::2].count(0) > zeros[::2].count(0) else "utf-16-be"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(content, whole)
        except UnicodeDecodeError as trouble:
            if encoding == "utf-8" and _was_utf8(content[: trouble.start]):
                return encoding
            continue
        if _is_writing(text):
            return encoding
    return ""


def _was_utf8(right: bytes) -> bool:
    """Chinese before the first wrong byte: read as GB 18030 it would be nonsense, and perhaps nobody would be told."""
    return sum("\u4e00" <= letter <= "\u9fff" for letter in right[-_HEAD:].decode("utf-8", "ignore")) >= 4


def _is_writing(text: str) -> bool:
    controls = sum(text.count(chr(n)) for n in range(32) if chr(n) not in "\t\n\r")
    return "\x00" not in text and controls <= len(text) // 100


def _zip(content: bytes) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {m.filename for m in members}
            kind = _kind_of_zip(archive, names)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, RuntimeError, EOFError):
        return "", "文件不完整，可能没有传完。重新上传；仍不行时用 Excel 打开后另存为 .xlsx。"
    if any(m.flag_bits & 1 for m in members) or "encrypted-package" in names:
        return "", str(encrypted())
    if len(members) > MAX_MEMBERS:
        return (
            "",
            f"压缩包成员过多（{len(members)} 个，最多 {MAX_MEMBERS} 个），不像一份工作簿。把内容复制到新建的工作簿里再上传。",
        )
    unpacked = sum(m.file_size for m in members)
    if unpacked > MAX_UNPACKED or any(m.file_size > MAX_MEMBER for m in members):
        return "", "解压后超过 400 MiB，已拒绝。删去空白的格式化区域和图片，或拆成几份导入。"
    if unpacked > 20 * MIB and unpacked > MAX_RATIO * len(content):
        return "", "压缩比异常（解压后是文件的 100 倍以上），已拒绝。把内容复制到新建的工作簿里再上传。"
    if any("vbaproject" in n.lower() or n.startswith(("Basic/", "Scripts/")) for n in names):
        return "", "含宏的文件不接受。另存为不含宏的 .xlsx，再上传。"
    return (kind, "") if kind else ("", _other_zip(names))


def _kind_of_zip(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "[Content_Types].xml" in names:
        return "xlsx" if any(n.endswith("workbook.xml") for n in names) else ""
    if {"mimetype", "content.xml"} <= names and not archive.getinfo("mimetype").flag_bits & 1:
        with archive.open("mimetype") as stream:
            return "ods" if stream.read(100).startswith(TYPES["ods"].encode()) else ""
    return ""


def _other_zip(names: set[str]) -> str:
    tables = sum(name.lower().endswith(ENDINGS) for name in names)
    if any(name.endswith("workbook.bin") for name in names):
        return f"这是二进制工作簿（.xlsb）。{_TAIL}"
    if "word/document.xml" in names or {"mimetype", "content.xml"} <= names:
        return "这是文字文档，不是表格。把里面的表格复制到 Excel 或 WPS 表格里，存为 .xlsx，再上传。"
    if tables:
        return f"这是压缩包，里面有 {tables} 份表格。解压后逐份上传。"
    return "压缩包内没有工作簿。上传表格文件本身（.xlsx、.xls、.et、.ods 或 .csv）。"


def _old_office(content: bytes) -> tuple[str, str]:
    if _utf16("EncryptedPackage") in content or _LOCKED.search(content):
        return "", str(encrypted())
    if _utf16("_VBA_PROJECT") in content:
        return "", "含宏的文件不接受。另存为不含宏的 .xlsx，再上传。"
    if _utf16("WordDocument") in content and _utf16("Workbook") not in content:
        return "", "这是文字文档，不是表格。把里面的表格复制到 Excel 或 WPS 表格里，存为 .xlsx，再上传。"
    return "xls", ""


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
