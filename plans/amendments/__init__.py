"""更换: who leaves a sealed draw, for what reason, and who takes the place by ticket (七(二)-f, -g; SSJ1 8).

Its pages stand in `inspections/replacements/`, which lets the dispatched checks follow.
"""
