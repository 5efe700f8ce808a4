"""统筹指导: what the city office asks of a unit, and its answer (五-1a, 五-2b, 八(一)-a). Addresses: /desk/coordination/.

`log`: instructions and answers as one ledger.
"""
