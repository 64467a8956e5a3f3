"""A graph over HTTP: SPARQL 1.1 Protocol for reading, Graph Store Protocol for reading, search, and the pages.

Queries run in worker processes of their own (`worker`, `crew`), over a snapshot of the store (`snapshot`).
Nothing here writes to a graph, and nothing that is asked leads to a request elsewhere.
"""
