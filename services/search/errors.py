"""What goes wrong with a search engine, whichever it is."""


class IndexUnavailable(Exception):
    """The engine cannot be reached, is not ready, or refused; the message says which, without passwords."""
