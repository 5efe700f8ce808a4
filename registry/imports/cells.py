"""From one cell to one value, or to the sentence that says what is wrong with it and how to mend it (reliability.md C)."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from benxi_shuangsuiji.documents.workbooks.reading import Bad, Cell
from registry import codes
from registry.columns import Column
from registry.inspectors import card_scope

LONGITUDES = (Decimal("123.5"), Decimal("125.8"))
LATITUDES = (Decimal("40.7"), Decimal("41.7"))
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2099, 12, 31)

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"\s+")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_DATE_FORMS = (
    re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PERMIT = re.compile("[0-9A-Z]{18}[0-9]{3}[A-Z]")
_PHONE = re.compile(r"\+?[0-9][0-9()\-]{5,18}")
_SEPARATORS = re.compile(r"[、，,;；\n/|]+")
_YES = {"是", "1", "TRUE", "YES", "Y", "√", "✓", "✔", "有", "对", "T"}
_NO = {"否", "0", "FALSE", "NO", "N", "×", "✗", "X", "无", "错", "F"}
_OPEN_ENDED = {"长期", "永久", "长期有效", "无固定期限", "无", "—", "-", "/"}


@dataclass
class Reading:
    """What a cell says: a value (None = says nothing), a problem with its remedy, and remarks worth a look."""

    value: object = None
    problem: str = ""
    remedy: str = ""
    notes: list[str] = field(default_factory=list)

    @classmethod
    def wrong(cls, problem: str, remedy: str) -> "Reading":
        return cls(problem=problem, remedy=remedy)


def read(cell: Cell, column: Column, *, serial_1904: bool = False) -> Reading:
    """Read one cell as its column wants it."""
    if isinstance(cell, Bad):
        if cell.kind == "error":
            return Reading.wrong(f"单元格是错误值 {cell.text}", "填写真实内容，不要引用别处的单元格")
        return Reading.wrong("单元格是公式，没有计算结果", "复制后“选择性粘贴”为数值，再保存上传")
    if cell is None:
        return Reading()
    if column.kind == "date":
        return _date(cell, serial_1904)
    if column.kind == "bool":
        return _bool(cell)
    if column.kind in ("longitude", "latitude"):
        return _coordinate(cell, column)
    reading = _text(cell, column)
    if reading.problem or not reading.value:
        reading.value = None
        return reading
    match column.kind:
        case "uscc":
            return _uscc(reading)
        case "permit":
            return _permit(reading)
        case "code" | "certificate":
            return _code(reading, column)
        case "choice":
            return _choice(reading, column)
        case "choices":
            return _choices(reading, column)
        case "card":
            if problem := card_scope.why_not(reading.value):
                return Reading.wrong("执法范围不是认得的词", problem.rstrip("。"))
        case "names":
            reading.value = [name.strip() for name in re.split(r"[;；\n]+", reading.value) if name.strip()]
        case "industry":
            reading.value = unicodedata.normalize("NFKC", reading.value).upper()
            if not re.fullmatch(r"[A-T]?\d{2,4}", reading.value):
                return Reading.wrong("不是国民经济行业代码", "门类字母加 2—4 位数字，如 C2521")
        case "phone":
            reading.value = unicodedata.normalize("NFKC", reading.value).replace(" ", "")
            if not re.fullmatch(r"\+?[0-9][0-9()\-]{5,19}", reading.value):
                return Reading.wrong("不是电话号码", "只留一个号码，如 024-42812345 或 13912345678")
    return reading


def plainly(column: Column) -> Callable[[str], object]:
    """A quick reading of texts in which nothing is wrong and nothing to be told; None sends the text to `read`.

    A hundred thousand rows hold millions of such texts. Whatever `plainly` gives, `read` gives too (a test compares them).
    """
    longest = column.max_length
    match column.kind:
        case "text":
            return lambda text: text if len(text) <= longest and _is_plain(text) else None
        case "uscc":
            return lambda text: text if codes.is_plainly_right(text) else None
        case "permit":
            return lambda text: text if _PERMIT.fullmatch(text) else None
        case "phone":
            return lambda text: text if _PHONE.fullmatch(text) else None
        case "date":
            return _iso_day
    return lambda text: None


def _is_plain(text: str) -> bool:
    return (
        text.isprintable()
        and text[0] != " "
        and text[-1] != " "
        and "  " not in text
        and unicodedata.is_normalized("NFC", text)
    )


def _iso_day(text: str) -> date | None:
    if not _ISO_DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def shown(cell: Cell) -> str:
    """The cell as the check page quotes it."""
    if cell is None or cell == "":
        return "（空）"
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell).upper()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    text = str(cell).strip() or "（空）"
    text = _DIRECTION.sub("�", _CONTROL.sub("�", text))
    return text if len(text) <= 60 else text[:60] + "…"


def _text(cell: Cell, column: Column) -> Reading:
    strict = column.kind in ("uscc", "permit", "code", "certificate")
    if isinstance(cell, bool):
        return Reading.wrong("是逻辑值 TRUE 或 FALSE，不是文字", "改为文字")
    if isinstance(cell, float):
        if (strict and abs(cell) >= 1e11 and column.kind != "certificate") or abs(cell) >= 1e15:
            problem, _ = codes.why_not_uscc("9E+17")
            if column.kind != "uscc":
                problem = "编号被 Excel 存成了数字，后几位已丢失"
            return Reading.wrong(problem, "把整列设为“文本”格式，对照证照重新填写")
        cell = str(int(cell)) if cell == int(cell) else repr(cell)
    elif isinstance(cell, date):
        if strict:
            return Reading.wrong("被 Excel 存成了日期", "把整列设为“文本”格式后重新填写")
        cell = cell.isoformat()[:10]
    reading = Reading()
    if _CONTROL.search(cell):
        return Reading.wrong("含不可见的控制字符", "删去后重新输入这一格")
    if _DIRECTION.search(cell):
        return Reading.wrong("含改变文字方向的字符", "删去后重新输入这一格")
    text = _INVISIBLE.sub("", cell).replace("\u00a0", " ").replace("\u3000", " " if strict else "\u3000")
    text = text.strip()
    if strict:
        text = text.removeprefix("'").removeprefix("‘").strip()
        if text != cell.removeprefix("'"):
            reading.notes.append("已去掉首尾空格或不可见字符")
        normal = unicodedata.normalize("NFKC", text)
        if normal != text:
            reading.notes.append("已把全角字符转换为半角")
        text = normal
        if _SPACES.search(text):
            return Reading.wrong("中间有空格", "删去中间的空格")
    else:
        text = unicodedata.normalize("NFC", _SPACES.sub(" ", text))
    if _PRIVATE.search(text):
        reading.notes.append("含自造字，换一台机器可能显示不出来")
    if len(text) > column.max_length and column.kind not in ("choice", "choices", "uscc", "permit", "phone"):
        return Reading.wrong(f"超过 {column.max_length} 字（现为 {len(text)} 字）", "写短一些，其余内容写在附件里")
    reading.value = text
    return reading


def _upper(reading: Reading) -> str:
    upper = reading.value.upper()
    if upper != reading.value:
        reading.notes.append("已把小写字母改为大写")
    reading.value = upper
    return upper


def _uscc(reading: Reading) -> Reading:
    problem, remedy = codes.why_not_uscc(_upper(reading))
    if problem:
        return Reading.wrong(problem, remedy)
    if warning := codes.organisation_warning(reading.value):
        reading.notes.append(warning)
    return reading


def _permit(reading: Reading) -> Reading:
    problem, remedy = codes.why_not_permit(_upper(reading))
    return Reading.wrong(problem, remedy) if problem else reading


def _code(reading: Reading, column: Column) -> Reading:
    if codes.looks_like_a_number(reading.value):
        return Reading.wrong("编号被 Excel 存成了数字，后几位已丢失", "把整列设为“文本”格式后重新填写")
    if column.kind == "certificate":
        if not re.fullmatch(r"[0-9A-Z-]{6,24}", _upper(reading)):
            return Reading.wrong("不是执法证号", "6 到 24 位数字、大写字母或短横，对照执法证填写；没有执法证的留空")
    elif not re.fullmatch(r"[^\s,|/?#%]+", reading.value):
        return Reading.wrong("含不允许的符号", "编号里不能有逗号、竖线、斜线和空格")
    return reading


def normal_word(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    return _SPACES.sub("", text).replace("“", "").replace("”", "").replace('"', "").upper()


def _word(text: str, column: Column) -> str | None:
    wanted = normal_word(text)
    return next((value for word, value in column.words.items() if normal_word(word) == wanted), None)


def _choice(reading: Reading, column: Column) -> Reading:
    value = _word(reading.value, column)
    if value is None:
        return Reading.wrong(f"不是可用的{column.title}", "填" + "".join(f"“{label}”" for label in column.labels))
    reading.value = value
    return reading


def _choices(reading: Reading, column: Column) -> Reading:
    if (whole := _word(reading.value, column)) is not None:
        reading.value = [whole]
        return reading
    if normal_word(reading.value) in ("无", "-", "—"):
        reading.value = None
        return reading
    values = []
    for part in _SEPARATORS.split(reading.value):
        if not part.strip():
            continue
        value = _word(part, column)
        if value is None:
            return Reading.wrong(f"“{part.strip()[:20]}”不是可用的{column.title}", "可填：" + "、".join(column.labels))
        values.append(value)
    reading.value = list(dict.fromkeys(values)) or None
    return reading


def _bool(cell: Cell) -> Reading:
    if isinstance(cell, bool):
        return Reading(cell)
    word = unicodedata.normalize("NFKC", str(int(cell)) if isinstance(cell, float) else str(cell)).strip().upper()
    if not word:
        return Reading()
    if word in _YES:
        return Reading(True)
    if word in _NO:
        return Reading(False)
    return Reading.wrong("看不出是“是”还是“否”", "填“是”或“否”")


def _date(cell: Cell, serial_1904: bool) -> Reading:
    wrong = Reading.wrong("不是有效日期", "按 2026-12-01 的格式填写")
    if isinstance(cell, datetime):
        return _in_range(Reading(cell.date(), notes=["已去掉时间，只留日期"]))
    if isinstance(cell, date):
        return _in_range(Reading(cell))
    if isinstance(cell, bool):
        return wrong
    if isinstance(cell, float):
        if cell == int(cell) and 19491001 <= cell <= 20991231:
            cell = str(int(cell))
        elif 18_000 < cell < 73_050:
            day = date(1904, 1, 1) if serial_1904 else date(1899, 12, 30)
            day += timedelta(days=int(cell))
            return Reading.wrong(f"疑似日期序号 {int(cell)}", f"确认是 {day.isoformat()} 后，把这一格改为日期格式")
        else:
            return wrong
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", cell)).strip()
    text = re.sub(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$", "", text)
    text = text.replace(" ", "")
    if not text or text in _OPEN_ENDED:
        return Reading(notes=["按没有截止日期处理"] if text.startswith(("长", "永")) else [])
    for form in _DATE_FORMS:
        if match := form.fullmatch(text):
            try:
                day = date(*map(int, match.groups()))
            except ValueError:
                return wrong
            return _in_range(Reading(day, notes=[] if text == day.isoformat() else [f"已读作 {day.isoformat()}"]))
    return wrong


def _in_range(reading: Reading) -> Reading:
    if FIRST_DAY <= reading.value <= LAST_DAY:
        return reading
    return Reading.wrong("不是有效日期", "年份应在 1949 到 2099 之间，按 2026-12-01 的格式填写")


def _coordinate(cell: Cell, column: Column) -> Reading:
    low, high = LONGITUDES if column.kind == "longitude" else LATITUDES
    other = LATITUDES if column.kind == "longitude" else LONGITUDES
    plain = Reading.wrong(f"{column.title}应为数字", f"只填十进制度数，如 {'123.765432' if low > 100 else '41.298765'}")
    if isinstance(cell, bool | date):
        return plain
    try:
        value = Decimal(unicodedata.normalize("NFKC", repr(cell) if isinstance(cell, float) else cell).strip())
    except InvalidOperation:
        return plain
    if not value.is_finite() or "," in str(cell):
        return plain
    if low <= value <= high:
        return Reading(value.quantize(Decimal("0.000001")))
    where = f"{column.title}应在 {low} 到 {high} 之间"
    if other[0] <= value <= other[1]:
        return Reading.wrong(f"{where}，疑与{'纬度' if low > 100 else '经度'}填反", "与另一列对调")
    return Reading.wrong(f"{where}，不在本市", "对照地图核对；没有坐标的留空")
