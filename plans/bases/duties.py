"""A changed basis asks every unit whose list rests on it to look at its items (六(一)1-b, D-15)."""

from benxi_shuangsuiji.notices.duties import Step

ADJUSTMENT = Step("D-15", button="核对是否受影响", noun="清单调整", stage="清单", of_the_city=True)
