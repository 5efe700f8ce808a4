from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "benxi_shuangsuiji.workdays"
    label = "workdays"
    verbose_name = "工作日历"
