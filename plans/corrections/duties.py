"""An asked correction waits for the leader or the supervisor, whichever of them comes first (SSJ1 9.1)."""

from benxi_shuangsuiji.notices.duties import Step

DECISION = Step("CORR", "审批更正公开随机数", button="审批更正", noun="随机数更正", stage="抽取")
