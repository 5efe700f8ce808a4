"""更正以后的检查: dispatched checks that follow a corrected draw (七(二)-d, SSJ1 9.1). Addresses: /desk/draws/…/correct/."""
