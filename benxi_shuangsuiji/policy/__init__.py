"""《实施方案》 as data: its numbers with effective dates, and its clauses. Imports no Django."""

from benxi_shuangsuiji.policy.versions import Policy, on

__all__ = ["Policy", "on"]
