"""A migration says the same whenever it runs: it asks nothing that the program may say otherwise tomorrow (issue 15)."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("benxi_shuangsuiji", "plans", "registry", "inspections", "disclosure")
# Of how a column is made or a secret is kept, which every version of the program must still know:
KINDS = {
    "benxi_shuangsuiji.database.keys",
    "benxi_shuangsuiji.database.tables",
    "benxi_shuangsuiji.sealing",
    "inspections.models",
}


def imported(path: Path) -> set[str]:
    """Modules of ours, with the name that is taken where a package is named; inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found |= {node.module if node.module.count(".") else f"{node.module}.{a.name}" for a in node.names}
    return {name for name in found if name.partition(".")[0] in APPS}


def test_no_migration_asks_what_the_program_says_today():
    files = [p for app in APPS for p in (ROOT / app).rglob("migrations/[0-9]*.py")]
    assert len(files) > 10
    living = {f"{p.relative_to(ROOT)}: {name}" for p in files for name in imported(p) - KINDS}
    assert not living
