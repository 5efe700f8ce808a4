"""时限日历: the deadlines D-1 to D-25 over the calendar, and their dates as pages and subscriptions show them (domain.md 8.1).

Addresses: /desk/calendar/, /calendar/. `timetable`: the one table; `lookup`: questions to it. `rule`: what a deadline is
made of. `due_days`: when each is due. `rows`: dates and duties side by side. `feeds`, `ics`: the same as a calendar to subscribe to.
"""
