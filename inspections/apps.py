from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "检查"

    def ready(self):
        from registry import questions

        from .checks.answers import AnswersOfChecks

        questions.answered_by(AnswersOfChecks())
