"""Plugin: the slow set. Left out of a run of the suite, run in named groups by `manage.py check_all`.

What kills processes, starts a second server, plays a year, needs a program that most machines lack, or takes more than
15 s of processor time wears `@pytest.mark.slow("group")`; the groups stand in `suite.GROUPS`. A run leaves these tests
out and says how many; a file or a test named in the command runs whole. Before anything is left out, the names of all
tests are kept for `tests/setup/test_names.py`.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from benxi_shuangsuiji.machine import suite

TESTS = Path(__file__).parent
NAMES = pytest.StashKey[Counter[str]]()  # of every test of the tree; absent where only a part was collected
LEFT_OUT = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", metavar="GROUP", help=f"run this group of the slow set alone: {', '.join(suite.GROUPS)}")


@pytest.hookimpl(tryfirst=True)  # before -k and -m take their share
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if is_whole(config):
        config.stash[NAMES] = Counter(item.nodeid.partition("::")[2] for item in items)
    asked = config.getoption("--slow")
    named = [Path(config.invocation_params.dir, argument).resolve() for argument in files_named(config)]
    runs, left_out = [], []
    for item in items:
        group = group_of(item)
        wanted = group == asked if asked else group is None or item.path in named
        (runs if wanted else left_out).append(item)
    if left_out:
        items[:] = runs
        config.hook.pytest_deselected(items=left_out)
    config.stash[LEFT_OUT] = 0 if asked else len(left_out)


def is_whole(config: pytest.Config) -> bool:
    """Whether the whole tree was asked for; on a worker of xdist its paths come as arguments."""
    whole = {(config.rootpath / path).resolve() for path in config.getini("testpaths")}
    asked = {(config.rootpath / argument).resolve() for argument in config.args}
    return asked == whole and not (config.getoption("ignore") or config.getoption("ignore_glob"))


def files_named(config: pytest.Config) -> list[str]:
    """The files among the arguments, whether one of their tests was named or all."""
    return [path for argument in config.args if (path := argument.partition("::")[0]).endswith(".py")]


def group_of(item: pytest.Item) -> str | None:
    """The group of the slow set to which a test belongs."""
    mark = item.get_closest_marker("slow")
    return mark.args[0] if mark else None


def groups_in(source: str) -> Iterator[str]:
    """Every group that a `slow` mark of this source names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.slow":
            yield ast.literal_eval(node.args[0])


def pytest_sessionfinish(session: pytest.Session) -> None:
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """With xdist the workers collect, each of them everything; the last answer is everybody's."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if number := terminalreporter.config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"慢测试 {number} 项没有运行；用 python3 manage.py check_all 运行。")
