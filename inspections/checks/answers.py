"""What the checks tell the registry (registry.questions), beside what the draws tell it."""

from plans.draw.answers import AnswersOfDraws

from . import known, loads, registry_audit


class AnswersOfChecks(AnswersOfDraws):
    def picks(self):
        return known.picks()

    def checks(self):
        return known.checks()

    def visits(self, facility):
        return known.visits(facility)

    def onsite(self, facility):
        return known.onsite(facility)

    def loads(self, user, unit, quarter):
        return loads.known_to(user, unit, quarter)

    def audit_lines(self, unit, book, today):
        return registry_audit.lines(unit, book, today)
