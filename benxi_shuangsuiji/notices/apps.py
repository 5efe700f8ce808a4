from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "benxi_shuangsuiji.notices"
    label = "notices"
    verbose_name = "提醒与时限"
