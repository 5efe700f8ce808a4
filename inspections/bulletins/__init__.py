"""通报 of a quarter, 年度评估 of each unit, 三年总结评估, and the enforcement statistics (五-2c, 五-2d, 五-4k, 二-c, N-16).

Addresses: /desk/bulletins/, /desk/statistics/, /desk/trend/. `content`: the figures, locked when a paper is made; `papers`: how
they read; `statistics`: counts by kind of check, object, problem and what followed.
"""
