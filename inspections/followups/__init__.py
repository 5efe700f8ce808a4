"""后续处理的公开: what came after a result is handed over for publication step by step (八(二)-e, -f).

A room calls `actions.hand_over` once for each step that happened; `disclosure.followups` publishes it.
"""
