"""A stand-in for the city's enforcement platform (MEP), and a reader of a year of packages.

Written from `docs/exchange/` alone (issue 17): it imports nothing of the system, so what it understands, another maker
understands too. `test_packages.py` holds it to that.
"""
