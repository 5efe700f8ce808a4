"""The registry as it was on any day, and what a freeze left out (六(二)-f). Pages only: the fold itself is `facilities/past.py`."""
