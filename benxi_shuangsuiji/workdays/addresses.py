"""Years in addresses: only those of which the system can tell anything, so that any other is not found."""

from django.urls import register_converter

from .days import FIRST_YEAR, LAST_YEAR


class YearInAddress:
    """Four digits from the year in which the plan came into force; what lies beyond raises ValueError, a 404."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        year = int(value)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"没有 {year} 年的内容。")
        return year

    def to_url(self, value: int) -> str:
        return f"{int(value):04d}"


register_converter(YearInAddress, "year")
