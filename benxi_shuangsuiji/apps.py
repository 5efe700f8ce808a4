from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "benxi_shuangsuiji"
    label = "foundation"
    verbose_name = "基础"

    def ready(self):
        from benxi_shuangsuiji.backup import checks as backup_checks  # noqa: F401
        from benxi_shuangsuiji.database import checks  # noqa: F401  (registers the system checks)
        from benxi_shuangsuiji.web import checks as web_checks  # noqa: F401
