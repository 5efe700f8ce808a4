"""What one version of an item list changes of another, field by field, from the two public texts alone (六(一)1-c).

`old` and `new` are snapshots as `documents.ItemListFacts` writes them; a text of an older form lacks some fields.
"""

from dataclasses import dataclass, field

FIELDS = {
    "category_name": "抽查类别",
    "name": "抽查事项",
    "content": "抽查内容",
    "objects": "检查对象",
    "importance": "事项类别",
    "mode": "检查方式",
    "ratio": "抽查比例",
    "frequency": "抽查频次",
    "body": "检查主体",
    "legal_basis": "法律依据",
    "power_code": "权责清单编码",
    "annual_focus": "年度重点",
    "scope": "专业要求",
    "valid_from": "生效日期",
    "note": "备注",
    "materials": "备查资料",
}
NONE = "（无）"


@dataclass(frozen=True)
class FieldChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ItemChange:
    code: str
    name: str
    fields: tuple[FieldChange, ...]
    points_added: tuple[str, ...] = ()
    points_removed: tuple[str, ...] = ()
    points_changed: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class Changes:
    added: list[dict] = field(default_factory=list)
    removed: list[dict] = field(default_factory=list)
    changed: list[ItemChange] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    @property
    def sentence(self) -> str:
        if not self:
            return "事项没有变化"
        numbers = (("增加", self.added), ("删去", self.removed), ("修改", self.changed))
        return "，".join(f"{verb} {len(items)} 项" for verb, items in numbers if items)


def between(old: dict, new: dict, *, same_year: bool = True) -> Changes:
    """`same_year` False: a new year's list begins on its own 1 January, which is no change."""
    before, after = ({item["code"]: item for item in snapshot["items"]} for snapshot in (old, new))
    labels = {k: v for k, v in FIELDS.items() if same_year or k != "valid_from"}
    changed = [_item(before[code], after[code], labels) for code in sorted(before.keys() & after.keys())]
    return Changes(
        added=[after[code] for code in sorted(after.keys() - before.keys())],
        removed=[before[code] for code in sorted(before.keys() - after.keys())],
        changed=[c for c in changed if c.fields or c.points_added or c.points_removed or c.points_changed],
    )


def _item(old: dict, new: dict, labels: dict[str, str]) -> ItemChange:
    before, after = ({p["text"]: _point(p) for p in item["points"]} for item in (old, new))
    return ItemChange(
        code=new["code"],
        name=new["name"],
        fields=tuple(
            FieldChange(label, _words(old.get(name)), _words(new.get(name)))
            for name, label in labels.items()
            if name in old and name in new and old[name] != new[name]
        ),
        points_added=tuple(text for text in after if text not in before),
        points_removed=tuple(text for text in before if text not in after),
        points_changed=tuple(
            FieldChange(text, before[text], after[text])
            for text in after
            if text in before and before[text] != after[text]
        ),
    )


def _point(point: dict) -> str:
    return "；".join(part for part in (point.get(k, "") for k in ("standard", "basis", "method", "applies_to")) if part)


def _words(value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value) if value not in (None, "") else NONE
