"""The floor plan says what is there: names and rooms of the pages for newcomers, read from the files, no database.

In `code` a path exists, with `<app>` and `<room>` for any; a bare file name is that of some module; `module:name` is
defined there; a dotted module of ours is a module.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from benxi_shuangsuiji import subjects

ROOT = Path(__file__).resolve().parent.parent
PLAN = ROOT / "docs/architecture.md"
PAGES = ["docs/architecture.md", "CONTRIBUTING.md", "plans/draw/README.md"]
APPS = ("benxi_shuangsuiji", "registry", "plans", "inspections", "disclosure")
ROOTS = (*APPS, "tests", "templates", "static", "docs", ".ci")
FILE = re.compile(r"[\w.<>*-]+\.(?:py|sql|md|html|css|js|json|txt|toml|yaml|yml|conf)")
# Names of the specification's files as citizens download them, and of what only a running system writes.
ELSEWHERE = {"bundle.json", "2026.json"}


def codes(text: str) -> list[str]:
    """What stands in `code` outside of blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))


@cache
def defined(path: Path) -> set[str]:
    """Functions, classes, methods (`Class.method`) and constants of a module."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{m.name}" for m in node.body if isinstance(m, ast.FunctionDef)}
        if isinstance(node, ast.Assign):
            names |= {t.id for t in node.targets if isinstance(t, ast.Name)}
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def file_of(module: str) -> Path | None:
    stem = ROOT / module.replace(".", "/")
    return next((p for p in (stem.with_suffix(".py"), stem / "__init__.py") if p.is_file()), None)


def there(pattern: str) -> bool:
    """Whether a path, or one that fits its placeholders, exists; of a room's file any room's."""
    pattern = re.sub(r"^<room>", "<app>/<room>", pattern)
    return any(
        ".venv" not in found.parts
        for place in (pattern, f"benxi_shuangsuiji/{pattern}")
        for found in ROOT.glob(re.sub(r"<\w+>", "*", place).rstrip("/"))
    )


def why_not(code: str) -> str:
    """Why a name in `code` is wrong; "" when it is right, or no name of ours."""
    if ":" in code and re.fullmatch(r"[\w.]+:[\w.]+", code) and code.split(".")[0] in ROOTS:
        module, name = code.split(":")
        path = file_of(module)
        if path is None:
            return f"{code}: no such module"
        return "" if name in defined(path) else f"{code}: nothing of that name"
    if re.fullmatch(r"[\w.]+", code) and "." in code and code.split(".")[0] in APPS:
        return "" if file_of(code) else f"{code}: no such module"
    if "/" in code and re.fullmatch(r"[\w./<>*-]+", code) and not code.startswith("/"):
        return "" if there(code) else f"{code}: no such path"
    if FILE.fullmatch(code) and code not in ELSEWHERE:
        return "" if (ROOT / code).is_file() or there(f"**/{code}") else f"{code}: no such file"
    return ""


@pytest.mark.parametrize("page", PAGES)
def test_names_of_the_page_exist(page):
    assert [why for code in codes((ROOT / page).read_text(encoding="utf-8")) if (why := why_not(code))] == []


@pytest.mark.parametrize(
    "code, words",
    [
        ("plans.draw.actions:hold_draw", ""),
        ("plans.draw.models:Pick", ""),
        ("plans.draw.actions:hold_drawn", "nothing of that name"),
        ("plans.drawn.actions:hold_draw", "no such module"),
        ("plans.drawn", "no such module"),
        ("<room>/actions.py", ""),
        ("<room>/deeds.py", "no such path"),
        ("plans/draw/", ""),
        ("plans/drawn/", "no such path"),
        ("tests/<app>/<room>/", ""),
        ("rules.py", ""),
        ("ruler.py", "no such file"),
        ("policy.on(day)", ""),
    ],
)
def test_a_name_that_is_not_there_is_found(code, words):
    assert words in why_not(code) and bool(why_not(code)) == bool(words)


def test_the_rooms_are_those_of_the_code_in_their_order():
    plan = PLAN.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### (\w+).*?\n(.*?)(?=^##|\Z)", plan, flags=re.S | re.M))
    told = [f"{app}.{room}" for app, text in sections.items() for room in re.findall(r"\*\*`(\w+)`\*\*", text)]
    assert told == [room for room in subjects.ROOMS if not room.startswith("benxi_shuangsuiji.")]


def test_every_foundation_is_told():
    plan = PLAN.read_text(encoding="utf-8")
    table = plan.partition("## Foundations")[2].partition("\n## ")[0]
    folders = {p.parent.name for p in (ROOT / "benxi_shuangsuiji").glob("*/__init__.py")}
    told = {name.rstrip("/") for name in re.findall(r"^\| `(\w+/)`", table, flags=re.M)}
    assert folders - told == {"management", "migrations", "templatetags"}  # what Django asks for
    assert told <= folders


def test_the_contents_of_ssj1_are_its_rulers_in_their_order():
    source = (ROOT / "plans/draw/ssj1.py").read_text(encoding="utf-8")
    ruled = re.findall(r"^# -{60,}\n# (.+)\n# -{60,}$", source, re.M)
    listed = [re.split(r"  +", row.strip()) for row in re.findall(r"^    §.+", source, re.M)]
    assert [title for _, title, *_ in listed] == [re.sub(r"§[\d.]+ | \(§.*", "", title) for title in ruled]
    names = defined(ROOT / "plans/draw/ssj1.py")
    assert [name for row in listed for name in re.findall(r"\w+", row[2]) if name not in names] == []
    tests = {word for row in listed for word in row[3].split(", ")}
    there = {p.stem.removeprefix("test_") for p in (ROOT / "tests/draw").glob("test_*.py")}
    assert tests | {"javascript"} == there  # that one is named above the table, since it is of every part
