from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "清单、计划与抽取"

    def ready(self):
        from benxi_shuangsuiji.notices import policy_changes
        from registry import freezes, proposal_rules, rules

        from . import law_changes, withdrawals

        rules.WITHDRAWAL_OBSTACLES.append(withdrawals.why_not_withdraw)
        proposal_rules.TRANSFER_OBSTACLES.append(withdrawals.why_not_transfer)
        policy_changes.ALSO_TOLD.append(law_changes.tell_plans)
        freezes.LOOK.append(withdrawals.sealed_lists)
