"""The units' results put together by the lead office (七(六)-b, D-7b); of plans: `plans.filings.duties.SUMMARY`."""

from benxi_shuangsuiji.notices.duties import Step
from inspections.reports.duties import until_all_have_reported

RESULTS = Step("D-7b", button="汇总结果", noun="结果汇总", stage="报告", held_up=until_all_have_reported)
