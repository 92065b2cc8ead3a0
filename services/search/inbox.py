"""What search hears: whatever can be found. Cases for staff, services and places for everyone."""

from datetime import datetime

from chassis.bus import Reader


class BothLanguages(Reader):
    """A text in zh-Hant and English."""

    zh: str
    en: str


class Case(Reader):
    """A case as it stands. `description` is sealed for search."""

    number: str
    version: int
    status: str
    service_code: str
    service: BothLanguages
    section: str
    address: str | None = None
    asset_number: str | None = None
    updated_at: datetime
    description: str | None = None


class CaseChanged(Reader):
    """Any change of a case: the newest version is what is found."""

    case: Case


class ServicePublished(Reader):
    """A service of the catalogue."""

    code: str
    name: BothLanguages
    summary: BothLanguages
    section: BothLanguages
    documents: tuple[BothLanguages, ...] = ()
    steps: tuple[BothLanguages, ...] = ()
    keywords: tuple[str, ...] = ()
    path: str
    version: int
    updated_at: datetime


class AssetPublished(Reader):
    """A place people look up: a park, an AED, a canteen."""

    kind: str
    number: str
    name: BothLanguages
    address: str | None = None
    path: str
    version: int
    updated_at: datetime
    removed: bool = False
