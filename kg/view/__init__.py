"""The graph as one HTML page that works from a file, with the network off."""

from kg.view.data import ViewData, from_graph
from kg.view.document import LIMIT, Page, document, render

__all__ = ["LIMIT", "Page", "ViewData", "document", "from_graph", "render"]
