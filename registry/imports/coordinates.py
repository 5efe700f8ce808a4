"""Longitude and latitude as people write them: 123.765432, 123°46′30″, E123.76."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from benxi_shuangsuiji.documents.workbooks.reading import Cell
from registry.columns import Column
from registry.imports.says import Reading

LONGITUDES = (Decimal("123.5"), Decimal("125.8"))
LATITUDES = (Decimal("40.7"), Decimal("41.7"))
# After NFKC: 123°46′30″, E123.76, 北纬41度18分10秒.
_DEGREES = re.compile(
    r"(?:东经|北纬|经度|纬度|[EN])?:?(?P<d>\d{1,3}(?:\.\d+)?)(?:[°º度](?:(?P<m>[0-5]?\d(?:\.\d+)?)[′'’分](?:(?P<s>[0-5]?\d(?:\.\d+)?)(?:″|\"|”|′′|''|秒)?)?)?)?[EN]?",
    re.IGNORECASE,
)


def decimal_of(degrees: re.Match) -> Decimal:
    """123°46′30″ as a decimal number of degrees."""
    whole, minutes, seconds = (Decimal(part or 0) for part in degrees.group("d", "m", "s"))
    return (whole + minutes / 60 + seconds / 3600).quantize(Decimal("0.000001"))


def coordinate(cell: Cell, column: Column) -> Reading:
    low, high = LONGITUDES if column.kind == "longitude" else LATITUDES
    other = LATITUDES if column.kind == "longitude" else LONGITUDES
    plain = Reading.wrong(f"{column.title}应为数字", f"只填十进制度数，如 {'123.765432' if low > 100 else '41.298765'}")
    if isinstance(cell, bool | date):
        return plain
    text = unicodedata.normalize("NFKC", repr(cell) if isinstance(cell, float) else cell).strip()
    notes = []
    try:
        value = Decimal(text)
    except InvalidOperation:
        degrees = _DEGREES.fullmatch("".join(text.split()))
        if not degrees or not (degrees["m"] or re.search("[EN东北经纬]", text.upper())):  # 123.7° stays a slip (X47)
            return plain
        value = decimal_of(degrees)
        notes = [f"已读作十进制度数 {value}"]
    if not value.is_finite() or "," in str(cell):
        return plain
    if low <= value <= high:
        return Reading(value.quantize(Decimal("0.000001")), notes=notes)
    where = f"{column.title}应在 {low} 到 {high} 之间"
    if other[0] <= value <= other[1]:
        return Reading.wrong(f"{where}，疑与{'纬度' if low > 100 else '经度'}填反", "与另一列对调")
    return Reading.wrong(f"{where}，不在本市", "对照地图核对；没有坐标的留空")
