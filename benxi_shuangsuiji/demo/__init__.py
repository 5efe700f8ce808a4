"""The demo: invented enterprises and people, played through the same actions as the pages (decisions.md 8).

Nothing imports it. `player`: puts the clock on and acts. `cast`: who acts. `year`, `quarters`: what happens when.
"""
