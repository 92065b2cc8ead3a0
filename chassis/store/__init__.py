"""A service's own store: sessions that are one transaction of one tenant, and the tables every service has."""

from chassis.store.columns import Json, Key, UtcDateTime, naming
from chassis.store.engine import Store, StoreDown
from chassis.store.tables import DeadLetter, IdempotencyKey, InboxRow, OutboxRow, ground_tables
from chassis.store.tenancy import EVERYWHERE, Owned, WrongTenant

__all__ = [
    "EVERYWHERE",
    "DeadLetter",
    "IdempotencyKey",
    "InboxRow",
    "Json",
    "Key",
    "OutboxRow",
    "Owned",
    "Store",
    "StoreDown",
    "UtcDateTime",
    "WrongTenant",
    "ground_tables",
    "naming",
]
