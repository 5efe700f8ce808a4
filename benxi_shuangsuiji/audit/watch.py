"""The trail watches itself: looked through at every wake-up of the worker, and an alarm within two minutes (S5, P11).

What is new is verified once, and the whole chain again and again, a share at each wake-up, so that a change of an old entry is
found as well. An alarm names the entry; what somebody changed in the database without any act is told with the tables.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import ADMIN_PARTS, Role
from benxi_shuangsuiji.notices.telling import holders_of, notify

from . import trail
from .models import AuditEntry, AuditLink, AuditWatch

ALARMED = [Role.SUPERVISOR, Role.OBSERVER, *ADMIN_PARTS]
SHARE = 200_000  # links a wake-up: about a second; a chain no longer than this is looked through every minute
LATE = timedelta(minutes=10)
FRESH = """
WITH fresh AS MATERIALIZED (
    SELECT e.xid, e.verb, e.about_type, e.details, e.login FROM audit_auditlink l JOIN audit_auditentry e ON e.id = l.entry_id
    WHERE l.seq > %s AND l.seq <= %s
)
"""
# Every act writes what it is in the same transaction. What changes one of these without any was no act. The worker moves a
# limit without one, when the calendar or a number changes, and keeps each move (`DutyMove`); the web's login never does.
ONLY_BY_ACTS = (
    "accounts_rolegrant",
    "accounts_grantrequest",
    "accounts_secondfactorreset",
    "accounts_unit",
    "accounts_cityrecord",
    "accounts_unitchange",
    "plans_itemlist",
    "plans_inspectionitem",
    "plans_quarterlyplan",
    "plans_planstratum",
    "plans_planitem",
    "plans_draw",
    "plans_proofrun",
    "inspections_inspection",
    "inspections_checkapproval",
    "inspections_workreport",
    "disclosure_objection",
    "disclosure_ruling",
)
# And what says of itself that it was one, and changed nothing.
CLAIMS = {
    "accounts.password.changed": "accounts_user",
    "accounts.password.reset": "accounts_user",
    "accounts.role.ended": "accounts_rolegrant",
    "accounts.role.granted": "accounts_rolegrant",
    "inspections.result.published": "inspections_inspection",
    "inspections.result.reviewed": "inspections_inspection",
    "plans.plan.approved": "plans_quarterlyplan",
    "plans.plan.published": "plans_quarterlyplan",
}
WITHOUT_ROWS = (
    FRESH
    + """
SELECT verb, count(*) FROM fresh f JOIN unnest(%s::text[], %s::text[]) AS claim (said, changed) ON claim.said = f.verb
WHERE NOT EXISTS (SELECT FROM fresh r WHERE r.xid = f.xid AND r.about_type = claim.changed AND r.verb LIKE 'row.%%')
GROUP BY 1 ORDER BY 1
"""
)
WITHOUT_ACT = (
    FRESH
    + """
SELECT about_type, count(*) FROM fresh
WHERE verb LIKE 'row.%%' AND (about_type = ANY(%s) OR about_type = 'accounts_user'
       AND (details->'changed' ? 'password' OR NOT details ?& '{old,new}')
       OR about_type = 'notices_duty' AND login = 'sj_web' AND jsonb_path_exists(details, '$.changed.*.due'))
  AND xid NOT IN (SELECT xid FROM fresh WHERE verb NOT LIKE 'row.%%')
GROUP BY 1 ORDER BY 1
"""
)


def watch() -> AuditWatch:
    """One wake-up: seal, verify what is new and a share of what is old, tell what is wrong."""
    trail.seal()
    with transaction.atomic():
        mark, first = AuditWatch.objects.select_for_update().get_or_create(pk=1, defaults={"at": clock.now()})
        before, now = mark.seq, clock.now()
        broken = _look(mark, now)
        mark.at, mark.broken_at = now, broken
        mark.waiting = AuditEntry.objects.filter(link=None).count()
        mark.late = AuditEntry.objects.filter(link=None, at__lt=now - LATE).count()
        told = mark.told
        mark.told = f"{mark.broken_at or ''}:{bool(mark.late)}"
        mark.save()
        if broken and told.partition(":")[0] != str(broken):
            _tell(f"第 {broken} 条记录与前一条接不上，可能被改动或删除", now, broken_at=broken)
        if mark.late and not told.endswith("True"):
            _tell(f"{mark.late} 条记录超过 {LATE.seconds // 60} 分钟没有入链", now, late=mark.late)
        if not first and (direct := _without_act(before, mark.seq)):
            _tell(f"数据库里的记录被直接修改，没有办理：{_listed(direct)}", now, tables=dict(direct))
        if not first and (claimed := _without_rows(before, mark.seq)):
            _tell(f"操作记录说做了，却没有相应的改动：{_listed(claimed)}", now, verbs=dict(claimed))
        return mark


def state() -> AuditWatch | None:
    """What the last wake-up found, for the page."""
    return AuditWatch.objects.first()


def _look(mark: AuditWatch, now: datetime) -> int | None:
    """Move the mark over what is new and the sweep over its share; the first entry that does not hold."""
    if mark.seq and not AuditLink.objects.filter(seq=mark.seq, link=mark.link).exists():
        return min(mark.broken_at or mark.seq, mark.seq)
    held, fresh = trail.verify_behind(mark.seq, SHARE)
    if held:
        mark.seq += held
        mark.link = AuditLink.objects.get(seq=mark.seq).link
    swept, old = trail.verify_behind(mark.swept, SHARE)
    if swept < SHARE and not old:
        mark.swept, mark.swept_at = 0, now
    elif not old:
        mark.swept += swept
    known = None
    if mark.broken_at and trail.verify_behind(mark.broken_at - 1, 1) != (1, None):
        known = mark.broken_at
    return min((at for at in (fresh, old, known) if at), default=None)


def _without_act(before: int, head: int) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_ACT, [before, head, list(ONLY_BY_ACTS)])
        return cursor.fetchall()


def _without_rows(before: int, head: int) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_ROWS, [before, head, list(CLAIMS), list(CLAIMS.values())])
        return cursor.fetchall()


def _listed(found: list[tuple[str, int]]) -> str:
    return "、".join(f"{name} {n} 处" for name, n in found)[:150]


def _tell(words: str, now: datetime, **details) -> None:
    city = Unit.objects.filter(kind=UnitKind.CITY_TEAM).first()
    people = {user.pk: user for role in ALARMED for user in (holders_of(role, city, now) if city else [])}
    for user in people.values():
        notify(
            user=user,
            key=f"trail:{now.isoformat()}:{'-'.join(details)}",
            title="操作记录告警",
            body=f"{words}。打开操作记录核对，查明是谁、怎样改的。",
            url=reverse("audit:log"),
            at=now,
        )
    trail.record("audit.alarm", by=None, words=words, **details)
