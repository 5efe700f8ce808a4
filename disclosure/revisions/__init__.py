"""更正和撤下: what is public is corrected or withdrawn by two people (八(二)-c, D-23). Addresses: /desk/publish/…/revise/.

A correction keeps the old words public, with day and reason; a withdrawal leaves a tombstone and seals every earlier
version (PUB1 §1, §2). `places`: which words of a publication can be corrected. `tombstones`: what stands in place of
sealed words. `terms`: for how long something stays public.
"""
