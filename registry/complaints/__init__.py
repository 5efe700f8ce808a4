"""群众投诉: what was complained about, and from how many on it counts as repeated (六(二)-ag). Addresses: /desk/objects/complaints/.

`tallies`: how many complaints count on a day.
"""
