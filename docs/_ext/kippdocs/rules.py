"""The rule catalogue."""
from docutils import nodes
__all__ = ["catalogue"]
def catalogue() -> list[nodes.Node]:
    return []
