"""The conditions of a permit as lines of text: kind | what it asks | limit, as they are copied from the permit."""

import re
import unicodedata

from registry.models import ConditionKind

Lines = list[tuple[str, str, str]]

MOST = 80
_KINDS = {kind.label: kind.value for kind in ConditionKind}
_SAID = {
    "排放口规范化": "OUTLETS",
    "排污口": "OUTLETS",
    "排放浓度": "LIMITS",
    "排放量": "LIMITS",
    "许可排放限值": "LIMITS",
    "治理设施": "TREATMENT",
    "治理设施运行维护": "TREATMENT",
    "无组织排放控制": "FUGITIVE",
    "监测": "MONITORING",
    "台账": "LEDGER",
    "台账记录": "LEDGER",
    "信息公开要求": "DISCLOSURE",
    "其他": "OTHER",
}
_BETWEEN = re.compile(r"\s*[|｜\t]\s*")


def read(text: str) -> tuple[Lines, list[str]]:
    """(the conditions, what is wrong with which line)."""
    found: Lines = []
    faults = []
    for n, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = _BETWEEN.split(unicodedata.normalize("NFC", line.strip()))
        kind = _KINDS.get(parts[0]) or _SAID.get(parts[0])
        if kind is None:
            faults.append(f"第 {n} 行的类别“{parts[0][:20]}”认不出，写：{'、'.join(_KINDS)}")
        elif len(parts) < 2 or not parts[1]:
            faults.append(f"第 {n} 行没有要求，写成“类别|要求|限值”")
        elif len(parts) > 3:
            faults.append(f"第 {n} 行多于三段，写成“类别|要求|限值”")
        elif len(parts[1]) > 300 or len(parts[-1]) > 300 or (len(parts) == 3 and len(parts[2]) > 120):
            faults.append(f"第 {n} 行太长：要求最多 300 字，限值最多 120 字")
        else:
            entry = (kind, parts[1], parts[2] if len(parts) == 3 else "")
            if entry in found:
                faults.append(f"第 {n} 行和前面的一行相同，删去一行")
            else:
                found.append(entry)
    if len(found) > MOST:
        faults.append(f"有 {len(found)} 条，最多 {MOST} 条：现场逐条核对，只登记要核对的")
    return found, faults


def written(conditions) -> str:
    """The lines again, to go on from."""
    return "\n".join("|".join(part for part in (c.get_kind_display(), c.text, c.limit) if part) for c in conditions)
