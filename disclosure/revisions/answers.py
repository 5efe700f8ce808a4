"""What the publications tell those to the left (registry.questions), beside what the checks tell."""

from django.urls import reverse

from disclosure.models import FOLLOWUPS, Change, Objection, Publication, PublicationKind, PublicationState
from disclosure.register import log
from inspections.checks.answers import AnswersOfChecks


class AnswersOfPublications(AnswersOfChecks):
    def revisions(self, year):
        put_right = (Change.CORRECTION, Change.WITHDRAWAL)
        rows = Publication.everything.filter(change__in=put_right, published_at__year=year).order_by(
            "published_at", "pk"
        )
        found = rows.values_list("unit_code", "published_at", "no", "change")
        page = reverse("disclosure:revisions")  # the public list of them all
        return [(unit, at, no, Change(change).label, page) for unit, at, no, change in found]

    def register_head(self, at):
        return log.words_of(log.signed_by(at))

    def corrected_results(self):
        return Publication.objects.results().filter(state=PublicationState.CORRECTED).values("no")

    def under_objection(self):
        found = Objection.objects.pending().filter(publication__kind__in=[PublicationKind.RESULT, *FOLLOWUPS])
        asked = found.values_list("publication__kind", "publication__no", "publication__snapshot__check")
        return {no if kind == PublicationKind.RESULT else check for kind, no, check in asked}
