"""The public register as a transparency log: every publication is one leaf, nobody rewrites it unseen (PUB1)."""
