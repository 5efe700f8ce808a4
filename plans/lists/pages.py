"""What the pages of item lists have in common: the list of an address, and where its workbooks go (六(一)1-a)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from plans.models import ItemList
from registry.columns import Column
from registry.imports.changes import Change, places_of
from registry.imports.shelf_pages import Shelf
from registry.models import BatchKind, ImportBatch, ImportLine

from . import sheets

EDITORS = (P.EDIT_ITEMS, P.EDIT_CITY_ITEMS)


def list_or_404(request: HttpRequest, unit: str, year: int, version: int) -> ItemList:
    people = ("unit", "created_by", "submitted_by", "approved_by")
    found = ItemList.objects.visible_to(request.user).select_related(*people)
    return get_object_or_404(found, unit__code=unit, year=year, version=version)


@dataclass(frozen=True)
class ItemShelf(Shelf):
    """The workbooks of one list."""

    item_list: ItemList | None = None

    def url(self, what: str = "", *args) -> str:
        place = self.item_list.unit.code, self.item_list.year, self.item_list.version
        return reverse(f"plans:itemlist-import{what}", args=[*place, *args])

    @property
    def list_url(self) -> str:
        return self.item_list.get_absolute_url()

    @property
    def asked(self) -> dict[str, int]:
        return {"list": self.item_list.pk}

    def batches(self, user):
        return super().batches(user).filter(asked__list=self.item_list.pk)

    def unit(self, request: HttpRequest) -> Unit:
        return self.item_list.unit

    def template(self, kind: BatchKind) -> bytes:
        return sheets.export([], self.item_list, clock.today())

    def about(self, kind: BatchKind) -> tuple[str, ...]:
        return (
            f"导入到 {self.item_list.year} 年清单（第 {self.item_list.version} 版）。",
            "编号相同的事项改成表里的内容，没有的编号作为新事项增加；表里没有的事项不动。去年的清单可以直接上传。",
            "检查要点不在表里：原有的事项保留自己的，新事项取题库里同类的要点，再逐项修改。",
        )

    def changes(self, batch: ImportBatch, lines: Iterable[ImportLine]) -> list[Change]:
        columns, place = {c.field: c for c in sheets.columns()}, places_of(batch)
        return [change for line in lines for change in _changes(line, place(line.number), columns)]

    def how_long(self, batch: ImportBatch) -> str:
        return "清单提交以前、导入的事项没有再改的，可以整批撤回"

    def until(self, batch: ImportBatch) -> str:
        return self.how_long(batch)


def shelf_of(request: HttpRequest, given: dict[str, Any]) -> ItemShelf:
    item_list = list_or_404(request, *(given.pop(name) for name in ("unit", "year", "version")))
    return ItemShelf("itemlist", [BatchKind.ITEM], EDITORS, "项", "抽查事项", "清单", item_list)


def _changes(line: ImportLine, place: int | str, columns: dict[str, Column]) -> Iterable[Change]:
    row = line.content
    new, old = row["new"], row["old"]
    if not row["code"]:
        after = f"{_shown(new['category'], columns['category'])}　{new['content']}"
        yield Change(place, f"{new['code']} {row['name']}", "新增", after, "新增")
        return
    for name, value in new.items():
        before, after = (_shown(one, columns[name]) for one in (old[name], value))
        yield Change(place, f"{row['code']} {row['name']}", columns[name].title, after, "其他", before)


def _shown(value: Any, column: Column) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(column.label(value) if column.words else value) or "（空）"
