"""Settings: from the environment, else from the TOML file named by `LAMPPOST_CONFIG`, else the laptop's defaults.

Every missing or wrong setting is reported at once, by name (`SettingsError`).
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "LAMPPOST_"


class SettingsError(Exception):
    """What is wrong with the settings: one line each, naming the setting."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Setting:
    """One setting's value and where it came from (`environment`, the file's path, or `default`)."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True)
class Settings:
    """What one process needs to know. `store(service)` and `index` are addresses; `sms` and `mail` choose providers."""

    tenants: Path
    data: Path
    public_url: str
    bus: str
    sms: str
    mail: str
    search_index: str
    keys: Path
    stores: Mapping[str, str]
    every: tuple[Setting, ...] = field(repr=False)

    def store(self, service: str) -> str:
        """The SQLAlchemy address of a service's own store."""
        return self.stores[service]

    @property
    def embedded(self) -> bool:
        """True on a laptop: the bus lives in this process and keys may be made on the first run."""
        return self.bus.startswith("memory://")


def load(services: list[str], environ: Mapping[str, str] | None = None) -> Settings:
    """Read all settings for these services. Errors: `SettingsError` with every problem found."""
    environ = os.environ if environ is None else environ
    reader = _Reader(environ, _file(environ.get(PREFIX + "CONFIG")))
    data = reader.read("DATA", "var", lambda value: None)
    return reader.finish(
        tenants=Path(reader.read("TENANTS", "deploy/tenants", _existing_folder)),
        data=Path(data),
        public_url=reader.read("PUBLIC_URL", "http://127.0.0.1:8000", _scheme("http", "https")).rstrip("/"),
        bus=_named_host(reader.read("BUS", "memory://", _scheme("memory", "amqp", "amqps"))),
        sms=reader.read("SMS", "console:", _scheme("console", "twilio")),
        mail=reader.read("MAIL", "console:", _scheme("console", "smtp")),
        search_index=reader.read("SEARCH_INDEX", f"sqlite:///{data}/index.db", _scheme("sqlite", "http", "https")),
        keys=Path(reader.read("KEYS", f"{data}/keys.toml", lambda value: None)),
        stores={name: reader.store(name, data) for name in services},
    )


class _Reader:
    def __init__(self, environ: Mapping[str, str], file: Mapping[str, str]) -> None:
        self.environ, self.file = environ, file
        self.seen: list[Setting] = []
        self.problems: list[str] = []

    def read(self, name: str, default: str, wrong: Callable[[str], str | None]) -> str:
        setting = self._find(PREFIX + name, default)
        self.seen.append(setting)
        if problem := wrong(setting.value):
            self.problems.append(f"{setting.name}: {problem} (from {setting.origin})")
        return setting.value

    def store(self, service: str, data: str) -> str:
        return self.read(f"{service.upper()}_STORE", f"sqlite:///{data}/{service}.db", _scheme("sqlite", "postgresql"))

    def _find(self, name: str, default: str) -> Setting:
        if name in self.environ:
            return Setting(name, self.environ[name], "environment")
        if name in self.file:
            return Setting(name, str(self.file[name]), self.environ[PREFIX + "CONFIG"])
        return Setting(name, default, "default")

    def finish(self, **values: object) -> Settings:
        if not str(values["bus"]).startswith("memory://") and not Path(str(values["keys"])).is_file():
            self.problems.append(f"{PREFIX}KEYS: no such file: {values['keys']}")
        if self.problems:
            raise SettingsError(self.problems)
        return Settings(**values, every=tuple(self.seen))  # type: ignore[arg-type]


def _file(path: str | None) -> Mapping[str, str]:
    if not path:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError([f"{PREFIX}CONFIG: {path}: {error}"]) from error


def _scheme(*allowed: str) -> Callable[[str], str | None]:
    def wrong(value: str) -> str | None:
        scheme = urlsplit(value).scheme
        return None if scheme in allowed else f"must start with one of {', '.join(allowed)}, not {scheme or 'nothing'}"

    return wrong


def _named_host(bus: str) -> str:
    return "memory://localhost/" if bus == "memory://" else bus


def _existing_folder(value: str) -> str | None:
    return None if Path(value).is_dir() else f"no such folder: {value}"
