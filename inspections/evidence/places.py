"""How far a photograph was taken from where the facility is registered."""

from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

EARTH_M = 6_371_000


def metres_between(a: tuple[Decimal, Decimal], b: tuple[Decimal, Decimal]) -> int:
    """Between two places as (latitude, longitude) in degrees, on a sphere: good to half a percent."""
    (north_a, east_a), (north_b, east_b) = ((radians(float(p[0])), radians(float(p[1]))) for p in (a, b))
    chord = sin((north_b - north_a) / 2) ** 2 + cos(north_a) * cos(north_b) * sin((east_b - east_a) / 2) ** 2
    return round(2 * EARTH_M * asin(sqrt(chord)))
