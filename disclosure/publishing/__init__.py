"""公示: the officer makes lists, plans and results public; what is published is frozen (八(二)). Addresses: /desk/publish/.

`waiting`: what is to be published, by whom. `snapshots`: what exactly was published.
"""
