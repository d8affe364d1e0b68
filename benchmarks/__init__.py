"""Measures what the README and docs/performance.md claim: ``make bench``.

Three processes on one machine: the hotline's server as it is deployed, the Gemini Live emulator
with its voice of tones, and this one, which telephones. Nothing in the server is replaced or
instrumented; everything is read off the wire at its two ends, whose clocks are the same.
"""
