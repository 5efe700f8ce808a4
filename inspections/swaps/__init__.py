"""换人: an officer of a check that no draw stands behind is replaced by another, on the word of two people (七(五)-c).

Of a drawn check the draw itself says who comes (`inspections.replacements`); here the leader approves a person by name.
"""
