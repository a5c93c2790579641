"""What Python knows about gateways: their profiles, one table a gateway."""
