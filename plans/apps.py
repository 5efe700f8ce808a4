from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "清单、计划与抽取"
