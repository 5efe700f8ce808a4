"""What the system claims, computed anew from raw rows by this package's own arithmetic.

It imports no rule code of the system (`test_no_rule_code.py`): rows are read by SQL, SSJ1 texts by a parser of a few
lines, working days from the notice of the State Council, public figures from the pages as anybody gets them. Each part
is a function that yields one sentence for every difference; none means that what is claimed is what the rows say.

`lines` SSJ1 texts · `days` the calendar · `world` the rows · `frames` who stood on a list and why, before a draw · `draws`
quotas, tickets, picks, teams, the chain · `checks` days, members, results · `quarters` reports of quarter and year ·
`indicators` K1 to K23 · `papers` statistics, locked figures ·
`pages` what the public reads.
"""
