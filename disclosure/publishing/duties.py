"""What must be taken back once it is known (八(二)-c): only its date is told until there is a page for it."""

from benxi_shuangsuiji.notices.duties import Step

WITHDRAWAL = Step("D-23", stage="公示")
