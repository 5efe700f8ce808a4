"""Rows of one month of 在线监控超标, for facilities that are there (七(三)-d)."""

import re

from registry.facilities.comparison import NamedRows
from registry.models import Facility

from . import months

_TIMES = re.compile(r"(\d{1,4})(?:\.0+)?\s*次?")


class MonthRows(NamedRows):
    """Every row counts one place; the same count again changes nothing, another corrects."""

    of_the_living = False

    def match(self, lines: list) -> None:
        super().match(lines)
        found = months.standing([line.match.pk for line in lines if line.match])
        self._said = {row.facility_id: row.times for row in found if row.month == months.month_of(self.asked)}

    def content(self, line) -> dict | None:
        if line.number not in self.foreign and (said := line.values.get("times")):
            counted = _TIMES.fullmatch(said.strip())
            line.values["counted"] = int(counted[1]) if counted else None
            if not counted:
                self.wrong(line, "times", "超标次数不是整数", "填 0 到 9999 的整数，没有超标的填 0")
        return super().content(line)

    def change_of(self, facility: Facility, line) -> dict | None:
        times, before = line.values.get("counted"), self._said.get(facility.pk)
        if times is None or times == before:
            return None
        month = months.month_of(self.asked).isoformat()
        said = {
            "facility": facility.pk,
            "month": month,
            "times": times,
            "before": before,
            "source": self.asked["source"],
        }
        return self.outcome(facility, monitoring=said)
