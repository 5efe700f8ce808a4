from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "清单、计划与抽取"

    def ready(self):
        from registry import questions

        from .draw.answers import AnswersOfDraws

        questions.answered_by(AnswersOfDraws())
