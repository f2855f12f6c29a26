"""How every process writes its log: an event name and fields, for people or as JSON, on standard error."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

from senet.config.environment import Environment

_EXPECTED_ANSWERS = {*range(400, 500), 503}
_QUIET = ("uvicorn", "asyncio", "httpx", "httpcore", "django.request", "procrastinate", "clickhouse_connect")


def configure_logging(environment: Environment, *, process: str) -> None:
    """Send structlog's events and the libraries' own lines through one renderer, with the process's name on each."""
    level = logging.getLevelNamesMapping().get(environment.log_level.upper(), logging.INFO)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso" if environment.log_format == "json" else "%H:%M:%S", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    renderer: Processor
    if environment.log_format == "json":
        shared.append(structlog.processors.format_exc_info)
        renderer = structlog.processors.JSONRenderer()
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), pad_event_to=24, exception_formatter=structlog.dev.plain_traceback
        )
        # plain: a traceback with local variables would write addresses into the log
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_is_news)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    structlog.contextvars.bind_contextvars(process=process)


def _is_news(record: logging.LogRecord) -> bool:
    """Leave out Django's line about every refused request, and about `/healthz` that answers 503 on purpose."""
    return record.name != "django.request" or getattr(record, "status_code", 500) not in _EXPECTED_ANSWERS
