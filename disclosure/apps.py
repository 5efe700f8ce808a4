from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = "公示"

    def ready(self):
        from benxi_shuangsuiji.web import frame as shell
        from disclosure.city import rollup_views
        from disclosure.publishing import views as publish_views

        shell.COUNTS["disclosure:publish-list"] = publish_views.count
        shell.COUNTS["disclosure:rollup-plans"] = rollup_views.count
