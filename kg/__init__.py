"""Jinluo."""
