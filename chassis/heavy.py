"""Work for the processor (passwords, pictures), which would hold up every green thread of the process meanwhile."""

import sys
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def apart(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do the work in an OS thread where the process is green, else here. Errors: the work's own."""
    eventlet: Any = sys.modules.get("eventlet")
    if eventlet is None or not eventlet.patcher.is_monkey_patched("thread"):
        return work(*args, **kwargs)
    from eventlet import tpool

    done: R = tpool.execute(work, *args, **kwargs)
    return done
