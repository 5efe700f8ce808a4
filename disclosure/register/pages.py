"""What pages show of a publication's place in the register."""

from .places import Registered

__all__ = ["Registered"]
