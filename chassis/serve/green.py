"""Turning a process green: blocking calls give way to other green threads. Must come before every other import."""


def patch() -> None:
    """Patch the standard library and psycopg2."""
    import eventlet

    eventlet.monkey_patch()
