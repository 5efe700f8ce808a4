"""What whoever publishes has read: exactly these words become public, or nothing does (八(二)-c, ui-2.md 26).

The page says what it showed, signed; when the words are others by the time the button is pressed, nothing is published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.core import signing
from django.utils.timezone import localtime

from disclosure import words
from inspections.models import Inspection

_SALT = "words that were read"


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: as it is, gone (`del`), new (`ins`), or a name that stays (`mark`, with its number)."""

    text: str
    kind: str = ""
    number: int = 0


@dataclass(frozen=True)
class Line:
    """One line of the public text; `code` of an item, `status` in few words with the shape of its `mark`."""

    label: str
    text: str = ""
    code: str = ""
    status: str = ""
    mark: str = ""

    @property
    def key(self) -> str:
        return self.code or self.label

    @property
    def whole(self) -> str:
        return "；".join(filter(None, [self.status, self.text]))


def joined(said: Iterable[str]) -> str:
    """Sentences in one line: only the last keeps its stop, or a semicolon would stand behind it."""
    *before, last = [*filter(None, said)] or [""]
    return "；".join([*(words.rstrip("。；") for words in before), last])


def lines(snapshot: dict) -> list[Line]:
    """The public text of a result, line by line, as its page says it."""
    facility, outcome = snapshot["facility"], words.OUTCOMES[snapshot["outcome"]]
    day = date.fromisoformat(snapshot["checked_on"])
    found = [
        Line("检查对象", f"{facility['name']}　{facility['uscc'] or facility['code']}"),
        Line("所在县区和类别", f"{snapshot['district']}　{snapshot['category_label']}"),
        Line("检查单位", f"{snapshot['executing_unit']}　检查人员 {snapshot['inspectors']} 人"),
        Line("检查时间与方式", f"{day.year} 年 {day.month} 月 {day.day} 日　{snapshot['mode_label']}检查"),
        Line("非现场方式", words.looked_at(snapshot)),
        Line("依据", f"随机抽取 {snapshot['draw']}" if snapshot["draw"] else snapshot["source_label"]),
        Line("检查结果", status=outcome.row, mark=outcome.mark),
        Line("描述", snapshot["finding"]),
        Line("现场处理", snapshot["measures"]),
    ]
    for item, mark, said in words.answered_items(snapshot):
        text = joined([*item["words"], item["handling"]])
        found.append(Line(item["name"], text, item["code"], said, mark))
    return [line for line in found if line.whole]


def differences(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """The old text with what went, and the new one with what came."""
    before, after = [], []
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a < b:
            before.append(Piece(old[a:b], "" if how == "equal" else "del"))
        if c < d:
            after.append(Piece(new[c:d], "" if how == "equal" else "ins"))
    return before, after


def named(text: str, names: dict[str, int]) -> list[Piece]:
    """The text with the names that stay, each with the number under which it is told why."""
    for name, number in names.items():
        head, found, tail = text.partition(name)
        if found:
            return [*named(head, names), Piece(name, "mark", number), *named(tail, names)]
    return [Piece(text)] if text else []


def told(snapshot: dict) -> str:
    """What the page has shown, for its form to say."""
    return signing.dumps([[line.key, line.whole] for line in lines(snapshot)], salt=_SALT, compress=True)


def read(shown: str) -> dict[str, str] | None:
    """What a form says its page had shown; None when it does not say so truthfully."""
    try:
        return dict(signing.loads(shown, salt=_SALT))
    except signing.BadSignature:
        return None


def why_not_as_read(inspection: Inspection, snapshot: dict, shown: str) -> str:
    if read(shown) == {line.key: line.whole for line in lines(snapshot)}:
        return ""
    at = localtime(inspection.reviewed_at)
    return f"打开这一页以后内容改过，{at:%-m 月 %-d 日 %-H:%M} 重新审核通过。重新读一遍再公开。"
