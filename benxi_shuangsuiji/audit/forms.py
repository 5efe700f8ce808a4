"""What the log can be asked: who, which unit, from when to when, of what kind, about what (reviews: desk A15)."""

from datetime import timedelta

from django import forms

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import fields

ROWS = "row"  # changes of rows, which the database writes by itself
LOOKS = "look"  # whoever looked at what only few may see
YEARS = range(2000, 3000)
DAYS_OF_ROWS = 31  # an import alone writes a hundred thousand of them, so they are never asked for without a period
KINDS_ON_TOP = [(LOOKS, "查看未公开名单、个人信息和原文"), (ROWS, "数据库里的改动")]


def of_rows(asked: dict) -> bool:
    return asked["kind"] == ROWS or asked.get("verb", "").startswith("row.")


def kinds() -> dict[str, tuple[str, ...]]:
    """Name of a subject → the acts of its room; 184 of them in one list is what nobody finds anything in."""
    named: dict[str, tuple[str, ...]] = {}
    for subject in subjects.house().subjects:
        acts = tuple(verb for verb in subject.verbs if not verb.startswith("row."))
        if acts:
            named[subject.name] = named.get(subject.name, ()) + acts
    return named


class LogFilter(forms.Form):
    """`office`, because `unit` is the unit picker's word."""

    who = fields.text("操作人（姓名或账号）", max_length=40, required=False)
    office = fields.choice("单位", [], required=False)
    since = fields.picked_day("从", required=False)
    until = fields.picked_day("到", required=False)
    kind = fields.choice("类别", [], required=False)
    about = fields.text("对象（编号或名称）", max_length=60, required=False)

    def __init__(self, data, *, user):
        super().__init__(data)
        # What cannot be read is said with what was typed: a picker of days shows nothing of 31 February.
        for name, words in (("since", "开始日期"), ("until", "结束日期")):
            say = f"{words}“{self._typed(name)}”不是有效日期。按 2026-12-01 的格式改写，或者清空。"
            self.fields[name].error_messages["invalid"] = say
        for name in ("office", "kind"):
            say = f"没有“{self._typed(name)}”这个{self.fields[name].label}。从列表里选一个，或者选“全部”。"
            self.fields[name].error_messages["invalid_choice"] = say.replace("%", "%%")  # a list fills its sentence in
        self.fields["office"].choices = fields.or_all(
            [(unit.code, unit.short_name) for unit in Unit.objects.filter(pk__in=user.units_with(Permission.SEE_LOG))]
        )
        self.fields["kind"].choices = [
            ("", "全部"),
            ("常看的", KINDS_ON_TOP),
            ("按工作", [(name, name) for name in kinds()]),
        ]

    def _typed(self, name: str) -> str:
        return self.data.get(name, "").strip()[:20]

    def _keep_typed(self) -> None:
        """What was typed stands there again, also where a picker or a list would not show it."""
        for name in self.errors:
            widget, typed = self.fields[name].widget if name in self.fields else None, self._typed(name)
            if isinstance(widget, forms.DateInput):
                widget.input_type = "text"
            elif isinstance(widget, forms.Select) and typed:
                widget.choices = [*widget.choices, (self.data[name], typed)]

    def clean(self):
        asked = super().clean()
        for name in ("since", "until"):  # a day more or a month less than the first and the last date is none
            if asked.get(name) and asked[name].year not in YEARS:
                self.add_error(name, "年份超出 2000—2999 年。按 2026-12-01 的格式改写日期。")
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", "结束的日期早于开始的日期。对调两个日期，或者改一个。")
        return asked

    def asked(self, verb: str = "") -> dict:
        """What was asked, and the one act of a link; of changes of rows at most so many days. `wrong`: a part cannot be read."""
        if verb and verb not in subjects.house().verbs:
            self.add_error(None, f"没有“{verb[:40]}”这个动作。按【重置】从头查。")
            verb = ""
        self.is_valid()
        self._keep_typed()
        asked = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        asked |= {"verb": verb, "wrong": bool(self.errors)}
        if of_rows(asked) and not asked["since"]:
            asked["since"] = (asked["until"] or clock.today()) - timedelta(days=DAYS_OF_ROWS)
        return asked

    def words(self, asked: dict) -> str:
        """操作人 江一，从 2026-07-02: what a workbook of these lines says it holds."""
        lists = {name: dict(self.fields[name].choices) for name in ("office", "kind")}
        lists["kind"] = dict([*KINDS_ON_TOP, *((name, name) for name in kinds())])
        said = [
            f"{self.fields[name].label.partition('（')[0]} {lists.get(name, {}).get(asked[name], asked[name])}"
            for name in self.fields
            if asked[name]
        ]
        if asked["verb"]:
            said.append(f"动作 {subjects.house().verbs[asked['verb']]}")
        return "，".join(said) or "全部"
