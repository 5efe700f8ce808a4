"""The kinds of workbooks: each is brought by the room that knows what its rows mean.

A room names what it brings on its nameplate (`Subject.workbooks`: kind → dotted name of a `Kind`), so that an app to the right
brings kinds of which the registry knows nothing, and nothing is loaded before it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

from benxi_shuangsuiji import subjects

if TYPE_CHECKING:
    from benxi_shuangsuiji.accounts.models import Unit, User
    from registry.columns import Column
    from registry.comparison import Comparison
    from registry.models import ImportBatch


@dataclass(frozen=True)
class Kind:
    """What a workbook of one kind is made of.

    `asked` is what the upload page asked once for all rows (`ImportBatch.asked`). `columns` are asked for anew each time, for
    their words may be data. `write` and `withdraw` take (batch, by, now, progress) inside the transaction of the import.
    `seen`: a digest of what the check compared with; the writing refuses when it has changed meanwhile.
    """

    columns: Callable[[], Sequence[Column]]
    comparison: type[Comparison]  # made with (kind, unit, today, notes, asked)
    write: Callable[..., None]
    withdraw: Callable[..., None]
    why_not: Callable[[Unit, User, Mapping], str]  # who may import it for the unit
    seen: Callable[[Unit, Mapping], str]
    why_not_withdraw: Callable[[ImportBatch], str] | None = None  # in place of the 24 hours and of what the draws say


def of(kind: str) -> Kind:
    return import_string(subjects.house().workbooks[kind])
