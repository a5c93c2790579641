"""Money in other people's frameworks, each behind its extra: ``pip install 'cuadre[pydantic]'`` and the like."""
