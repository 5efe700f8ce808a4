"""Declarations made every year, and decided by the leader in time (七(五)-c)."""

from benxi_shuangsuiji.notices.duties import Step

# 更换 and 回避 alike: a leader's word that the next draw or visit waits for (七(二)-f).
DECISION = Step("D-20", button="审批申请", noun="更换和回避", stage="抽取")
DECLARATION = Step("DECL", "年度回避申报", button="打开申报", stage="名录")
