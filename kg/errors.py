"""Errors that the library raises. Each message names the file or setting and what to do about it."""


class KgError(Exception):
    """Base of every error that the library raises on purpose."""


class ReadError(KgError):
    """A document could not be read. `code` is a short machine-readable reason, such as `empty` or `encoding`."""

    def __init__(self, name: str, code: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.code, self.reason = name, code, reason

    def __reduce__(self) -> tuple[type["ReadError"], tuple[str, str, str]]:
        return type(self), (self.name, self.code, self.reason)


class DataError(KgError):
    """A file of seeds/ or ontology/ (or a user's own list) does not have the form it should."""


class GraphError(KgError):
    """An output folder is not a graph, is damaged, or is in use."""


class QueryError(KgError):
    """A query cannot be answered: syntax, an unknown name, or something that is not allowed."""
