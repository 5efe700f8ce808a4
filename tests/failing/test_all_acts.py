"""No act without a line: what the pages offer is read from their code, and stands in a race or says why not (P15, issue 15).

An act is a call of `act_page`, `decision_page`, `press` or `decide_in_list`, named by the function it stands in. A new one that
is in none of the tables fails here, and so does a line about an act that is gone.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.failing.acts import ACTS
from tests.failing.more_than_once import AGAIN
from tests.failing.one_world import BEFORE_THE_FIRST_DRAW, IN_ONE_WORLD

ROOT = Path(__file__).resolve().parents[2]
OFFERS = {"act_page", "decision_page", "press", "decide_in_list"}
THEIR_HOME = ROOT / "benxi_shuangsuiji/forms/pages.py"
APPS = ("benxi_shuangsuiji", "registry", "plans", "inspections", "disclosure")


def offered_in(text: str) -> Iterator[str]:
    """The functions of a module that offer an act, also by `partial`."""
    for part in ast.parse(text).body:
        used = (node.id for node in ast.walk(part) if isinstance(node, ast.Name))
        if isinstance(part, ast.FunctionDef | ast.ClassDef) and OFFERS & set(used):
            yield part.name


def offered() -> set[str]:
    found = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if path != THEIR_HOME and any(name in text for name in OFFERS):
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found |= {f"{module}.{name}" for name in offered_in(text)}
    return found


def named(table: Mapping[str, str]) -> list[str]:
    return [name for names in table.values() for name in names.split()]


def raced() -> set[str]:
    return {name for act in (*ACTS, *IN_ONE_WORLD, *BEFORE_THE_FIRST_DRAW) for name in act.at.split()}


def test_every_act_is_in_a_race_or_says_why_it_need_not_be():
    lines = Counter([*raced(), *named(AGAIN)])
    acts = offered()
    assert len(acts) > 180
    assert sorted(acts - set(lines)) == []  # a new act: its world, or its reason
    assert sorted(set(lines) - acts) == []  # a line about nothing
    assert [name for name, times in lines.items() if times > 1] == []


def test_an_act_is_found_wherever_it_is_offered():
    text = "def a(): return act_page(1)\nb = 1\ndef c():\n    page = partial(act_page, 2)\ndef d(): return press(3)\ndef e(): act()\n"
    assert list(offered_in(text)) == ["a", "c", "d"]
