"""派发: what was drawn goes to its teams (七(二)-h, 五-4i). Addresses: /desk/draws/…/dispatch/."""
