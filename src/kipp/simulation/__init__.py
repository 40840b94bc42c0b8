"""Made-up contests: what the rules do to fields that nobody entered."""

__all__: list[str] = []
