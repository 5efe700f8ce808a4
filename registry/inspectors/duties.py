"""The registry of inspectors kept up: changes of staff, and certificates that end (六(三)-i)."""

from benxi_shuangsuiji.notices.duties import Step

TURNOVER = Step("D-14", button="登记变动", noun="人员名录", stage="名录")
# Its reminders are counted from the last day of the card, and the person himself gets them too.
CERTIFICATE = Step("CERT", "执法证到期", serves=TURNOVER.id, button="登记换证", stage="名录", reminds_itself=True)
