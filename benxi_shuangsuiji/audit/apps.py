from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "benxi_shuangsuiji.audit"
    label = "audit"
    verbose_name = "操作记录"
