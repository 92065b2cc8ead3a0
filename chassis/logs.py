"""Structured logs, one JSON object a line on standard error (key=value on a terminal), without personal data.

Personal data never enters a log call; the last processor is a second lock: what looks like a Taiwanese mobile number,
an e-mail address or a national identity number is masked.
"""

import logging
import re
import sys
from typing import Any

import structlog

PERSONAL = re.compile(
    r"(?<![\w-])(?:\+?886[- ]?|0)9(?:[- ]?\d){8}(?![\w-])"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![A-Z0-9a-z])[A-Z][1289]\d{8}(?!\d)"
)
QUIET = ("twilio.http_client", "elastic_transport", "kombu", "amqp", "chassis.http", "alembic", "nameko")


def mask(text: str) -> str:
    """The text with personal data replaced by `•••`."""
    return PERSONAL.sub("•••", text)


def configure(level: str = "INFO") -> None:
    """Send every log of this process through structlog."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _masked,
    ]
    last = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=[*_without_meta(), last], foreign_pre_chain=shared)
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _without_meta() -> list[Any]:
    return [structlog.stdlib.ProcessorFormatter.remove_processors_meta]


def _masked(logger: Any, name: str, event: Any) -> Any:
    return {key: mask(value) if isinstance(value, str) else value for key, value in event.items()}
