"""The dialogue mind of the hotline's domain."""

from emulators.gemini.brain.lines import FIXED
from emulators.gemini.brain.mind import make_mind

__all__ = ["FIXED", "make_mind"]
