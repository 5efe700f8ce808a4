"""How often a process that stays looks through its objects for garbage."""

import gc

PENDING, YOUNG, MIDDLE = 50_000, 20, 50


def relax() -> None:
    """What is loaded by now stays to the end, and a page of fifty rows makes some hundred thousand objects.

    To look through them at every 700th, as Python does of itself, took a quarter of such a page; where only every 50,000th
    makes it look, what waits to be freed is some ten MB of a process.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(PENDING, YOUNG, MIDDLE)
