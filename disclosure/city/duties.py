"""The units' results put together by the lead office (七(六)-b, D-7b); of plans: `plans.filings.duties.SUMMARY`."""

from benxi_shuangsuiji.notices.duties import Step

RESULTS = Step("D-7b", button="汇总结果", noun="结果汇总", stage="报告")
