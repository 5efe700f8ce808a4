"""公开的清单和计划: the public pages of item lists and quarterly plans, with their papers (七(六)-a, 八(二)-a). Addresses: /items/,
/plans/.
"""
