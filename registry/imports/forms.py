"""The forms of the import: the upload with what a list asks once, and which column of a stranger's table is which."""

from datetime import date

from django import forms
from django.utils.functional import cached_property

from benxi_shuangsuiji.forms import fields
from registry.columns import ASKED, Column
from registry.models import BatchKind

from .checking import guess
from .checking.tables import HEADER_WITHIN
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


def _asked(name: str, kind: str, today: date) -> forms.Field:
    year = today.year - 1 if kind == BatchKind.CREDIT else today.year
    last_month = today.month - 1 or 12
    number = {"class": "in", "inputmode": "numeric"}
    match name:
        case "year":
            # A list or a rating is made for a year that has come; one of long ago is a slip of the finger.
            return forms.IntegerField(
                label="年度",
                initial=year,
                min_value=today.year - 5,
                max_value=today.year,
                widget=forms.NumberInput(attrs=number),
            )
        case "month":
            return forms.IntegerField(
                label="月份",
                initial=last_month,
                min_value=1,
                max_value=12,
                widget=forms.NumberInput(attrs=number),
            )
        case "day":
            return forms.DateField(
                label="纳入日期", initial=today, widget=forms.DateInput(attrs={"class": "in", "type": "date"})
            )
    label, hint, longest = {
        "document": ("文号", "印发这份名录的文件，如“本环发〔2026〕12 号”。", 100),
        "batch": ("批次或文号", "如“2026 年第一批”。", 60),
        "source": ("来源", "谁评的、哪份文件，如“省厅 2025 年度评价结果公告”。", 200),
    }[name]
    return forms.CharField(
        label=label, help_text=hint, max_length=longest, widget=forms.TextInput(attrs={"class": "in"})
    )


class EndingForm(forms.Form):
    """Beside the button: whoever a year's list leaves out should leave the list, and why (六(二)-t)."""

    ends = forms.BooleanField(label="名单里没有的不再列入", required=False)
    ending = fields.text(
        "不再列入的理由", required=False, help_text="勾选以后填写，由分管负责人批准，如“2026 年名录已调出”。"
    )

    def __init__(self, *args, label: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ends"].label = label

    def reason(self) -> str:
        """What `confirm_import` takes: without the tick nothing, with it at least a dash, which says too little."""
        self.full_clean()
        return (self.cleaned_data.get("ending") or "—") if self.cleaned_data.get("ends") else ""


def column_letter(at: int) -> str:
    """0 → A, 26 → AA: how the spreadsheet calls its columns."""
    letters, at = "", at + 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class ColumnsForm(forms.Form):
    """One choice a column of the sheet. Sheet and row of the heads come from the address: they decide what is asked."""

    def __init__(self, layout: dict, columns: tuple[Column, ...], address, data=None):
        super().__init__(data)
        self._columns = columns
        self.sheets = layout["sheets"]
        wanted = address.get("sheet") or layout.get("sheet")
        self.sheet = next((s for s in self.sheets if s["name"] == wanted), self.sheets[0])
        self.numbers = [number for number, _ in self.sheet["first"] if number <= HEADER_WITHIN]
        given = address.get("row", "")
        found = layout.get("header_row") if self.sheet["name"] == layout.get("sheet") else None
        self.header_row = int(given) if given.isdigit() and int(given) in self.numbers else found or self._fullest()
        choices = [("", "不读取"), *((c.field, c.title) for c in columns)]
        guessed = guess(self._row(self.header_row), columns)
        for at in range(self._width):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=f"{column_letter(at)} 列",
                choices=choices,
                required=False,
                initial=guessed.get(at, ""),
                widget=forms.Select(attrs={"class": "in"}),
            )

    def _fullest(self) -> int:
        """The first of the rows with most in them: titles above a table fill one cell."""
        filled = {number: sum(1 for text in cells if text) for number, cells in self.sheet["first"]}
        return max(self.numbers, key=lambda number: (filled[number], -number))

    @cached_property
    def _width(self) -> int:
        return max((len(cells) for _, cells in self.sheet["first"]), default=0)

    def _row(self, number: int) -> list[str]:
        return next((cells for n, cells in self.sheet["first"] if n == number), [])

    def rows(self) -> list[dict]:
        """What the page shows of each column: letter, head, some of its cells, and the choice."""
        heads = self._row(self.header_row)
        below = [cells for number, cells in self.sheet["first"] if number > self.header_row]
        return [
            {
                "letter": column_letter(at),
                "head": heads[at] if at < len(heads) else "",
                "examples": [cells[at] for cells in below if at < len(cells) and cells[at]][:_EXAMPLES],
                "field": self[f"column-{at}"],
            }
            for at in range(self._width)
        ]

    def needed(self) -> list[str]:
        return [c.title for c in self._columns if c.required]

    def clean(self):
        chosen = [self.cleaned_data.get(f"column-{at}") for at in range(self._width)]
        titles = {c.field: c.title for c in self._columns}
        twice = [titles[name] for name in dict.fromkeys(chosen) if name and chosen.count(name) > 1]
        if twice:
            raise forms.ValidationError(f"有两列都指明为“{twice[0]}”，只留一列。")
        lacking = [c.title for c in self._columns if c.required and c.field not in chosen]
        if lacking:
            raise forms.ValidationError(f"还没有指明哪一列是{'、'.join(f'“{t}”' for t in lacking)}。")
        return self.cleaned_data

    def layout(self) -> dict:
        """What `choose_columns` takes."""
        places = {self.cleaned_data[f"column-{at}"]: at for at in range(self._width)}
        places.pop("", None)
        return {"sheet": self.sheet["name"], "header_row": self.header_row, "places": places}
