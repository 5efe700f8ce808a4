from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "benxi_shuangsuiji.notices"
    label = "notices"
    verbose_name = "提醒与时限"

    def ready(self):
        from benxi_shuangsuiji import policy, shell

        from . import agenda, policy_changes

        shell.COUNTS["notices:todo"] = agenda.open_count
        policy.use(policy_changes.approved)
