"""What has to be done by when, and who is told (七(四)). Addresses: /desk/todo/, /desk/inbox/.

`duties`: what a unit has to do, and `Step`, one kind of it as the rooms declare it. `agenda`: to-dos in groups. `telling`: messages at once; `reminders`: those that come with a date. Rooms: `deadlines`, `numbers`.
"""
