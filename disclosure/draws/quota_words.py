"""The rule next to the number: how many of a list are drawn, and why just so many (ui.md 7.1, SSJ1 4)."""

from math import ceil

from plans.draw import ssj1


def ratio(line: ssj1.StratumLine) -> str:
    """42 × 25% = 10.5."""
    return f"{line.N} × {line.bp / 100:g}% = {line.N * line.bp / 10000:g}" if line.bp else ""


def taken(line: ssj1.StratumLine) -> str:
    """What stands on the lower line of the tickets: 42 × 25% = 10.5，取 11 家."""
    if not line.bp:
        return ""
    by_pace = ceil(line.N * line.bp / 10000) < line.K
    return f"{ratio(line)}，{'按覆盖进度或计划' if by_pace else ''}取 {line.K} 家"


def arithmetic(line: ssj1.StratumLine) -> str:
    """42 × 25% = 10.5，不足 1 家的进 1; and what made it more than that."""
    if not line.bp:
        return ""
    exact = line.N * line.bp / 10000
    said = ratio(line)
    if exact != int(exact):
        said += "，不足 1 家的进 1"
    return said if ceil(exact) >= line.K else f"{said}；按覆盖进度或计划取 {line.K} 家"
