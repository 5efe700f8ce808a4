"""A room a subject, three floors in every app, and who may go where (docs/architecture.md).

* facts (`models`, `states`, SSJ1): any room of the app may read them;
* work (rules, actions, duties, computations): from rooms earlier in the declared order, and any facts;
* pages (forms, pages, papers, sheets, views): any work and facts, but never another room's views.

The order of the rooms is that of `benxi_shuangsuiji/subjects.py`; each app imports only from its left (test_layers.py).
"""

from pathlib import Path

import pytest

from benxi_shuangsuiji import subjects
from tests.test_layers import ROOT, SOURCES, imports_of

APPS = ("registry", "plans", "inspections", "disclosure")
ROOMS = {app: tuple(n.partition(".")[2] for n in subjects.ROOMS if n.startswith(f"{app}.")) for app in APPS}
FACTS = {"models", "states", "ssj1", "pub1"}
PAGES = {
    "forms",
    "fields",
    "pages",
    "papers",
    "paper",
    "sheets",
    "views",
    "urls",
    "admin",
    "subject",
    "record",
    "rows",
} | {
    "selection",  # what an address asks of the list
    "badges",  # counts in the navigation
    "reckoning",  # the figures beside the editor
    "notice",  # a paper
    "jobs",  # a workbook made by the worker
    "ledger",  # the page of a freeze
}
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in SOURCES}


def room_of(module: str) -> tuple[str, str]:
    """App and room; the room is "" for what stands in the app's hall."""
    app, *rest = module.removesuffix(".__init__").split(".")
    return (app, rest[0]) if rest and rest[0] in ROOMS.get(app, ()) else (app, "")


def floor(module: str) -> int:
    """1 facts, 2 work, 3 pages; told by the last word of the module's name (plans.draw.stage_views → 3)."""
    if ".admin." in f"{module}.":
        return 3  # Django's admin is pages, whatever its files are called
    word = module.removesuffix(".__init__").rpartition(".")[2].rpartition("_")[2]
    return 1 if word in FACTS else 3 if word in PAGES else 2


def why_not(here: str, there: str) -> str:
    """Why the module `here` may not import `there`; "" when it may."""
    (app, room), (other_app, other) = room_of(here), room_of(there)
    if there.startswith("benxi_shuangsuiji.demo") and not here.startswith("benxi_shuangsuiji.demo"):
        return f"{here} imports the demo"
    if floor(there) == 3 and there.endswith("views") and (app, room) != (other_app, other) and room:
        return f"{here} enters another room by its window: {there}"
    if not room or not other or (app, room) == (other_app, other) or floor(there) == 1:
        return ""
    if floor(there) == 3 and floor(here) < 3:
        return f"{here} looks up to {there}"
    if app != other_app:
        return ""
    if floor(here) < floor(there):
        return f"{here} looks up to {there}"
    late = ROOMS[app].index(other) > ROOMS[app].index(room)
    return f"{room} stands before {other}: {here} imports {there}" if floor(here) == 2 and late else ""


def imports_in(here: str, path: Path, root: Path = ROOT) -> set[tuple[str, str]]:
    """The pairs (module, module it imports) of one file, modules of ours only; `from package import module` names it."""
    found = {there for there, _ in imports_of(path, names=True, root=root) if there in MODULES}
    return {(here, there) for there in found if not any(other.startswith(f"{there}.") for other in found)}


def imports_of_every_file() -> list[tuple[str, str]]:
    """Those of all of them but migrations, and the commands, which join everything."""
    left_out = ROOT / "benxi_shuangsuiji/management"
    files = {m: p for m, p in MODULES.items() if "/migrations/" not in str(p) and not p.is_relative_to(left_out)}
    return sorted(set().union(*(imports_in(here, path) for here, path in files.items())))


def test_every_import_keeps_to_the_floors_and_the_order_of_the_rooms():
    assert [why for here, there in imports_of_every_file() if (why := why_not(here, there))] == []


@pytest.mark.parametrize(
    "here, there, words",
    [
        ("plans.filings.actions", "plans.draw.pages", "looks up"),
        ("plans.lists.rules", "plans.filings.actions", "lists stands before filings"),
        ("registry.tags.views", "registry.facilities.list_views", "enters another room by its window"),
        ("inspections.checks.models", "inspections.checks.rules", ""),
        ("inspections.checks.models", "inspections.visits.rules", "looks up"),
        ("disclosure.site.views", "inspections.visits.views", "enters another room by its window"),
        ("plans.quarterly.actions", "benxi_shuangsuiji.demo.player", "imports the demo"),
        ("plans.filings.actions", "plans.draw.actions", ""),
        ("plans.lists.actions", "plans.filings.models", ""),
        ("plans.lists.views", "plans.filings.actions", ""),
    ],
)
def test_the_check_sees_each_kind_of_wrong_import(here, there, words):
    assert words in why_not(here, there) and bool(why_not(here, there)) == bool(words)


@pytest.mark.parametrize(
    "here, line, words",
    [
        ("plans.filings.actions", "from plans.draw.pages import tone_of", "looks up"),
        ("inspections.coverage.pace", "from plans.draw import pages", "looks up"),
        ("inspections.checks.models", "from inspections.visits import rules", "looks up"),
        ("plans.lists.rules", "from plans import filings", "lists stands before filings"),
        ("plans.lists.rules", "import plans.filings.actions", "lists stands before filings"),
        ("registry.tags.views", "from registry.facilities import list_views", "enters another room by its window"),
        ("plans.quarterly.actions", "from benxi_shuangsuiji import demo", "imports the demo"),
        ("plans.quarterly.actions", "import benxi_shuangsuiji.demo", "imports the demo"),
        ("plans.quarterly.actions", "def late():\n    from benxi_shuangsuiji.demo import player", "imports the demo"),
    ],
)
def test_a_planted_file_is_seen(tmp_path, here, line, words):
    planted = tmp_path / (here.replace(".", "/") + ".py")
    planted.parent.mkdir(parents=True)
    planted.write_text(f"{line}\n")
    assert words in "；".join(why_not(*pair) for pair in imports_in(here, planted, root=tmp_path))


def test_every_folder_of_an_app_is_a_room_of_the_declared_order():
    for app, rooms in ROOMS.items():
        folders = {p.parent.name for p in (ROOT / app).glob("*/__init__.py")} - {"migrations", "management"}
        assert folders == set(rooms)


def circle(edges: dict[str, set[str]]) -> list[str]:
    """One circle in a graph, or []."""
    state: dict[str, int] = {}
    path: list[str] = []

    def walk(node: str) -> list[str]:
        state[node] = 1
        path.append(node)
        for following in sorted(edges.get(node, ())):
            if state.get(following) == 1:
                return path[path.index(following) :]
            if following not in state and (found := walk(following)):
                return found
        state[node] = 2
        path.pop()
        return []

    return next((found for node in sorted(edges) if node not in state and (found := walk(node))), [])


def work_graph(imports: list[tuple[str, str]]) -> dict[str, set[str]]:
    """Rooms of one app and the rooms whose work their work stands on."""
    edges: dict[str, set[str]] = {}
    for here, there in imports:
        (app, room), (other_app, other) = room_of(here), room_of(there)
        if app == other_app and room and other and room != other and floor(here) == floor(there) == 2:
            edges.setdefault(f"{app}.{room}", set()).add(f"{app}.{other}")
    return edges


def test_no_room_stands_on_itself():
    assert circle(work_graph(imports_of_every_file())) == []


def test_the_search_for_circles_finds_one():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c"]
    assert circle({"a": {"b", "c"}, "b": {"c"}}) == []
