"""Why a legal basis cannot be entered, changed or set aside, and whether an item still rests on one (六(一)1-b, N-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, prefetch_related_objects

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays.days import full_date, short_date
from plans.models import (
    BankPoint,
    BasisEffect,
    ChangeOfBasis,
    InspectionItem,
    ItemBasis,
    ItemList,
    LegalBasis,
    ListStatus,
)

SHORTEST_REASON, LONGEST_REASON = 6, 200
FARTHEST_YEARS = 3  # a law takes effect at most so many years after it is made public
OLDEST_LAW = 1949


def why_not_keep(by) -> str:
    """The lead office keeps the library and the question bank (decisions.md 7)."""
    return "" if by.units_with(Permission.KEEP_BASES) else "法律依据库和题库由市执法队牵头部门维护。"


def why_not_enter(by, data, articles: Iterable[str], today: date) -> str:
    if refusal := why_not_keep(by):
        return refusal
    begins = data.get("valid_from")
    if begins and not OLDEST_LAW <= begins.year <= today.year + FARTHEST_YEARS:
        return f"施行日期在 {OLDEST_LAW} 到 {today.year + FARTHEST_YEARS} 年之内；核对年份。"
    if "《" in data["title"][:1] or "》" in data["title"][-1:]:
        return "全称不写书名号。"
    return why_not_articles(articles)


def why_not_articles(labels: Iterable[str]) -> str:
    odd = [label for label in labels if not (label.startswith("第") and 2 <= len(label) <= 30)]
    return f"“{odd[0]}”不是条款。按“第四十二条”的写法填写，几条之间用顿号隔开。" if odd else ""


def why_not_change(
    basis, by, *, kind: str, effective_on: date, document: str, summary: str, articles, successor, today: date
) -> str:
    """立、改、废 are entered with the document that says so."""
    if refusal := why_not_keep(by):
        return refusal
    if kind not in ChangeOfBasis.values:
        return "选择立、改、废或者以新代旧。"
    if not document.strip() or not summary.strip():
        return "写明依据哪份文件、变化了什么。"
    if effective_on < (first := policy.begins()):
        return f"清单从 {first.year} 年起编制，{full_date(first)}以前的变化不用登记；核对施行日期。"
    if effective_on.year > today.year + FARTHEST_YEARS:
        return f"施行日期不能晚于 {today.year + FARTHEST_YEARS} 年底；核对年份。"
    if basis.valid_to:
        return f"{basis}{basis.standing_on(effective_on)}，不能再登记变化。"
    if kind == ChangeOfBasis.REPLACED and (successor is None or successor.pk == basis.pk):
        return "选择由哪一部依据取代。新的依据先登记到依据库里。"
    if kind != ChangeOfBasis.REPLACED and successor is not None:
        return "只有以新代旧才选新的依据。"
    if (
        kind in (ChangeOfBasis.REPLACED, ChangeOfBasis.REPEALED)
        and basis.valid_from
        and effective_on <= basis.valid_from
    ):
        return f"{basis}自 {short_date(basis.valid_from)}起施行，失效不能早于施行。"
    known = {article.label for article in basis.articles.all()}
    if unknown := [label for label in articles if label not in known]:
        return f"{basis}没有登记{unknown[0]}。"
    return ""


def why_not_unaffected(effect: BasisEffect, reason: str, day: date) -> str:
    """“不受影响” is a decision with its reason; it cannot keep an item without a basis."""
    if effect.settled_at:
        return f"事项 {effect.code} 已经办结。"
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        return f"写明不受影响的理由，{SHORTEST_REASON} 到 {LONGEST_REASON} 个字。"
    if effect.change.kind == ChangeOfBasis.REPEALED:
        item = InspectionItem.objects.filter(list=effect.item_list, code=effect.code).first()
        if item and not _holds(item, max(day, effect.change.effective_on), set()):
            return f"{effect.change.basis}废止后，事项 {effect.code} 没有其他有效依据，要由新的一版清单调整。"
    return ""


def why_not_bank_point(data, point) -> str:
    """A point of the bank cites what the library has, and stands there once."""
    basis, article = data.get("basis"), data.get("article")
    if article and (basis is None or article.basis_id != basis.pk):
        return "条款不在所选的依据里。"
    same = BankPoint.objects.in_use().filter(
        category=data["category"], text=data["text"], standard=data["standard"], applies_to=data["applies_to"]
    )
    return "题库里已有同样的要点。" if same.exclude(pk=point.pk if point else None).exists() else ""


def grounds_in_force(day: date) -> tuple[str, ...]:
    """工作依据: what 《实施方案》 carries out, as lists, plans and papers print it (0-b)."""
    return tuple(basis.cited for basis in LegalBasis.objects.filter(is_ground=True).in_force(day).order_by("pk"))


# --- whether an item may be planned, drawn and inspected (N-3) --------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """An item of a plan or a check, its own list, and its code in the newest published list of that unit and year."""

    item: InspectionItem
    own_list: ItemList
    now: InspectionItem | None


def standing_of(items: Iterable[InspectionItem]) -> list[Standing]:
    """A list that was amended after a draw is what the public reads at the visit; what it dropped is checked no more."""
    items = list(items)
    prefetch_related_objects(items, "list")
    years = {(item.list.unit_id, item.list.year) for item in items}
    newest: dict[tuple[int, int], ItemList] = {}
    for found in ItemList.objects.filter(
        status=ListStatus.PUBLISHED, unit__in={u for u, _ in years}, year__in={y for _, y in years}
    ).order_by("version"):
        newest[found.unit_id, found.year] = found
    current = {found.pk for found in newest.values()}
    there = {(item.list_id, item.code): item for item in items if item.list_id in current}
    if moved := {item.code for item in items if item.list_id not in current}:
        others = InspectionItem.objects.filter(list__in=current, code__in=moved)
        there |= {(item.list_id, item.code): item for item in others}
    cites = Prefetch("cites", ItemBasis.objects.select_related("basis__replaced_by", "article"))
    prefetch_related_objects(list(there.values()), cites)
    found = []
    for item in items:
        in_force = newest.get((item.list.unit_id, item.list.year))
        found.append(Standing(item, item.list, there.get((in_force.pk, item.code)) if in_force else None))
    return found


def obstacles(items: Iterable[InspectionItem], day: date) -> dict[int, str]:
    """Key of each item that may not be planned, drawn or inspected on `day` → why not (N-3)."""
    return why_unfit(standing_of(items), day)


def why_unfit(standing: list[Standing], day: date) -> dict[int, str]:
    unfit = {s.item.pk: reason for s in standing if (reason := _obstacle(s, day, set()))}
    # Only where something does not hold it is asked what somebody decided of it: seldom, and this is read at each answer.
    left = [s for s in standing if s.item.pk in unfit]
    kept = _set_aside(left) if left else set()
    return {s.item.pk: reason for s in left if (reason := _obstacle(s, day, kept))} if kept else unfit


def _obstacle(standing: Standing, day: date, kept: set[tuple[int, str, int]]) -> str:
    item, now = standing.item, standing.now
    named = f"事项 {item.code}“{item.name}”"
    if now is None:
        if standing.own_list.status != ListStatus.PUBLISHED:
            return f"{named}所在的清单还没有公开，不能列入计划、抽取和检查"
        return f"{named}已不在公开的清单里，不能列入计划、抽取和检查"
    if now.valid_from > day:
        return f"{named}自 {short_date(now.valid_from)}起生效，现在不能列入计划、抽取和检查"
    mine = {basis for unit, code, basis in kept if (unit, code) == (standing.own_list.unit_id, item.code)}
    if not _holds(now, day, mine):
        gone = "、".join(dict.fromkeys(gone_words(c, day) for c in now.cites.all()))
        return f"{named}没有有效的法律依据（{gone}），清单调整并公开以后才能列入计划、抽取和检查"
    return ""


def _holds(item: InspectionItem, day: date, kept: set[int]) -> bool:
    """Whether at least one of its citations is in force. A list from before the library has its approved text only."""
    cites = list(item.cites.all())
    return not cites or any(cite_holds(cite, day, kept) for cite in cites)


def cite_holds(cite: ItemBasis, day: date, kept: set[int] = frozenset()) -> bool:
    """`kept`: bases whose replacement was found not to touch the item; it then rests on the successor."""
    if cite.basis.holds_on(day) and (cite.article is None or cite.article.holds_on(day)):
        return True
    successor = cite.basis.replaced_by
    return bool(successor and cite.basis_id in kept and successor.holds_on(day))


def _set_aside(standing: list[Standing]) -> set[tuple[int, str, int]]:
    """(unit, code, basis) of the replacements that somebody decided not to touch an item."""
    return set(
        BasisEffect.objects.filter(
            unit__in={s.own_list.unit_id for s in standing},
            code__in={s.item.code for s in standing},
            change__kind=ChangeOfBasis.REPLACED,
        )
        .exclude(reason="")
        .values_list("unit_id", "code", "change__basis_id")
    )


def gone_words(cite: ItemBasis, day: date) -> str:
    """“《…》已废止”, or the article alone where only that is over."""
    if cite.article and not cite.article.holds_on(day) and cite.basis.holds_on(day):
        return f"{cite.basis}{cite.article}已废止"
    return f"{cite.basis}{cite.basis.standing_on(day)}"


def lapsed_citations(item: InspectionItem, day: date) -> list[str]:
    """What an item of a draft cites that is over; `cites` are expected to be prefetched with basis and article."""
    found = []
    for cite in item.cites.all():
        if not cite_holds(cite, day):
            new = cite.basis.replaced_by
            found.append(gone_words(cite, day) + (f"，改引{new}" if new and not cite.basis.holds_on(day) else ""))
    return list(dict.fromkeys(found))
