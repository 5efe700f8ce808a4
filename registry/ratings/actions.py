"""What was rated when, and the levels that ratings have (六(二)-k, -n, -o)."""

from datetime import date

from django.db import connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if, why_not_reason
from registry.facilities import levels as vocabularies
from registry.facilities import records, rules, waiting
from registry.models import ChangeKind, Facility, FacilityRating, ImportBatch, Rating, VocabularyTerm
from registry.positive_list import ending

_OF_A_BATCH = """
INSERT INTO registry_facilityrating (facility_id, kind, code, year, month, source, batch_id, entered_at)
SELECT c.facility_id, rated.kind, coalesce(rated.levels->>1, ''), %(year)s,
       CASE WHEN rated.kind = 'credit_risk' THEN %(month)s END, %(source)s, c.batch_id, c.at
FROM registry_facilitychange c
CROSS JOIN LATERAL (SELECT kind, c."values"->kind AS levels FROM unnest(%(kinds)s::text[]) AS kind OFFSET 0) rated
WHERE c.batch_id = %(batch)s AND rated.levels IS NOT NULL
"""


@transaction.atomic
def enter_rating(
    *, facility: Facility, kind: str, level: str, year: int, month: int | None, source: str, by: User
) -> FacilityRating:
    """Enter one rating; the facility shows the one of the newest period, and its grounds follow (六(二)-n, -ai)."""
    facility = records.locked(facility)
    now = clock.now()
    refuse_if(
        rules.why_not_edit_facility(facility, by)
        or vocabularies.why_not_rate(kind, level, year=year, month=month, source=source, today=now.date())
    )
    code = vocabularies.code_of(kind, level, now.date())
    rating = FacilityRating.objects.create(
        facility=facility,
        kind=kind,
        code=code,
        year=year,
        month=month,
        source=source.strip()[:200],
        entered_by=by,
        entered_at=now,
    )
    ending.rated(facility, now)
    newest = facility.ratings.filter(kind=kind).order_by("-year", "-month", "-pk").first()
    if newest.code == getattr(facility, kind):
        trail.record("registry.rating.entered", by=by, about=facility, rating=kind, level=code, period=rating.period)
        return rating
    change = records.change_of(facility, ChangeKind.CHANGED, now, by=by, reason=rating.source)
    change.values[kind] = [getattr(facility, kind), newest.code]
    setattr(facility, kind, newest.code)
    records.record("registry.rating.entered", facility, change, by=by, rating=kind, level=code, period=rating.period)
    waiting.settle_derived(facility, now, by)
    return rating


def note_ratings_of(batch: ImportBatch, day: date) -> None:
    """The levels that an import set, as ratings of the running year (or month); one statement for the whole batch."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OF_A_BATCH,
            {
                "year": day.year,
                "month": day.month,
                "source": f"导入 {batch.file.name}"[:200],
                "kinds": list(Rating.values),
                "batch": batch.pk,
            },
        )


@transaction.atomic
def save_term(
    *,
    kind: str,
    code: str,
    label: str,
    also: list[str],
    rank: int,
    is_serious: bool,
    valid_from: date,
    valid_to: date | None,
    reason: str,
    by: User,
) -> VocabularyTerm:
    """Add a level or change one. What means 严重失信 makes 特殊, so it is asked for the facilities concerned (六(二)-ai)."""
    refuse_if(_why_not_keep(by) or why_not_reason(reason))
    if kind not in Rating.values or not code.strip() or not label.strip():
        raise Refused("写明评价、代码和名称。")
    if is_serious and kind != Rating.CREDIT:
        raise Refused("只有环境信用评价有“严重失信”。")
    if valid_to and valid_to < valid_from:
        raise Refused("停用日期早于启用日期。")
    others = VocabularyTerm.objects.filter(kind=kind).exclude(code=code)
    words = {code, label, *also}
    for other in others:
        if words & {other.code, other.label, *other.also}:
            raise Refused(f"“{other.label}”已经用了同样的代码、名称或别名。")
    before = vocabularies.serious_credit()
    term, made = VocabularyTerm.objects.select_for_update().get_or_create(
        kind=kind, code=code, defaults={"label": label, "rank": rank, "valid_from": valid_from}
    )
    fields = {"label": label, "also": also, "rank": rank, "is_serious": is_serious, "valid_from": valid_from}
    fields["valid_to"] = valid_to
    changed = {
        n: [records.json_of(getattr(term, n)), records.json_of(v)] for n, v in fields.items() if getattr(term, n) != v
    }
    if not made and not changed:
        raise Refused("没有改动任何一项。")
    for name, value in fields.items():
        setattr(term, name, value)
    term.save()
    trail.record("registry.term.saved", by=by, about=term, vocabulary=kind, new=made, changed=changed, reason=reason)
    _follow(before ^ vocabularies.serious_credit(), by)
    if "rank" in changed:
        ending.end_groundless(clock.now())  # what was a fall may be none in the new order (七(三)-d)
    return term


def _why_not_keep(user: User) -> str:
    return "" if user.units_with(Permission.KEEP_VOCABULARIES) else "评价等级由牵头部门维护。"


def _follow(levels: frozenset[str], by: User) -> None:
    """Ask for what follows for everyone rated with a word whose meaning has changed; their leaders decide."""
    now = clock.now()
    for facility in Facility.objects.filter(credit_level__in=levels).order_by("pk"):
        waiting.settle_derived(records.locked(facility), now, by)
