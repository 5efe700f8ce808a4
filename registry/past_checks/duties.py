"""Checks that were entered wait for their second person (二-a)."""

from benxi_shuangsuiji.notices.duties import Step

DECISION = Step("PAST", "批准补录的检查", button="批准补录", noun="检查补录", stage="名录")
