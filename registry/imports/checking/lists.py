"""Rows of somebody else's lists against the registry: the year's 重点排污单位, ratings, a batch of the positive list.

A list speaks of facilities that are there already; whom it does not name stays as he is, but for the one ground that
holds for a year's list only (六(二)-n, -o, -t; 七(三)-a).
"""

from datetime import date
from functools import cached_property

from benxi_shuangsuiji.accounts.models import Unit
from registry import book
from registry.columns import column
from registry.facilities import categories
from registry.facilities.rules import GONE
from registry.imports.cells import normal_word, shown
from registry.imports.checking.facilities import FacilityComparison
from registry.imports.checking.lines import Line, Notes
from registry.models import (
    BatchKind,
    ChangeProposal,
    Facility,
    FacilityRating,
    Ground,
    ProposalKind,
    Rating,
    VocabularyTerm,
)

RATINGS = {BatchKind.CREDIT: Rating.CREDIT, BatchKind.RISK: Rating.RISK}


class ListComparison(FacilityComparison):
    """What a list says of the facilities it names. `asked`: what holds for all its rows."""

    def __init__(self, unit: Unit, today: date, notes: Notes, kind: str, asked: dict):
        super().__init__(unit, today, notes)
        self.kind, self.asked = BatchKind(kind), asked
        self.keys = [column(kind, n) for n in ("permit_no", "uscc")]
        self._ratings: dict[int, list[FacilityRating]] = {}
        self._terms = {}
        if rating := RATINGS.get(self.kind):
            terms = VocabularyTerm.objects.valid_on(today).filter(kind=rating)
            self._terms = {word: t for t in terms for word in (t.code, t.label, *t.also)}

    def match(self, lines: list[Line]) -> None:
        super().match(lines)
        for line in lines:
            self._check_named(line)
        if rating := RATINGS.get(self.kind):
            found = FacilityRating.objects.filter(kind=rating, facility__in=[x.match.pk for x in lines if x.match])
            self._ratings = {}
            for given in found.order_by("year", "month", "pk"):
                self._ratings.setdefault(given.facility_id, []).append(given)

    def _check_named(self, line: Line) -> None:
        v, facility = line.values, line.match
        if facility is None:
            if not line.problems:
                field = "uscc" if v.get("uscc") or not v.get("permit_no") else "permit_no"
                title = column(self.kind, field).title
                if v.get(field):
                    line.wrong(field, title, "名录里没有这个对象", "核对代码；确实没有的，先加入检查对象名录")
                else:
                    line.wrong(field, title, f"没有填写{title}", "填写信用代码或许可证编号")
        elif v.get("name") and v["name"] not in (facility.name, facility.operator_name, *facility.former_names):
            text = f"名录里的名称是“{facility.name}”，按代码对应"
            self.notes.add(line.number, "名称", shown(line.cell("name")), text, "企业更名的，在对象页面办理变更")

    def content(self, line: Line) -> dict | None:
        facility = line.match
        if facility is None:
            return None
        match self.kind:
            case BatchKind.KEY_LIST:
                return self._on_key_list(facility, line)
            case BatchKind.POSITIVE:
                return self._on_positive_list(facility, line)
        return self._rated(facility, line)

    def _on_key_list(self, facility: Facility, line: Line) -> dict | None:
        """The ground of this year takes the place of an earlier year's (六(二)-t)."""
        year, document = self.asked["year"], self.asked["document"]
        last = categories.last_day(Ground.KF1, year, self.today)
        if last < self.today:
            line.wrong("name", "名称", f"{year} 年的名录已于 {last:%Y-%m-%d} 到期", "导入现在有效的年度的名录")
            return None
        waiting = [p for p in facility.waiting if p.subject == Ground.KF1]
        held = [g.year or 0 for g in facility.open_grounds if g.kind == Ground.KF1]
        if any(of >= year for of in [*held, *(p.payload.get("year", 0) for p in waiting)]):
            return None
        if waiting:
            line.wrong("name", "名称", "这家的重点排污单位名录变更正等批准", "先由分管负责人决定，再导入这一行")
            return None
        sort = line.values.get("list_kinds", "")
        ground = {
            "kind": Ground.KF1.value,
            "evidence": f"{year} 年重点排污单位名录{f'（{sort}）' if sort else ''}"[:200],
            "document": document,
            "year": year,
        }
        return self._outcome(facility, grounds=[ground])

    def _on_positive_list(self, facility: Facility, line: Line) -> dict | None:
        if facility.status in GONE:
            line.wrong("name", "名称", f"检查对象已{facility.get_status_display()}", "不能纳入正面清单，删去此行")
        if facility.listed or any(p.subject == "positive" for p in facility.waiting):
            return None
        positive = {"batch": self.asked["batch"], "document": self.asked["document"]}
        return self._outcome(facility, positive=positive)

    def _rated(self, facility: Facility, line: Line) -> dict | None:
        """A rating of a period; the newest one is the level of today, and a serious one a ground (六(二)-n, -o, -ai)."""
        rating = RATINGS[self.kind]
        said = line.values.get(rating.value)
        if said is None:
            return None
        term = self._terms.get(said.strip())
        if term is None:
            labels = "、".join(dict.fromkeys(t.label for t in self._terms.values()))
            line.wrong(rating.value, rating.label, f"不是可用的{rating.label}", f"可填：{labels}")
            return None
        period = self.asked["year"], self.asked.get("month")
        given = self._ratings.get(facility.pk, [])
        same = [g for g in given if (g.year, g.month) == period]
        newest = max(((g.year, g.month or 0) for g in given), default=(0, 0))
        is_newest = (period[0], period[1] or 0) >= newest
        moves = is_newest and getattr(facility, rating.value) != term.code
        if same and same[-1].code == term.code and not moves:
            return None
        row = {"kind": rating.value, "code": term.code, "year": period[0], "month": period[1]}
        return self._outcome(
            facility,
            new={rating.value: term.code} if moves else {},
            rating=row | {"source": self.asked["source"]},
        )

    def _outcome(self, facility, *, new=None, grounds=(), ended=(), positive=None, rating=None, left_out=False) -> dict:
        new, grounds, ended = new or {}, list(grounds), list(ended)
        held = {g.kind for g in facility.open_grounds}
        coming = {p.subject for p in facility.waiting if p.kind == ProposalKind.GROUND}
        leaving = {p.subject for p in facility.waiting if p.kind == ProposalKind.GROUND_END}
        if "credit_level" in new:
            derived = categories.derived_grounds(
                permit_category=facility.permit_category,
                permit_no=facility.permit_no,
                credit_level=new["credit_level"],
                serious=self.notes.serious,
            )
            grounds += [{"kind": k.value, "evidence": e} for k, e in derived.items() if k.value not in held | coming]
            ended += [k for k in held - leaving if k in categories.DERIVED and k not in derived]
        kinds = ((held | coming) - leaving - set(ended)) | {g["kind"] for g in grounds}
        return {
            "code": facility.code,
            "name": facility.name,
            "new": new,
            "old": {n: getattr(facility, n) for n in new},
            "grounds": grounds,
            "ended": ended,
            "category": [facility.category, categories.category_of(kinds)],
            "positive": positive,
            "rating": rating,
            "status_on": None,
            "status_evidence": "",
            "left_out": left_out,
        }

    def see(self, cells: list) -> None:
        """Whoever is named in whatever row of whatever sheet, read or refused, is not left out (六(二)-t)."""
        for cell in cells:
            if isinstance(cell, str) and (facility := self._earlier.get(normal_word(cell))):
                self._matched.add(facility)

    @cached_property
    def _earlier(self) -> dict[str, int]:
        """What names those who stand on an earlier year's list: codes, permit, and every name they had."""
        found = {}
        for facility in self._with_open(list(self._held().values_list("pk", flat=True))):
            names = (facility.code, facility.uscc, facility.permit_no, facility.name, *facility.former_names)
            found |= {normal_word(name): facility.pk for name in names if name}
        return found

    def missing(self) -> int:
        """Only a year's list says something about whom it leaves out; see `absent`."""
        return len(self._left_out()) if self.names_everybody else 0

    def absent(self) -> list[dict]:
        """Who stood on an earlier year's list and is named on this one nowhere: whoever confirms may ask for the end."""
        if not self.names_everybody:
            return []
        found = self._with_open(self._left_out())
        return [self._outcome(f, ended=[Ground.KF1.value], left_out=True) for f in found]

    @property
    def names_everybody(self) -> bool:
        return self.kind == BatchKind.KEY_LIST

    def _held(self):
        return book.facilities_of(self.unit).filter(
            grounds__kind=Ground.KF1, grounds__valid_to__isnull=True, grounds__year__lt=self.asked["year"]
        )

    def _left_out(self) -> list[int]:
        leaving = ChangeProposal.objects.pending().filter(subject=Ground.KF1, kind=ProposalKind.GROUND_END)
        held = self._held().exclude(pk__in=leaving.values("facility")).order_by("code").values_list("pk", flat=True)
        return [pk for pk in held if pk not in self._matched]
