"""核算: every day all sealed draws computed anew and compared (七(二)-d, SSJ1 15 D10).

`daily`: one day's proof.
"""
