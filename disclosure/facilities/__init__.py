"""企业页: a permanent page for every facility of the public rosters, search among them, files (四(3)-a, -e; ui-2.md 18).

From publications and public draw documents alone. Addresses: /enterprises/, /data/facilities.csv.
"""
