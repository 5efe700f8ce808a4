"""The words of every form of the project where a field brings none of its own (ui.md 6: what is wrong, how to mend it).

Django's defaults name no field and speak of variables and characters. The renderer of the forms hands every field,
also those that a form makes for itself, to `speak` before it is checked or shown.
"""

from functools import lru_cache

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.choices import BlankChoiceIterator
from django.utils.html import format_html, format_html_join

DASHES = BLANK_CHOICE_DASH[0][1]
CHOSEN = (forms.ChoiceField, forms.ModelChoiceField, forms.FileField)
# Messages that Django fills with `%`: a sign in the label itself is doubled there.
FILLED = {
    "max_length": "{}最多 %(limit_value)d 字",
    "min_length": "{}至少 %(limit_value)d 字",
    "max_value": "{}不大于 %(limit_value)s",
    "min_value": "{}不小于 %(limit_value)s",
    "step_size": "{}是 %(limit_value)s 的倍数",
    "max_digits": "{}最多 %(max)s 位数字",
    "max_decimal_places": "{}最多 %(max)s 位小数",
    "max_whole_digits": "{}的整数部分最多 %(max)s 位",
    "invalid_extension": "{}的文件类型不对，选择 %(allowed_extensions)s 文件",
    "invalid_choice": "{}从列表里选",
    "invalid_pk_value": "{}从列表里选",
}
PLAIN = {
    "invalid_list": "{}从列表里选",
    "null_characters_not_allowed": "{}里有看不见的符号，删去后重新填写",
    "missing": "{}没有收到，重新选择文件",
    "empty": "{}是空的，重新选择文件",
    "contradiction": "{}要么换一份，要么删去，不能两样都选",
}
FILE_NAME = "{}的文件名最多 %(max)d 字，改短后重新选择"
# By kind of field, the most particular first; those that Django fills are marked.
INVALID: list[tuple[type[forms.Field], str, bool]] = [
    (forms.DateTimeField, "{}按 2026-07-10 09:30 的格式填写", False),
    (forms.DateField, "{}按 2026-07-10 的格式填写", False),
    (forms.TimeField, "{}按 09:30 的格式填写", False),
    (forms.DecimalField, "{}填数字", False),
    (forms.FloatField, "{}填数字", False),
    (forms.IntegerField, "{}填整数", False),
    (forms.EmailField, "{}写成 name@example.cn 的样子", True),
    (forms.URLField, "{}写成 https:// 开头的网址", True),
    (forms.FileField, "{}没有收到，重新选择文件", False),
]


class WordedField(BoundField):
    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        speak(field)

    @property
    def data(self):
        """What was sent. A browser takes line breaks out of what one line is typed into; what sends them all the same is no browser
        of ours, and a name of two lines would stand so on public pages.
        """
        sent, widget = super().data, self.field.widget
        if (
            isinstance(sent, str)
            and isinstance(widget, forms.TextInput)
            and not isinstance(widget, forms.PasswordInput)
        ):
            return " ".join(sent.splitlines())
        return sent


class Renderer(TemplatesSetting):
    """Fields that speak our words. A list to choose from is written out here: by Django's templates each of its lines costs as much
    as a line of the page (a page with six filters a fifth of its time), for the same HTML with the house's class.
    """

    bound_field_class = WordedField

    def render(self, template_name, context, request=None):
        if template_name == forms.Select.template_name:
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _select(widget: dict) -> str:
    lines, attrs = [], {"class": "in"} | widget["attrs"]  # of the house's height and look where a form names no other
    for name, options, _ in widget["optgroups"]:
        shown = [_option(str(o["value"]), str(o["label"]), flatatt(o["attrs"]) if o["attrs"] else "") for o in options]
        lines += [format_html('<optgroup label="{}">{}</optgroup>', name, _one_below_other(shown))] if name else shown
    return format_html('<select name="{}"{}>{}</select>', widget["name"], flatatt(attrs), _one_below_other(lines))


def _one_below_other(lines: list[str]) -> str:
    return format_html_join("\n", "{}", ((line,) for line in lines))


@lru_cache(2000, typed=True)
def _option(value: str, label: str, attrs: str) -> str:
    """One line of a list: the same hundred lines stand on page after page, and escaping them each time is their whole price."""
    return format_html('<option value="{}"{}>{}</option>', value, attrs, label)


class Rows(BaseFormSet):
    """Rows of a form, each a small form."""

    default_error_messages = {
        "missing_management_form": "表单不完整。刷新页面后重新填写。",
        "too_many_forms": "行太多，最多 %(num)d 行。",
        "too_few_forms": "行太少，至少 %(num)d 行。",
    }


def speak(field: forms.Field) -> None:
    """Give a field our words for every message that is still Django's, and for the choice of nothing."""
    label = str(field.label).rstrip("：:") if field.label else "这一栏"
    for code, words in _words(field, label).items():
        if _is_djangos(field, code):
            field.error_messages[code] = words
    nothing = f"选择{label}" if field.required else "（不选）"
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = nothing
    elif isinstance(getattr(field, "choices", None), list | BlankChoiceIterator):
        choices = [(key, nothing if words == DASHES else words) for key, words in field.choices]
        if choices != list(field.choices):
            field.choices = choices


def _words(field: forms.Field, label: str) -> dict[str, str]:
    doubled = label.replace("%", "%%")
    words = {code: text.format(doubled) for code, text in FILLED.items()}
    words |= {code: text.format(label) for code, text in PLAIN.items()}
    words["required"] = _required(field, label)
    if isinstance(field, forms.FileField):
        words["max_length"] = FILE_NAME.format(doubled)
    for kind, text, filled in INVALID:
        if isinstance(field, kind):
            words["invalid"] = text.format(doubled if filled else label)
            break
    return words


def _required(field: forms.Field, label: str) -> str:
    if isinstance(field, forms.BooleanField):
        return f"勾选“{label}”"
    return f"选择{label}" if isinstance(field, CHOSEN) else f"填写{label}"


def _is_djangos(field: forms.Field, code: str) -> bool:
    """Whether nobody gave the message: it is the class's own, or that of a validator as Django wrote it."""
    if code in field.error_messages:
        tables = (vars(kind).get("default_error_messages", {}) for kind in type(field).__mro__)
        return any(field.error_messages[code] is table.get(code) for table in tables)
    theirs = (v for v in field.validators if getattr(v, "code", None) == code)
    return all(v.message is getattr(type(v), "message", None) for v in theirs)
