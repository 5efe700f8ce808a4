"""更正公开随机数: a value that was typed wrong by two people, put right in place by others (七(二)-d, SSJ1 9.1).

Its pages stand in `inspections/corrections/`, which lets the dispatched checks follow.
"""
