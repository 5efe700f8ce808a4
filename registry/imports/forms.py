"""The forms of the import: the upload with what a list asks once, and which column of a stranger's table is which."""

from collections.abc import Callable
from datetime import date

from django import forms
from django.utils.functional import cached_property

from benxi_shuangsuiji.forms import fields
from registry.columns import ASKED, Column
from registry.models import BatchKind

from .cells import plainly
from .checking.grid import HEADER_WITHIN
from .checking.heads import Heads
from .checking.mapping import is_data, same_heads, sheet_again
from .checking.tables import Table, head_at
from .upload_form import UploadForm

_EXAMPLES = 3


class ListUploadForm(UploadForm):
    """The workbook, and what is the same for all its rows."""

    field_order = ("year", "month", "document", "batch", "day", "source", "file")

    def __init__(self, *args, kind: str, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ASKED.get(kind, ()):
            self.fields[name] = _asked(name, kind, today)
        self.order_fields(self.field_order)

    def asked(self) -> dict:
        """What `check_workbook` takes."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


def letter_of(at: int) -> str:
    """A column's letters as a spreadsheet shows them; the library is loaded by who maps columns, not at every start."""
    from openpyxl.utils import get_column_letter

    return get_column_letter(at + 1)


def _asked(name: str, kind: str, today: date) -> forms.Field:
    # A list or a rating is made for a year that has come; one of long ago is a slip of the finger.
    last_year = kind == BatchKind.CREDIT or (kind == BatchKind.MONITORING and today.month == 1)  # of the month before
    year = today.year - 1 if last_year else today.year
    numbers = {"year": ("年度", year, today.year - 5, today.year), "month": ("月份", today.month - 1 or 12, 1, 12)}
    if name in numbers:
        label, initial, least, most = numbers[name]
        widget = forms.NumberInput(attrs={"class": "in", "inputmode": "numeric"})
        return forms.IntegerField(label=label, initial=initial, min_value=least, max_value=most, widget=widget)
    if name == "day":
        widget = forms.DateInput(attrs={"class": "in", "type": "date"})
        return forms.DateField(label="纳入日期", initial=today, widget=widget)
    label, hint, longest = {
        "document": ("文号", "印发这份名录的文件，如“本环发〔2026〕12 号”。", 100),
        "batch": ("批次或文号", "如“2026 年第一批”。", 60),
        "source": ("来源", "谁评的、哪份文件，如“省厅 2025 年度评价结果公告”。", 200),
    }[name]
    if kind == BatchKind.MONITORING:
        hint = "哪个平台、哪天导出，如“重点排污单位自动监控平台，7 月 3 日导出”。"
    return forms.CharField(
        label=label, help_text=hint, max_length=longest, widget=forms.TextInput(attrs={"class": "in"})
    )


class EndingForm(forms.Form):
    """Beside the button: whoever a year's list leaves out should leave the list, and why (六(二)-t)."""

    ends = forms.BooleanField(label="名单里没有的不再列入", required=False)
    ending = fields.text(
        "不再列入的理由", sometimes=True, help_text="勾选以后填写，由分管负责人批准，如“2026 年名录已调出”。"
    )

    def reason(self) -> str:
        """What `confirm_import` takes: without the tick nothing, with it at least a dash, which says too little."""
        self.full_clean()
        return (self.cleaned_data.get("ending") or "—") if self.cleaned_data.get("ends") else ""


class ColumnsForm(forms.Form):
    """One choice a column of the sheet. Sheet and row of the heads come from the address: they decide what is asked."""

    def __init__(
        self,
        layout: dict,
        columns: tuple[Column, ...],
        address,
        data=None,
        remembered: Callable[[list[str]], dict[int, str]] = lambda heads: {},
    ):
        """`remembered`: what the columns under such heads meant the last time."""
        super().__init__(data)
        self._columns, self._heads = columns, Heads(columns)
        self.sheets = layout["sheets"]
        wanted = address.get("sheet") or layout.get("sheet")
        self.sheet = next((s for s in self.sheets if s["name"] == wanted), self.sheets[0])
        # Row 0: the sheet has no heads, its first row is data.
        self.numbers = [0, *(number for number, _ in self.sheet["first"] if number <= HEADER_WITHIN)]
        given = address.get("row", "")
        found = layout.get("header_row") if self.sheet["name"] == layout.get("sheet") else None
        known = given.isdecimal() and int(given) in self.numbers
        self.header_row = int(given) if known else self._heads_in(found or self._fullest())
        self.like = same_heads(sheet_again(self.sheet), self.header_row, [sheet_again(s) for s in self.sheets])
        choices = [("", "不读取"), *((c.field, c.title) for c in columns)]
        table = self._table
        guessed = {at: name for name, at in table.places.items()}
        guessed |= {at: name for name, of in table.ticks.items() for at in of}
        guessed |= self._told_by_their_codes(set(guessed), set(guessed.values()))
        self.again = remembered(self._labels)
        for at in range(self._width):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=f"{letter_of(at)} 列",
                choices=choices,
                required=False,
                initial=(self.again or guessed).get(at, ""),
                widget=forms.Select(attrs={"class": "in"}),
            )
        if self.like:
            self.fields["all"] = forms.BooleanField(
                label=f"表头相同的另外 {len(self.like)} 张工作表也一起读取：{'、'.join(self.like[:12])}",
                required=False,
                initial=True,
            )

    def _told_by_their_codes(self, taken: set[int], fields: set[str]) -> dict[int, str]:
        """Columns whose head says nothing and whose cells are all credit codes or permit numbers."""
        found: dict[int, str] = {}
        for column in (c for c in self._columns if c.kind in ("uscc", "permit") and c.field not in fields):
            right = plainly(column)
            for at, texts in enumerate(self._examples(3 * _EXAMPLES)):
                if at not in taken and at not in found and texts and all(map(right, texts)):
                    found[at] = column.field
                    break
        return found

    def _examples(self, most: int) -> list[list[str]]:
        below = [cells for number, cells in self.sheet["first"] if number > self.header_row]
        return [[cells[at] for cells in below if at < len(cells) and cells[at]][:most] for at in range(self._width)]

    def _fullest(self) -> int:
        """The first of the rows with most in them: titles above a table fill one cell."""
        filled = {number: sum(1 for text in cells if text) for number, cells in self.sheet["first"]}
        return max(self.numbers, key=lambda number: (filled.get(number, 0), -number))

    def _heads_in(self, row: int) -> int:
        """A sheet without heads begins with somebody, who must not be taken for a head."""
        return 0 if is_data(dict(self.sheet["first"]).get(row, []), self._columns) else row

    @cached_property
    def _table(self) -> Table:
        return head_at(sheet_again(self.sheet), self.header_row, self._columns)

    @cached_property
    def _width(self) -> int:
        return max((len(cells) for _, cells in self.sheet["first"]), default=0)

    @cached_property
    def _labels(self) -> list[str]:
        """What stands above each column, over all rows of the heads."""
        rows = [cells for n, cells in self.sheet["first"] if self._table.head_from <= n <= self.header_row]
        return [
            "　".join(dict.fromkeys(cells[at] for cells in rows if at < len(cells) and cells[at]))
            for at in range(self._width)
        ]

    def letters(self) -> list[str]:
        return [letter_of(at) for at in range(self._width)]

    def preview(self) -> list[dict]:
        """The first rows of the sheet as they are; each of them can be chosen for the heads."""
        heads = range(self._table.head_from, self.header_row + 1) if self.header_row else ()
        return [
            {
                "number": number,
                "cells": [cells[at][:24] if at < len(cells) else "" for at in range(self._width)],
                "head": number in heads,
            }
            for number, cells in self.sheet["first"]
            if number <= HEADER_WITHIN
        ]

    def rows(self) -> list[dict]:
        """What the page shows of each column: letter, head, some of its cells, and the choice."""
        return [
            {
                "letter": letter_of(at),
                "head": self._labels[at],
                "examples": texts,
                "field": self[f"column-{at}"],
            }
            for at, texts in enumerate(self._examples(_EXAMPLES))
        ]

    def needed(self) -> str:
        return self._heads.wanted()

    def clean(self):
        chosen = [self.cleaned_data.get(f"column-{at}") for at in range(self._width)]
        twice = [c.title for c in self._columns if chosen.count(c.field) > 1 and not c.joins]
        if twice:
            raise forms.ValidationError(f"有两列都指明为“{twice[0]}”，只留一列。")
        if lacking := self._heads.lacking(chosen):
            raise forms.ValidationError(f"还没有指明哪一列是{'、'.join(lacking)}。")
        return self.cleaned_data

    def layout(self) -> dict:
        """What `choose_columns` takes. Several columns of one field hold ticks: each stands for what its head says."""
        ats: dict[str, list[int]] = {}
        for at in range(self._width):
            if name := self.cleaned_data[f"column-{at}"]:
                ats.setdefault(name, []).append(at)
        words = {at: word for of in self._table.ticks.values() for at, word in of.items()}
        ticks = {name: of for name, of in ats.items() if len(of) > 1 or of[0] in self._table.ticks.get(name, {})}
        return {
            "sheet": self.sheet["name"],
            "header_row": self.header_row,
            "heads": self._labels,
            "places": {name: of[0] for name, of in ats.items() if name not in ticks},
            "ticks": {
                name: {str(at): words.get(at) or self._labels[at].split("　")[-1] for at in of}
                for name, of in ticks.items()
            },
            "all": bool(self.cleaned_data.get("all")),
        }
