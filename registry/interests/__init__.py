"""回避: who declares that he may not check whom, and who approves it (七(五)-c). Addresses: /desk/recusals/.

`standing`: which declarations are in force.
"""
