"""No form speaks Django's own words, wherever it stands and however it makes its fields (ui.md 6)."""

import re
import uuid
from copy import deepcopy

import pytest
from django import forms
from django.core import validators
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.urls import get_resolver
from django.utils.functional import Promise

from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.forms import words as form_words
from benxi_shuangsuiji.forms.kept import project_forms
from tests.factories import make_lead_office, make_planner, make_unit
from tests.plans.factories import make_list

# Of Django's Chinese, what a person would have to read: 变量、一个有效的、不在可用的选项中、输入……
DJANGOS = re.compile(
    r"确保|变量|目前字符|有效的|可用的|输入一|输入整数|必填项|隐藏字段|这个字段|该字段|---|Management|This field|[Ee]nter "
)


def sent_with(field) -> list[str]:
    """Every sentence that a field can answer with."""
    words = [str(message) for message in field.error_messages.values()]
    for validator in field.validators:
        if isinstance(validator, validators.DecimalValidator):
            assert {"max_digits", "max_decimal_places", "max_whole_digits"} <= set(field.error_messages)
        elif getattr(validator, "code", None) not in field.error_messages and hasattr(validator, "message"):
            words.append(str(validator.message))
    if isinstance(field, forms.ModelChoiceField):
        words.append(str(field.empty_label or ""))
    elif isinstance(field, forms.ChoiceField):
        words += [str(label) for _, label in field.choices]
    return words


def test_every_field_of_every_form_has_our_words():
    get_resolver().url_patterns  # noqa: B018  (imports every form)
    found, wrong = 0, []
    for form in project_forms():
        assert form.bound_field_class is None, f"{form.__qualname__} passes by the renderer"
        for name, field in form.base_fields.items():
            field, found = deepcopy(field), found + 1
            form_words.speak(field)
            wrong += [(form.__qualname__, name, w) for w in sent_with(field) if DJANGOS.search(w)]
    assert wrong == []
    assert found > 200


def test_every_kind_of_field_has_our_words():
    """Also the fields that a form makes for itself, and those of forms to come."""
    kinds = [forms.CharField, forms.IntegerField, forms.DecimalField, forms.FloatField, forms.DateField]
    kinds += [forms.DateTimeField, forms.TimeField, forms.EmailField, forms.URLField, forms.FileField]
    kinds += [forms.ChoiceField, forms.MultipleChoiceField, forms.TypedChoiceField, forms.BooleanField]
    fields = [kind(label="比例（%）") for kind in kinds]
    fields += [kind(queryset=None) for kind in (forms.ModelChoiceField, forms.ModelMultipleChoiceField)]
    fields += [forms.CharField(max_length=3, min_length=2), forms.IntegerField(min_value=1, max_value=2)]
    for field in fields:
        form_words.speak(field)
        assert [w for w in sent_with(field) if DJANGOS.search(w) or isinstance(w, Promise)] == [], type(field)


class Sample(forms.Form):
    share = forms.DecimalField(label="比例（%）", max_value=100, decimal_places=2)
    name = forms.CharField(label="名称", max_length=5)
    own = forms.CharField(label="说明", max_length=2, error_messages={"max_length": "说明写短些"})
    kind = forms.ChoiceField(label="种类", choices=[("", "---------"), ("a", "甲")])
    free = forms.ChoiceField(label="备选", choices=[("", "---------"), ("a", "甲")], required=False)
    kinds = forms.MultipleChoiceField(label="各类", choices=[("a", "甲")])
    on = forms.DateField(label="日期")


def test_words_name_the_field_and_say_what_to_do():
    given = {"share": "101", "name": "名称太长了吧", "own": "三个字", "kind": "ZZ", "kinds": "ZZ", "on": "明天"}
    assert {name: words[0] for name, words in Sample(given).errors.items()} == {
        "share": "比例（%）不大于 100",
        "name": "名称最多 5 字",
        "own": "说明写短些",
        "kind": "种类从列表里选",
        "kinds": "各类从列表里选",
        "on": "日期按 2026-07-10 的格式填写",
    }
    assert Sample({"share": "1.234"}).errors["share"] == ["比例（%）最多 2 位小数"]
    assert Sample({}).errors["kind"] == ["选择种类"] and Sample({}).errors["name"] == ["填写名称"]
    assert "选择种类" in str(Sample()["kind"]) and "（不选）" in str(Sample()["free"])


@pytest.mark.django_db
def test_pages_answer_in_our_words(client, at):
    at("2026-07-06 09:00")
    unit = make_unit()
    draft, long = make_list(year=2027, upto="DRAFT"), "长" * 3000
    rows = {f"{rows}-{n}_FORMS": "x" for rows in ("points", "cites") for n in ("TOTAL", "INITIAL")}
    asked = [
        (make_planner(unit), "/desk/frequency/?unit=210504", {"year": "1999", "category": "ZZ", "max_visits": "0"}),
        (make_planner(unit), "/desk/tasks/campaigns/?unit=210504", {"title": long, "most_checks": "0"}),
        (make_lead_office(), "/desk/tasks/targeted/kinds/", {"code": long, "label": long}),
        (make_lead_office(), "/desk/bases/add/", {"title": long, "kind": "ZZ"}),
        (draft.created_by, f"{draft.get_absolute_url()}add/", {"name": long, "category": "99", **rows}),
    ]
    for user, url, data in asked:
        client.force_login(user)
        answer = client.post(url, {**data, "form_key": str(uuid.uuid4())})
        assert answer.status_code in (200, 409), url
        page = re.sub(r"长{20,}", "", answer.content.decode())
        assert re.search(r"最多 \d+ 字|不小于|从列表里选", page), url
        assert not DJANGOS.search(re.sub(r"<[^>]*>", " ", page)), (url, DJANGOS.search(page))


@pytest.mark.parametrize("broken", ["李\r\n建国", "李\n建国", "李\u2028建国", "李\x0b建国"])
def test_what_is_typed_into_one_line_stays_one_line(broken):
    """A browser sends no line break from it; whatever else sends one does not bring it onto public pages (issue 15, P07)."""
    form = Sample({"name": broken})
    assert not form.is_valid() and form.cleaned_data["name"] == "李 建国" == form["name"].value()


def test_several_lines_stay_several_lines():
    class Opinion(forms.Form):
        words = fields.opinion()

    form = Opinion({"words": "甲\n乙"})
    assert form.is_valid() and form.cleaned_data["words"] == "甲\n乙"


@pytest.mark.parametrize(
    ("widget", "chosen"),
    [
        (forms.Select, "1"),
        (forms.Select, None),
        (forms.SelectMultiple, ["1", "&"]),
        (forms.NullBooleanSelect, "true"),
    ],
)
def test_a_list_to_choose_from_is_written_as_django_writes_it(widget, chosen):
    """Only faster: the same lines, groups, marks and escapes as of Django's own templates."""
    lines = [("", "（不选）"), (1, "<甲> & “乙”"), ("组'一", [("&", "丙"), (2, "丁")])]
    more = {} if widget is forms.NullBooleanSelect else {"choices": lines}
    one = widget(attrs={"class": "in", "required": True, "disabled": False, "data-x": '"'}, **more)
    ours, djangos = (one.render("n", chosen, renderer=by) for by in (form_words.Renderer(), DjangoTemplates()))
    assert parse_html(ours) == parse_html(djangos) and "<甲>" not in ours


def test_a_list_to_choose_from_looks_like_the_house_unless_a_form_says_otherwise():
    """One without a class was lower than a thumb needs on the phone."""
    for attrs, told in (({}, ' class="in"'), ({"class": "in in-s"}, ' class="in in-s"')):
        shown = forms.Select(attrs=attrs, choices=[("a", "甲")]).render("n", "a", renderer=form_words.Renderer())
        assert shown.startswith(f'<select name="n"{told}>')
