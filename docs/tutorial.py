"""The catalog from Python, in one page. Run it beside `var/` after `make run`: `python docs/tutorial.py`.

Cells are marked `# %%`, so that an editor shows them as a notebook. The tests run it.
"""

# %% Open the catalog. It is opened to look: nothing here can change it.
from datetime import date, timedelta
from decimal import Decimal

from cardwatch import Catalog

catalog = Catalog("var/catalog.db")

# %% A model goes by its id, the last part of it, its display name or an alias; a miss tells near ones.
card = catalog.card(catalog.find("gpt-4.1"))
assert (card.id, card.vendor) == ("openai/gpt-4.1", "OpenAI")

# %% Who serves it? `price()` is a Decimal in USD per million tokens: 0 is free, None is unknown.
for offer in catalog.offers("gpt-4.1"):
    if offer.tier == "standard" and offer.region in {None, "global"}:
        price = offer.price("input_price"), offer.price("output_price")
        assert price in {(Decimal(2), Decimal(8)), (None, None)} or offer.mode, offer.key

# %% One fact, with who says so, where, and when somebody last looked.
fact = catalog.fact("gpt-4.1", "context_window")
assert fact.value == 1047576
evidence = fact.evidence[0]
assert evidence.url.startswith("https://")
assert evidence.document.startswith("sha256:")
assert evidence.reviewed_on == fact.reviewed_on

# %% Unknown is said as unknown, with the reason; it is never zero and never No.
unknown = catalog.fact("gpt-4.1", "parameters_total")
assert (unknown.state, unknown.value, unknown.reason) == ("unknown", None, "never_sourced")

# %% Claims that were not chosen stand beside the one that was, with the rule that chose.
for conflict in catalog.conflicts()[:3]:
    assert len({value.value for value in conflict.values}) > 1
    assert conflict.why

# %% What moved, and what was published before it did.
moved = [change for change in catalog.changes() if change.attribute == "input_price" and change.offer]
last = moved[-1]
day_before = date.fromisoformat(last.at[:10]) - timedelta(days=1)
before = catalog.as_of(day_before).fact(last.model, "input_price", offer=last.offer or "")
assert before.value == last.old

# %% Compare two models: a pure function of two cards. Every sentence lists the facts it leans on.
from cardwatch.compare.comparison import compare_models  # noqa: E402

pair = compare_models(card, catalog.card(catalog.find("qwen3.5-4b")))
assert all(claim.facts for claim in pair.claims)

# %% Close it when you are done, or use `with Catalog(…) as catalog:`.
catalog.close()
