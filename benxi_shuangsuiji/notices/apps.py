from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "benxi_shuangsuiji.notices"
    label = "notices"
    verbose_name = "提醒与时限"

    def ready(self):
        from benxi_shuangsuiji import shell

        from . import agenda

        shell.COUNTS["notices:todo"] = agenda.open_count
