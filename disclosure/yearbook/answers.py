from disclosure.revisions.answers import AnswersOfPublications

from . import standing


class AnswersOfYears(AnswersOfPublications):
    """Beside what the publications tell, how far a year's volume is (registry.questions)."""

    def year_volume(self, unit, year):
        return standing.progress(unit, year)
