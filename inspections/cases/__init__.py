"""立案查处: what a result, or an order that was not followed, leads to under 行政处罚法 (八(二)-e, D-22). Addresses: /desk/cases/.

`clock`: by when the decision is due, with what was extended and what does not count.
"""
