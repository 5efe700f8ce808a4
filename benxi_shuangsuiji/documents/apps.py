from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "benxi_shuangsuiji.documents"
    label = "documents"
    verbose_name = "文书与文件"
