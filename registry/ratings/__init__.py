"""评价: credit and environmental ratings of facilities, with the levels that count (六(二)-ai). Addresses: /desk/objects/levels/.

`coverage`: how many facilities have each rating.
"""
