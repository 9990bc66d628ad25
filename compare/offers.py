"""Offers on a page: which ones count, what each would cost a month, and which one is named.

Only a listed offer of the standard tier, without region or global, and not fine-tuned, sets a cost. A plan
(a subscription that includes the model) is no route and sets none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import count

from msgspec import Struct

from cardwatch.compare.display_facts import (
    DisplayFact,
    FactIds,
    SideId,
    build_display_fact,
    display_state,
    fact_ids,
    offer_label,
)
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.wording import number_format
from cardwatch.compare.wording.grammar import clean_text
from cardwatch.compare.wording.labels import (
    BILLED_PRICES,
    MAIN_PRICES,
    NOT_APPLICABLE,
    OFFER_LABELS,
    UNKNOWN,
)
from cardwatch.db.query.cards import Fact, ModelCard, Offer
from cardwatch.db.store.default_offer import DEFAULT_REGIONS, FREE, STANDARD

PLAN_KIND = "subscription"
"""The kind of provider whose offers are plans."""
DECLARED_REASONS = {"not_published", "subscription"}
"""Reasons by which a source itself says that there is no price per token."""


class ListedOffer(Struct, frozen=True, eq=False, dict=True):
    """One listed offer: `monthly` is None unless every billed price is known, and of a plan; it is never rounded."""

    offer: Offer
    name: str
    listing: DisplayFact
    facts: Mapping[str, DisplayFact]
    tiers: tuple[DisplayFact, ...]
    monthly: Decimal | None
    billed: tuple[DisplayFact, ...]
    """The prices that this model's job is billed by."""
    least: Decimal
    """What a month costs at least: where sources disagree by the lowest of them, for a price nobody told nothing."""

    @property
    def is_plan(self) -> bool:
        return self.offer.provider_kind == PLAN_KIND

    @cached_property
    def counts(self) -> bool:
        """Whether this is a default offer, one that may set a cost."""
        return self.offer.is_default and not self.is_plan

    @cached_property
    def prices(self) -> tuple[DisplayFact, DisplayFact]:
        """Input and output price."""
        return self.facts["input_price"], self.facts["output_price"]

    @cached_property
    def is_free(self) -> bool:
        """Whether every billed price is known and zero, in the standard or the free tier."""
        return self.monthly is not None and self.offer.tier in {STANDARD, FREE} and not any(self.usd)

    @property
    def usd(self) -> tuple[Decimal, ...]:
        """The billed prices; only for a route whose `monthly` is known."""
        return tuple([price.number for price in self.billed])

    @cached_property
    def could_be_cheaper(self) -> bool:
        """Whether this default offer has a price that nobody has told us, so that it might undercut any."""
        open_prices = [p for p in self.billed if not p.known]
        return self.counts and any(
            p.reason not in DECLARED_REASONS and p.state != "not_applicable" for p in open_prices
        )

    @cached_property
    def rank(self) -> tuple[int, Decimal, bool, str, str]:
        """Sort key: paid default offers by cost, then the other priced ones, then those without a price."""
        o = self.offer
        group = 2 if self.monthly is None else int(not self.counts or self.is_free)
        return group, self.monthly or Decimal(0), o.provider_kind != "first-party", o.provider_name, o.key


class MonthlyCost(Struct, frozen=True):
    """A month at the printed traffic. `certain` is False while an unpriced offer could be cheaper, but not than `floor`.

    `reason` says why there is none; `applicable` is False where there can be none.
    """

    usd: Decimal | None
    display: str
    reason: str | None
    route: ListedOffer | None
    certain: bool
    floor: Decimal = Decimal(0)
    applicable: bool = True
    priced: FactIds = ()
    """Every known price that had a say in which route is named."""

    @property
    def known(self) -> bool:
        return self.usd is not None

    @property
    def facts(self) -> tuple[DisplayFact, ...]:
        """The billed prices of the named route."""
        return self.route.billed if self.route else ()


def known_word(card: ModelCard, attribute: str) -> str | None:
    """Return a known model-level fact as text."""
    fact = card.facts.get(attribute)
    return str(fact.value) if fact and display_state(fact)[0] == "known" else None


def is_retired(card: ModelCard) -> bool:
    """Say whether a model is known to be retired: it then has no route and no cost, whoever still lists it."""
    return known_word(card, "lifecycle") == "retired"


def billed_prices(card: ModelCard) -> tuple[str, ...]:
    """Return the token prices by which this model's job is billed."""
    return BILLED_PRICES.get(known_word(card, "product_type") or "", MAIN_PRICES)


def rank_offers(
    card: ModelCard, numbers: count[int], side_id: SideId, settings: CompareSettings
) -> tuple[ListedOffer, ...]:
    """Return the listed offers of a model, ranked; their facts are numbered on from `numbers` by offer key.

    None of a retired model.
    """
    if is_retired(card):
        return ()
    billed = billed_prices(card)
    listed = sorted((offer for offer in card.offers if offer.listed), key=lambda offer: offer.key)
    names = distinct_offer_names(listed)
    made = [_listed_offer(offer, names[offer.key], numbers, side_id, settings, billed) for offer in listed]
    return tuple(sorted(made, key=lambda route: route.rank))


def _listed_offer(
    offer: Offer,
    name: str,
    numbers: count[int],
    side_id: SideId,
    settings: CompareSettings,
    billed: Sequence[str],
) -> ListedOffer:
    listing = build_display_fact(next(numbers), side_id, listing_fact(offer), f"Listing, {name}")
    names = dict.fromkeys((*MAIN_PRICES, *sorted(offer.facts.keys() - {"availability"}, key=offer_order)))
    named = {n: offer.facts.get(n) or unsourced_fact(offer.model, n, offer.key) for n in names}
    facts = {
        n: build_display_fact(next(numbers), side_id, f, f"{offer_label(n)}, {name}")
        for n, f in named.items()
    }
    tiers = tuple(
        build_display_fact(
            next(numbers), side_id, f, f"{offer_label(f.attribute)} {qualifier_text(f.qualifier)}, {name}"
        )
        for f in sorted(offer.tiers, key=tier_order)
    )
    prices = tuple([facts[n] for n in billed])
    monthly = None if offer.provider_kind == PLAN_KIND else monthly_cost(prices, settings)
    least = sum_of_month([least_price(price) for price in prices], settings)
    return ListedOffer(offer, name, listing, facts, tiers, monthly, prices, least)


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
    priced = [offer.facts[name] for name in sorted(offer.facts, key=offer_order)]
    rows = [e for fact in (*priced, *offer.tiers) for e in fact.evidence]
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
    """Sort key: the order of OFFER_LABELS, then by name."""
    return _PLACE.get(name, len(_PLACE)), name


def tier_order(fact: Fact) -> tuple[tuple[int, str], list[tuple[str, str]]]:
    """Sort key of a qualified price."""
    return offer_order(fact.attribute), sorted(fact.qualifier.items())


_PLACE = {name: place for place, name in enumerate(OFFER_LABELS)}


def monthly_cost(billed: Sequence[DisplayFact], settings: CompareSettings) -> Decimal | None:
    """Return volume × unrounded prices in USD, or None unless all are known."""
    if not (billed and all(price.known for price in billed)):
        return None
    return sum_of_month([price.number for price in billed], settings)


def sum_of_month(usd: Sequence[Decimal], settings: CompareSettings) -> Decimal:
    """Return volume × prices per million tokens, of input and then of output where it is billed."""
    volumes = (settings.input_mtok, settings.output_mtok)
    return sum((mtok * price for mtok, price in zip(volumes, usd, strict=False)), Decimal(0))


def least_price(price: DisplayFact) -> Decimal:
    """Return what a price is at least, in USD per million tokens."""
    if price.known:
        return price.number
    told = [] if price.state != "conflicting" else [claim.value for claim in price.fact.others]
    return min((Decimal(str(value)) for value in told if value is not None), default=Decimal(0))


def no_cost(reason: str) -> MonthlyCost:
    """Return the cost of a model that can have none: it is retired, or this traffic is another job's."""
    return MonthlyCost(None, NOT_APPLICABLE, reason, None, certain=False, applicable=False)


def model_cost(card: ModelCard, ranked: Sequence[ListedOffer]) -> MonthlyCost:
    """Return what a month of a model's own job costs, by its ranked offers."""
    if is_retired(card):
        return no_cost("retired")
    return cheapest_cost(ranked) if billed_prices(card) else no_cost("other_job")


def cheapest_cost(ranked: Sequence[ListedOffer]) -> MonthlyCost:
    """Return the cost of the cheapest paid default offer; free only where nothing paid is or could be."""
    default = [r for r in ranked if r.counts]
    certain = not any(r.could_be_cheaper for r in default)
    paid = [r for r in default if r.monthly is not None and not r.is_free]
    free = [r for r in ranked if r.is_free and not r.is_plan]
    deciding = default if paid else list(dict.fromkeys((*default, *free)))
    priced = fact_ids(p for r in deciding for p in r.billed if p.known)
    if paid:
        usd = paid[0].monthly or Decimal(0)
        floor = min([usd, *(r.least for r in default if r.could_be_cheaper)])
        shown = number_format.format_monthly_cost(usd)
        return MonthlyCost(usd, shown, None, paid[0], certain, floor, priced=priced)
    if free and certain:
        return MonthlyCost(Decimal(0), "free", None, free[0], certain, priced=priced)
    return MonthlyCost(None, UNKNOWN, unknown_cost_reason(ranked, default), None, certain)


def unknown_cost_reason(ranked: Sequence[ListedOffer], default: Sequence[ListedOffer]) -> str:
    """Return why there is no cost: the reason all its prices share, else which kind of price is missing."""
    if not ranked:
        return "never_sourced"
    if not default:
        return "no_standard_offer"
    reasons = {p.reason for r in default for p in r.billed}
    shared = reasons.pop() if len(reasons) == 1 else None
    return shared or "unpriced_offer"


def listed_offer_name(offer: Offer) -> str:
    """Return "Azure OpenAI", or "Azure OpenAI (batch, data-zone)" for more than its plain offer."""
    tier = "" if offer.tier == STANDARD else offer.tier
    region = "" if offer.region in DEFAULT_REGIONS else offer.region
    snapshot = f"snapshot {offer.snapshot}" if offer.snapshot else ""
    marks = [clean_text(m) for m in (tier, region, offer.mode, snapshot, offer.quantization) if m]
    name = clean_text(offer.provider_name)
    return f"{name} ({', '.join(marks)})" if marks else name


def distinct_offer_names(offers: Sequence[Offer]) -> dict[str, str]:
    """Return a name for each offer by key; where two would read alike, what sets them apart is added."""
    names = {offer.key: listed_offer_name(offer) for offer in offers}
    for hidden in HIDDEN_COLUMNS:
        times = Counter(names.values())
        for offer in offers:
            name, apart = names[offer.key], getattr(offer, hidden)
            if times[name] > 1 and apart:
                names[offer.key] = add_mark(name, clean_text(apart))
    return names


HIDDEN_COLUMNS = ("region", "provider_model", "key")
"""What may set two offers apart that read alike, in the order in which it is tried."""


def add_mark(name: str, mark: str) -> str:
    """Return an offer's name with one more mark: "Azure OpenAI (batch, global)"."""
    if mark in name:
        return name
    return f"{name[:-1]}, {mark})" if name.endswith(")") else f"{name} ({mark})"


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
