"""指标: K1 to K23 (domain.md 8.2), each defined once with its n, its rule, its target and the rows behind it.

`facts` what is counted and who may know it, `figures` the list of all, `of_*` one module a subject, `counts` the sums of
reports. Addresses: /desk/indicators/. Whoever prints one of these figures takes it from here.
"""
