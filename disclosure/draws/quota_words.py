"""The rule next to the number: how many of a list are drawn, and the sum that gives exactly so many (ui.md 7.1, SSJ1 4)."""

from plans.draw import ssj1


def ratio(line: ssj1.StratumLine) -> str:
    """42 × 25% = 10.5."""
    return f"{line.N} × {line.bp / 100:g}% = {line.N * line.bp / 10000:g}" if line.bp else ""


def taken(line: ssj1.StratumLine, draw: str) -> str:
    """What stands on the lower line of the tickets: 42 × 25% = 10.5，取 11 家."""
    reasons = sums(line, draw)
    return f"{'；'.join(reasons)}，取 {line.K} 家" if reasons else ""


def arithmetic(line: ssj1.StratumLine, draw: str) -> str:
    """42 × 25% = 10.5，不足 1 家的进 1; and what made it more or less than that."""
    exact = line.N * line.bp / 10000
    by_ratio = line.bp and -(-line.N * line.bp // 10000) == line.K
    if not by_ratio:
        return taken(line, draw)
    return ratio(line) if exact == int(exact) else f"{ratio(line)}，不足 1 家的进 1"


def sums(line: ssj1.StratumLine, draw: str) -> list[str]:
    """The ratio, then in their order whatever else decided the number: coverage, the quarter so far, the plan, the list."""
    at, category = ssj1.DrawId.of(draw), line.stratum.rpartition(".")[2]
    reckoned = ssj1.quota(
        at.year, at.quarter, category, line.bp, line.v, line.E, line.P, line.plan, line.N, line.A, line.U
    )
    left, said = line.U + line.P, [ratio(line)] if line.bp else []
    if reckoned.m2 > reckoned.m1:
        said.append(
            f"还没抽到 {left} 家，余 {reckoned.r} 个季度，{left} ÷ {reckoned.r} = {_quotient(left, reckoned.r)}"
        )
    if line.P:
        said.append(f"减去本季已抽的 {line.P} 家")
    if line.plan > reckoned.Q - line.P:
        said.append(f"计划写明 {line.plan} 家")
    if max(reckoned.Q - line.P, line.plan) > line.A:
        said.append(f"参加抽取的只有 {line.A} 家")
    return said


def _quotient(count: int, by: int) -> str:
    hundredths, rest = divmod(count * 100, by)
    return f"{hundredths / 100:g}{'…' if rest else ''}"
