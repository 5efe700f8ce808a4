"""K1 to K23 (domain.md 8.2) as everybody may know them, counted once more: plain rows, one loop a figure."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from . import days
from .days import day_of
from .quarters import IN_VAIN, is_known
from .world import HELD, World, rows

SHUT = ("NOT_OPERATING", "UNREACHABLE")
COVERING = ("DRAW", "SPECIAL_FACILITY")
OFF_BOOKS = ("CLOSED", "CANCELLED", "MOVED_OUT")
CYCLE = (2025, 2027)
PEOPLE, TIMES, PAUSE, DECIDED_WITHIN = 2, 2, timedelta(minutes=2), 2
BEGIN = date(2025, 1, 1)
Pair = tuple[bool, str]  # whether it counts, of which unit


def figures(world: World, year: int, number: int | None, moment: datetime) -> dict[tuple[int, str], tuple[int, int]]:
    """(k, unit) → (counted, n), for every unit that draws."""
    found = {}
    for k, count in COUNTS.items():
        sums = {unit: [0, 0] for unit in world.units}
        for counts, unit in count(Year(world, year, number, moment)):
            sums[unit][0] += counts
            sums[unit][1] += 1
        found |= {(k, unit): (part, whole) for unit, (part, whole) in sums.items()}
    return found


class Year:
    def __init__(self, world: World, year: int, number: int | None, moment: datetime):
        self.world, self.year, self.moment = world, year, moment
        self.numbers = [number] if number else [1, 2, 3, 4]
        self.today = day_of(moment)
        month = 3 * self.numbers[-1]
        self.last = min(self.today, date(year + month // 12, month % 12 + 1, 1) - timedelta(1))
        first = rows("SELECT day FROM notices_firstuse WHERE state = 'APPROVED'")
        self.first_use = first[0].day if first else BEGIN

    def checks(self):
        """Those of the period that everybody may know."""
        for check in self.world.checks:
            if check.year == self.year and check.number in self.numbers and self.knows(check):
                yield check

    def knows(self, check) -> bool:
        return is_known(check, self.moment) and check.status not in ("REPLACED", "CANCELLED")

    def public(self, check) -> bool:
        return bool(check.published_at and check.published_at <= self.moment)

    def is_open(self, of) -> bool:
        """Whether the names of a draw, or of a check's draw, were public."""
        return bool(of.released_at and of.released_at <= self.moment)

    def late(self, due: date, on: date) -> bool:
        return on > due >= self.first_use

    def draws(self, *, named: bool):
        for draw in self.world.draws:
            held = draw.status in HELD and draw.drawn_at <= self.moment
            told = draw.released_at and draw.released_at <= self.moment
            if held and draw.year == self.year and draw.number in self.numbers and (told or not named):
                yield draw

    def on_list(self, draw):
        """Whoever the draw has named by then, with why he is off the list."""
        for pick in draw.drawn:
            if pick.since <= self.moment:
                yield pick, pick.gone if pick.gone_at and pick.gone_at <= self.moment else ""

    def in_period(self, at: datetime) -> bool:
        day = day_of(at)
        return at <= self.moment and day.year == self.year and (day.month + 2) // 3 in self.numbers


def k1(y: Year) -> Iterator[Pair]:
    for check in y.checks():
        if check.source == "DRAW" and (y.public(check) or y.late(check.publish_by, y.today)):
            yield y.public(check), check.unit


def k2(y: Year) -> Iterator[Pair]:
    for check in y.checks():
        due = min(days.after(day_of(check.ended_at), 20), date(check.year, 3 * check.number, 25))
        if check.source == "DRAW" and (y.public(check) or y.late(due, y.today)):
            yield y.public(check) and day_of(check.published_at) <= due, check.unit


def _by_day(y: Year, done: dict, last: int) -> Iterator[Pair]:
    for n in y.numbers:
        due = date(y.year, 3 * n - 2, last)
        for unit in y.world.units if due >= y.first_use else ():
            on = done.get((unit, n))
            if on or y.today > due:
                yield bool(on) and on <= due, unit


def k3(y: Year) -> Iterator[Pair]:
    """A plan of which there are further versions: the first was approved when it was sent."""
    found = rows(
        "SELECT u.code, p.number, CASE WHEN p.revision = 1 THEN p.approved_at ELSE (SELECT min(f.asked_at) FROM "
        "plans_filing f WHERE f.plan_id = p.id AND f.revision = 1) END AS at FROM plans_quarterlyplan p "
        "JOIN accounts_unit u ON u.id = p.unit_id WHERE p.year = %s",
        y.year,
    )
    return _by_day(y, {(r.code, r.number): day_of(r.at) for r in found if r.at and r.at <= y.moment}, 5)


def k4(y: Year) -> Iterator[Pair]:
    return _by_day(y, {(d.unit, d.number): day_of(d.drawn_at) for d in y.draws(named=False)}, 10)


def k5(y: Year) -> Iterator[Pair]:
    for draw in y.draws(named=True):
        there = {pick.code for pick, gone in y.on_list(draw) if not gone}
        for row in draw.frames.get("key", {}).values():
            if row.state not in ("out:CLOSED", "out:MOVED"):
                yield row.code in there, draw.unit


def _reached(y: Year, first: int, last: int) -> set[str]:
    found = {
        check.facility
        for check in y.world.checks
        if y.public(check) and y.knows(check) and check.source in COVERING and check.outcome not in IN_VAIN
        and first <= day_of(check.ended_at).year <= last and day_of(check.ended_at) <= y.last
    }  # fmt: skip
    return found | {c.code for c in _before(y) if c.kind in ("RANDOM", "SPECIAL") and first <= c.day.year <= last}


def _before(y: Year):
    """What was entered of the time before first use, where there is such a time."""
    if y.first_use <= BEGIN:
        return []
    return rows(
        "SELECT c.*, f.code FROM registry_pastcheck c JOIN registry_pastchecks r ON r.id = c.request_id "
        "JOIN registry_facility f ON f.id = c.facility_id WHERE r.state = 'APPROVED' AND c.result <> 'NOT_HELD'"
    )


def k6(y: Year) -> Iterator[Pair]:
    grounds = defaultdict(list)
    for g in rows(
        "SELECT g.*, f.code FROM registry_categoryground g JOIN registry_facility f ON f.id = g.facility_id "
        "WHERE g.kind LIKE 'KF%%' AND NOT (g.kind = 'KF11' AND g.approved_by_id IS NULL)"
    ):
        grounds[g.code].append(g)
    listed = defaultdict(set)
    for draw in y.world.draws:
        if draw.status == "ABORTED" or draw.year != y.year or draw.number > y.numbers[-1] or draw.frozen_at > y.moment:
            continue
        on = day_of(draw.frozen_at)
        for category in ("key", "special"):
            for row in draw.frames.get(category, {}).values():
                holds = any(g.valid_from <= on and (not g.valid_to or g.valid_to > on) for g in grounds[row.code])
                if row.state not in ("out:CLOSED", "out:MOVED") and (category == "key" or holds):
                    listed[draw.unit].add(row.code)
    seen = _reached(y, y.year, y.year)
    for code, unit, there, kinds in _registry(y):
        key = any(kind.startswith("KF") for kind in kinds)
        if ((there and key) or code in listed[unit]) and unit in y.world.units:
            yield code in seen, unit


def k7(y: Year) -> Iterator[Pair]:
    seen = _reached(y, *CYCLE)
    for code, unit, there, kinds in _registry(y):
        if there and not kinds and unit in y.world.units:
            yield code in seen, unit


def _registry(y: Year) -> Iterator[tuple[str, str, bool, set[str]]]:
    """Each facility on the last day, as far as it was known: of which unit, on the books or not, with which grounds."""
    changes, grounds = defaultdict(list), defaultdict(set)
    for c in y.world.changes:
        changes[c.facility_id].append((c.effective_on <= y.last and c.at <= y.moment, c))
    for g in y.world.grounds:
        if g.valid_from <= y.last and (not g.valid_to or g.valid_to > y.last):
            grounds[g.facility_id].add(g.kind)
    for f in y.world.facilities:
        mine = changes[f.id]
        if f.entered_on > y.last or any(c.kind == "NEW" and not counts for counts, c in mine):
            continue
        now = {"unit": f.unit, "status": f.status}
        for name in now:
            said = [(counts, c.values[name]) for counts, c in mine if name in c.values]
            known, later = (
                [new for counts, (_, new) in said if counts],
                [old for counts, (old, _) in said if not counts],
            )
            now[name] = known[-1] if known else later[0] if later else now[name]
        yield f.code, now["unit"], now["status"] not in OFF_BOOKS, grounds[f.id]


def k8(y: Year) -> Iterator[Pair]:
    for draw in y.draws(named=True):
        for _, gone in y.on_list(draw):
            if not gone:
                yield True, draw.unit
    for t in _targeted(y):
        public = t.published_at and t.published_at <= y.moment and t.check_status == "PUBLISHED"
        alone = (t.state == "APPROVED" and t.source == "OTHER_TARGETED") or (t.state == "ASKED" and t.ended_at)
        if public and alone and y.in_period(t.asked_at):
            yield False, t.unit


def _targeted(y: Year):
    """A reference every source has: the database asks for it (三), so only the open kinds are exceptions."""
    return rows(
        "SELECT t.*, u.code AS unit, i.status AS check_status, i.published_at, i.ended_at, d.released_at, "
        "f.uscc, f.code FROM inspections_targetedcheck t JOIN accounts_unit u ON u.id = t.unit_id "
        "JOIN registry_facility f ON f.id = t.facility_id LEFT JOIN inspections_inspection i ON i.id = t.inspection_id "
        "LEFT JOIN plans_draw d ON d.id = i.draw_id WHERE t.year = %s",
        y.year,
    )


def k9(y: Year) -> Iterator[Pair]:
    over = {(c.draw, c.facility): c for c in y.world.checks if c.draw and y.knows(c)}
    for draw in y.draws(named=True):
        for pick, gone in y.on_list(draw):
            check = over.get((draw.code, pick.code))
            done = not gone and check and check.outcome not in IN_VAIN
            if gone in ("", "NOTDONE"):
                yield bool(done) and day_of(check.ended_at) <= date(draw.year, 3 * draw.number, 25), draw.unit


def k10(y: Year) -> Iterator[Pair]:
    items = defaultdict(Counter)
    public = {(c.draw, c.facility) for c in y.world.checks if c.status == "PUBLISHED" and y.public(c)}
    for draw in y.world.draws:
        if draw.status not in HELD or draw.year != y.year or day_of(draw.drawn_at) > y.last:
            continue
        for pick, gone in y.on_list(draw):
            known = not gone if y.is_open(draw) else (draw.code, pick.code) in public
            if known and pick.category != "special":
                items[pick.code].update(draw.items)
    for past in _before(y):
        if past.kind == "RANDOM" and past.day.year == y.year:
            items[past.code].update(set(past.items))
    for code, unit, _, kinds in _registry(y):
        if items[code] and _label(kinds) != "special" and unit in y.world.units:
            yield max(items[code].values()) > TIMES, unit


def _label(kinds: set[str]) -> str:
    starts = {kind[:2] for kind in kinds}
    return "special" if "SF" in starts else "key" if "KF" in starts else "general"


def k11(y: Year) -> Iterator[Pair]:
    facilities = {f.code: f for f in y.world.facilities}
    targeted = defaultdict(list)
    for t in _targeted(y):
        targeted[t.inspection_id].append(t)
    moments: dict[str, list[datetime]] = defaultdict(list)

    def visit(code: str, at: datetime) -> None:
        if day_of(at) <= y.last and at <= y.moment:
            moments[facilities[code].uscc or code].append(at)

    there = set()
    gone = {(draw.code, pick.code): pick.gone_at for draw in y.world.draws for pick in draw.drawn if pick.gone_at}
    for c in y.world.checks:
        off = c.status in ("REPLACED", "CANCELLED") and gone.get((c.draw, c.facility), y.moment) <= y.moment
        if not (y.public(c) or y.is_open(c)) or off:
            continue
        there.add(c.id)
        asked = targeted[c.id]
        counts = c.source == "DRAW" or not asked or any(not t.cap_exemption for t in asked)
        if c.year == y.year and c.mode == "ONSITE" and counts:
            visit(c.facility, c.started_at or c.dispatched_at)
    for found in targeted.values():
        for t in found:
            unseen = t.inspection_id not in there and t.state in ("ASKED", "APPROVED")
            if unseen and t.mode == "ONSITE" and not t.cap_exemption:
                visit(t.code, t.asked_at)
    sent = {(c.draw, c.facility) for c in y.world.checks if c.draw}
    for draw in y.world.draws:
        for pick, gone in y.on_list(draw) if y.is_open(draw) and draw.year == y.year else ():
            row = draw.frames[pick.category][pick.code]
            if not gone and row.mode == "onsite" and (draw.code, pick.code) not in sent:
                visit(pick.code, draw.drawn_at)
    for past in _before(y):
        if past.mode == "ONSITE" and past.day.year == y.year:
            moments[facilities[past.code].uscc or past.code].append(
                datetime.combine(past.day, datetime.min.time(), days.CHINA) + timedelta(hours=12)
            )
    caps = rows(
        "SELECT c.*, u.code AS unit, u.kind FROM inspections_frequencycap c JOIN accounts_unit u ON u.id = c.unit_id "
        "WHERE c.state = 'APPROVED' AND c.year = %s ORDER BY c.decided_at, c.id",
        y.year,
    )
    for code, unit, _, kinds in _registry(y):
        went = sorted(moments[facilities[code].uscc or code])
        if went and unit in y.world.units:
            yield any(n > _cap(caps, unit, _label(kinds), at) for n, at in enumerate(went, 1)), unit


def _cap(caps, unit: str, category: str, at: datetime) -> float:
    """The lower of the unit's and the city's, as they stood that day; before the first approval the first."""
    own = [c for c in caps if c.unit == unit and c.category == category]
    city = [c for c in caps if c.kind == "CITY_TEAM" and c.category == category]
    stood = [
        [c for c in some if c.decided_at <= at][-1] for some in (own, city) if any(c.decided_at <= at for c in some)
    ]
    if stood:
        return min(c.max_visits for c in stood)
    first = sorted(own[:1] + city[:1], key=lambda c: c.decided_at)
    return first[0].max_visits if first else float("inf")


def k12(y: Year) -> Iterator[Pair]:
    for draw in y.draws(named=True):
        for _, gone in y.on_list(draw):
            yield gone not in ("", "NOTDONE"), draw.unit


def _visits(y: Year):
    return (check for check in y.checks() if check.mode == "ONSITE")


def k13(y: Year) -> Iterator[Pair]:
    came = defaultdict(list)
    for m in rows("SELECT * FROM inspections_visitmember WHERE arrived_at IS NOT NULL AND left_at IS NULL"):
        came[m.inspection_id].append(m.certificate_to)
    for check in _visits(y):
        yield sum(to >= day_of(check.started_at) for to in came[check.id]) >= PEOPLE, check.unit


def k14(y: Year) -> Iterator[Pair]:
    held = defaultdict(list)
    for r in rows("SELECT * FROM inspections_recording WHERE told = 'DEVICE' ORDER BY starts_at"):
        held[r.inspection_id].append((r.starts_at, r.ends_at))
    for check in _visits(y):
        at = check.started_at
        for begins, ends in held[check.id]:
            if begins - at <= PAUSE:
                at = max(at, ends)
        yield bool(held[check.id]) and check.ended_at - at <= PAUSE, check.unit


def k15(y: Year) -> Iterator[Pair]:
    there = _papers(y.moment)
    for check, _ in _closed(y):
        yield not _lacks(check, there), check.unit


def _closed(y: Year) -> Iterator[tuple]:
    """Public results with nothing left to do, each with the day on which that was so; what was begun later did not keep it open."""
    followed = defaultdict(list)

    def over(at: datetime | None, on: date | None = None) -> date | None:
        return (on or day_of(at)) if at and at <= y.moment else None

    for c in rows(
        "SELECT c.inspection_id, c.state, c.asked_at, c.decided_at, a.decided_at AS ended_at, a.effective_on FROM inspections_case c "
        "LEFT JOIN inspections_caseact a ON a.case_id = c.id AND a.kind = 'ENDING' AND a.state = 'APPROVED'"
    ):
        if c.asked_at <= y.moment and not (c.state == "RETURNED" and c.decided_at <= y.moment):
            followed[c.inspection_id].append(over(c.ended_at, c.effective_on))
    for r in rows(
        "SELECT r.*, i.outcome, i.withdrawn_at FROM inspections_rectification r JOIN inspections_inspection i ON i.id = r.inspection_id"
    ):
        corrected = r.state == "VOID" and r.outcome != "RECTIFY_ORDERED"  # and so orders nothing; else it was revoked
        if r.opened_at <= y.moment and not corrected:
            case = r.state != "HANDED" or followed[r.inspection_id]
            followed[r.inspection_id].append(
                over(r.withdrawn_at if r.state == "VOID" else r.closed_at) if case else None
            )
    for r in rows("SELECT * FROM inspections_referral"):
        if r.asked_at <= y.moment and not (r.state == "RETURNED" and r.decided_at <= y.moment):
            ends = r.state in ("ANSWERED", "DECLINED") or (r.kind == "POLICE" and r.state == "TAKEN")
            followed[r.inspection_id].append((r.answered_on or r.receipt_on) if ends else None)
    # Its 更换审批表 names others, and comes into the volume with the public list: till then it is not whole.
    listed = defaultdict(list)
    for r in rows(
        "SELECT i.id, d.released_at FROM plans_amendmentrequest a JOIN plans_amendmentrequest_picks p "
        "ON p.amendmentrequest_id = a.id JOIN inspections_inspection i ON i.pick_id = p.pick_id "
        "JOIN plans_draw d ON d.id = a.draw_id WHERE a.state = 'APPROVED'"
    ):
        listed[r.id].append(over(r.released_at))
    for check in y.checks():
        ends = followed[check.id]
        nothing = check.outcome in ("NO_ISSUE", "ON_SITE_FIXED", *SHUT)
        if y.public(check) and None not in [*ends, *listed[check.id]] and (nothing or ends):
            closed = max([day_of(check.published_at), *ends, *listed[check.id]])
            if closed <= y.today:
                yield check, closed


def _papers(moment: datetime) -> dict[str, set]:
    """Of each kind of paper that can be missed, the checks that had it by then; what comes late says when it came."""

    def having(sql: str) -> set:
        return {row.inspection_id for row in rows(sql) if not hasattr(row, "came") or row.came <= moment}

    unstruck = "LEFT JOIN inspections_struck x ON x.evidence_id = e.id WHERE x.id IS NULL"
    served = defaultdict(set)
    for r in rows("SELECT inspection_id, paper FROM inspections_delivery"):
        served[r.paper].add(r.inspection_id)
    recordings, explained = defaultdict(list), defaultdict(list)
    for r in rows("SELECT * FROM inspections_recording ORDER BY starts_at"):
        recordings[r.inspection_id].append(r)
    for g in rows("SELECT * FROM inspections_recordinggap"):
        if g.at <= moment:
            explained[g.inspection_id].append(g)
    return {
        "审批表": having("SELECT inspection_id FROM inspections_checkapproval WHERE state = 'APPROVED' AND then_in_id IS NULL"),
        "通知": served["NOTICE"],
        "告知": served["RESULT"],
        "签名": having("SELECT inspection_id FROM inspections_signature WHERE signer = 'RESPONSIBLE' AND replaced_at IS NULL"),
        "扫描": having(f"SELECT s.inspection_id, s.at AS came FROM inspections_paperscan s JOIN inspections_evidence e ON e.id = s.evidence_id {unstruck}"),
        "采样": having("SELECT s.inspection_id FROM inspections_sample s LEFT JOIN inspections_struck x ON x.sample_id = s.id WHERE x.id IS NULL"),
        "监测报告": having("SELECT inspection_id, at AS came FROM inspections_enclosure WHERE kind = 'MONITORING'"),
        "准许": {(r.inspection_id, r.paper) for r in rows("SELECT * FROM inspections_archiverequest WHERE state = 'APPROVED' AND wish = 'WITHOUT'") if r.decided_at <= moment},
        "责令": having(
            "SELECT r.inspection_id, o.at AS came FROM inspections_rectification r JOIN inspections_rectificationorder o "
            "ON o.rectification_id = r.id"
        ),
        "整改": having(
            "SELECT r.inspection_id, a.decided_at AS came FROM inspections_rectification r JOIN inspections_rectificationact a "
            "ON a.rectification_id = r.id WHERE a.decided_at IS NOT NULL"
        ),
        "撤销": having(
            "SELECT r.inspection_id, i.withdrawn_at AS came FROM inspections_rectification r JOIN inspections_inspection i "
            "ON i.id = r.inspection_id WHERE r.state = 'VOID' AND i.withdrawn_at IS NOT NULL"
        ),
        "录像": recordings,
        "说明": explained,
    }  # fmt: skip


def _lacks(check, there) -> set[str]:
    """What 七(七)-i…-o asks of this check and nobody has, by mode and outcome."""
    onsite, met = check.mode == "ONSITE", check.outcome not in SHUT
    lacks = set()
    if check.id not in there["审批表"]:
        lacks.add("行政执法检查审批表")
    if onsite and met and check.id not in there["通知"]:
        lacks.add("行政检查通知书")
    told = check.id in there["告知"] and (not onsite or check.id in there["通知"])
    if met and not told:
        lacks.add("送达回证")
    if onsite and check.outcome not in IN_VAIN and check.id not in there["签名"] | there["扫描"]:
        lacks.add("笔录签字页扫描件")
    if check.id in there["采样"] and check.id not in there["监测报告"]:
        lacks.add("监测报告")
    if check.outcome == "RECTIFY_ORDERED":
        lacks |= {
            name
            for name, kept in (("整改审批表", there["整改"] | there["撤销"]), ("责令改正通知书", there["责令"]))
            if check.id not in kept
        }
    if onsite and check.recorder_no and not _seen_whole(check, there):
        lacks.add("影像资料目录")
    return {name for name in lacks if (check.id, name) not in there["准许"]}


def _seen_whole(check, there) -> bool:
    """Every stretch without a recording has its reason; of recordings the devices' count, once they are read."""
    found = there["录像"][check.id]
    found = [r for r in found if r.told == "DEVICE"] or found
    at, holes = check.started_at, []
    for r in found:
        if r.starts_at - at > PAUSE and r.starts_at < check.ended_at:
            holes.append((at, r.starts_at))
        at = max(at, r.ends_at or check.ended_at)
    if check.ended_at - at > PAUSE:
        holes.append((at, check.ended_at))
    reasons = []
    for g in there["说明"][check.id]:
        later = [r.starts_at for r in there["录像"][check.id] if r.told == "SPOT" and r.starts_at >= g.at]
        reasons.append((g.starts_at, g.ends_at if g.ends_at < g.at else min(later, default=check.ended_at)))
    return all(any(a <= b and e <= z for a, z in reasons) for b, e in holes)


def k16(y: Year) -> Iterator[Pair]:
    served = {
        r.inspection_id for r in rows("SELECT * FROM inspections_delivery WHERE paper = 'NOTICE'") if r.at <= y.moment
    }
    for check in _visits(y):
        if check.outcome not in SHUT:
            yield check.id in served, check.unit


def _results(y: Year):
    return (check for check in y.checks() if y.public(check) and check.outcome not in SHUT)


def k17(y: Year) -> Iterator[Pair]:
    return ((check.bad, check.unit) for check in _results(y))


def k18(y: Year) -> Iterator[Pair]:
    known = {check.id: check for check in y.checks() if y.public(check)}
    for r in rows("SELECT * FROM inspections_rectification WHERE state NOT IN ('VOID', 'HALTED')"):
        if r.inspection_id in known and r.opened_at <= y.moment:
            last = days.after(r.due, 10)
            on = day_of(r.closed_at) if r.closed_at and r.closed_at <= y.moment else None
            if on or y.today > last:
                yield r.state == "CLOSED" and bool(on) and on <= last, known[r.inspection_id].unit


def k19(y: Year) -> Iterator[Pair]:
    conflicts = rows(
        "SELECT c.asked_at, c.decided_at, CASE WHEN u.kind = 'COUNTY_SECTION' AND s.id IS NOT NULL THEN s.code "
        "WHEN u.kind = 'HQ_SECTION' AND p.id IS NOT NULL THEN p.code ELSE u.code END AS unit "
        "FROM registry_conflictofinterest c JOIN registry_inspector i ON i.id = c.inspector_id "
        "JOIN accounts_unit u ON u.id = i.unit_id LEFT JOIN accounts_unit s ON s.id = u.serves_id "
        "LEFT JOIN accounts_unit p ON p.id = u.parent_id"
    )
    asked = rows(
        "SELECT a.asked_at, a.decided_at, u.code AS unit, d.year, d.number, d.released_at FROM plans_amendmentrequest a "
        "JOIN plans_draw d ON d.id = a.draw_id JOIN accounts_unit u ON u.id = d.unit_id WHERE a.reason = 'I_RECUSE'"
    )
    named = [
        a for a in asked if a.year == y.year and a.number in y.numbers and a.released_at and a.released_at <= y.moment
    ]
    for one in conflicts + named:
        if not y.in_period(one.asked_at) or one.unit not in y.world.units:
            continue
        due = days.after(day_of(one.asked_at), DECIDED_WITHIN)
        on = day_of(one.decided_at) if one.decided_at and one.decided_at <= y.moment else None
        if on or y.today > due:
            yield bool(on) and on <= due, one.unit


def k20(y: Year) -> Iterator[Pair]:
    faults = [r.problem for r in rows("SELECT * FROM plans_proofrun WHERE problem <> ''") if r.at <= y.moment]
    for draw in y.draws(named=False):
        if draw.release_at <= y.moment:
            told = draw.released_at and draw.released_at <= y.moment
            yield bool(told) and not any(f.startswith(draw.code) for f in faults), draw.unit


def k21(y: Year) -> Iterator[Pair]:
    bound = {r.inspection_id: r.bound_at for r in rows("SELECT * FROM inspections_volume WHERE part = 0") if r.bound_at}
    for check, closed in _closed(y):
        due = days.after(closed, 20)
        on = day_of(bound[check.id]) if check.id in bound and bound[check.id] <= y.moment else None
        if on or y.late(due, y.today):
            yield bool(on) and on <= due, check.unit


def k22(y: Year) -> Iterator[Pair]:
    """Of a drawn place the sealed text says whether it was listed; of any other the entries of the day of dispatch."""
    frames = {draw.code: draw.frames for draw in y.world.draws}
    entries = defaultdict(list)
    for r in rows(
        "SELECT e.*, f.code FROM registry_positivelistentry e JOIN registry_facility f ON f.id = e.facility_id"
    ):
        entries[r.code].append((r.valid_from, r.valid_to or date.max))
    for check in _results(y):
        if check.draw:
            line = next((of[check.facility] for of in frames[check.draw].values() if check.facility in of), None)
            listed = line is not None and line.mode == "offsite"
        else:
            listed = any(a <= day_of(check.dispatched_at) < b for a, b in entries[check.facility])
        if listed:
            yield check.mode != "ONSITE", check.unit


def k23(y: Year) -> Iterator[Pair]:
    for p in y.world.publications:
        if p.change in ("correction", "withdrawal") and y.in_period(p.published_at) and p.unit_code in y.world.units:
            yield True, p.unit_code


COUNTS = {int(name[1:]): part for name, part in list(globals().items()) if name[0] == "k" and name[1:].isdigit()}


def differences(told: dict[tuple[int, str], tuple[int, int]], due: dict) -> Iterator[str]:
    for key in sorted(told.keys() | due.keys()):
        if told.get(key) != due.get(key):
            yield f"K{key[0]} {key[1]}: {told.get(key)}; rows {due.get(key)}"
