from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = "名录库"

    def ready(self):
        from benxi_shuangsuiji.notices import duties, reminders
        from benxi_shuangsuiji.web import frame as shell
        from registry import badges
        from registry.audits import standing as audits
        from registry.inspectors import expiry

        shell.COUNTS["registry:facility-list"] = badges.facilities_on_books
        shell.COUNTS["registry:inspector-list"] = badges.inspectors_in_service
        shell.COUNTS["registry:recusal-list"] = badges.interests_to_decide
        reminders.OWN_REMINDERS.add(expiry.RULE)
        duties.RECKONED[audits.RULE] = audits.reckoned
        shell.COUNTS["registry:proposal-list"] = badges.proposals_to_decide
