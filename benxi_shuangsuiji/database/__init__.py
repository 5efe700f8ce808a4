"""What the database itself keeps, whatever the code above it says.

`rules`: functions and triggers from the rooms' `.sql` files. `rights`: what each login may do with each table. `constraints`:
what is said when a row breaks a rule. `locks`: how a row is held. `demo_clock`: the time that the demo plays. `checks`: at start.
"""
