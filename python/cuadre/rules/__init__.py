"""Dated tables with a source a row: what the law, the gateways and the tills ask for. Data, so that anybody can replace it."""
