"""操作记录: an append-only, hash-chained trail of who did what (七(五)-n). Addresses: /desk/log/.

`trail`: writing an entry, sealing and checking the chain. `words`: an entry in words.
"""
