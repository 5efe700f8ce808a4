"""手机外勤的收件处: what a phone kept is received once, with or without a network (七(五)-l). Addresses: /field/outbox/."""
