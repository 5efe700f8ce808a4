"""The registry's own kinds of workbooks: what their rows mean, and what a confirmed one writes."""

from collections.abc import Mapping
from functools import partial

from benxi_shuangsuiji.accounts.models import Unit, User
from registry import book, book_rules
from registry.columns import COLUMNS
from registry.facilities.key_list import KeyListRows
from registry.inspectors.comparison import InspectorRows
from registry.models import BatchKind
from registry.past_checks import actions as past_checks
from registry.past_checks import rules as past_rules
from registry.past_checks.comparison import PastRows
from registry.positive_list import exits, months
from registry.positive_list.comparison import PositiveRows
from registry.positive_list.month_comparison import MonthRows
from registry.ratings.comparison import RatingRows

from .checking.facilities import PermitRows, TableRows
from .kinds import Kind
from .write_facilities import withdraw_facilities, write_facilities
from .write_inspectors import withdraw_inspectors, write_inspectors


def _why_not(kind: BatchKind, unit: Unit, user: User, asked: Mapping) -> str:
    return book_rules.why_not_bring(kind, user) if asked.get("whole") else book_rules.why_not_import(kind, unit, user)


def _kind(kind: BatchKind, comparison, write=write_facilities, withdraw=withdraw_facilities, **more) -> Kind:
    return Kind(
        columns=lambda: COLUMNS[kind],
        comparison=comparison,
        write=write,
        withdraw=withdraw,
        why_not=partial(_why_not, kind),
        seen=lambda unit, asked: book.digest(kind, unit),
        **more,
    )


FACILITY = _kind(BatchKind.FACILITY, TableRows)
INSPECTOR = _kind(BatchKind.INSPECTOR, InspectorRows, write_inspectors, withdraw_inspectors)
KEY_LIST = _kind(BatchKind.KEY_LIST, KeyListRows)
PERMIT = _kind(BatchKind.PERMIT, PermitRows)
CREDIT = _kind(BatchKind.CREDIT, RatingRows)
RISK = _kind(BatchKind.RISK, RatingRows)
POSITIVE = _kind(BatchKind.POSITIVE, PositiveRows)
MONITORING = Kind(
    columns=lambda: COLUMNS[BatchKind.MONITORING],
    comparison=MonthRows,
    write=exits.enter_months,
    withdraw=months.take_back,
    why_not=partial(months.why_not, partial(_why_not, BatchKind.MONITORING)),
    seen=months.seen,
)
HISTORY = _kind(
    BatchKind.HISTORY,
    PastRows,
    past_checks.enter,
    past_checks.take_back,
    why_not_withdraw=past_rules.why_not_take_back,
)
