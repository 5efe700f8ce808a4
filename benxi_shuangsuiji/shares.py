"""A part of a whole in per cent, alike on every page and paper."""


def tenths(part: int, whole: int) -> int:
    """In tenths of a per cent, half rounded up; 1000 only of the whole and 0 only of nothing."""
    if part >= whole:
        return 1000
    if part <= 0:
        return 0
    return min(max((2000 * part + whole) // (2 * whole), 1), 999)


def percent(part: int, whole: int) -> str:
    return f"{tenths(part, whole) / 10:g}%" if whole else "—"
