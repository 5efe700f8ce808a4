"""Who may import whom: benxi_shuangsuiji ← registry ← plans ← inspections ← disclosure (code-style.md 2)."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = ["benxi_shuangsuiji", "registry", "plans", "inspections", "disclosure"]
# These join everything, by their nature.
JOINS = {"benxi_shuangsuiji/urls.py", "benxi_shuangsuiji/subjects.py", "benxi_shuangsuiji/settings.py"}
# The demo plays every app's actions (decisions.md 8).
JOIN_FOLDERS = ("benxi_shuangsuiji/demo/", "benxi_shuangsuiji/management/commands/demo.py")
PURE = [
    "plans/draw/ssj1.py",
    "disclosure/register/pub1.py",
    "plans/lists/changes.py",
    "benxi_shuangsuiji/policy",
    "benxi_shuangsuiji/workdays/days.py",
    "benxi_shuangsuiji/workdays/arrangements.py",
    "benxi_shuangsuiji/workdays/notice.py",
    "benxi_shuangsuiji/notices/deadlines/ics.py",
]
SOURCES = [p for app in ORDER for p in sorted((ROOT / app).rglob("*.py"))]


MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in SOURCES}


def module_of(node: ast.ImportFrom, package: tuple[str, ...]) -> str:
    """The module of a from-import, absolute; `package` is that of the file in which it stands."""
    base = list(package[: len(package) - node.level + 1]) if node.level else []
    return ".".join([*base, node.module] if node.module else base)


def imports_of(path: Path, *, names: bool = False, root: Path = ROOT):
    """Every module a file imports, absolute, with the line; with `names` also each `module.name` of a from-import."""
    package = path.relative_to(root).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            module = module_of(node, package)
            yield module, node.lineno
            if names:
                yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)


def wrong_way(path: Path, imported: str) -> bool:
    mine, theirs = path.relative_to(ROOT).parts[0], imported.split(".")[0]
    return theirs in ORDER and ORDER.index(theirs) > ORDER.index(mine)


def test_imports_run_only_leftwards():
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in SOURCES
        if str(path.relative_to(ROOT)) not in JOINS and not str(path.relative_to(ROOT)).startswith(JOIN_FOLDERS)
        for module, line in imports_of(path)
        if wrong_way(path, module)
    ]
    assert wrong == []


def test_the_check_would_see_a_wrong_import():
    assert wrong_way(ROOT / "registry" / "views.py", "plans.models")
    assert not wrong_way(ROOT / "plans" / "views.py", "registry.models")


@pytest.mark.parametrize("folder", PURE)
def test_pure_packages_import_no_django(folder):
    place = ROOT / folder
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    assert [f"{f.name}:{line} {m}" for f in files for m, line in imports_of(f) if m.split(".")[0] == "django"] == []


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def private_names_in(tree: ast.Module, package: tuple[str, ...]):
    """What a file of this package takes of another although its name says that it is nobody else's, with the line."""
    foreign = {}  # what another package's module is called here
    for node in ast.walk(tree):
        module = module_of(node, package) if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names if module.split(".")[0] in ORDER else ():
            name = f"{module}.{alias.name}"
            if name in MODULES and module != ".".join(package):
                foreign[alias.asname or alias.name] = name
            elif is_private(alias.name) and module.rpartition(".")[0] != ".".join(package):
                yield name, node.lineno
    for node in ast.walk(tree):
        of_module = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in foreign
        if of_module and is_private(node.attr):
            yield f"{foreign[node.value.id]}.{node.attr}", node.lineno


def test_no_module_takes_a_private_name_of_another_package():
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in SOURCES
        for name, line in private_names_in(
            ast.parse(path.read_text(encoding="utf-8")), path.relative_to(ROOT).with_suffix("").parts[:-1]
        )
    ]
    assert found == []


def test_the_check_would_see_a_private_name():
    text = """
from plans.quarterly.actions import _locked_plan, submit_plan
from plans.quarterly import actions as others
from . import rules
from .pages import _row
others._save(rules._own, others.__name__)
"""
    assert list(private_names_in(ast.parse(text), ("plans", "draw"))) == [
        ("plans.quarterly.actions._locked_plan", 2),
        ("plans.quarterly.actions._save", 6),
    ]


CLOCKS = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("time", "time"),
}
# Sign-in times, a form that waits for one, and the watchdog use the machine's time (decisions.md 8).
MACHINE_TIME = {
    "benxi_shuangsuiji/accounts/access.py",
    "benxi_shuangsuiji/accounts/fresh.py",
    "benxi_shuangsuiji/accounts/lockouts.py",
    "benxi_shuangsuiji/accounts/devices.py",
    "benxi_shuangsuiji/accounts/purge.py",
    "benxi_shuangsuiji/accounts/second_factor.py",
    "benxi_shuangsuiji/accounts/second_factor_actions.py",
    "benxi_shuangsuiji/accounts/sign_in_views.py",
    "benxi_shuangsuiji/forms/kept.py",
    "benxi_shuangsuiji/backup/health.py",  # a timer of the machine makes backups
    "benxi_shuangsuiji/health/questions.py",  # certificates end in the world's time
    "benxi_shuangsuiji/management/commands/worker.py",
    "benxi_shuangsuiji/machine/equipment.py",
    "benxi_shuangsuiji/machine/devdb.py",
    "benxi_shuangsuiji/machine/processes.py",
    "disclosure/register/clocks.py",  # compares the machine with its database
}


@pytest.mark.promise("P17")
def test_time_comes_from_the_one_clock():
    found = []
    for path in SOURCES:
        name = str(path.relative_to(ROOT))
        if name in MACHINE_TIME or "/migrations/" in name:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and (node.func.value.id, node.func.attr) in CLOCKS
            ):
                found.append(f"{name}:{node.lineno}")
            if isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
                found.append(f"{name}:{node.value.lineno} {node.arg}")
    assert found == []


UNSAFE = ["mark_safe", "|safe", "autoescape off", ".extra(", "RawSQL", "csrf_exempt", "cache_page"]


@pytest.mark.promise("P22")
def test_nothing_switches_escaping_or_protection_off():
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in [*SOURCES, *sorted((ROOT / "templates").rglob("*.html"))]
        for word in UNSAFE
        if word in path.read_text(encoding="utf-8")
    ]
    # The forms at /v/ carry no sign-in and no cookie: there is nobody whose authority another site could borrow.
    # What is open to all reads only: whatever is sent there is answered by 405, not as a form that has expired.
    # The manual is our own text, read with HTML switched off (`tests/help/`).
    # `days` escapes the sentence first; what it then puts in are digits it has matched.
    assert found == [
        "benxi_shuangsuiji/help/manual.py: mark_safe",
        "benxi_shuangsuiji/templatetags/words.py: mark_safe",
        "inspections/codes/pages.py: csrf_exempt",
        "disclosure/site/freshness.py: csrf_exempt",
    ]


# What runs, reads as code or fetches whatever somebody has written (ASVS 1.2.5, 1.3.2, 1.3.6, 1.3.7, 1.5.2, 13.2.4).
RUNS = ["shell=True", "os.system", "eval", "exec", "pickle", "yaml", "marshal", "Template", "Engine"]
FETCHES = ["urllib.request", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "http.client", "socket", "smtplib"]
RUNS_OR_FETCHES = {
    "benxi_shuangsuiji/machine/processes.py": {"http.client", "socket"},  # the demo asks whether its own page is there
    "benxi_shuangsuiji/notices/webhook.py": {
        "http.client"
    },  # to the operator's robot alone, https, no other address followed
    "benxi_shuangsuiji/notices/mails.py": {"smtplib"},  # names of its faults; the one server is the operator's
}


def test_nothing_runs_or_fetches_what_somebody_has_written():
    found = {}
    for path in SOURCES:
        text, words = path.read_text(encoding="utf-8"), set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                words.add(node.func.id)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                words.add(ast.unparse(node.func))
            if isinstance(node, ast.keyword) and node.arg == "shell":
                words.add(ast.unparse(node).replace(" ", ""))
        words |= {module for module, _ in imports_of(path)}
        if wrong := words & {*RUNS, *FETCHES}:
            found[str(path.relative_to(ROOT))] = wrong
    assert found == RUNS_OR_FETCHES


def test_scripts_put_words_in_as_text_and_hear_only_this_site():
    """What a script makes of a page is text (ASVS 3.2.2); its own worker speaks to it, and no other page (3.5.5)."""
    words = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted((ROOT / "static").rglob("*.js"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if any(word in line for word in words) or '"message"' in line
    ]
    assert found == [
        'field-worker.js: self.addEventListener("message", (event) => event.waitUntil(Field.renew(event.data === "whole")));',
        "photo.js: words.innerHTML = '<br><span class=\"st\"><span></span></span>';",
    ]


def test_no_script_can_change_what_all_objects_share():
    """Where nothing is written two keys deep, a key `__proto__` in a file reaches no further than its own object (ASVS 15.3.6)."""
    two_deep = re.compile(
        r"\]\s*\[[^\]\"']+\]\s*(?:\|\|=|\?\?=|=[^=>])|__proto__|setPrototypeOf|\.prototype\b(?!\.hasOwnProperty\.call)"
    )
    assert two_deep.search("kinds[one][two] = 3") and two_deep.search("Array.prototype.last = f")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted((ROOT / "static").rglob("*.js"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if two_deep.search(line)
    ]
    assert found == []


def test_a_broken_hash_only_tells_that_something_changed():
    """MD5 stands for no text, key or person (ASVS 11.4.1): whether a public page must be made anew, which says the room's
    nameplate, and whether the list that is confirmed is still the one that was shown.
    """
    found = {
        str(path.relative_to(ROOT))
        for path in [*SOURCES, *(p for app in ORDER for p in (ROOT / app).rglob("*.sql"))]
        if any(word in path.read_text(encoding="utf-8").lower() for word in ("md5", "sha1("))
    }
    assert {path for path in found if not path.endswith("/subject.py")} == {"registry/audits/standing.py"}


def test_there_is_no_file_named_for_nothing_in_particular():
    assert [str(p) for p in SOURCES if p.stem in {"utils", "helpers", "common", "misc", "services"}] == []


def test_no_module_is_longer_than_is_read_at_a_sitting():
    """400 lines. What is longer is one table, or one program that people take away whole."""
    long = {
        str(p.relative_to(ROOT))
        for p in SOURCES
        if "migrations" not in p.parts and p.read_text("utf-8").count("\n") > 400
    }
    assert long == {
        "registry/columns.py",
        "benxi_shuangsuiji/policy/clauses.py",
        "disclosure/register/pub1.py",
        "plans/draw/ssj1.py",
    }
