"""What a checked workbook will change, in the words of the check page: one line for each thing (ui.md 4.10)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from registry.facilities import wording
from registry.imports.checking import place_of
from registry.models import BatchKind, Category, Ground, ImportBatch, ImportLine, PastKind, PastResult, Rating

GROUPS = ("新增", "类别", "依据", "状态", "其他")


@dataclass(frozen=True)
class Change:
    """One thing of one row of the sheet: what it was, what it will be, and why."""

    row: int | str
    name: str
    item: str
    after: str
    group: str
    before: str = ""
    reason: str = ""
    waits: bool = False  # for a second person


def changes_of(batch: ImportBatch, lines: Iterable[ImportLine]) -> list[Change]:
    units = wording.section_names() if batch.kind == BatchKind.INSPECTOR else {}
    place = places_of(batch)
    found: list[Change] = []
    for line in lines:
        row = line.content
        if row.get("left_out"):
            continue  # they have a table of their own
        name = f"{row['name']}（按名称对应）" if row.get("by_name") else row["name"]
        change = partial(Change, place(line.number), name)
        if row["code"]:
            found += [*_labels(row, change), *_lists(row, change), *_values(batch, row, units, change)]
        else:
            found.append(change(item="新增", after=_what_is_new(batch, row, units), group="新增"))
    return found


def places_of(batch: ImportBatch) -> Callable[[int], int | str]:
    """Where the rows of a batch stand, as its page says it."""
    last = batch.counts["last_row"]
    sheets = [(t["before"], t["sheet"]) for t in batch.counts["tables"]]

    def place(number: int) -> int | str:
        if number > last:
            return "—"  # what the sheet does not name has no row to show
        sheet, row = place_of(number, sheets)
        return f"{sheet} 第 {row} 行" if sheet else row

    return place


def _labels(row: Mapping, change: Callable[..., Change]) -> Iterator[Change]:
    """The category if all is approved, and the grounds that it follows from."""
    old, new = row.get("category", (None, None))
    grounds = row.get("grounds", ())
    if old != new:
        why = "、".join(g["evidence"] for g in grounds)
        after = Category(new).label
        yield change(item="类别", before=Category(old).label, after=after, reason=why, group="类别", waits=True)
    for ground in grounds:
        after = Ground(ground["kind"]).label
        yield change(item="依据", after=after, reason=ground["evidence"], group="依据", waits=True)
    for kind in row.get("ended", ()):
        yield change(item="依据", before=Ground(kind).label, after="取消", group="依据", waits=True)


def _lists(row: Mapping, change: Callable[..., Change]) -> Iterator[Change]:
    """What a list about facilities says: a rating, a place on the 正面清单."""
    if rating := row.get("rating"):
        period = f"{rating['year']} 年 {rating['month']} 月" if rating["month"] else f"{rating['year']} 年"
        after = f"{period}：{rating['code']}"
        yield change(item=Rating(rating["kind"]).label, after=after, reason=rating["source"], group="其他")
    if months := row.get("monitoring"):
        before = "" if months["before"] is None else f"{months['before']} 次"
        item = f"在线监控超标 {months['month'][:7]}"
        yield change(item=item, before=before, after=f"{months['times']} 次", reason=months["source"], group="其他")
    if positive := row.get("positive"):
        yield change(item="正面清单", after=f"纳入（{positive['batch']}）", group="其他", waits=True)


def _values(batch: ImportBatch, row: Mapping, units: Mapping, change: Callable[..., Change]) -> Iterator[Change]:
    for name, new in row["new"].items():
        after = wording.value_text(name, new, units)
        if name == "status" and row.get("status_on"):
            after += f" 自 {row['status_on']}"
        yield change(
            item=wording.title(batch.kind, name),
            before=wording.value_text(name, row["old"].get(name), units),
            after=after,
            group="状态" if name == "status" else "其他",
            waits=name == "status",
        )


def _what_is_new(batch: ImportBatch, row: Mapping, units: Mapping) -> str:
    new = row["new"]
    if batch.kind == BatchKind.HISTORY:
        words = [new["day"], PastKind(new["kind"]).label, PastResult(new["result"]).label, "、".join(new["items"])]
        return "　".join(word for word in words if word)
    if BatchKind(batch.kind).about_people:
        facts = [wording.value_text("unit_id", new.get("unit_id"), units), new.get("position", "")]
        facts.append(new.get("certificate_no") or "没有执法证，不参加抽取")
    else:
        label = Category(row["category"][1])
        facts = [label.label if label == Category.GENERAL else f"{label.label}（待批准）", new.get("industry_name", "")]
        facts.append(wording.value_text("permit_category", new.get("permit_category")))
    return "　".join(f for f in facts if f and f != "—")
