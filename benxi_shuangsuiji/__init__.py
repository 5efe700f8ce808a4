"""The foundation: what every app stands on, and nothing of their business.

`policy`: 《实施方案》 as data. `accounts`, `audit`, `workdays`, `notices`, `documents`: who may, who did, which day counts, who is
told, what is printed. `forms`, `web`: one form, one page. `database`: what it keeps by itself. `machine`: how all this runs
where nothing is installed. `demo`: an invented city. `subject`, `subjects`: what a room says of itself, and which rooms there are.
"""
