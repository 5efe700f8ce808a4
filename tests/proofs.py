"""Which tests prove which clause and which rule, for the pages of 合规体检: `.venv/bin/python -m tests.proofs` writes what the
marks and the tales say.

A clause asks for more than the rule that rests on it: of the tests that wear its clause a rule names those that speak of its own
deadline, indicator or paper, after the tale that shows it kept and broken.
"""

import ast
import csv
import json
import re
from collections.abc import Iterator
from functools import cache

from .clause_summary import TESTS, wearings

SELF_CHECK = TESTS.parent / "inspections" / "selfcheck"
PROOFS = SELF_CHECK / "proofs.json"
TALES = TESTS / "inspections" / "selfcheck"
TOLD = "tests/inspections/selfcheck/test_tales.py::test_a_tale_shows_its_rules_kept_and_broken"
PRINTED = "tests/inspections/selfcheck/test_selfcheck.py::test_a_paper_that_is_always_printed_would_be_missed"
MOST = 3  # a page names so many of one clause or rule


@cache
def worn() -> dict[str, list[str]]:
    """Every clause with the tests that wear it and always run, in the order of their files."""
    found: dict[str, list[str]] = {}
    for mark in wearings():
        if mark.on_a_test and not mark.skipped and mark.where not in found.setdefault(mark.id, []):
            found[mark.id].append(f"tests/{mark.where}")
    return found


def of_rules() -> dict[str, list[str]]:
    """Every rule with its own tale first."""
    with (SELF_CHECK / "catalogue.tsv").open(encoding="utf-8", newline="") as lines:
        rules = list(csv.DictReader(lines, delimiter="\t"))
    own = {rule: f"{TOLD}[{name}]" for name, told in tales() for rule in told}
    found = {}
    for rule in rules:
        others = (test for test in sorted(set(worn().get(rule["clause"], ()))) if speaks_of(test, rule["of"]))
        named = [own.get(rule["id"], PRINTED), *(test for test in others if test not in (TOLD, PRINTED))]
        found[rule["id"]] = named[:MOST]
    return found


def tales() -> Iterator[tuple[str, list[str]]]:
    """Each tale with the rules that it tries, from its decorator."""
    for path in sorted(TALES.glob("of_*.py")):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            for one in function.decorator_list if isinstance(function, ast.FunctionDef) else ():
                if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "tale":
                    yield function.name, [ast.literal_eval(rule) for rule in one.args]


def speaks_of(test: str, of: str) -> bool:
    """Whether the test itself names the deadline, the indicator or the paper of a rule."""
    words = rf"K{of}(?!\d)" if of.isdecimal() else rf"(?<![\w-]){re.escape(of.split()[0])}(?![\w-])"
    return re.search(words, _source(test)) is not None


def _source(test: str) -> str:
    where, *_, name = test.split("::")
    return _functions(where)[name]


@cache
def _functions(where: str) -> dict[str, str]:
    source = (TESTS.parent / where).read_text(encoding="utf-8")
    found = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name: ast.get_source_segment(source, node) or "" for node in found}


def write() -> None:
    kept = {
        "clauses": {clause: sorted(set(tests))[:MOST] for clause, tests in sorted(worn().items())},
        "rules": of_rules(),
    }
    PROOFS.write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
