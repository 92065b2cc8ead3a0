"""The bus: events are said through an outbox, heard through an inbox; one asks only while a person waits."""

from chassis.asking import AskFailed
from chassis.bus.envelope import Event, Reader
from chassis.bus.handler import Heard, event_handler, rpc
from chassis.bus.outbox import say
from chassis.bus.worker import Worker

__all__ = ["AskFailed", "Event", "Heard", "Reader", "Worker", "event_handler", "rpc", "say"]
