"""What people do with item lists, up to their publication (六(一)1); `actions` offers them beside the plans' verbs."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy, refusal, workdays
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import Quarter
from plans import states
from plans.bases import actions as bases_actions
from plans.bases import citations
from plans.bases.actions import Library
from plans.models import (
    BankPoint,
    BasisArticle,
    CheckPoint,
    InspectionItem,
    ItemBasis,
    ItemList,
    LegalBasis,
    ListStatus,
)
from registry.models import ImportBatch

from . import basis_changes, rules, starting
from .duties import LIST, PUBLICATION, again_decided, again_submitted, is_of_the_year, justice_to_file
from .starting_list import BODY, ITEMS, frequency_words, ratio_words


@transaction.atomic
def draft_list(*, unit: Unit, year: int, by: User, reason: str = "") -> ItemList:
    """Begin the unit's list of a year, as a copy of the newest one it has (六(一)1-a).

    A list of the same year becomes its next version, with the reason (六(一)1-c). In its first year the city team
    begins with the built-in list of the eight kinds of 三; a branch begins empty and adds only local items.
    """
    Unit.objects.locked(unit.pk)
    refuse_if(rules.why_not_draft_list(unit, year, reason, by))

    lists = ItemList.objects.filter(unit=unit, status=ListStatus.PUBLISHED)
    last = lists.filter(year__lte=year).order_by("-year", "-version").first()
    item_list = ItemList.objects.create(
        unit=unit,
        year=year,
        version=1 + (last.version if last and last.year == year else 0),
        reason=reason.strip(),
        created_by=by,
        created_at=clock.now(),
    )
    if last:
        _copy_items(last, item_list)
    elif unit.kind == UnitKind.CITY_TEAM:
        _write_starting_list(item_list, by)
    trail.record("plans.list.drafted", by=by, about=item_list, year=year, version=item_list.version)
    return item_list


def _copy_items(old: ItemList, new: ItemList) -> None:
    """Items, points and citations; where an older list has its bases as text only, what the library knows of it."""
    library, points, cites = None, [], []
    for item in old.items.prefetch_related("points", "cites"):
        its_points, its_cites = list(item.points.all()), list(item.cites.all())
        item.pk, item.list = None, new
        item._prefetched_objects_cache = {}
        if old.year != new.year:
            item.valid_from = item.valid_from.replace(year=new.year, month=1, day=1)
        item.save(force_insert=True)
        for row in (*its_points, *its_cites):
            row.pk, row.item = None, item
        points += its_points
        if not its_cites:
            library = library or Library()
            its_cites = cites_of(item, library.find(item.legal_basis)[0])
        cites += its_cites
    CheckPoint.objects.bulk_create(points)
    ItemBasis.objects.bulk_create(cites)


def cites_of(item: InspectionItem, cited: Iterable[tuple[LegalBasis, BasisArticle | None]]) -> list[ItemBasis]:
    return [
        ItemBasis(item=item, basis=basis, article=article, position=place)
        for place, (basis, article) in enumerate(dict.fromkeys(cited), 1)
    ]


def _write_starting_list(item_list: ItemList, by: User) -> None:
    """The eight kinds of 三, resting on the library, with the points of the question bank."""
    starting.load_starting_bases(by=by)
    first_day, library = Quarter(item_list.year, 1).first_day, Library()
    law = policy.on(first_day)
    bank = {(p.category, p.text): p for p in BankPoint.objects.in_use().order_by("-pk")}
    points, cites = [], []
    for entry in ITEMS:
        item = InspectionItem.objects.create(
            list=item_list,
            code=entry.code,
            category=entry.category,
            name=entry.name,
            content=entry.content,
            objects_text=entry.objects_text,
            importance=entry.importance,
            modes=entry.modes,
            ratio_text=ratio_words(law),
            frequency_text=frequency_words(law),
            body=BODY,
            legal_basis=entry.legal_basis,
            annual_focus=entry.annual_focus,
            needs_scope=entry.needs_scope,
            valid_from=first_day,
            materials=entry.materials,
        )
        cites += cites_of(item, library.find(entry.legal_basis)[0])
        points += [
            CheckPoint(
                item=item,
                number=number,
                text=point.text,
                standard=point.standard,
                basis=point.basis,
                method=point.method or entry.method,
                applies_to=point.applies_to or entry.applies_to,
                bank=bank.get((entry.category, point.text)),
            )
            for number, point in enumerate(entry.points, 1)
        ]
    CheckPoint.objects.bulk_create(points)
    ItemBasis.objects.bulk_create(cites)


@transaction.atomic
def save_item(
    *,
    item_list: ItemList,
    by: User,
    data: Mapping[str, Any],
    points: list[Mapping[str, Any]],
    cites: Iterable[tuple[LegalBasis, BasisArticle | None]],
    item: InspectionItem | None = None,
) -> InspectionItem:
    """Write one item with its check points and what it rests on; `item` None adds one."""
    item_list, cites = ItemList.objects.locked(item_list.pk, "unit"), list(cites)
    refuse_if(
        rules.why_not_edit_list(item_list, by)
        or rules.why_not_item_code(item_list, data["code"])
        or rules.why_not_item_day(item_list, data["valid_from"])
        or ("" if cites else "从依据库里至少选一部法律依据。")
    )
    taken = item_list.items.filter(code=data["code"]).exclude(pk=item.pk if item else None).exists()
    refuse_if(f"编号 {data['code']} 已经用在另一项上，换一个。" if taken else "")

    item = item or InspectionItem(list=item_list)
    for name, value in data.items():
        setattr(item, name, value)
    rows = cites_of(item, cites)
    item.legal_basis = citations.write(rows)
    refuse_if("法律依据写出来超过 300 个字，少引几部。" if len(item.legal_basis) > LONGEST_BASIS else "")
    item.save()
    item.points.all().delete()
    CheckPoint.objects.bulk_create(
        CheckPoint(item=item, number=number, **point) for number, point in enumerate(points, 1)
    )
    item.cites.all().delete()
    ItemBasis.objects.bulk_create(cites_of(item, cites))
    trail.record("plans.list.item_saved", by=by, about=item_list, item=item.code)
    return item


LONGEST_BASIS = InspectionItem._meta.get_field("legal_basis").max_length


def write_items(batch: ImportBatch, by: User, now: datetime, progress: Callable[[int, int], None]) -> None:
    """Take the items of a confirmed workbook over into a draft. Items that it does not name stay (六(一)1).

    Check points do not stand in the workbook: a known item keeps its own, a new one takes those of its kind from the
    question bank.
    """
    item_list, there = _draft_of(batch)
    lines, library = list(batch.lines.filter(content__isnull=False)), Library()
    for done, line in enumerate(lines, 1):
        _write_item(item_list, there.get(line.code), line.content["new"], library, by)
        progress(done, len(lines))
    added = sum(not line.code for line in lines)
    trail.record("plans.list.imported", by=by, about=item_list, added=added, changed=len(lines) - added)


def take_items_back(batch: ImportBatch, by: User, now: datetime, progress: Callable[[int, int], None]) -> None:
    """Added items go, changed ones say again what they said."""
    item_list, there = _draft_of(batch)
    lines, library = list(batch.lines.filter(content__isnull=False)), Library()
    for done, line in enumerate(lines, 1):
        if line.code:
            _write_item(item_list, there[line.code], line.content["old"], library, by)
        else:
            remove_item(item_list=item_list, item=there[line.content["new"]["code"]], by=by)
        progress(done, len(lines))


def _draft_of(batch: ImportBatch) -> tuple[ItemList, dict[str, InspectionItem]]:
    item_list = ItemList.objects.locked(batch.asked["list"], "unit")
    return item_list, {
        item.code: item for item in item_list.items.prefetch_related("points", "cites__basis", "cites__article")
    }


def _write_item(
    item_list: ItemList, item: InspectionItem | None, said: Mapping[str, Any], library: Library, by: User
) -> None:
    """What a row says over what the item says; what a new one leaves out is empty."""
    data = dict(said)
    data["valid_from"] = date.fromisoformat(
        data.get("valid_from") or str(item.valid_from if item else rules.first_day_of(item_list))
    )
    points = [point_of(p) for p in item.points.all()] if item else bank_points(data["category"])
    cites = [(cite.basis, cite.article) for cite in item.cites.all()] if item else []
    if basis := data.pop("legal_basis", ""):
        cites, unknown = library.find(basis)
        refuse_if(f"依据库里没有{unknown[0]}。重新上传，再核对一遍。" if unknown else "")
    data.setdefault("code", item.code if item else "")
    save_item(item_list=item_list, by=by, data=data, points=points, cites=cites, item=item)


def point_of(point: CheckPoint) -> dict[str, Any]:
    """A check point as `save_item` takes it."""
    return {name: getattr(point, name) for name in ("text", "standard", "basis", "method", "applies_to", "bank")}


def bank_points(category: int) -> list[dict[str, Any]]:
    points = BankPoint.objects.in_use().filter(category=category).select_related("basis", "article").order_by("pk")
    return [bases_actions.as_check_point(point) for point in points]


@transaction.atomic
def remove_item(*, item_list: ItemList, item: InspectionItem, by: User) -> None:
    """Take an item out of a draft."""
    item_list = ItemList.objects.locked(item_list.pk, "unit")
    refuse_if(rules.why_not_edit_list(item_list, by))
    code = item.code
    item_list.items.filter(pk=item.pk).delete()
    trail.record("plans.list.item_removed", by=by, about=item_list, item=code)


@transaction.atomic
def submit_list(*, item_list: ItemList, by: User) -> ItemList:
    """Hand a list to the approving leader."""
    item_list = ItemList.objects.locked(item_list.pk, "unit")
    refuse_if(rules.why_not_submit_list(item_list, by, clock.today()))

    states.move_to(item_list, ListStatus.SUBMITTED)
    item_list.submitted_by, item_list.submitted_at = by, clock.now()
    item_list.save()
    if not is_of_the_year(item_list):
        again_submitted(item_list)
    _pass_on(item_list, Role.APPROVER, "审批", item_list.get_absolute_url(), by)
    trail.record("plans.list.submitted", by=by, about=item_list, year=item_list.year, version=item_list.version)
    return item_list


@transaction.atomic
def return_list(*, item_list: ItemList, by: User, opinion: str) -> ItemList:
    """Give a list back with what has to change."""
    item_list = ItemList.objects.locked(item_list.pk, "unit")
    refuse_if(rules.why_not_decide_list(item_list, by, ListStatus.RETURNED) or refusal.why_no_opinion(opinion))

    states.move_to(item_list, ListStatus.RETURNED)
    item_list.opinion = opinion.strip()
    item_list.save()
    again_decided(item_list, "plans.list.returned", clock.now())
    body = f"审核意见：{item_list.opinion}"
    _pass_on(item_list, rules.list_writer_role(item_list.unit), "修改被退回的", item_list.get_absolute_url(), by, body)
    trail.record("plans.list.returned", by=by, about=item_list, opinion=item_list.opinion)
    return item_list


@transaction.atomic
def approve_list(*, item_list: ItemList, by: User, opinion: str = "") -> ItemList:
    """Approve a list; it is then complete in the sense of 六(一)1-d (D-1)."""
    item_list = ItemList.objects.locked(item_list.pk, "unit")
    now = clock.now()
    refuse_if(
        rules.why_not_decide_list(item_list, by, ListStatus.APPROVED)
        or next(iter(rules.list_problems(item_list, now.date())), "")
    )

    states.move_to(item_list, ListStatus.APPROVED)
    item_list.approved_by, item_list.approved_at, item_list.opinion = by, now, opinion.strip()
    item_list.save()
    again_decided(item_list, "plans.list.approved", now)
    if item_list.unit.kind == UnitKind.CITY_TEAM:
        LIST.close(item_list.unit, str(item_list.year), "plans.list.approved", now)
    page = f"/desk/publish/?unit={item_list.unit.code}"
    PUBLICATION.open(
        item_list.unit,
        _publication(item_list),
        role=Role.DISCLOSURE_OFFICER,
        title=f"公开 {item_list.year} 年随机抽查事项清单（第 {item_list.version} 版）",
        due=PUBLICATION.law.due(now.date(), workdays.calendar()),
        url=page,
        consequence="批准以后及时公开，没有公开的清单不能用来编制计划。",
    )
    _tell(item_list, Role.DISCLOSURE_OFFICER, "公开", page, by)
    basis_changes.settle_by_list(item_list, by, now)
    trail.record("plans.list.approved", by=by, about=item_list, year=item_list.year, version=item_list.version)
    return item_list


@transaction.atomic
def mark_list_published(*, item_list: ItemList, by: User, at: datetime) -> ItemList:
    """Called by `disclosure` when it has published the list (七(四)-3)."""
    item_list = ItemList.objects.locked(item_list.pk, "unit")
    states.move_to(item_list, ListStatus.PUBLISHED)
    item_list.published_at = at
    item_list.save()
    PUBLICATION.close(item_list.unit, _publication(item_list), "plans.list.published", at)
    if item_list.unit.kind == UnitKind.CITY_TEAM and localtime(at).date() <= Quarter(item_list.year, 1).last_day:
        justice_to_file(item_list.year)
    trail.record("plans.list.published", by=by, about=item_list, year=item_list.year, version=item_list.version)
    return item_list


def _publication(item_list: ItemList) -> str:
    return f"{item_list.year}v{item_list.version}"


def _pass_on(item_list: ItemList, role: str, verb: str, url: str, by: User, body: str = "") -> None:
    """The list goes to its next hands; the city's with its duty (D-1), a branch's with a message."""
    if not is_of_the_year(item_list):
        _tell(item_list, role, verb, url, by, body)
        return
    title = f"{verb} {item_list.year} 年随机抽查事项清单"
    LIST.hand_over(item_list.unit, str(item_list.year), role=role, title=title, url=url, by=by, body=body)


def _tell(item_list: ItemList, role: str, verb: str, url: str, by: User, body: str = "") -> None:
    title = f"{item_list.unit}：{verb} {item_list.year} 年随机抽查事项清单（第 {item_list.version} 版）"
    tell(role=role, unit=item_list.unit, key=f"list:{item_list.pk}:{role}", title=title, body=body, url=url, by=by)
