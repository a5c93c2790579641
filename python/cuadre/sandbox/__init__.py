"""Things to try cuadre on, without a gateway and without anybody's data."""
