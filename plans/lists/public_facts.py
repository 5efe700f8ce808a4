from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.workdays.days import Quarter
from plans.bases.rules import grounds_in_force
from plans.models import ItemList, Mode

from . import kinds

MODES = {**dict(Mode.choices), "EITHER": "现场或非现场"}


@dataclass(frozen=True)
class PointFacts:
    number: int
    text: str
    standard: str
    basis: str
    method: str
    applies_to: str


@dataclass(frozen=True)
class CiteFacts:
    """One basis of an item, with its articles."""

    title: str
    document_no: str
    kind: str
    articles: tuple[str, ...]


@dataclass(frozen=True)
class ItemFacts:
    code: str
    category: int
    category_name: str
    name: str
    content: str
    objects: str
    importance: str
    mode: str
    ratio: str
    frequency: str
    body: str
    legal_basis: str
    power_code: str
    annual_focus: bool
    scope: str
    valid_from: str
    note: str
    materials: str
    cites: tuple[CiteFacts, ...]
    points: tuple[PointFacts, ...]


def list_title(item_list: ItemList, day: date) -> str:
    """Of the city's list the year alone, of a unit's additions its name of that day as well (decision 0075)."""
    unit = item_list.unit
    name = "" if unit.kind == UnitKind.CITY_TEAM else unit.on(day).short_name
    return f"{item_list.year} 年{name}随机抽查事项清单"


@dataclass(frozen=True)
class ItemListFacts:
    """随机抽查事项清单, with the columns of domain.md 2.1."""

    title: str
    unit_code: str
    unit_name: str
    year: int
    list_version: int  # of the list; a publication has a `version` of its own (PUB1 §1)
    reason: str
    due: str
    policy_title: str
    policy_label: str
    policy_version: str
    bases: tuple[str, ...]
    items: tuple[ItemFacts, ...]

    @classmethod
    def of(cls, item_list: ItemList, *, today: date) -> "ItemListFacts":
        law = policy.on(Quarter(item_list.year, 1).first_day)
        month, day = law.item_list_due
        names = kinds.labels()
        named_on = localtime(item_list.published_at).date() if item_list.published_at else today
        return cls(
            title=list_title(item_list, named_on),
            unit_code=item_list.unit.code,
            unit_name=item_list.unit.on(named_on).name,
            year=item_list.year,
            list_version=item_list.version,
            reason=item_list.reason,
            due=f"{item_list.year} 年 {month} 月 {day} 日",
            policy_title=law.title,
            policy_label=law.label,
            policy_version=law.version,
            bases=grounds_in_force(today),
            items=tuple(
                _item_facts(i, names)
                for i in item_list.items.prefetch_related("points", "cites__basis", "cites__article").order_by("code")
            ),
        )

    def as_snapshot(self) -> dict[str, Any]:
        return asdict(self)


def _item_facts(item, names: dict[int, str]) -> ItemFacts:
    return ItemFacts(
        code=item.code,
        category=item.category,
        category_name=names[item.category],
        name=item.name,
        content=item.content,
        objects=item.objects_text,
        importance=item.get_importance_display(),
        mode=MODES[item.modes],
        ratio=item.ratio_text,
        frequency=item.frequency_text,
        body=item.body,
        legal_basis=item.legal_basis,
        power_code=item.power_code,
        annual_focus=item.annual_focus,
        scope=item.get_needs_scope_display(),
        valid_from=item.valid_from.isoformat(),
        note=item.note,
        materials=item.materials,
        cites=tuple(
            CiteFacts(
                basis.title,
                basis.document_no,
                basis.get_kind_display(),
                tuple(c.article.label for c in rows if c.article),
            )
            for basis, rows in ((b, list(r)) for b, r in groupby(item.cites.all(), key=lambda c: c.basis))
        ),
        points=tuple(
            PointFacts(
                p.number, p.text, p.standard, p.basis, p.method, p.get_applies_to_display() if p.applies_to else ""
            )
            for p in item.points.all()
        ),
    )
