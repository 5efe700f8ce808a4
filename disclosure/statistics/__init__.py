"""统计: how much was drawn, checked, found and mended, by unit and quarter, for everybody (四(3)-f). Address: /statistics/.

From publications and released draws only; a quarter counts once its names are public, so that no sum tells who is on them.
`counting`: what is read; `figures`: the tables; `bands`: was the draw even, by the mathematics of `plans.draw.evenness`.
"""
