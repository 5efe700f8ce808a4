"""What the database itself keeps, whatever the code above it says: its clock, its rules, and who may do what."""
