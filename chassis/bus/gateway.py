"""The container's end of `chassis.asking`: questions go out over RPC, answers come back on one queue a process."""

from typing import Any

import eventlet
from eventlet.event import Event
from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider
from nameko.rpc import MethodProxy, ReplyListener

from chassis.asking import Ask, AskFailed


class Gateway(DependencyProvider):  # type: ignore[misc]
    """Connects a service's `Ask` while its container stands."""

    replies = ReplyListener()

    def start(self) -> None:
        self._ask().connect(self)

    def stop(self) -> None:
        self._ask().connect(None)

    def get_dependency(self, worker_ctx: Any) -> Ask:
        return self._ask()

    def call(self, service: str, method: str, timeout: float, arguments: dict[str, Any]) -> Any:
        """Ask in a green thread of its own: a caller that gives up must not leave a connection half-spoken."""
        answered = Event()
        eventlet.spawn(self._put, service, method, timeout, arguments, answered)
        with eventlet.Timeout(timeout, False):
            kind, value = answered.wait()
            if kind == "failed":
                raise AskFailed(f"{service}.{method}: {value}")
            return value
        raise AskFailed(f"{service}.{method}: no answer within {timeout} s")

    def _put(self, service: str, method: str, timeout: float, arguments: dict[str, Any], answered: Event) -> None:
        reply = None
        try:
            # A question nobody waits for any more is not worth an answer: it expires in the queue.
            caller = _Caller(self.container, method)
            proxy = MethodProxy(caller, service, method, self.replies, retry=False, expiration=timeout)
            reply = proxy.call_async(**arguments)
            with eventlet.Timeout(timeout):
                answered.send(("answered", reply.result()))
        except (Exception, eventlet.Timeout) as error:
            answered.send(("failed", str(error) or type(error).__name__))
        finally:
            self._forget(reply)

    def _forget(self, reply: Any) -> None:
        waiting = self.replies._reply_events
        for one in [key for key, event in waiting.items() if reply is not None and event is reply.reply_event]:
            del waiting[one]

    def _ask(self) -> Ask:
        ask: Ask = self.container.config["runtime"][self.container.service_name].ask
        return ask


class _Caller(WorkerContext):  # type: ignore[misc]
    """A worker context for a call that no entrypoint made: a web page asks."""

    def __init__(self, container: Any, method_name: str) -> None:
        self.method_name = method_name
        super().__init__(container, None, self)
