"""现场: the team accepts, arrives, answers the points and ends the check (七(五)). Addresses: /field/."""
