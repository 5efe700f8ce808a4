"""Who may do what: people, units, roles and grants (四(2)-a, 五-3a, 七(五)-o). Addresses: /desk/accounts/.

`access`: the mark that every page wears, and who may open it. `standing`: whether an account is in force today.
`lockouts`: sign-in closed for a while after wrong passwords. `benxi`: the units of this city.
"""
