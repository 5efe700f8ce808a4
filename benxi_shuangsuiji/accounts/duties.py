"""Whoever approves a change of units or names has it as a to-do (五, decision 0075)."""

from benxi_shuangsuiji.notices.duties import Step

UNITS = Step("UNITNAME", "批准单位和名称的修改", button="批准修改", noun="名称修改", stage="规定")
