"""The least share of 重点 has a date without a to-do: a plan below it cannot be approved (七(一)1-a)."""

from benxi_shuangsuiji.notices.duties import Step

LEAST = Step("D-16", noun="最低比例", stage="抽取", of_the_checks=True)
