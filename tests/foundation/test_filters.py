"""Filters above a list look like every other field (issue 16: those of 检查任务 were the browser's own)."""

from importlib import import_module

import pytest
from django import forms

from tests.test_layers import ROOT, SOURCES

LATER = {"selfcheck", "facilities", "inspectors"}  # dressed when the form is made
PLAIN = (forms.Select, forms.TextInput)


def filters() -> list[type[forms.Form]]:
    found = []
    for path in SOURCES:
        if not path.name.endswith("forms.py") or path.parent.name in LATER:
            continue
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name, one in vars(module).items():
            if isinstance(one, type) and issubclass(one, forms.Form) and ("Filter" in name or name == "StateForm"):
                found += [one] if one.__module__ == module.__name__ else []
    return found


@pytest.mark.parametrize("form", filters(), ids=lambda form: form.__module__)
def test_each_field_of_a_filter_is_dressed(form):
    plain = {name: field.widget.attrs for name, field in form.base_fields.items() if type(field.widget) in PLAIN}
    assert [name for name, attrs in plain.items() if "in" not in attrs.get("class", "").split()] == []
