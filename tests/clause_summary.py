"""Which tests carry out which clause: the marks of the whole tree, read from its source.

Read, not collected, so that the answer is the same when one test is run, or on every xdist worker. As a
pytest plugin (`pytest_plugins = ["tests.clause_summary"]`) it also writes the count under every run.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from benxi_shuangsuiji.policy.clauses import CARRIED_OUT, CLAUSES, THIN

TESTS = Path(__file__).parent
NEVER_SURE_TO_RUN = {"skip", "skipif", "xfail", "skipIf", "skipUnless", "expectedFailure"}


@dataclass(frozen=True)
class Wearing:
    """One test wearing one id: of a clause, a promise, a story."""

    id: str
    where: str
    skipped: bool = False
    on_a_test: bool = True


@dataclass
class _Marks:
    """What a decorator list or `pytestmark` says."""

    ids: list[str] = field(default_factory=list)
    skipped: bool = False

    def __add__(self, other: "_Marks") -> "_Marks":
        return _Marks(self.ids + other.ids, self.skipped or other.skipped)


def wearings(tests: Path = TESTS, mark: str = "clause") -> list[Wearing]:
    """Return every mark of this name, with its ids, of the test files below `tests`."""
    found: list[Wearing] = []
    for path in sorted(tests.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if f"mark.{mark}" in source:  # most files wear few
            found.extend(
                _File(path.relative_to(tests).as_posix(), ast.parse(source, filename=str(path)), mark).wearings()
            )
    return found


class _File:
    def __init__(self, name: str, tree: ast.Module, mark: str):
        self.name, self.mark = name, mark
        self.tree = tree
        base = name.rsplit("/", 1)[-1]
        self.collected = base.startswith("test_") or base.endswith("_test.py")
        self.names = {
            target.id: statement.value
            for statement in tree.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }

    def wearings(self) -> Iterator[Wearing]:
        found = list(self._block(self.tree.body, self._pytestmark(self.tree.body), in_class=None))
        yield from found
        # A mark that reached no test (an empty class, a plain function) proves nothing.
        reached = Counter(wearing.id for wearing in found)
        for id_, line in self._all_ids():
            if id_ not in reached:
                yield Wearing(id_, f"{self.name}:{line}", on_a_test=False)

    def _all_ids(self) -> Iterator[tuple[str, int]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and _mark_name(node.func) == self.mark:
                for id_ in _literal_ids(node):
                    yield id_, node.lineno

    def _block(self, statements: Iterable[ast.stmt], marks: _Marks, in_class: str | None) -> Iterator[Wearing]:
        statements = list(statements)
        if _skips_outright(statements):
            marks = marks + _Marks(skipped=True)
        for statement in statements:
            if isinstance(statement, ast.ClassDef):
                if statement.name.startswith("Test") or _is_unittest(statement):
                    inner = marks + self._decorators(statement) + self._pytestmark(statement.body)
                    yield from self._block(statement.body, inner, statement.name)
            elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                if statement.name.startswith("test") and self.collected:
                    yield from self._test(statement, marks, in_class)
            elif isinstance(statement, ast.If | ast.With | ast.Try):
                yield from self._block(statement.body, marks, in_class)
                yield from self._block(getattr(statement, "orelse", []), marks, in_class)

    def _test(
        self, test: ast.FunctionDef | ast.AsyncFunctionDef, marks: _Marks, in_class: str | None
    ) -> Iterator[Wearing]:
        where = "::".join(part for part in (self.name, in_class, test.name) if part)
        marks = marks + self._decorators(test)
        skipped = marks.skipped or _skips_outright(test.body)
        cases = list(self._parameters(test))
        if cases and all(case is not None and case.skipped for case in cases):
            skipped = True
        for id_ in marks.ids:
            yield Wearing(id_, where, skipped)
        for case in cases:
            if case is not None:
                for id_ in case.ids:
                    yield Wearing(id_, where, skipped or case.skipped)

    def _decorators(self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> _Marks:
        return self._read(node.decorator_list)

    def _pytestmark(self, body: Iterable[ast.stmt]) -> _Marks:
        for statement in body:
            match statement:
                case ast.Assign(targets=[ast.Name(id="pytestmark")], value=value):
                    return self._read([value])
                case ast.AnnAssign(target=ast.Name(id="pytestmark"), value=ast.expr() as value):
                    return self._read([value])
        return _Marks()

    def _read(self, expressions: Iterable[ast.expr]) -> _Marks:
        marks = _Marks()
        for expression in expressions:
            expression = self._resolve(expression)
            if isinstance(expression, ast.List | ast.Tuple):
                marks = marks + self._read(expression.elts)
                continue
            name = _mark_name(expression.func if isinstance(expression, ast.Call) else expression)
            if name == self.mark:
                marks.ids.extend(_literal_ids(expression))
            elif name in NEVER_SURE_TO_RUN:
                marks.skipped = True
        return marks

    def _parameters(self, test: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[_Marks | None]:
        """Yield the marks of every `pytest.param` of the test, and None for a case without any."""
        for decorator in test.decorator_list:
            decorator = self._resolve(decorator)
            if not (isinstance(decorator, ast.Call) and _mark_name(decorator.func) == "parametrize"):
                continue
            values = [*decorator.args[1:], *(k.value for k in decorator.keywords if k.arg == "argvalues")]
            for value in values:
                value = self._resolve(value)
                if isinstance(value, ast.List | ast.Tuple | ast.Set):
                    for case in value.elts:
                        yield from self._case(case)
                else:
                    yield from self._case(value)

    def _case(self, expression: ast.expr) -> Iterator[_Marks | None]:
        calls = [
            node
            for node in ast.walk(self._resolve(expression))
            if isinstance(node, ast.Call) and _last_name(node.func) == "param"
        ]
        if not calls:
            yield None
        for call in calls:
            yield self._read(keyword.value for keyword in call.keywords if keyword.arg == "marks")

    def _resolve(self, expression: ast.expr) -> ast.expr:
        """Follow a name to what the module assigned to it."""
        seen: set[str] = set()
        while isinstance(expression, ast.Name) and expression.id in self.names and expression.id not in seen:
            seen.add(expression.id)
            expression = self.names[expression.id]
        return expression


def _last_name(expression: ast.expr) -> str:
    if isinstance(expression, ast.Attribute):
        return expression.attr
    return expression.id if isinstance(expression, ast.Name) else ""


def _mark_name(expression: ast.expr) -> str:
    """Return `clause` for `pytest.mark.clause` or `mark.clause`, `skip` for `unittest.skip`, else ""."""
    if not isinstance(expression, ast.Attribute):
        return ""
    return expression.attr if _last_name(expression.value) in {"mark", "unittest"} else ""


def _literal_ids(mark: ast.expr) -> list[str]:
    """Return the ids a `clause(…)` call names; one that is computed is returned as its source, and fails."""
    if not isinstance(mark, ast.Call):
        return [ast.unparse(mark)]
    if not mark.args or mark.keywords:
        return [ast.unparse(mark)]
    return [
        argument.value
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        else ast.unparse(argument)
        for argument in mark.args
    ]


def _skips_outright(statements: Sequence[ast.stmt]) -> bool:
    """Say whether `pytest.skip(…)` or `pytest.xfail(…)` stands there under no condition."""
    return any(
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and ast.unparse(statement.value.func) in {"pytest.skip", "pytest.xfail", "self.skipTest"}
        for statement in statements
    )


def _is_unittest(node: ast.ClassDef) -> bool:
    return any(_last_name(base).endswith("TestCase") for base in node.bases)


def ids_digest(ids: Iterable[str]) -> str:
    return sha256("\n".join(ids).encode()).hexdigest()


def table_faults(ids: Sequence[str], carried_out: Iterable[str], *, count: int, digest: str) -> list[str]:
    """Return what is wrong with the table of clauses itself."""
    faults = [f"{id_} 在条款表中出现 {times} 次" for id_, times in Counter(ids).items() if times > 1]
    if len(ids) != count:
        faults.append(f"条款表应有 {count} 行，实有 {len(ids)} 行")
    if ids_digest(ids) != digest:
        faults.append("条款表的编号或次序与《实施方案》对照表不符")
    faults += [f"{id_} 记为已实现，但条款表中没有这一行" for id_ in sorted(set(carried_out) - set(ids))]
    return faults


def thin_faults(ids: Iterable[str], carried_out: Iterable[str], thin: Iterable[str]) -> list[str]:
    """Return which rows called thin are none: only what is carried out can be carried out thinly."""
    known, done = set(ids), set(carried_out)
    faults = [f"{id_} 记为单薄，但条款表中没有这一行" for id_ in sorted(set(thin) - known)]
    return faults + [f"{id_} 记为单薄，但没有记为已实现" for id_ in sorted(set(thin) & known - done)]


def mark_faults(ids: Iterable[str], carried_out: Iterable[str], worn: Iterable[Wearing]) -> list[str]:
    """Return where tests and table disagree."""
    known, worn = set(ids), list(worn)
    faults = [f"{mark.where} 的标记 {mark.id} 不是条款编号" for mark in worn if mark.id not in known]
    faults += [f"{mark.where} 的标记 {mark.id} 没有落在任何测试上" for mark in worn if not mark.on_a_test]
    for id_ in sorted(carried_out):
        tests = [mark for mark in worn if mark.id == id_ and mark.on_a_test]
        if not tests:
            faults.append(f"{id_} 记为已实现，但没有带这一编号的测试")
        elif all(mark.skipped for mark in tests):
            faults.append(f"{id_} 记为已实现，但它的测试都可能被跳过：{'、'.join(mark.where for mark in tests)}")
    return faults


def summary_line() -> str:
    thin = f"，其中 {len(THIN)} 行还单薄" if THIN else ""
    return f"《实施方案》{len(CLAUSES)} 行中已实现 {len(CARRIED_OUT)} 行{thin}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(summary_line())
