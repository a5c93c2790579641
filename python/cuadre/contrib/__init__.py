"""Money in other people's frameworks, each behind its extra: ``pip install 'cuadre[pydantic]'`` and the like.

``cuadre.contrib.pydantic``, ``cuadre.contrib.sqlalchemy``, ``cuadre.contrib.django``, ``cuadre.contrib.msgspec``, ``cuadre.contrib.json`` and
``cuadre.contrib.google`` (google.type.Money): an amount keeps its currency and every decimal, in a column and on the wire.
"""
