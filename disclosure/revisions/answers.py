"""What the publications tell those to the left (registry.questions), beside what the checks tell."""

from disclosure.models import FOLLOWUPS, Change, Objection, Publication, PublicationKind, PublicationState
from disclosure.register import log
from disclosure.site.bulletin import public_url
from inspections.checks.answers import AnswersOfChecks


class AnswersOfPublications(AnswersOfChecks):
    def revisions(self, year):
        put_right = (Change.CORRECTION, Change.WITHDRAWAL)
        rows = Publication.everything.filter(change__in=put_right, published_at__year=year).order_by(
            "published_at", "pk"
        )
        return [(one.unit_code, one.published_at, one.no, Change(one.change).label, public_url(one)) for one in rows]

    def register_head(self, at):
        return log.words_of(log.signed_by(at))

    def corrected_results(self):
        return Publication.objects.results().filter(state=PublicationState.CORRECTED).values("no")

    def under_objection(self):
        found = Objection.objects.pending().filter(publication__kind__in=[PublicationKind.RESULT, *FOLLOWUPS])
        asked = found.values_list("publication__kind", "publication__no", "publication__snapshot__check")
        return {no if kind == PublicationKind.RESULT else check for kind, no, check in asked}
