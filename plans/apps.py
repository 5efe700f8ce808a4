from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "清单、计划与抽取"

    def ready(self):
        from benxi_shuangsuiji.notices.numbers import actions as policy_changes
        from plans.draw import withdrawals
        from plans.quarterly import law_changes
        from registry import freezes
        from registry.imports import rules
        from registry.proposals import rules as proposal_rules

        rules.WITHDRAWAL_OBSTACLES.append(withdrawals.why_not_withdraw)
        proposal_rules.TRANSFER_OBSTACLES.append(withdrawals.why_not_transfer)
        policy_changes.ALSO_TOLD.append(law_changes.tell_plans)
        freezes.LOOK.append(withdrawals.sealed_lists)
