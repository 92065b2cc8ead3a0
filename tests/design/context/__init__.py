"""What each sample page is given: the shape of the context that services supply, with plausible contents."""

from typing import Any

from tests.design.context import desk, finding, public, report, staff, surveys

PAGES: dict[str, dict[str, Any]] = (
    public.PAGES | finding.PAGES | report.PAGES | desk.PAGES | staff.PAGES | surveys.PAGES
)
