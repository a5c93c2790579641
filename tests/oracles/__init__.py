"""Slow plain twins of what the core does fast: readable first, and sharing no code with it."""
