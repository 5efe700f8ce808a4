"""Every verb the code records stands in the trail's list of words, and the other way round."""

import ast

from benxi_shuangsuiji import subjects
from tests.test_layers import SOURCES


def recorded() -> set[str]:
    return {
        node.args[0].value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "record"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_recorded_verb_has_its_words():
    assert recorded() == {verb for verb in subjects.house().verbs if not verb.startswith("row.")}
