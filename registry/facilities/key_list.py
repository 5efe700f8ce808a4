"""Rows of the year's 重点排污单位名录, and who stood on an earlier one and is named nowhere any more (六(二)-t)."""

from functools import cached_property

from registry import book
from registry.codes import name_key
from registry.models import ChangeProposal, Facility, Ground, ProposalKind

from . import categories, names
from .comparison import NamedRows, with_open

_LEAST = 4  # signs of a name that is looked for within a cell: a shorter one stands in too many others


class KeyListRows(NamedRows):
    """The year's 重点排污单位: a ground of this year takes the place of an earlier year's (六(二)-t)."""

    names_everybody = True

    def change_of(self, facility: Facility, line) -> dict | None:
        year = self.asked["year"]
        last = categories.last_day(Ground.KF1, year, self.today)
        if last < self.today:
            self.wrong(line, "name", f"{year} 年的名录已于 {last:%Y-%m-%d} 到期", "导入现在有效的年度的名录")
            return None
        waiting = [p for p in facility.waiting if p.subject == Ground.KF1]
        held = [g.year or 0 for g in facility.open_grounds if g.kind == Ground.KF1]
        if any(of >= year for of in [*held, *(p.payload.get("year", 0) for p in waiting)]):
            return None
        if waiting:
            self.wrong(line, "name", "这家的重点排污单位名录变更正等批准", "先由分管负责人决定，再导入这一行")
            return None
        sort = line.values.get("list_kinds", "")
        evidence = f"{year} 年重点排污单位名录{f'（{sort}）' if sort else ''}"[:200]
        ground = {"kind": Ground.KF1.value, "evidence": evidence, "document": self.asked["document"], "year": year}
        return self.outcome(facility, grounds=[ground])

    def see(self, cells: list) -> None:
        """Whoever is named in whatever row of whatever sheet, read or refused, is not left out (六(二)-t)."""
        for cell in cells:
            if not isinstance(cell, str) or not cell:
                continue
            named = [cell, names.written(cell).name] if names.may_have_more(cell) else [cell]
            self.matched.update(self._earlier[key] for key in map(name_key, named) if key in self._earlier)

    def see_refused(self, cells: list) -> None:
        """Nobody knows yet whom a refused row means: whose name stands in it, among whatever else, is not left out."""
        text = "\n".join(name_key(cell) for cell in cells if isinstance(cell, str))
        self.matched.update(pk for key, pk in self._earlier.items() if len(key) >= _LEAST and key in text)

    @cached_property
    def _earlier(self) -> dict[str, int]:
        """What names those who stand on an earlier year's list: codes, permit, and every name they had."""
        found = {}
        for facility in with_open(list(self._held().values_list("pk", flat=True))):
            said = (facility.code, facility.uscc, facility.permit_no, facility.name, *facility.former_names)
            found |= {name_key(name): facility.pk for name in said if name}
        return found

    def absent(self) -> list[dict]:
        """Who stood on an earlier year's list and is named on this one nowhere: whoever confirms may ask for the end."""
        leaving = ChangeProposal.objects.pending().filter(subject=Ground.KF1, kind=ProposalKind.GROUND_END)
        held = self._held().exclude(pk__in=leaving.values("facility")).order_by("code").values_list("pk", flat=True)
        found = with_open([pk for pk in held if pk not in self.matched])
        return [self.outcome(f, ended=[Ground.KF1.value], left_out=True) for f in found]

    def _held(self):
        return book.facilities_of(self.unit).filter(
            grounds__kind=Ground.KF1, grounds__valid_to__isnull=True, grounds__year__lt=self.asked["year"]
        )
