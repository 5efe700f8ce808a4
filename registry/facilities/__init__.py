"""检查对象: what may be drawn, with its category and its grounds (六(二)). Addresses: /desk/objects/, /desk/responsibility/.

`categories`: 重点, 一般 and 特殊 from the grounds; `recompute`: all of them anew. `chain`: every change, hash-chained.
`levels`: vocabularies of levels. `treatment`: what was done with those that stand out. `wording`: changes in words.
`selection`: filters and order of the list. `public_tags`: what the item list may ask about.
"""
