from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "benxi_shuangsuiji.notices"
    label = "notices"
    verbose_name = "提醒与时限"

    def ready(self):
        from benxi_shuangsuiji import policy
        from benxi_shuangsuiji.notices.first_use.actions import fixed_day
        from benxi_shuangsuiji.notices.numbers import actions
        from benxi_shuangsuiji.policy import first_use

        policy.use(actions.approved)
        first_use.use(fixed_day)
