"""《实施方案》 as data: its numbers with effective dates, and its clauses. Imports no Django."""

from benxi_shuangsuiji.policy.changes import use
from benxi_shuangsuiji.policy.in_force import begins, history, line, on
from benxi_shuangsuiji.policy.versions import Policy, Recommended, cited

__all__ = ["Policy", "Recommended", "begins", "cited", "history", "line", "on", "use"]
