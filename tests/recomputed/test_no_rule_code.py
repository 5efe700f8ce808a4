"""The recomputation would prove nothing if it asked the system's own rules."""

import ast
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MODULES = sorted(path for path in HERE.glob("*.py") if not path.name.startswith("test_"))
ALLOWED = {"django.db"}  # the connection, for SQL


def taken(source: str):
    """Every module that a file imports from elsewhere than Python's own library and this package."""
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        yield from (name for name in names if name.partition(".")[0] not in sys.stdlib_module_names)
        if isinstance(node, ast.ImportFrom) and node.level > 1:
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_the_recomputation_takes_nothing_from_the_system_but_its_database(path):
    assert set(taken(path.read_text(encoding="utf-8"))) <= ALLOWED


def test_the_check_would_see_a_rule_that_is_borrowed():
    borrowed = "from plans.quotas import quotas\nimport registry.frames as frames\nfrom ..factories import make_unit\nfrom . import lines\nimport re"
    assert set(taken(borrowed)) == {"plans.quotas", "registry.frames", "..factories"}
