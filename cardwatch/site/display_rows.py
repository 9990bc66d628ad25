"""Facts, offers and changes as the templates show them: cleaned text, checked links, badges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cardwatch.compare.display_facts import (
    LABELS,
    LONGEST_VALUE,
    DisplayFact,
    held_text,
    offer_label,
    qualified_text,
)
from cardwatch.compare.history import change_ends, change_label, change_when
from cardwatch.compare.offers import ListedOffer, distinct_offer_names, qualifier_text
from cardwatch.compare.render.review import FRESHNESS_ORDER
from cardwatch.compare.side import Side
from cardwatch.compare.wording.escaping import link_target
from cardwatch.compare.wording.grammar import clean_text
from cardwatch.compare.wording.labels import CAPABILITY_LABELS, EXTRA_SPECS, MAIN_PRICES, REASONS, SPECS
from cardwatch.compare.wording.number_format import format_monthly_cost
from cardwatch.db.query.cards import Change, Evidence, Fact, Offer
from cardwatch.db.query.reports import Conflict
from cardwatch.db.store.values import PlainValue
from cardwatch.normalize.providers import PROVIDERS
from cardwatch.site.freshness import NO_BADGE, Badge, FreshnessGrader

IDENTITY = {"name": "Name", "vendor": "Vendor"}


@dataclass(frozen=True, slots=True)
class Link:
    """Text, and an address if it is http or https."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class EvidencePlace:
    """Where a value was read: enough to find it in the archive again."""

    source: Link
    url: Link
    document: str
    locator: str
    fetched_at: str
    reviewed_on: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact. `why_not` is set when there is no value, `held` when its source says another that waits.

    `other` holds what other sources say.
    """

    id: str
    label: str
    value: str
    exact: str
    why_not: str
    badge: Badge
    source: Link | None
    reviewed_on: str
    confirmed_on: str
    chosen_because: str
    places: tuple[EvidencePlace, ...]
    other: tuple[tuple[str, Link, str], ...]
    held: str = ""


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One listed offer; `month` is what the default traffic costs, `sets_cost` marks the named route."""

    name: str
    model: str
    prices: tuple[FactRow, ...]
    month: str
    more: tuple[FactRow, ...]
    reviewed_on: str
    badge: Badge
    sets_cost: bool
    id: str


@dataclass(frozen=True, slots=True)
class OfferGroup:
    """The offers of one provider, best rank first; `span` is "$1 to $2.20", from the lowest to the highest price.

    It holds input and output; "" where no offer has the price, or all have the same.
    """

    provider: str
    offers: tuple[OfferRow, ...]
    span: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowMaker:
    """Makes rows for one export; `titles` names sources."""

    grader: FreshnessGrader
    titles: Mapping[str, str]

    def fact(self, fact: Fact, label: str, shown: DisplayFact | None = None, *, id_: str = "") -> FactRow:
        """Return a fact as a row; `shown` is the same fact as a comparison shows it."""
        known = fact.state == "known" and fact.value is not None and bool(fact.evidence)
        found = fact.evidence[0] if fact.evidence else None
        value = (
            qualified_text(fact.attribute, fact.value, fact.qualifier)
            if known
            else fact.state.replace("_", " ")
        )
        reason = fact.reason or ("no_evidence" if fact.state == "known" else fact.state)
        return FactRow(
            id_,
            label,
            value,
            shown.exact if shown and known else "",
            "" if known else REASONS.get(reason, clean_text(reason)),
            self.grader.badge(fact),
            self.source(found.source, found.url) if found else None,
            fact.reviewed_on or "" if known else "",
            fact.confirmed_by_person_on or "",
            clean_text(fact.why) if fact.others else "",
            tuple(self.place(evidence) for evidence in fact.evidence),
            tuple(
                (
                    qualified_text(fact.attribute, o.value, fact.qualifier),
                    self.source(o.source, o.url),
                    o.reviewed_on,
                )
                for o in fact.others
            ),
            clean_text(held_text(fact)),
        )

    def source(self, id_: str, url: str) -> Link:
        """Return a source by its title, leading to where it says so."""
        return Link(clean_text(self.titles.get(id_) or id_), link_target(url))

    def place(self, found: Evidence) -> EvidencePlace:
        """Return one place of evidence."""
        return EvidencePlace(
            self.source(found.source, found.url),
            Link(clean_text(found.url, LONGEST_VALUE), link_target(found.url)),
            clean_text(found.document),
            clean_text(found.locator, LONGEST_VALUE),
            found.fetched_at,
            found.reviewed_on,
        )

    def specs(self, side: Side) -> Iterator[FactRow]:
        """Yield name, vendor and the specification; of the rarer attributes only what is known."""
        for name, label in IDENTITY.items():
            if name in side.card.facts:
                yield self.fact(side.card.facts[name], label, id_=f"fact-{name}")
        yield from self._sided(side, [*SPECS, *(name for name in EXTRA_SPECS if name in side.extras)])

    def capabilities(self, side: Side) -> Iterator[FactRow]:
        """Yield every capability."""
        yield from self._sided(side, [*CAPABILITY_LABELS])

    def _sided(self, side: Side, names: list[str]) -> Iterator[FactRow]:
        for name in names:
            shown = side.facts[name]
            yield self.fact(shown.fact, shown.label, shown, id_=f"fact-{name.replace('.', '-')}")

    def scores(self, side: Side) -> Iterator[tuple[FactRow, str]]:
        """Yield every benchmark score with its conditions."""
        for number, shown in enumerate(side.scores, 1):
            qualifier = {k: v for k, v in shown.fact.qualifier.items() if k not in {"version", "mode"}}
            note = [f"{clean_text(key)} {clean_text(value)}" for key, value in sorted(qualifier.items())]
            if shown.fact.published_on:
                note.append(shown.fact.published_on)
            yield self.fact(shown.fact, shown.label, shown, id_=f"score-{number}"), ", ".join(note)

    def offers(self, side: Side) -> Iterator[OfferGroup]:
        """Yield the listed offers by provider, ranked as in comparisons."""
        groups: dict[str, list[tuple[str, ListedOffer]]] = {}
        for number, route in enumerate(side.routes, 1):
            groups.setdefault(route.offer.provider, []).append((f"offer-{number}", route))
        for group in groups.values():
            routes = [route for _, route in group]
            yield OfferGroup(
                clean_text(routes[0].offer.provider_name),
                tuple(self._offer(side, route, id_) for id_, route in group),
                tuple(price_span([route.prices[at] for route in routes]) for at in range(len(MAIN_PRICES))),
            )

    def _offer(self, side: Side, route: ListedOffer, id_: str) -> OfferRow:
        prices, rest = route.prices, [f for name, f in route.facts.items() if name not in MAIN_PRICES]
        facts = [*prices, *rest, *route.tiers]
        days = [f.fact.reviewed_on for f in facts if f.known and f.fact.reviewed_on]
        levels = [self.grader.badge(f.fact) for f in (*prices, route.listing) if f.known]
        return OfferRow(
            route.name,
            clean_text(route.offer.provider_model),
            tuple(self._told(f) for f in prices),
            "" if route.monthly is None else format_monthly_cost(route.monthly),
            tuple(self._told(f) for f in (*rest, *route.tiers)),
            min(days, default=""),
            max(levels, key=lambda badge: FRESHNESS_ORDER.index(badge.level), default=NO_BADGE),
            side.cost.route is route,
            id_,
        )

    def _told(self, shown: DisplayFact) -> FactRow:
        return self.fact(shown.fact, offer_fact_label(shown.fact), shown)

    def gone(self, side: Side) -> Iterator[tuple[str, str]]:
        """Yield withdrawn offers with the day they were last seen."""
        names = distinct_offer_names(side.card.offers)
        for offer in side.card.offers:
            if not offer.listed:
                yield names[offer.key], last_listed_on(offer)

    def change(self, side: Side, change: Change) -> tuple[str, str, str, str, Link]:
        """Return a change: when, what, from, to, source."""
        return (
            change_when(change),
            change_label(side, change),
            *change_ends(change),
            self.source(change.source, change.url),
        )

    def conflict(self, conflict: Conflict) -> tuple[str, str, list[tuple[str, Link, str]], str]:
        """Return a disagreement: what, the value shown, every value with its source and date, why."""

        def text(value: PlainValue) -> str:
            return qualified_text(conflict.attribute, value, conflict.qualifier)

        values = [(text(v.value), self.source(v.source, v.url), v.reviewed_on) for v in conflict.values]
        chosen = "conflicting" if conflict.chosen is None else text(conflict.chosen)
        return conflict_label(conflict), chosen, values, clean_text(conflict.why)


def price_span(prices: Iterable[DisplayFact]) -> str:
    """Return the lowest and the highest of some prices: "$1 to $2.20"; "" if they do not differ."""
    known = {price.number: price.display for price in prices if price.known}
    return f"{known[min(known)]} to {known[max(known)]}" if len(known) > 1 else ""


def offer_fact_label(fact: Fact) -> str:
    """Return "Input price" or "Input price above 200K tokens"."""
    return f"{offer_label(fact.attribute)} {qualifier_text(fact.qualifier)}".strip()


def conflict_label(conflict: Conflict) -> str:
    """Return what sources disagree about: "Input price, OpenRouter"."""
    name = conflict.attribute
    label = offer_label(name) if conflict.offer else LABELS.get(name) or offer_label(name)
    text = f"{label} {qualifier_text(conflict.qualifier)}".strip()
    return f"{text}, {offer_name(conflict.offer)}" if conflict.offer else text


def offer_name(key: str) -> str:
    """Return an offer key in words: "Azure OpenAI (region data-zone)" for azure-openai;region=data-zone."""
    provider, _, variant = key.partition(";")
    name = PROVIDERS[provider].name if provider in PROVIDERS else clean_text(provider)
    return f"{name} ({clean_text(variant.replace(';', ', ').replace('=', ' '))})" if variant else name


def last_listed_on(offer: Offer) -> str:
    """Return the last day on which a fact of an offer was found so."""
    return max(((fact.last_verified or "")[:10] for fact in offer.facts.values()), default="")
