"""Rows of one batch of the 正面清单, for facilities that are there (七(三)-a)."""

from registry.facilities.comparison import NamedRows
from registry.models import OFF_BOOKS, Facility

from .rules import SUBJECT


class PositiveRows(NamedRows):
    def change_of(self, facility: Facility, line) -> dict | None:
        if facility.status in OFF_BOOKS:
            self.wrong(line, "name", f"检查对象已{facility.get_status_display()}", "不能纳入正面清单，删去此行")
        if facility.listed or any(p.subject == SUBJECT for p in facility.waiting):
            return None
        return self.outcome(facility, positive={name: self.asked[name] for name in ("batch", "document")})
