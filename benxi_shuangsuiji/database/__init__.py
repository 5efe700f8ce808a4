"""What the database itself keeps, whatever the code above it says.

`rules`: functions and triggers from the rooms' `.sql` files. `logins`: who works on it. `rights`: what each login may do with
each table; `shown`: what everybody may read, and `reading`: public pages ask as everybody. `constraints`:
what is said when a row breaks a rule. `locks`: how a row is held. `demo_clock`: the time that the demo plays. `checks`: at start.
"""
