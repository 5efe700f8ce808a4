"""What the publications tell those to the left (registry.questions), beside what the checks tell."""

from disclosure.models import Change, Publication
from inspections.checks.answers import AnswersOfChecks


class AnswersOfPublications(AnswersOfChecks):
    def revisions(self, year):
        put_right = (Change.CORRECTION, Change.WITHDRAWAL)
        rows = Publication.everything.filter(change__in=put_right, published_at__year=year).order_by(
            "published_at", "pk"
        )
        found = rows.values_list("unit_code", "published_at", "no", "change")
        return [(unit, at, no, Change(change).label) for unit, at, no, change in found]
