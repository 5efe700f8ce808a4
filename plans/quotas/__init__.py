"""抽查数量: how many of each category a quarter has to draw (七(一)). No pages of its own.

`history`: who was drawn before, as far as quotas count it.
"""
