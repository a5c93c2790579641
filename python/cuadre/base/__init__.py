"""What every noun stands on: text, shapes of declarations, dated rows. Knows no noun."""
