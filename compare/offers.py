"""Offers on a page: which ones count, what each would cost a month, and which one is named.

Only a listed offer of the standard tier, without region or global, and not fine-tuned, sets a cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import count

from cardwatch.compare.display_facts import (
    DisplayFact,
    FactIds,
    SideId,
    build_display_fact,
    fact_ids,
    offer_label,
)
from cardwatch.compare.render import number_format
from cardwatch.compare.render.grammar import clean_text
from cardwatch.compare.rules.labels import OFFER_LABELS, UNKNOWN
from cardwatch.compare.settings import CompareSettings
from cardwatch.db.query.cards import Fact, Offer

MAIN_PRICES = ("input_price", "output_price")
DECLARED_REASONS = {"not_published", "subscription"}
"""Reasons by which a source itself says that there is no price per token."""


@dataclass(frozen=True, eq=False)
class ListedOffer:
    """One listed offer: `monthly` is None unless both prices are known, and never rounded."""

    offer: Offer
    name: str
    listing: DisplayFact
    facts: Mapping[str, DisplayFact]
    tiers: tuple[DisplayFact, ...]
    monthly: Decimal | None

    @cached_property
    def counts(self) -> bool:
        """Whether this is a default offer, one that may set a cost."""
        o = self.offer
        return o.tier == "standard" and o.region in {None, "global"} and o.mode != "fine-tuned"

    @cached_property
    def prices(self) -> tuple[DisplayFact, DisplayFact]:
        """Input and output price."""
        return self.facts["input_price"], self.facts["output_price"]

    @cached_property
    def is_free(self) -> bool:
        """Whether both prices are known and zero, in the standard or the free tier."""
        return self.monthly is not None and self.offer.tier in {"standard", "free"} and not any(self.usd)

    @property
    def usd(self) -> tuple[Decimal, Decimal]:
        """Both prices; only for a route whose `monthly` is known."""
        first, second = self.prices
        return first.number, second.number

    @cached_property
    def could_be_cheaper(self) -> bool:
        """Whether this default offer has a price that nobody has told us, so that it might undercut any."""
        open_prices = [p for p in self.prices if not p.known]
        return self.counts and any(
            p.reason not in DECLARED_REASONS and p.state != "not_applicable" for p in open_prices
        )

    @cached_property
    def rank(self) -> tuple[int, Decimal, bool, str, str]:
        """Sort key: paid default offers by cost, then the other priced ones, then those without a price."""
        o = self.offer
        group = 2 if self.monthly is None else int(not self.counts or self.is_free)
        return group, self.monthly or Decimal(0), o.provider_kind != "first-party", o.provider_name, o.key


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """A month at the printed traffic. `certain` is False while an unpriced offer could be cheaper."""

    usd: Decimal | None
    display: str
    reason: str | None
    route: ListedOffer | None
    certain: bool
    priced: FactIds = ()
    """Every known price that had a say in which route is named."""

    @property
    def known(self) -> bool:
        return self.usd is not None

    @property
    def facts(self) -> tuple[DisplayFact, ...]:
        """The two prices of the named route."""
        return self.route.prices if self.route else ()


def rank_offers(
    offers: Sequence[Offer], numbers: count[int], seat: SideId, settings: CompareSettings
) -> tuple[ListedOffer, ...]:
    """Return the listed offers, ranked; their facts are numbered on from `numbers` by offer key."""
    listed = sorted((offer for offer in offers if offer.listed), key=lambda offer: offer.key)
    made = [_listed_offer(offer, numbers, seat, settings) for offer in listed]
    return tuple(sorted(made, key=lambda route: route.rank))


def _listed_offer(offer: Offer, numbers: count[int], seat: SideId, settings: CompareSettings) -> ListedOffer:
    name = listed_offer_name(offer)
    listing = build_display_fact(next(numbers), seat, listing_fact(offer), f"Listing, {name}")
    names = dict.fromkeys((*MAIN_PRICES, *sorted(offer.facts.keys() - {"availability"}, key=offer_order)))
    told = {n: offer.facts.get(n) or unsourced_fact(offer.model, n, offer.key) for n in names}
    facts = {
        n: build_display_fact(next(numbers), seat, f, f"{offer_label(n)}, {name}") for n, f in told.items()
    }
    tiers = tuple(
        build_display_fact(
            next(numbers), seat, f, f"{offer_label(f.attribute)} {qualifier_text(f.qualifier)}, {name}"
        )
        for f in sorted(offer.tiers, key=tier_order)
    )
    return ListedOffer(offer, name, listing, facts, tiers, monthly_cost(facts, settings))


@lru_cache(maxsize=4096)
def unsourced_fact(model: str, attribute: str, offer: str | None) -> Fact:
    """Return the fact about a model, or one of its offers, that no source says."""
    scope = "route" if offer else "model"
    return Fact(model, attribute, "unknown", offer=offer, reason="never_sourced", scope=scope)


def listing_fact(offer: Offer) -> Fact:
    """Return the fact that a source's latest complete list has this offer, with the evidence of its row."""
    stated = offer.facts.get("availability")
    if stated is not None and stated.state == "known" and stated.evidence:
        return stated
    told = [offer.facts[name] for name in sorted(offer.facts, key=offer_order)]
    rows = [e for fact in (*told, *offer.tiers) for e in fact.evidence]
    return Fact(
        offer.model,
        "availability",
        "known",
        value="listed",
        offer=offer.key,
        scope="route",
        evidence=tuple(rows[:1]),
        reviewed_on=rows[0].reviewed_on if rows else None,
    )


def offer_order(name: str) -> tuple[int, str]:
    """Sort key: the order of rules.names.OFFERS, then by name."""
    return _PLACE.get(name, len(_PLACE)), name


def tier_order(fact: Fact) -> tuple[tuple[int, str], list[tuple[str, str]]]:
    """Sort key of a qualified price."""
    return offer_order(fact.attribute), sorted(fact.qualifier.items())


_PLACE = {name: place for place, name in enumerate(OFFER_LABELS)}


def monthly_cost(facts: Mapping[str, DisplayFact], settings: CompareSettings) -> Decimal | None:
    """Return volume × unrounded prices in USD, or None unless both prices are known."""
    prices = [facts[name] for name in MAIN_PRICES]
    if not all(price.known for price in prices):
        return None
    return settings.input_mtok * prices[0].number + settings.output_mtok * prices[1].number


def cheapest_cost(ranked: Sequence[ListedOffer]) -> MonthlyCost:
    """Return the cost of the cheapest paid default offer; free only where nothing paid is or could be."""
    default = [r for r in ranked if r.counts]
    certain = not any(r.could_be_cheaper for r in default)
    paid = [r for r in default if r.monthly is not None and not r.is_free]
    free = [r for r in ranked if r.is_free]
    deciding = default if paid else list(dict.fromkeys((*default, *free)))
    priced = fact_ids(p for r in deciding for p in r.prices if p.known)
    if paid:
        usd = paid[0].monthly or Decimal(0)
        return MonthlyCost(usd, number_format.format_monthly_cost(usd), None, paid[0], certain, priced)
    if free and certain:
        return MonthlyCost(Decimal(0), "free", None, free[0], certain, priced)
    return MonthlyCost(None, UNKNOWN, unknown_cost_reason(ranked, default), None, certain)


def unknown_cost_reason(ranked: Sequence[ListedOffer], default: Sequence[ListedOffer]) -> str:
    """Return why there is no cost: the reason all its prices share, else which kind of price is missing."""
    if not ranked:
        return "never_sourced"
    if not default:
        return "no_standard_offer"
    reasons = {p.reason for r in default for p in r.prices}
    shared = reasons.pop() if len(reasons) == 1 else None
    return shared or "unpriced_offer"


def listed_offer_name(offer: Offer) -> str:
    """Return "Azure OpenAI", or "Azure OpenAI (batch, data-zone)" for more than its plain offer."""
    tier = "" if offer.tier == "standard" else offer.tier
    region = "" if offer.region in {None, "global"} else offer.region
    snapshot = f"snapshot {offer.snapshot}" if offer.snapshot else ""
    marks = [clean_text(m) for m in (tier, region, offer.mode, snapshot, offer.quantization) if m]
    name = clean_text(offer.provider_name)
    return f"{name} ({', '.join(marks)})" if marks else name


def qualifier_text(qualifier: Mapping[str, str]) -> str:
    """Return the conditions of a qualified price in words: "above 200K tokens"."""
    words = []
    for key, value in sorted(qualifier.items()):
        if key == "currency":
            continue  # stands beside the amount
        if key == "context_above" and value.isdigit():
            words.append(f"above {number_format.format_token_limit(int(value))} tokens")
        else:
            words.append(f"{_QUALIFIER_WORDS.get(key, clean_text(key))} {clean_text(value)}")
    return ", ".join(words)


_QUALIFIER_WORDS = {
    "ttl": "kept",
    "from": "from",
    "to": "to",
    "promo_until": "promotion until",
    "window": "at",
}
