"""Whoever decides a changed number of the plan has it as a to-do (附-b)."""

from benxi_shuangsuiji.notices.duties import Step

DECISION = Step("RULE", "审批参数修改", button="审批参数", stage="规定", of_the_city=True)
