"""What follows from what a row says: same evidence, and a raw text that names what it follows from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from normalize.attributes import CAPABILITIES
from normalize.licenses import terms
from normalize.records import JsonValue, Value

_BEYOND_TEXT = frozenset({"image", "audio", "video"})


def derive(values: Sequence[Value], *, exhaustive: Collection[str], locator: str) -> Iterator[Value]:
    """Yield what the values of one model row imply and the row does not say itself.

    A list makes a capability a Yes; a missing item makes it a No only if the source calls that list
    `exhaustive`. A licence gives openness, OSI approval and commercial use, if its terms were reviewed.
    """
    said = {value.attribute: value for value in values}
    for value in (
        *_from_modalities(said.get("modality.input"), exhaustive),
        *_from_license(said.get("license")),
    ):
        if value.attribute not in said:
            yield value
    for name in sorted({f"capability.{c}" for c in CAPABILITIES} & set(exhaustive) - said.keys()):
        yield Value(attribute=name, value=False, raw=f"{name} not in an exhaustive list", locator=locator)


def _from_modalities(listed: Value | None, exhaustive: Collection[str]) -> Iterator[Value]:
    if listed is None or not isinstance(listed.value, tuple):
        return
    found = set(listed.value)
    answers = {
        "capability.vision": "image" in found,
        "capability.multimodal": bool(found & _BEYOND_TEXT),
    }
    for name, answer in answers.items():
        if answer or listed.attribute in exhaustive:
            yield _following(listed, name, answer)


def _from_license(stated: Value | None) -> Iterator[Value]:
    known = terms(str(stated.value)) if stated else None
    if stated is None or known is None:
        return
    yield _following(stated, "osi_approved", known.osi)
    yield _following(stated, "openness", known.openness)
    if known.use:
        yield _following(stated, "commercial_use", known.use)


def _following(origin: Value, attribute: str, value: JsonValue) -> Value:
    return Value(
        attribute=attribute,
        value=value,
        raw=f"from {origin.attribute} {origin.raw!r}",
        locator=origin.locator,
        published_on=origin.published_on,
    )
