"""The XML of GeoReport v2, made from the same answers as the JSON."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
# What one member of a list is called.
MEMBERS = {
    "service_requests": "request",
    "services": "service",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}


def write(root: str, content: Any) -> str:
    """The document of an answer under its root element."""
    element = Element(root)
    _fill(element, content)
    return DECLARATION + str(tostring(element, encoding="unicode"))


def _fill(element: Element, content: Any) -> None:
    if isinstance(content, Mapping):
        for name, value in content.items():
            _fill(SubElement(element, name), value)
    elif isinstance(content, Sequence) and not isinstance(content, str):
        for value in content:
            _fill(SubElement(element, MEMBERS[element.tag]), value)
    elif content is not None:
        element.text = str(content).lower() if isinstance(content, bool) else str(content)
