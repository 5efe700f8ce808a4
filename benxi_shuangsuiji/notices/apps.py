from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "benxi_shuangsuiji.notices"
    label = "notices"
    verbose_name = "提醒与时限"

    def ready(self):
        from benxi_shuangsuiji import policy
        from benxi_shuangsuiji.notices.numbers import actions

        policy.use(actions.approved)
