"""年度卷: one unit's year bound in one volume, and the same as a package that can be checked without this system (七(七)-a…-h).

It stands in the last app because what was published goes in as it was published. Addresses: /desk/yearbook/.
"""
