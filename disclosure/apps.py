from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = "公示"

    def ready(self):
        from registry import questions

        from .yearbook.answers import AnswersOfYears

        questions.answered_by(AnswersOfYears())
