"""整改: what was ordered is mended by its day, checked again and closed by two people (八(二)-e, 七(四)-7; domain.md 7.6).

Opened by the review of a result that ordered correction. What the enterprise reports comes through the address of its
notice; every further step is one `RectificationAct`, asked by the team and decided by a leader who was not there; each
step that happened is handed over for publication (`inspections.followups`). Addresses: /desk/followups/, /e/…/rectify/.
"""
