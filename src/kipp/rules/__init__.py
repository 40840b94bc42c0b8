"""What must hold: pure functions from facts and a rulebook to an answer with its reasons."""

__all__: list[str] = []
