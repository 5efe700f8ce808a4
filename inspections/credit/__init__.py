"""信用评价依据: results as evidence for 环境信用评价, state of repair, what was handed out (八(二)-g, -h). Addresses: /desk/credit/.

`evidence`: which results, with basis and day; `repair`: how far 信用修复 has come.
"""
