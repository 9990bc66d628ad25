"""Facts, offers and changes as the templates show them: cleaned text, checked links, badges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cardwatch.compare.escape import link_target
from cardwatch.compare.figures import monthly
from cardwatch.compare.history import change_ends, change_label
from cardwatch.compare.offers import BOTH, Route, route_name, terms
from cardwatch.compare.review import ORDER
from cardwatch.compare.rules.names import CAPABILITIES, EXTRA_SPECS, REASONS, SPECS
from cardwatch.compare.shown import LABELS, LONGEST_VALUE, Shown, offer_label, qualified_text
from cardwatch.compare.side import Side
from cardwatch.compare.words import clean
from cardwatch.db.cards import Change, Evidence, Fact, Offer, Plain
from cardwatch.db.reports import Conflict
from cardwatch.normalize.providers import PROVIDERS
from cardwatch.site.freshness import NONE, Badge, Judge

IDENTITY = {"name": "Name", "vendor": "Vendor"}


@dataclass(frozen=True, slots=True)
class Link:
    """Text, and an address if it is http or https."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was read: enough to find it in the archive again."""

    source: Link
    url: Link
    document: str
    locator: str
    fetched_at: str
    reviewed_on: str


@dataclass(frozen=True, slots=True)
class Row:
    """One fact. `why_not` is set when there is no value; `other` holds what other sources say."""

    id: str
    label: str
    value: str
    exact: str
    why_not: str
    badge: Badge
    source: Link | None
    reviewed_on: str
    confirmed_on: str
    changed_on: str
    chosen_because: str
    places: tuple[Place, ...]
    other: tuple[tuple[str, Link, str], ...]


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One listed offer; `month` is what the default traffic costs, `sets_cost` marks the named route."""

    name: str
    model: str
    prices: tuple[Row, ...]
    month: str
    more: tuple[Row, ...]
    reviewed_on: str
    badge: Badge
    sets_cost: bool
    id: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes rows for one export; `titles` names sources."""

    judge: Judge
    titles: Mapping[str, str]

    def fact(self, fact: Fact, label: str, shown: Shown | None = None, *, id_: str = "") -> Row:
        """Return a fact as a row; `shown` is the same fact as a comparison shows it."""
        known = fact.state == "known" and fact.value is not None and bool(fact.evidence)
        found = fact.evidence[0] if fact.evidence else None
        value = (
            qualified_text(fact.attribute, fact.value, fact.qualifier)
            if known
            else fact.state.replace("_", " ")
        )
        reason = fact.reason or ("no_evidence" if fact.state == "known" else fact.state)
        return Row(
            id_,
            label,
            value,
            shown.exact if shown and known else "",
            "" if known else REASONS.get(reason, clean(reason)),
            self.judge.badge(fact),
            self.source(found.source, found.url) if found else None,
            fact.reviewed_on or "" if known else "",
            fact.confirmed_by_person_on or "",
            (fact.last_changed or "")[:10],
            clean(fact.why) if fact.others else "",
            tuple(self.place(evidence) for evidence in fact.evidence),
            tuple(
                (
                    qualified_text(fact.attribute, o.value, fact.qualifier),
                    self.source(o.source, o.url),
                    o.reviewed_on,
                )
                for o in fact.others
            ),
        )

    def source(self, id_: str, url: str) -> Link:
        """Return a source by its title, leading to where it says so."""
        return Link(clean(self.titles.get(id_) or id_), link_target(url))

    def place(self, found: Evidence) -> Place:
        """Return one place of evidence."""
        return Place(
            self.source(found.source, found.url),
            Link(clean(found.url, LONGEST_VALUE), link_target(found.url)),
            clean(found.document),
            clean(found.locator, LONGEST_VALUE),
            found.fetched_at,
            found.reviewed_on,
        )

    def specs(self, side: Side) -> Iterator[Row]:
        """Yield name, vendor and the specification; of the rarer attributes only what is known."""
        for name, label in IDENTITY.items():
            if name in side.card.facts:
                yield self.fact(side.card.facts[name], label, id_=f"fact-{name}")
        yield from self._sided(side, [*SPECS, *(name for name in EXTRA_SPECS if name in side.extras)])

    def capabilities(self, side: Side) -> Iterator[Row]:
        """Yield every capability."""
        yield from self._sided(side, [*CAPABILITIES])

    def _sided(self, side: Side, names: list[str]) -> Iterator[Row]:
        for name in names:
            shown = side.facts[name]
            yield self.fact(shown.fact, shown.label, shown, id_=f"fact-{name.replace('.', '-')}")

    def scores(self, side: Side) -> Iterator[tuple[Row, str]]:
        """Yield every benchmark score with its conditions."""
        for number, shown in enumerate(side.scores, 1):
            said = {k: v for k, v in shown.fact.qualifier.items() if k not in {"version", "mode"}}
            note = [f"{clean(key)} {clean(value)}" for key, value in sorted(said.items())]
            if shown.fact.published_on:
                note.append(shown.fact.published_on)
            yield self.fact(shown.fact, shown.label, shown, id_=f"score-{number}"), ", ".join(note)

    def offers(self, side: Side) -> Iterator[OfferRow]:
        """Yield the listed offers, ranked as in comparisons."""
        for number, route in enumerate(side.routes, 1):
            yield self._offer(side, route, f"offer-{number}")

    def _offer(self, side: Side, route: Route, id_: str) -> OfferRow:
        prices, rest = route.prices, [f for name, f in route.facts.items() if name not in BOTH]
        facts = [*prices, *rest, *route.tiers]
        days = [f.fact.reviewed_on for f in facts if f.known and f.fact.reviewed_on]
        levels = [self.judge.badge(f.fact) for f in (*prices, route.listing) if f.known]
        return OfferRow(
            route.name,
            clean(route.offer.provider_model),
            tuple(self._told(f) for f in prices),
            "" if route.monthly is None else monthly(route.monthly),
            tuple(self._told(f) for f in (*rest, *route.tiers)),
            min(days, default=""),
            max(levels, key=lambda badge: ORDER.index(badge.level), default=NONE),
            side.cost.route is route,
            id_,
        )

    def _told(self, shown: Shown) -> Row:
        return self.fact(shown.fact, offer_fact_label(shown.fact), shown)

    def gone(self, side: Side) -> Iterator[tuple[str, str]]:
        """Yield withdrawn offers with the day they were last seen."""
        for offer in side.card.offers:
            if not offer.listed:
                yield route_name(offer), last_seen(offer)

    def change(self, side: Side, change: Change) -> tuple[str, str, str, str, Link]:
        """Return a change: day, what, from, to, source."""
        return (
            change.at[:10],
            change_label(side, change),
            *change_ends(change),
            self.source(change.source, change.url),
        )

    def conflict(self, conflict: Conflict) -> tuple[str, str, list[tuple[str, Link, str]], str]:
        """Return a disagreement: what, the value shown, every value with its source and date, why."""

        def text(value: Plain) -> str:
            return qualified_text(conflict.attribute, value, conflict.qualifier)

        values = [(text(v.value), self.source(v.source, v.url), v.reviewed_on) for v in conflict.values]
        chosen = "conflicting" if conflict.chosen is None else text(conflict.chosen)
        return conflict_label(conflict), chosen, values, clean(conflict.why)


def offer_fact_label(fact: Fact) -> str:
    """Return "Input price" or "Input price above 200K tokens"."""
    return f"{offer_label(fact.attribute)} {terms(fact.qualifier)}".strip()


def conflict_label(conflict: Conflict) -> str:
    """Return what sources disagree about: "Input price, OpenRouter"."""
    name = conflict.attribute
    label = offer_label(name) if conflict.offer else LABELS.get(name) or offer_label(name)
    said = f"{label} {terms(conflict.qualifier)}".strip()
    return f"{said}, {offer_name(conflict.offer)}" if conflict.offer else said


def offer_name(key: str) -> str:
    """Return an offer key in words: "Azure OpenAI (region data-zone)" for azure-openai;region=data-zone."""
    provider, _, variant = key.partition(";")
    name = PROVIDERS[provider].name if provider in PROVIDERS else clean(provider)
    return f"{name} ({clean(variant.replace(';', ', ').replace('=', ' '))})" if variant else name


def last_seen(offer: Offer) -> str:
    """Return the last day on which a fact of an offer was found so."""
    return max(((fact.last_verified or "")[:10] for fact in offer.facts.values()), default="")
