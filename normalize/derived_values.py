"""What follows from what a row says: same evidence, and a raw text that names what it follows from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from cardwatch.normalize.attributes import CAPABILITIES
from cardwatch.normalize.licenses import license_terms
from cardwatch.normalize.records import JsonValue, Value

_CAPABILITIES = frozenset(f"capability.{name}" for name in CAPABILITIES)
_BEYOND_TEXT = frozenset({"image", "audio", "video"})


def derive_values(
    values: Sequence[Value], *, stated: Collection[str], exhaustive: Collection[str], locator: str
) -> Iterator[Value]:
    """Yield what the values of one model row imply, except for attributes the row itself has a cell for.

    A list makes a capability a Yes; a missing item makes it a No only if the source calls that list
    `exhaustive`. A licence gives openness, OSI approval and commercial use, if its terms were reviewed.
    """
    by_attribute = {value.attribute: value for value in values}
    found = {
        value.attribute: value
        for value in (
            *_from_omissions(exhaustive, locator),
            *_from_modalities(by_attribute.get("modality.input"), exhaustive),
            *_from_license(by_attribute.get("license")),
        )
    }
    yield from (value for name, value in found.items() if name not in stated and value.value is not None)


def _from_omissions(exhaustive: Collection[str], locator: str) -> Iterator[Value]:
    for name in sorted(_CAPABILITIES.intersection(exhaustive)):
        yield Value(attribute=name, value=False, raw=f"{name} not in an exhaustive list", locator=locator)


def _from_modalities(listed: Value | None, exhaustive: Collection[str]) -> Iterator[Value]:
    """A file may hold pictures or text: alone it makes a model neither multimodal nor not."""
    if listed is None or not isinstance(listed.value, tuple):
        return
    found = set(listed.value)
    multimodal = bool(found & _BEYOND_TEXT) or (None if "file" in found else False)
    for name, answer in (("capability.vision", "image" in found), ("capability.multimodal", multimodal)):
        if answer or listed.attribute in exhaustive:
            yield _derived_value(listed, name, answer)


def _from_license(stated: Value | None) -> Iterator[Value]:
    known = license_terms(str(stated.value)) if stated else None
    if stated is None or known is None:
        return
    yield _derived_value(stated, "osi_approved", known.osi)
    yield _derived_value(stated, "openness", known.openness)
    if known.use:
        yield _derived_value(stated, "commercial_use", known.use)


def _derived_value(origin: Value, attribute: str, value: JsonValue) -> Value:
    return Value(
        attribute=attribute,
        value=value,
        raw=f"from {origin.attribute} {origin.raw!r}",
        locator=origin.locator,
        published_on=origin.published_on,
    )
