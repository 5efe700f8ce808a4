from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = "公示"

    def ready(self):
        from benxi_shuangsuiji import shell

        from . import public_documents, publish_views, rollup_views  # noqa: F401

        shell.COUNTS["disclosure:publish-list"] = publish_views.count
        shell.COUNTS["disclosure:rollup-plans"] = rollup_views.count
