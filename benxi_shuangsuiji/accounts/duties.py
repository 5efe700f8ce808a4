"""What waits for the grants administrator: changes of units or names (五, decision 0075), requests for a grant (decision 0081)."""

from benxi_shuangsuiji.notices.duties import Step

UNITS = Step("UNITNAME", "批准单位和名称的修改", button="批准修改", noun="名称修改", stage="规定")
GRANT_REQUEST = Step("GRANTASK", "决定授权申请", button="办理申请", noun="授权申请", stage="规定")
