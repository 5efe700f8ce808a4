"""A proposed change of the registry waits for its second person (六(二)-d, -r); the positive list's is the city's (七(三)-e)."""

from benxi_shuangsuiji.notices.duties import Step

DECISION = Step("CHANGE", "审批名录变更", button="审批变更", stage="名录")
LISTING = Step("LISTING", "审批正面清单", button="审批正面清单", stage="名录")
