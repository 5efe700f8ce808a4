"""The tests of before the rooms, and where each is now: nothing that was proved is proved no longer without a reason.

`setup/names_before.txt` holds every test of that day, path left out: the function on a line of its own, the parameters of
its cases below it, each after a space; `×N` after a name says that N files had it. `setup/names_changed.txt` holds one
change a line: the old name, a tab, the new name or `(gone)`, a tab, the reason. In both places `name[*]` stands for all
cases of a function, for tests that have a case per file and so change with every file.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SETUP = Path(__file__).parent / "setup"
GONE = "(gone)"


@dataclass(frozen=True)
class Change:
    """One line of names_changed.txt."""

    old: str
    new: str
    reason: str


def before(text: str | None = None) -> Counter[str]:
    """How many tests had each name."""
    found: Counter[str] = Counter()
    function = ""
    for line in (text if text is not None else (SETUP / "names_before.txt").read_text()).splitlines():
        line, _, times = line.partition("\t×")
        if not line.startswith(" "):
            function = line
            if times != "0":
                found[function] += int(times or 1)
        else:
            found[f"{function}[{line[1:]}]"] += int(times or 1)
    return found


def as_text(names: Counter[str]) -> str:
    """The compact form that `before` reads; a function without a case of no parameters has `×0`."""
    lines, function = [], ""
    for name in sorted(names, key=lambda name: (name.partition("[")[0], name)):
        own, bracket, case = name.partition("[")
        times = f"\t×{names[name]}" if names[name] > 1 else ""
        if not bracket:
            lines.append(f"{own}{times}")
        else:
            if own != function and own not in names:
                lines.append(f"{own}\t×0")
            lines.append(f" {case.removesuffix(']')}{times}")
        function = own
    return "".join(f"{line}\n" for line in lines)


def changes(text: str | None = None) -> list[Change]:
    """The lines of names_changed.txt; what stands after `#` at the start of a line is read by people only."""
    lines = (text if text is not None else (SETUP / "names_changed.txt").read_text()).splitlines()
    return [Change(*[*line.split("\t"), "", ""][:3]) for line in lines if line and not line.startswith("#")]


def faults(old: Counter[str], new: Counter[str], changed: list[Change]) -> list[str]:
    """Return which tests of before are neither there nor accounted for, and which lines of the account are wrong."""
    found = [f"{c.old}：没有写原因" for c in changed if not c.reason.strip()]
    found += [f"{c.old}：原来没有这个测试" for c in changed if not list(matching(c.old, old))]
    found += [f"{c.old}：改名后的 {c.new} 不存在" for c in changed if c.new != GONE and not list(matching(c.new, new))]
    explained = {name for c in changed for name in matching(c.old, old)}
    found += [f"{name}：不见了，也没有说明" for name in sorted(old) if new[name] < old[name] and name not in explained]
    return found


def matching(pattern: str, names: Counter[str]) -> Iterator[str]:
    """The names that a line means."""
    if not pattern.endswith("[*]"):
        return iter([pattern] if pattern in names else [])
    return (name for name in names if name.startswith(pattern[:-2]))
