"""全市汇总: every unit's plans, draws and results put together and made public (七(六)-a, -b). Addresses: /desk/city/plans/,
/desk/city/draws/, /desk/city/results/.

`standing`: how far the city's summary of plans is. `roundups`: results added up. `summaries`, `result_tables`: what
the public reads of plans and of results.
"""
