"""What the draws tell the registry (registry.questions): what a sealed list holds still."""

from registry.questions import Nobody

from . import withdrawals


class AnswersOfDraws(Nobody):
    def why_not_withdraw(self, batch, codes):
        return withdrawals.why_not_withdraw(batch, codes)

    def why_not_transfer(self, facility):
        return withdrawals.why_not_transfer(facility)

    def sealed_lists(self, units):
        return withdrawals.sealed_lists(units)
