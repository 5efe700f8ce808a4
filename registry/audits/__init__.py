"""名录审核: the monthly audit of a registry, and who keeps it (六(二)-e, D-13). Addresses: /desk/objects/audit/, /desk/keepers/.

`standing`: how a registry stands today: its keeper, its last audit, and when the next is due.
"""
