"""What all tables of rules share."""

from __future__ import annotations


class UnverifiedRuleWarning(UserWarning):
    """A rule was used for which no official source was found: ask the gateway or the authority before money depends on it."""
