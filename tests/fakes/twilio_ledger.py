"""The messages a stand-in Twilio has accepted, in memory and in an append-only log that outlives its clients."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from tests.fakes.twilio_form import Order
from tests.fakes.twilio_message import LIFE, Message, accepted, now, restored


class Ledger:
    """All messages by SID and by recipient. Every change is one JSON line in `path`, read again at the start."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._log: TextIO | None = None
        self._forget()
        if path:
            self._replay(path)
            self._log = path.open("a", encoding="utf-8")

    def accept(self, account: str, order: Order) -> Message:
        """Take responsibility for a message: from here on it counts."""
        message = accepted(account, order)
        with self._lock:
            self._keep(message)
            self._write({"event": "accepted", **message.record()})
        return message

    def move(self, message: Message, status: str, code: int | None = None) -> None:
        """Move a message on in its life; a status it has passed changes nothing."""
        with self._lock:
            if LIFE.index(status) <= LIFE.index(message.status):
                return
            message.status, message.updated = status, now()
            message.code = code if status in ("undelivered", "failed") else None
            if status in ("sent", "delivered", "undelivered", "failed") and message.sent is None:
                message.sent = now()
            self._write({"event": "status", "sid": message.sid, "status": status, "code": message.code})

    def redact(self, message: Message) -> None:
        """Forget the body, as an empty Body in a POST asks."""
        message.redacted = True
        self._write({"event": "redacted", "sid": message.sid})

    def delete(self, message: Message) -> None:
        """Remove the message from the API; that it was accepted still counts."""
        message.deleted = True
        self._write({"event": "deleted", "sid": message.sid})

    def get(self, sid: str) -> Message | None:
        """The message with this SID, unless it was deleted."""
        message = self._by_sid.get(sid)
        return None if message is None or message.deleted else message

    def newest_first(self, to: str, wanted: Callable[[Message], bool]) -> list[Message]:
        """The messages to a number (to anyone when empty) that are wanted, the last accepted first."""
        with self._lock:
            pool = self._to.get(to, []) if to else list(self._by_sid.values())
            return [message for message in reversed(pool) if not message.deleted and wanted(message)]

    def accepted(self) -> list[dict[str, Any]]:
        """Records of all messages ever accepted, oldest first."""
        with self._lock:
            return [message.record() for message in self._by_sid.values()]

    def count(self) -> int:
        """How many messages were accepted."""
        return len(self._by_sid)

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._forget()
            self._write({"event": "reset"})

    def close(self) -> None:
        """Close the log."""
        if self._log:
            self._log.close()

    def _forget(self) -> None:
        self._by_sid: dict[str, Message] = {}
        self._to: defaultdict[str, list[Message]] = defaultdict(list)

    def _keep(self, message: Message) -> None:
        self._by_sid[message.sid] = message
        self._to[message.order.to].append(message)

    def _write(self, entry: dict[str, Any]) -> None:
        with self._lock:
            if self._log and not self._log.closed:
                self._log.write("\n" + json.dumps(entry, ensure_ascii=False))
                self._log.flush()

    def _replay(self, path: Path) -> None:
        for line in path.read_text("utf-8", "replace").split("\n") if path.exists() else ():
            with contextlib.suppress(json.JSONDecodeError):  # the last line of a process that was killed
                self._again(json.loads(line))

    def _again(self, entry: dict[str, Any]) -> None:
        match entry["event"]:
            case "accepted":
                self._keep(restored(entry))
            case "reset":
                self._forget()
            case "status":
                self.move(self._by_sid[entry["sid"]], entry["status"], entry["code"])
            case "redacted":
                self.redact(self._by_sid[entry["sid"]])
            case "deleted":
                self.delete(self._by_sid[entry["sid"]])
