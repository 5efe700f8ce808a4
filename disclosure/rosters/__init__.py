"""检查对象名录 of each unit, public with the sealing of its quarter's lists (六(二)-a, 四(3)-a). Addresses: /registers/.

`roster_of` the draw is its publication of kind REGISTER; the database lays its rows open for search (`rules.sql`).
"""
