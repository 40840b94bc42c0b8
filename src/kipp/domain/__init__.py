"""What things are: frozen values, no rules, no files."""

__all__: list[str] = []
