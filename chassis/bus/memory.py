"""The laptop's broker: kombu's memory transport, with the one property restored that nameko's RPC needs.

kombu's virtual transports drop `content_type` from a message's properties; nameko answers in the request's encoding
and reads it there.
"""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, memory

POLLING_SECONDS = 0.02


class Channel(memory.Channel):  # type: ignore[misc]
    """Keeps `content_type` among the properties."""

    def prepare_message(
        self, body: Any, priority: Any = None, content_type: Any = None, *more: Any, **named: Any
    ) -> Any:
        message = super().prepare_message(body, priority, content_type, *more, **named)
        message["properties"]["content_type"] = content_type
        return message


class Transport(memory.Transport):  # type: ignore[misc]
    """`memory://`, polled often enough for a person to wait for."""

    Channel = Channel
    polling_interval = POLLING_SECONDS


def install() -> None:
    """Make `memory://` mean this transport."""
    TRANSPORT_ALIASES["memory"] = f"{__name__}:Transport"


def waiting() -> int:
    """Messages not yet taken from any queue of this process."""
    return sum(queue.qsize() for queue in Channel.queues.values())
