"""What the checks tell the registry (registry.questions), beside what the draws tell it."""

from inspections.coverage import rules as coverage_rules
from inspections.frequency import counts
from plans.draw.answers import AnswersOfDraws

from . import known, loads, registry_audit


class AnswersOfChecks(AnswersOfDraws):
    def picks(self):
        return known.picks()

    def checks(self):
        return known.checks()

    def visits(self, facility):
        return known.visits(facility)

    def marks(self, facility):
        return known.marks(facility)

    def times_left(self, facility, year):
        return counts.left_of(known.picks(), facility, year)

    def onsite(self, facility):
        return known.onsite(facility)

    def adverse_results(self, facilities, since):
        return known.adverse_results(facilities, since)

    def loads(self, user, unit, quarter):
        return loads.known_to(user, unit, quarter)

    def near_other_units(self, user, unit, first, last):
        found = counts.near_other_units(user, unit, first, last)
        return [f"{facility.name}（{one.unit.short_name} {one.what} {one.when}）" for facility, one in found]

    def why_not_seal(self, unit, quarter, today):
        return coverage_rules.why_not_seal(unit, quarter, today)

    def audit_lines(self, unit, book, today):
        return registry_audit.lines(unit, book, today)
