"""Dead letters: look, replay, drop. A replayed letter goes back into the queue it came from."""

import json
from collections.abc import Sequence

from sqlalchemy import select

from chassis.bus.retry import republish
from chassis.store import DeadLetter, Store


class NoSuchLetter(Exception):
    """There is no dead letter with this number."""


def list_dead(store: Store, limit: int = 100, before: int | None = None) -> Sequence[DeadLetter]:
    """The newest dead letters of all offices, at most `limit`, older than number `before`."""
    query = select(DeadLetter).order_by(DeadLetter.id.desc()).limit(limit)
    if before is not None:
        query = query.where(DeadLetter.id < before)
    with store.everywhere() as session:
        return session.scalars(query).all()


def show(store: Store, number: int) -> DeadLetter:
    """Errors: `NoSuchLetter`."""
    with store.everywhere() as session:
        letter = session.get(DeadLetter, number)
    if letter is None:
        raise NoSuchLetter(f"no dead letter {number}")
    return letter


def replay(store: Store, bus: str, number: int) -> DeadLetter:
    """Send the message again, then forget the letter. Errors: `NoSuchLetter`, `ValueError` when it is no message."""
    letter = show(store, number)
    try:
        body = json.loads(letter.body)
    except ValueError as error:
        raise ValueError(f"dead letter {number} cannot be replayed: its body is not JSON") from error
    republish(bus, letter.queue, body)
    return drop(store, number)


def drop(store: Store, number: int) -> DeadLetter:
    """Forget the letter. Errors: `NoSuchLetter`."""
    with store.everywhere() as session:
        letter = session.get(DeadLetter, number)
        if letter is None:
            raise NoSuchLetter(f"no dead letter {number}")
        session.delete(letter)
    return letter
