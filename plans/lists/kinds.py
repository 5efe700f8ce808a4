"""抽查类别: the eight of 三, and those that were added by an approved row (三-o: 包括但不限于)."""

from django.db import transaction
from django.db.models import Max

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms.decision import State, why_not_decide
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from plans.models import ItemCategory, ItemKind

from . import duties

URL = "/desk/items/kinds/"


def labels() -> dict[int, str]:
    """Number → name of every kind in use, in their order; one query."""
    return dict(ItemCategory.choices) | dict(ItemKind.objects.approved().values_list("number", "label"))


def why_not_open_ask(by: User) -> str:
    if not by.units_with(Permission.EDIT_CITY_ITEMS):
        return "抽查类别由市执法队牵头部门提出增加，分管负责人批准。"
    return "已有一份增加抽查类别的申请等批准。" if ItemKind.objects.pending().exists() else ""


def why_not_ask(by: User, label: str, basis: str) -> str:
    if reason := why_not_open_ask(by):
        return reason
    if not label.strip():
        return "填写抽查类别的名称。"
    if label.strip() in labels().values():
        return f"已经有“{label.strip()}”这一类。"
    return why_not_reason(basis, "依据")


def why_not_open_decision(asked: ItemKind, by: User) -> str:
    return why_not_decide(
        asked,
        by,
        may=by.may(Permission.APPROVE_ITEMS, _city()),
        role="由市执法队分管负责人批准。",
        own="提出和批准不能是同一个人，由另一位分管负责人批准。",
    )


def why_not_return(asked: ItemKind, by: User, opinion: str) -> str:
    return why_not_open_decision(asked, by) or why_not_reason(opinion, "不批准的理由")


@transaction.atomic
def ask(*, label: str, basis: str, by: User) -> ItemKind:
    """Propose one more kind; no list knows it before it is approved."""
    city = Unit.objects.select_for_update().get(kind=UnitKind.CITY_TEAM)  # numbers follow one another
    refuse_if(why_not_ask(by, label, basis))
    last = ItemKind.objects.aggregate(last=Max("number"))["last"] or max(ItemCategory)
    kind = ItemKind.objects.create(
        number=last + 1, label=label.strip(), basis=basis.strip(), asked_by=by, asked_at=clock.now()
    )
    duties.kind_asked(kind, city, URL, by)
    trail.record("plans.kind.asked", by=by, about=kind, label=kind.label)
    return kind


@transaction.atomic
def approve(*, asked: ItemKind, by: User, opinion: str = "") -> ItemKind:
    """From now on the next list has to hold the kind too (`lists.rules.list_problems`)."""
    asked = ItemKind.objects.locked(asked.pk)
    refuse_if(why_not_open_decision(asked, by))
    asked.decide(State.APPROVED, by=by, at=clock.now(), opinion=opinion)
    duties.kind_decided(asked, _city(), "plans.kind.approved")
    trail.record("plans.kind.approved", by=by, about=asked, label=asked.label)
    return asked


@transaction.atomic
def reject(*, asked: ItemKind, by: User, opinion: str) -> ItemKind:
    asked = ItemKind.objects.locked(asked.pk)
    refuse_if(why_not_return(asked, by, opinion))
    asked.decide(State.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.kind_decided(asked, _city(), "plans.kind.returned")
    trail.record("plans.kind.returned", by=by, about=asked, label=asked.label)
    return asked


def _city() -> Unit:
    return Unit.objects.get(kind=UnitKind.CITY_TEAM)
