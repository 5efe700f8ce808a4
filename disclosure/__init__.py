"""What the public sees: frozen publications, the evidence of every draw, open data (四(3), 八(二)).

`publications`: the one place that writes one. `digests`: its fingerprint. `words`: codes in words, so that a public page asks
nobody. Rooms: `city`, `draws`, `lists`, `publishing`, `results`, `site`.
"""
