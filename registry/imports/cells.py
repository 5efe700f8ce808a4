"""From one cell to one value, or to the sentence that says what is wrong with it and how to mend it (reliability.md C)."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta

from benxi_shuangsuiji.documents.workbooks.reading import Bad, Cell
from benxi_shuangsuiji.forms import unseen
from registry import codes, industries
from registry.codes import normal_word
from registry.columns import PERSONAL, Column
from registry.facilities import levels
from registry.imports import days, phones
from registry.imports.coordinates import coordinate
from registry.imports.says import Reading
from registry.inspectors import card_scope, person_names

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DIRECTION = re.compile(f"[{unseen.DIRECTION}]")
_INVISIBLE = re.compile(f"[{unseen.NO_WIDTH}]")
_SPACES = re.compile(r"\s+")
# 证书编号：… and …（重点） around a code.
_AROUND_A_CODE = re.compile(r"^[\u4e00-\u9fff()]+:\s*|\s*\([\u4e00-\u9fff、]{1,8}\)$")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_BETWEEN_HAN = re.compile(f"(?<=[{person_names.HAN}（）])\\s+(?=[{person_names.HAN}（）])")
_QUICK_PERSON = re.compile("[\u4e00-\u9fff]{2,4}")
_SEVERAL = re.compile(r"[\s、，,;；/|]+")
# 辽宁's cards begin with the division: a number cell that begins so has lost no zero in front.
_WHOLE_CARD = re.compile("21[0-9]{9,}")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SERIAL = re.compile("[0-9]{5}(\\.[0-9]+)?")
_LENGTHS = {"uscc": 18, "permit": 22, "certificate": 8, "code": 8}
_NO_DIGIT = re.compile(r"\D+")
_WITH_CODE = re.compile(r"^[A-T]? ?\d{2,4}(?!\d)|\([A-T]?\d{2,4}\)$|[A-T]\d{2,4}$")
_PERMIT = re.compile("[0-9A-Z]{18}[0-9]{3}[A-Z]")
_SEPARATORS = re.compile(r"[、，,;；\n/|]+")
_YES = {"是", "1", "TRUE", "YES", "Y", "√", "✓", "✔", "有", "对", "T"}
_NO = {"否", "0", "FALSE", "NO", "N", "×", "✗", "X", "无", "错", "F"}


def read(cell: Cell, column: Column, *, serial_1904: bool = False) -> Reading:
    """Read one cell as its column wants it."""
    if isinstance(cell, Bad):
        if cell.kind == "error":
            return Reading.wrong(f"单元格是错误值 {cell.text}", "填写真实内容，不要引用别处的单元格")
        return Reading.wrong("单元格是公式，没有计算结果", "复制后“选择性粘贴”为数值，再保存上传")
    if cell is None:
        return Reading()
    if column.kind == "date":
        return _date(cell, column, serial_1904)
    if column.kind == "bool":
        return _bool(cell)
    if column.kind in ("longitude", "latitude"):
        return coordinate(cell, column)
    reading = _text(cell, column)
    if reading.problem or not reading.value:
        reading.value = None
        return reading
    match column.kind:
        case "uscc":
            reading = _known_by(codes.why_not_uscc, codes.organisation_warning, reading)
        case "permit":
            reading = _known_by(codes.why_not_permit, lambda code: "", reading)
        case "code" | "certificate":
            reading = _code(reading, cell, column)
        case "choice" | "level":
            reading = _choice(reading, column)
        case "choices":
            reading = _choices(reading, column)
        case "card":
            if problem := card_scope.why_not(reading.value):
                return Reading.wrong("执法范围不是认得的词", problem.rstrip("。"))
        case "name":
            reading.value = _BETWEEN_HAN.sub("", reading.value)
            if column.field in ("name", *PERSONAL) and not any(map(str.isalpha, reading.value)):
                return Reading.wrong(
                    f"不是{column.title}，只有数字或符号", f"填写{column.title}；被存成了数字、日期的，改为文字"
                )
            if column.field == "contact_name" and reading.value[-1].isdigit():
                reading = Reading(**phones.with_person(reading.value))
        case "names":
            names = (_BETWEEN_HAN.sub("", name.strip()) for name in re.split(r"[;；\n]+", reading.value))
            reading.value = [name for name in names if name]
        case "person":
            reading.value = person_names.tidy(reading.value)
            if problem := person_names.why_not(reading.value):
                return Reading.wrong(*problem.rstrip("。").split("。", 1))
        case "industry":
            code, note, wrong = industries.read(reading.value, number=isinstance(cell, float))
            reading = Reading.wrong(*wrong) if wrong[0] else Reading(code, notes=[note] if note else [])
        case "trade":
            reading = _trade(reading)
        case "phone":
            reading = Reading(**phones.read(reading.value))
    # Only now: what is no code at all is told so, however long it is.
    if isinstance(reading.value, str) and len(reading.value) > column.max_length:
        long, most = len(reading.value), column.max_length
        return Reading.wrong(f"超过 {most} 字（现为 {long} 字）", f"缩写到 {most} 字以内")
    return reading


def plainly(column: Column) -> Callable[[str], object]:
    """A quick reading of texts in which nothing is wrong and nothing to be told; None sends the text to `read`.

    A hundred thousand rows hold millions of such texts. Whatever `plainly` gives, `read` gives too (a test compares them).
    """
    longest = column.max_length
    match column.kind:
        case "text":
            return lambda text: text if len(text) <= longest and _is_plain(text) else None
        case "name":
            return lambda text: (
                text
                if len(text) <= longest
                and " " not in text
                and not text[-1].isdigit()
                and _is_plain(text)
                and any(map(str.isalpha, text))
                else None
            )
        case "trade":
            return lambda text: text if len(text) <= longest and _NO_DIGIT.fullmatch(text) and _is_plain(text) else None
        case "person":
            return lambda text: text if _QUICK_PERSON.fullmatch(text) and not person_names.why_not(text) else None
        case "industry":
            return lambda text: text if industries.is_code(text) else None
        case "uscc":
            return lambda text: text if codes.is_plainly_right(text) else None
        case "permit":
            return lambda text: text if _PERMIT.fullmatch(text) else None
        case "phone":
            return lambda text: text if not codes.why_not_phone(text)[0] else None
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
    return day if days.FIRST_DAY <= day <= days.LAST_DAY else None


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
        if cell.is_integer() and cell < 0 and strict:
            return Reading.wrong("是负数，不是编号", "把这一格设为“文本”格式，对照证照重新填写")
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
        if (bare := _AROUND_A_CODE.sub("", text)) != text and bare:
            reading.notes.append(f"只读了其中的编号 {bare}")
            text = bare
        parts = _SEVERAL.split(text)
        if len(parts) > 1 and all(len(part) >= _LENGTHS[column.kind] for part in parts):
            return Reading.wrong("一格里有两个编号", f"分两行填写，先填“{parts[0]}”")
        if _SPACES.search(text):
            text = _SPACES.sub("", text)
            reading.notes.append("已去掉中间的空格")
    else:
        text = unicodedata.normalize("NFC", _SPACES.sub(" ", text))
    if _PRIVATE.search(text):
        reading.notes.append("含自造字，换一台机器可能显示不出来")
    reading.value = text
    return reading


def _upper(reading: Reading) -> str:
    upper = reading.value.upper()
    if upper != reading.value:
        reading.notes.append("已把小写字母改为大写")
    reading.value = upper
    return upper


def _known_by(why_not: Callable, warning: Callable, reading: Reading) -> Reading:
    problem, remedy = why_not(_upper(reading))
    if problem:
        return Reading.wrong(problem, remedy)
    reading.notes += filter(None, [warning(reading.value)])
    return reading


def _code(reading: Reading, cell: Cell, column: Column) -> Reading:
    if codes.looks_like_a_number(reading.value):
        return Reading.wrong("编号被 Excel 存成了数字，后几位已丢失", "把整列设为“文本”格式后重新填写")
    if column.kind == "certificate":
        if codes.looks_like_id_number(_upper(reading)):
            return Reading.wrong(
                "这是身份证号，不是执法证号", "名录里不存身份证号：删去，对照执法证填写证号；没有执法证的留空"
            )
        if not re.fullmatch(r"[0-9A-Z-]{6,24}", reading.value):
            return Reading.wrong("不是执法证号", "6 到 24 位数字、大写字母或短横，对照执法证填写；没有执法证的留空")
        if isinstance(cell, float):
            if not _WHOLE_CARD.fullmatch(reading.value):
                return Reading.wrong(
                    "执法证号是数字格式，前面的 0 可能丢了",
                    f"把这一列设为“文本”格式，对照执法证重新填写；前面没有 0 的，也重新输入一遍“{reading.value}”",
                )
            reading.notes.append("执法证号是数字格式，对照执法证核对一遍")
    elif not re.fullmatch(r"[^\s,|/?#%]+", reading.value):
        return Reading.wrong("含不允许的符号", "编号里不能有逗号、竖线、斜线和空格")
    return reading


def _trade(reading: Reading) -> Reading:
    """The name of an industry, free words allowed; a code that stands with it belongs to the other column."""
    text = unicodedata.normalize("NFKC", reading.value).upper()
    code, _, wrong = industries.read(text) if _WITH_CODE.search(text) else ("", "", ("", ""))
    if not code or wrong[0]:
        return reading
    name = industries.name_of(code)
    return Reading(name, notes=[f"已读作 {code} {name}"], also={"industry_code": code})


def _word(text: str, column: Column) -> str | None:
    wanted = normal_word(text)
    return next((value for word, value in column.words.items() if normal_word(word) == wanted), None)


def _choice(reading: Reading, column: Column) -> Reading:
    value, note = _word(reading.value, column), ""
    if value is None and column.kind == "level":
        value = levels.meant(reading.value, column.words)
        if value is None and normal_word(reading.value) in levels.UNRATED:
            # A list has to say a level in every row: said is, that there is none.
            return Reading(notes=["不评定等级的，不改动名录"], also={column.field: ""} if column.filled else {})
    if value is None and column.near:
        value, note = column.near(reading.value)
    if not value:
        may = note or "填" + "".join(f"“{label}”" for label in column.labels)
        if column.kind == "level":
            may = "可填：" + "、".join(column.labels)
        return Reading.wrong(f"不是可用的{column.title}", may)
    reading.value = value
    reading.notes += [note] if note else []
    return reading


def _choices(reading: Reading, column: Column) -> Reading:
    if (whole := _word(reading.value, column)) is not None:
        reading.value = [whole]
        return reading
    if normal_word(reading.value) in ("无", "-", "—"):
        reading.value = None
        return reading
    parts = _SEPARATORS.split(reading.value)
    if len(parts) == 1 and all(_word(part, column) is not None for part in reading.value.split()):
        parts = reading.value.split()
    values = {part.strip(): _word(part, column) for part in parts if part.strip()}
    if wrong := next((part for part, value in values.items() if value is None), ""):
        return Reading.wrong(f"“{wrong[:20]}”不是可用的{column.title}", "可填：" + "、".join(column.labels))
    reading.value = list(dict.fromkeys(values.values())) or None
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


def _date(cell: Cell, column: Column, serial_1904: bool) -> Reading:
    if isinstance(cell, datetime):
        return _in_range(Reading(cell.date(), notes=["已去掉时间，只留日期"], alone=True))
    if isinstance(cell, date):
        return _in_range(Reading(cell, alone=True))
    if isinstance(cell, bool):
        return Reading.wrong("不是有效日期", "写成 2026-12-01 这样的日期；没有的留空")
    if isinstance(cell, float):
        cell = str(int(cell)) if cell.is_integer() else repr(cell)
    text = _INVISIBLE.sub("", cell)
    if _SERIAL.fullmatch(text.strip()) and 18_000 < (number := int(float(text))) < 73_050:
        day = (date(1904, 1, 1) if serial_1904 else date(1899, 12, 30)) + timedelta(days=number)
        return Reading.wrong(f"疑似日期序号 {number}", f"确认是 {day.isoformat()} 后，把这一格改为日期格式")
    said = days.read(text, end=column.last == column.field)
    if said.problem:
        return Reading.wrong(said.problem, said.remedy)
    return _days_in_columns(said, column)


def _days_in_columns(said: days.Said, column: Column) -> Reading:
    """Where the days of a cell belong: the first and the last one of a validity each to a column of its own."""
    notes = [said.note] if said.note else []
    if said.day or not (said.first or said.last):
        return Reading(said.day, notes=notes, alone=said.day is not None)
    if not column.first and not column.last:
        if said.first and said.last:
            return Reading.wrong("是一段时间，这里只写一天", f"写“{said.first.isoformat()}”或者其中对的一天")
        return Reading(said.first or said.last, notes=notes)
    if said.last is None and not column.first and notes != [days.ENDLESS]:
        return Reading.wrong("只写了起始日，没有截止日", "写截止的那一天，如“2030-02-28”；长期有效的写“长期”")
    found = {name: day for name, day in ((column.first, said.first), (column.last, said.last)) if name and day}
    return Reading(found.pop(column.field, None), notes=notes, also=found)


def _in_range(reading: Reading) -> Reading:
    day = reading.value
    problem = days.why_not_day(day.year, day.month, day.day)
    return Reading.wrong("不是有效日期", problem) if problem else reading
