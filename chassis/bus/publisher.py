"""Handing messages to the broker: persistent, mandatory, and believed only when the broker has confirmed them."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kombu import Connection, Exchange

CONFIRM_SECONDS = 10
UNROUTABLE = "no queue is bound for this event yet"


@dataclass(frozen=True)
class Parcel:
    """One message: where it goes and what is in it (JSON). `id` names it in the verdicts."""

    id: str
    exchange: str
    routing_key: str
    body: str


class BrokerDown(Exception):
    """The broker cannot be reached, or did not confirm in time: what became of the messages is unknown."""


class Publisher:
    """One connection, made when first needed and again after a failure."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection: Connection | None = None
        self._channel: Any = None
        self._confirms = False
        self._sent = 0
        self._declared = {""}

    def connect(self) -> None:
        """Errors: `BrokerDown`."""
        if self._channel is not None:
            return
        try:
            self._connection = Connection(self.url, connect_timeout=3, heartbeat=0)
            self._channel = self._connection.channel()
            self._sent, self._declared = 0, {""}
            self._confirms = hasattr(self._channel, "confirm_select")
            if self._confirms:
                self._channel.confirm_select()
        except Exception as error:
            self.close()
            raise BrokerDown(str(error) or type(error).__name__) from error

    def publish(self, parcels: Sequence[Parcel]) -> dict[str, str]:
        """Publish all; returns {id: reason} of those the broker sent back. Errors: `BrokerDown`."""
        self.connect()
        try:
            return self._publish(parcels)
        except Exception as error:
            self.close()
            raise BrokerDown(str(error) or type(error).__name__) from error

    def close(self) -> None:
        """Let the connection go; what was not confirmed stays unknown."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            with contextlib.suppress(Exception):  # it is broken already
                connection.collapse()

    def _publish(self, parcels: Sequence[Parcel]) -> dict[str, str]:
        returned: dict[str, str] = {}
        ledger = _Ledger(self._channel, self._sent, len(parcels), returned) if self._confirms else None
        for exchange in {parcel.exchange for parcel in parcels} - self._declared:
            self._declare(exchange)
        for parcel in parcels:
            self._send(parcel)
        self._sent += len(parcels)
        if ledger is not None:
            ledger.wait(self._connection)
        return returned

    def _declare(self, exchange: str) -> None:
        Exchange(exchange, type="topic", durable=True)(self._channel).declare()
        self._declared.add(exchange)

    def _send(self, parcel: Parcel) -> None:
        message = self._channel.prepare_message(
            parcel.body.encode(),
            content_type="application/json",
            content_encoding="utf-8",
            headers={},
            properties={"delivery_mode": 2, "message_id": parcel.id},
        )
        self._channel.basic_publish(message, parcel.exchange, parcel.routing_key, mandatory=True)


class _Ledger:
    """The broker's confirms on one channel for one batch; a nack or a silence fails the whole batch."""

    def __init__(self, channel: Any, already: int, count: int, returned: dict[str, str]) -> None:
        self.outstanding = set(range(already + 1, already + count + 1))
        self.returned = returned
        for kind, callback in (("basic_ack", self._ack), ("basic_nack", self._nack), ("basic_return", self._return)):
            channel.events[kind] = {callback}

    def wait(self, connection: Any) -> None:
        while self.outstanding:
            connection.drain_events(timeout=CONFIRM_SECONDS)

    def _ack(self, delivery_tag: int, multiple: bool) -> None:
        done = {tag for tag in self.outstanding if tag <= delivery_tag} if multiple else {delivery_tag}
        self.outstanding -= done

    def _nack(self, delivery_tag: int, multiple: bool) -> None:
        raise BrokerDown("the broker refused a message")

    def _return(self, error: Any, exchange: str, routing_key: str, message: Any) -> None:
        self.returned[message.properties["message_id"]] = UNROUTABLE
