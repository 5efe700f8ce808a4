"""A proposed change of the registry waits for its second person (六(二)-d)."""

from benxi_shuangsuiji.notices.duties import Step

DECISION = Step("CHANGE", "审批名录变更", button="去审批", stage="名录")
