"""docs/security.md and its two tables: what they call done has a test that is there, and their figures are the code's. No database.

The numbers of the requirements are those of OWASP ASVS 5.0 (levels 1 and 2); what they ask stands in the table in our words.
"""

import ast
import csv
import re
from collections import Counter
from datetime import timedelta
from functools import cache
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
STATES = {"done", "not done", "operator"}
A_TEST = re.compile(r"tests/[\w/]+\.py::test_\w+")
# Section: the numbers of its requirements of level 1 and 2.
ASVS = """
1.1 1 2
1.2 1 2 3 4 5 6 7 8 9
1.3 1 2 3 4 5 6 7 8 9 10 11
1.4 1 2 3
1.5 1 2
2.1 1 2 3
2.2 1 2 3
2.3 1 2 3 4
2.4 1
3.2 1 2
3.3 1 2 3 4
3.4 1 2 3 4 5 6
3.5 1 2 3 4 5
3.7 1 2
4.1 1 2 3
4.2 1
4.3 1 2
4.4 1 2 3 4
5.1 1
5.2 1 2 3
5.3 1 2
5.4 1 2 3
6.1 1 2 3
6.2 1 2 3 4 5 6 7 8 9 10 11 12
6.3 1 2 3 4
6.4 1 2 3 4
6.5 1 2 3 4 5
6.6 1 2 3
6.8 1 2 3 4
7.1 1 2 3
7.2 1 2 3 4
7.3 1 2
7.4 1 2 3 4 5
7.5 1 2
7.6 1 2
8.1 1 2
8.2 1 2 3
8.3 1
8.4 1
9.1 1 2 3
9.2 1 2 3 4
10.1 1 2
10.2 1 2
10.3 1 2 3 4
10.4 1 2 3 4 5 6 7 8 9 10 11
10.5 1 2 3 4 5
10.6 1 2
10.7 1 2 3
11.1 1 2
11.2 1 2 3
11.3 1 2 3
11.4 1 2 3 4
11.5 1
11.6 1
12.1 1 2 3
12.2 1 2
12.3 1 2 3 4
13.1 1
13.2 1 2 3 4 5
13.3 1 2
13.4 1 2 3 4 5
14.1 1 2
14.2 1 2 3 4
14.3 1 2 3
15.1 1 2 3
15.2 1 2 3
15.3 1 2 3 4 5 6 7
16.1 1
16.2 1 2 3 4 5
16.3 1 2 3 4
16.4 1 2 3
16.5 1 2 3
17.1 1
17.2 1 2 3 4
17.3 1 2
"""
DENGBAO = "1abcd 2abcdefg 3abcd 4abcdef 5 6 7ab 8ab 9abc 10ab 11ab"


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "docs" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def asvs_ids() -> list[str]:
    return [f"{section}.{n}" for section, *numbers in map(str.split, ASVS.strip().split("\n")) for n in numbers]


def dengbao_ids() -> list[str]:
    split = [re.fullmatch(r"(\d+)([a-z]*)", word).groups() for word in DENGBAO.split()]
    return [f"8.1.4.{n} {letter}".strip() for n, letters in split for letter in letters or [""]]


@cache
def names_in(file: str) -> set[str]:
    path = ROOT / file
    if not path.is_file():
        return set()
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.name for node in tree if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def is_there(test: str) -> bool:
    file, _, name = test.partition("::")
    return name in names_in(file)


def faults(table: list[dict[str, str]]) -> list[str]:
    """What is wrong with the rows of a table, each by itself."""
    found = []
    for row in table:
        tests, state = row["tests"].split(), row["state"]
        if row["applies"] != "yes":
            wrong = not re.fullmatch("no: .{5,}", row["applies"]) or state or tests
            found += [f"{row['id']}: does not apply, but why, or with a state"] if wrong else []
            continue
        found += [f"{row['id']}: {state!r} is no state"] if state not in STATES else []
        found += [f"{row['id']}: done, and no test"] if state == "done" and not tests else []
        found += [f"{row['id']}: nobody knows where or why"] if not row["where"] or not row["asks"] else []
        found += [f"{row['id']}: {test} is not there" for test in tests if not is_there(test)]
    return found


def sections() -> dict[str, str]:
    return dict(re.findall(r"^## (\d+)\. [^\n]+\n(.*?)(?=^## |\Z)", PAGE, re.S | re.M))


def test_every_requirement_stands_there_once_and_what_is_done_names_a_test():
    for name, ids in (("asvs.csv", asvs_ids()), ("dengbao.csv", dengbao_ids())):
        table = rows(name)
        assert [row["id"] for row in table] == ids
        assert faults(table) == []


def test_a_wrong_row_is_found():
    good = {"id": "1.1.1", "asks": "x", "applies": "yes", "state": "done", "where": "x"}
    good |= {"tests": "tests/foundation/test_security_table.py::test_a_wrong_row_is_found"}
    assert faults([good]) == []
    wrong = [
        {"state": "nearly"},
        {"tests": ""},
        {"where": ""},
        {"tests": "tests/nowhere.py::test_x"},
        {"tests": "tests/foundation/test_security_table.py::test_x"},
        {"applies": "no"},
        {"applies": "no: there is none of it"},
    ]
    assert [len(faults([good | change])) for change in wrong] == [1] * len(wrong)


def test_the_counts_of_the_page_are_those_of_the_tables():
    for name in ("asvs.csv", "dengbao.csv"):
        counted = Counter(row["state"] or "does not apply" for row in rows(name))
        said = re.search(rf"^\| `docs/{name}` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", PAGE, re.M).groups()
        assert [int(n) for n in said] == [counted[s] for s in ("done", "not done", "operator", "does not apply")], name


def test_every_threat_names_a_test_that_is_there():
    threats = [line for line in sections()["4"].splitlines() if line.startswith("| ")][1:]
    assert len(threats) >= 30
    assert [line for line in threats if not A_TEST.search(line)] == []
    assert [test for test in A_TEST.findall(PAGE) if not is_there(test)] == []


def test_what_a_documentation_row_rests_on_is_a_section_of_the_page():
    """ASVS asks for documents: each such row names its section, and each section says more than a line."""
    named = {n for row in rows("asvs.csv") for n in re.findall(r"docs/security\.md (\d+)", row["where"])}
    assert named >= {"5", "6", "7", "8", "9", "10", "11"}
    assert {n for n in named if len(sections().get(n, "")) < 200} == set()


def value_of(place: str):
    """`module:NAME[key].attribute`."""
    module, name, key, attribute = re.fullmatch(r"([\w.]+):(\w+)(?:\[(\w+)\])?(?:\.(\w+))?", place).groups()
    value = getattr(import_module(module), name)
    value = value[key] if key else value
    return getattr(value, attribute) if attribute else value


def test_the_limits_said_are_those_of_the_code():
    limits = re.findall(r"^\| ([^|]+) \| ([\d]+)( MiB| days| min)? \| `([^`]+)` \|$", sections()["6"], re.M)
    assert len(limits) >= 30
    sizes = {"": 1, " MiB": 2**20, " days": timedelta(days=1), " min": timedelta(minutes=1)}
    said = {place: int(number) * sizes[unit] for _, number, unit, place in limits}
    assert said == {place: value_of(place) for place in said}
    lines = [line for line in sections()["6"].splitlines() if re.match(r"\| .*`\w+[.\w]*:", line)]
    assert len(lines) == len(limits), "a line that was not read"


def test_every_key_of_the_environment_stands_in_the_inventory():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    keys = set(re.findall(r"^(?:# )?(\w*(?:KEY|PASSWORD|SECRET|RECIPIENTS)\w*)=", example, re.M))
    assert len(keys) >= 12
    assert {key for key in keys if f"`{key}`" not in sections()["8"]} == set()
