"""The deadlines of coverage: of the quarter's picks (D-5), of 重点 (D-17) and 一般 (D-18), and what their reasons ask for."""

from benxi_shuangsuiji.notices.duties import Step

CHECKED = Step("D-5", button="打开任务", stage="检查", of_the_checks=True)
OF_KEY = Step("D-17", button="打开重点全覆盖", noun="重点全覆盖", stage="抽取", of_the_checks=True)
OF_GENERAL = Step("D-18", button="打开一般全覆盖", noun="周期全覆盖", stage="抽取", of_the_checks=True)
SPECIAL = Step(
    "SPEC", "检查没有查到的特殊监管对象", button="发起检查", noun="特殊对象检查", stage="检查", of_the_checks=True
)
APPROVAL = Step("REASON", "审批没有检查的原因", button="审批原因", noun="原因审批", stage="检查", of_the_checks=True)
MENDING = Step("REASONR", "改写被退回的原因", button="改写原因", noun="原因改写", stage="检查", of_the_checks=True)
