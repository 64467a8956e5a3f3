"""Shared by all tests: hypothesis never judges by the clock."""

from hypothesis import settings

settings.register_profile("jinluo", deadline=None, derandomize=True)
settings.load_profile("jinluo")
