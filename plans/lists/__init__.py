"""随机抽查事项清单: the items that may be checked at random, made, approved and public (六(一)1). Addresses: /desk/items/.

`permits`: points that are asked where the registry knows of a permit.
"""
