"""A stand-in for GitHub, for demo and tests: loopback only, invented people, no code of ours."""

from .server import RunningSandbox, start

__all__ = ["RunningSandbox", "start"]
