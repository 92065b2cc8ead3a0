"""Heavy work leaves the green threads running."""

import subprocess
import sys
import textwrap

from chassis.heavy import apart

GREEN = """
    import eventlet
    eventlet.monkey_patch()
    import ctypes, threading
    from chassis.heavy import apart

    ticks = []

    def tick():
        while True:
            ticks.append(1)
            eventlet.sleep(0.01)

    eventlet.spawn(tick)
    assert apart(lambda: ctypes.CDLL(None).usleep(300_000)) == 0
    try:
        apart(int, "x")
    except ValueError:
        print(len(ticks))
"""


def test_a_plain_process_does_it_here() -> None:
    assert apart(int, "12", base=8) == 10


def test_green_threads_go_on_meanwhile() -> None:
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(GREEN)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) > 10
