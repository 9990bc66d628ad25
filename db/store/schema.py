"""The tables of catalog.db, as text that numbered migrations run; what shipped is never edited.

Every column carries its meaning as a comment, which SQLite keeps (`.schema` shows it) and which fills the
table column_docs. Times are text, ISO 8601 UTC with seconds; days are YYYY-MM-DD.
"""

from __future__ import annotations

SOURCES = """
CREATE TABLE sources ( -- Where facts come from: crawled sources, curated files, human reviews.
  id TEXT PRIMARY KEY, -- Source id, also the name of its spider.
  title TEXT NOT NULL DEFAULT '', -- Name for readers.
  kind TEXT NOT NULL DEFAULT '', -- JSON API, page, file …, as the source declares it.
  authority TEXT NOT NULL, -- review, first_party, curated, provider_api or aggregator.
  url TEXT NOT NULL DEFAULT '', -- Where it is published.
  max_age_days REAL, -- Days after which its pages are due again.
  complete INTEGER NOT NULL DEFAULT 0, -- 1 if one visit lists all it has, so that absence means withdrawal.
  derived_from TEXT NOT NULL DEFAULT '', -- Sources it copies; agreement with those corroborates nothing.
  parser_version INTEGER NOT NULL DEFAULT 1, -- Version of its reading code.
  terms TEXT NOT NULL DEFAULT '', -- What its licence lets us pass on.
  redistribute INTEGER NOT NULL DEFAULT 1 -- 0 if its values may not be exported.
) STRICT;
CREATE TABLE pages ( -- One URL of a source, or a chain of URLs that is one listing.
  id INTEGER PRIMARY KEY, -- Page number.
  source TEXT NOT NULL REFERENCES sources(id), -- Source it belongs to.
  url TEXT NOT NULL, -- First URL asked for; the page's name.
  kind TEXT NOT NULL, -- Kind of page: listing, model page …; import and review are typed by people.
  parser_version INTEGER NOT NULL DEFAULT 0, -- Reading code that last read it well.
  rules TEXT NOT NULL DEFAULT '', -- Normaliser rules its facts were read with; '' means read it again.
  rows_digest TEXT NOT NULL DEFAULT '', -- Digest of its rows as printed, order aside.
  etag TEXT NOT NULL DEFAULT '', -- ETag of the last answer that was read well.
  last_modified TEXT NOT NULL DEFAULT '', -- Last-Modified of that answer.
  first_seen TEXT NOT NULL, -- First attempt.
  last_attempt TEXT, -- Latest attempt, whatever came of it.
  last_outcome TEXT, -- Outcome of that attempt.
  last_status INTEGER, -- HTTP status of that attempt.
  last_detail TEXT NOT NULL DEFAULT '', -- What went wrong, in one line.
  last_verified TEXT, -- When its content was last known to be true: the answer's time less its Age.
  last_changed TEXT, -- When its rows last changed.
  failing_since TEXT, -- First of the failures since the last success; NULL while well.
  failures INTEGER NOT NULL DEFAULT 0, -- Failures in a row.
  gone_since TEXT, -- First of the 404 and 410 answers in a row.
  redirected_to TEXT NOT NULL DEFAULT '', -- Where the last answer came from, if elsewhere.
  weight REAL NOT NULL DEFAULT 1.0, -- How much its facts are shown; the scheduler's weight.
  posterior BLOB, -- Scheduler: log likelihood of each candidate rate, 16 doubles.
  last_gap REAL, -- Scheduler: days between the last two verifications.
  next_due TEXT, -- When it should be visited next.
  UNIQUE (source, url, kind)
) STRICT;
CREATE TABLE documents ( -- Bytes as fetched that facts lean on, and where the archive keeps them.
  id INTEGER PRIMARY KEY, -- Document number.
  digest TEXT NOT NULL, -- sha256: and the digest of the decoded body.
  url TEXT NOT NULL, -- URL the bytes came from.
  fetched_at TEXT NOT NULL, -- When they arrived.
  content_type TEXT NOT NULL, -- As the answer declared.
  size INTEGER NOT NULL, -- Bytes.
  archive TEXT NOT NULL, -- WARC file in the archive folder, '' once pruned.
  archive_offset INTEGER NOT NULL, -- Offset of the response record in that file.
  UNIQUE (digest, url, fetched_at, archive_offset)
) STRICT;
"""

RUNS = """
CREATE TABLE runs ( -- One row per command that wrote here.
  id INTEGER PRIMARY KEY, -- Run number.
  kind TEXT NOT NULL, -- refresh, replay, import …
  started TEXT NOT NULL, -- Start.
  finished TEXT, -- End; NULL if it runs or was killed.
  summary TEXT NOT NULL DEFAULT '{}' -- JSON: what it did.
) STRICT;
CREATE TABLE archives ( -- How far each archive file has been normalised.
  file TEXT PRIMARY KEY, -- WARC file in the archive folder.
  done INTEGER NOT NULL, -- Offset up to which every visit is in this catalog.
  at TEXT NOT NULL -- When that was noted.
) STRICT;
CREATE TABLE attempts ( -- One row per visit to a page, good or bad.
  id INTEGER PRIMARY KEY, -- Attempt number.
  page_id INTEGER NOT NULL REFERENCES pages(id), -- Page.
  batch INTEGER NOT NULL, -- Visits of one source that were judged together.
  started TEXT NOT NULL, -- When it was asked for.
  outcome TEXT NOT NULL, -- verified_same, verified_changed, held, unparsed, error or blocked.
  verified_at TEXT, -- When the content was true; only verified_ outcomes have one.
  status INTEGER, -- HTTP status.
  size INTEGER NOT NULL, -- Bytes that came.
  age INTEGER NOT NULL, -- Seconds the answer said it was old.
  sent TEXT NOT NULL, -- JSON: validators sent.
  received TEXT NOT NULL, -- JSON: validators received.
  body TEXT NOT NULL, -- Digest of the first body.
  rows_digest TEXT NOT NULL, -- Digest of the rows.
  parser_version INTEGER NOT NULL, -- Reading code.
  changes INTEGER NOT NULL, -- Values that changed.
  archive TEXT NOT NULL, -- WARC file of the first body, '' once pruned.
  archive_offset INTEGER NOT NULL, -- Offset of that response record.
  detail TEXT NOT NULL, -- What went wrong, in one line.
  UNIQUE (page_id, started, archive, archive_offset, body, outcome)
) STRICT;
CREATE INDEX attempts_verified ON attempts(page_id, verified_at);
"""

CLAIMS = """
CREATE TABLE model_ids ( -- Every model ever named by a source; none is deleted.
  id TEXT PRIMARY KEY, -- developer/model, lower case.
  first_seen TEXT NOT NULL, -- First time a source named it.
  merged_into TEXT REFERENCES model_ids(id) -- The id that took over, after a reviewed merge.
) STRICT;
CREATE TABLE listings ( -- One subject on one page: a model, or a provider's offer of it.
  id INTEGER PRIMARY KEY, -- Listing number.
  page_id INTEGER NOT NULL REFERENCES pages(id), -- Page it stands on.
  said_model TEXT NOT NULL, -- Model the rules understood.
  model TEXT NOT NULL REFERENCES model_ids(id), -- The same after reviewed merges.
  offer TEXT NOT NULL, -- Offer key (provider;variant), '' for the model as such.
  via TEXT NOT NULL, -- Whose listing says it of the model, '' for the page's own author or an offer.
  name TEXT NOT NULL, -- Name as printed.
  provider TEXT NOT NULL, -- Provider id, '' if none.
  tier TEXT, -- batch, priority, free …; NULL is standard.
  region TEXT, -- global, data-zone or a cloud region.
  snapshot TEXT, -- Dated snapshot.
  quantization TEXT, -- Number format.
  mode TEXT, -- thinking, fine-tuned …
  authority TEXT NOT NULL, -- Weight of this source's word on this subject.
  rank INTEGER NOT NULL, -- The same as a number, 0 best.
  via_rank INTEGER NOT NULL, -- 0 the developer's own or the author, up to 3 a variant at somebody else.
  first_seen TEXT NOT NULL, -- First time it was listed.
  UNIQUE (page_id, said_model, offer, via)
) STRICT;
CREATE INDEX listings_model ON listings(model, offer);
CREATE TABLE absences ( -- Times during which a listing was missing from its page.
  listing_id INTEGER NOT NULL REFERENCES listings(id), -- Listing.
  since TEXT NOT NULL, -- First verified visit without it.
  until TEXT, -- Visit that found it again; NULL while missing.
  last_verified TEXT, -- When it had last been verified.
  withdrawn INTEGER NOT NULL, -- 1 if the page is a complete list, so that it counts as withdrawn.
  PRIMARY KEY (listing_id, since)
) STRICT, WITHOUT ROWID;
CREATE TABLE claims ( -- What a source said, as spans: one row per value and the time it was published here.
  id INTEGER PRIMARY KEY, -- Claim number.
  listing_id INTEGER NOT NULL REFERENCES listings(id), -- Who says it of what.
  attribute TEXT NOT NULL, -- Attribute (table attributes).
  qualifier TEXT NOT NULL, -- JSON: context_above, window, ttl, version, mode …; '' for the plain value.
  valid_from TEXT NOT NULL, -- Told start of a scheduled or dated value, '' if none.
  valid_to TEXT NOT NULL, -- Told end, '' if none.
  value TEXT, -- Catalog value as text; NULL if the source says there is none.
  unit TEXT NOT NULL, -- Unit of the value.
  state TEXT NOT NULL, -- known, subscription, not_published, not_applicable or unknown.
  raw TEXT NOT NULL, -- As printed.
  raw_unit TEXT NOT NULL, -- Unit as the source states it.
  locator TEXT NOT NULL, -- Where in the document.
  document_id INTEGER REFERENCES documents(id), -- The bytes; NULL when a person typed it.
  effective_from TEXT, -- Date the source says the current value applies from.
  published_on TEXT, -- Date the source puts on it.
  first_seen TEXT NOT NULL, -- First time this claim was made with any value.
  since TEXT NOT NULL, -- When this value was published here.
  until TEXT, -- When it was replaced or withdrawn; NULL for the present one.
  last_verified TEXT, -- Set once its page no longer repeats it; NULL means: as the page.
  reviewer TEXT, -- Who vouches for it, if a person.
  observed_at TEXT, -- When that person saw it.
  previous_id INTEGER REFERENCES claims(id) -- The claim whose value this one replaced.
) STRICT;
CREATE UNIQUE INDEX claims_now ON claims(listing_id, attribute, qualifier, valid_from, valid_to)
  WHERE until IS NULL;
CREATE INDEX claims_listing ON claims(listing_id);
CREATE INDEX claims_changed ON claims(since) WHERE previous_id IS NOT NULL;
CREATE INDEX claims_dated ON claims(valid_from) WHERE until IS NULL AND valid_from <> '';
"""

HOLDS = """
CREATE TABLE holds ( -- Values and whole visits that were too surprising to publish.
  id INTEGER PRIMARY KEY, -- Hold number.
  kind TEXT NOT NULL, -- value, or visit for a page held whole.
  page_id INTEGER NOT NULL REFERENCES pages(id), -- Page that says it.
  listing_id INTEGER REFERENCES listings(id), -- Subject; NULL for a visit.
  attribute TEXT NOT NULL, -- Attribute, '' for a visit.
  qualifier TEXT NOT NULL, -- As in claims.
  valid_from TEXT NOT NULL, -- As in claims.
  valid_to TEXT NOT NULL, -- As in claims.
  old TEXT, -- Value that stays published, NULL if there was none.
  new TEXT, -- Value that waits.
  reason TEXT NOT NULL, -- Why it waits, in words.
  rule TEXT NOT NULL, -- Rule that stopped it.
  proposal TEXT NOT NULL, -- JSON: all that is needed to publish it.
  archive TEXT NOT NULL, -- WARC file that first said it; another file is another run.
  since TEXT NOT NULL, -- First sight.
  state TEXT NOT NULL, -- open, released, rejected, withdrawn or superseded.
  until TEXT, -- When it ended; NULL while the source still says so and it is unpublished.
  decided_by TEXT -- Who decided, if a person.
) STRICT;
CREATE INDEX holds_present ON holds(page_id) WHERE until IS NULL;
CREATE TABLE quarantine ( -- Cells that could not be understood, each once.
  id INTEGER PRIMARY KEY, -- Number.
  page_id INTEGER NOT NULL REFERENCES pages(id), -- Page.
  name TEXT NOT NULL, -- Subject as printed.
  attribute TEXT NOT NULL, -- Attribute it would have been.
  raw TEXT NOT NULL, -- As printed.
  raw_unit TEXT NOT NULL, -- Unit as stated.
  rule TEXT NOT NULL, -- Why it was refused.
  locator TEXT NOT NULL, -- Where it was first seen.
  document TEXT NOT NULL, -- Digest of the document it was first seen in.
  first_seen TEXT NOT NULL, -- First reading that met it.
  last_seen TEXT NOT NULL, -- Last reading that met it.
  count INTEGER NOT NULL, -- Readings that met it.
  until TEXT, -- First reading without it; NULL while it is there.
  UNIQUE (page_id, name, attribute, raw, raw_unit, rule)
) STRICT;
"""

DECISIONS = """
CREATE TABLE names ( -- What each name on a page was taken to mean.
  source TEXT NOT NULL REFERENCES sources(id), -- Source that prints it.
  provider TEXT NOT NULL, -- Provider id, '' if none.
  name TEXT NOT NULL, -- As printed.
  model TEXT, -- Model id; NULL while unlinked.
  variant TEXT NOT NULL, -- JSON: tier, region, snapshot, quantization, mode.
  rule TEXT NOT NULL, -- Rule that decided.
  candidates TEXT NOT NULL, -- JSON: near ids, for a person to choose from.
  page_id INTEGER NOT NULL REFERENCES pages(id), -- Page that printed it last.
  first_seen TEXT NOT NULL, -- First sight.
  until TEXT, -- First reading of its page without it; NULL while it is printed.
  PRIMARY KEY (source, provider, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX names_model ON names(model);
CREATE INDEX names_page ON names(page_id);
CREATE TABLE links ( -- What people decided a name means.
  source TEXT NOT NULL, -- Source, '' for any.
  provider TEXT NOT NULL, -- Provider, '' for any.
  name TEXT NOT NULL, -- Name as printed.
  model TEXT, -- Model id; NULL: leave unlinked.
  decided_by TEXT NOT NULL, -- Who.
  reason TEXT NOT NULL, -- Why.
  at TEXT NOT NULL, -- When.
  PRIMARY KEY (source, provider, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE decisions ( -- Everything people decided, in order; nothing is removed.
  id INTEGER PRIMARY KEY, -- Number.
  at TEXT NOT NULL, -- When.
  decided_by TEXT NOT NULL, -- Who.
  action TEXT NOT NULL, -- link, unlink, merge, unmerge, retract, release, reject, confirm or overrule.
  subject TEXT NOT NULL, -- What it was about.
  detail TEXT NOT NULL, -- The rest, in words.
  reason TEXT NOT NULL -- Why.
) STRICT;
CREATE TABLE confirmations ( -- A person looked and found the value right.
  id INTEGER PRIMARY KEY, -- Number.
  model TEXT NOT NULL REFERENCES model_ids(id), -- Model.
  offer TEXT NOT NULL, -- Offer key, '' for the model as such.
  attribute TEXT NOT NULL, -- Attribute.
  qualifier TEXT NOT NULL, -- As in claims.
  value TEXT, -- The value confirmed; another one later is not covered.
  url TEXT NOT NULL, -- Where the person looked.
  reviewer TEXT NOT NULL, -- Who.
  at TEXT NOT NULL -- When.
) STRICT;
CREATE INDEX confirmations_fact ON confirmations(model, offer, attribute, qualifier);
"""

COMPARISONS = """
CREATE TABLE comparisons ( -- The stored comparison of two models.
  a TEXT NOT NULL, -- First model of the pair.
  b TEXT NOT NULL, -- Second model of the pair.
  digest TEXT NOT NULL, -- Digest of its inputs and template.
  template TEXT NOT NULL, -- Template version.
  body TEXT NOT NULL, -- What only the two models together say, as JSON.
  generated_at TEXT NOT NULL, -- First time this digest appeared.
  PRIMARY KEY (a, b)
) STRICT;
CREATE INDEX comparisons_b ON comparisons(b);
CREATE TABLE comparison_digests ( -- When each state of a pair first appeared.
  digest TEXT NOT NULL, -- Digest of inputs and template.
  a TEXT NOT NULL, -- First model.
  b TEXT NOT NULL, -- Second model.
  first_at TEXT NOT NULL, -- First time.
  PRIMARY KEY (digest, a, b)
) STRICT, WITHOUT ROWID;
CREATE TABLE touched ( -- Models whose facts changed since their comparisons were last looked at.
  model TEXT PRIMARY KEY, -- Model id.
  at TEXT NOT NULL -- When.
) STRICT, WITHOUT ROWID;
"""

DELIVERIES = """
CREATE TABLE receivers ( -- Where events are told.
  id TEXT PRIMARY KEY, -- Digest of the address, which can hold a key and is written nowhere.
  since TEXT NOT NULL, -- What happened after this is news to it.
  run INTEGER NOT NULL -- Latest run that found it in the settings.
) STRICT, WITHOUT ROWID;
CREATE TABLE told ( -- What was told to whom: each event once per receiver.
  receiver TEXT NOT NULL REFERENCES receivers(id), -- To whom.
  kind TEXT NOT NULL, -- price, held, retired, failing, stale or unread.
  subject TEXT NOT NULL, -- What it is about.
  at TEXT NOT NULL, -- When it happened, or began.
  text TEXT NOT NULL, -- The line told.
  sent TEXT NOT NULL, -- When a run set about telling it.
  taken TEXT, -- When the receiver took it; NULL if the run was killed in between: it is not told again.
  over TEXT, -- When it was found to be over, at once for a price; NULL while it lasts.
  PRIMARY KEY (receiver, kind, subject, at)
) STRICT, WITHOUT ROWID;
"""

UNREAD_PARTS = """
CREATE TABLE unread_parts ( -- Parts of pages that their source did not understand, each once.
  id INTEGER PRIMARY KEY, -- Number.
  page_id INTEGER NOT NULL REFERENCES pages(id), -- Page.
  kind TEXT NOT NULL, -- table, section, row, entry or cell.
  what TEXT NOT NULL, -- What was looked for.
  wanted TEXT NOT NULL, -- In which form its source knows it.
  found TEXT NOT NULL, -- What stood there instead.
  text TEXT NOT NULL, -- The whole part as printed.
  section TEXT NOT NULL, -- Headings above it.
  locator TEXT NOT NULL, -- Where it was last seen.
  document TEXT NOT NULL, -- Digest of the document it was last seen in.
  shape TEXT NOT NULL, -- What tells it from other new shapes: neither figures nor place.
  rows INTEGER NOT NULL, -- Rows of the page it holds.
  waiting INTEGER NOT NULL, -- Facts that may stand in it and keep their old date.
  first_seen TEXT NOT NULL, -- First reading that did not understand this shape.
  last_seen TEXT NOT NULL, -- Last reading that met it.
  until TEXT, -- First reading without it; NULL while it is there.
  UNIQUE (page_id, shape, text)
) STRICT;
CREATE TABLE page_readings ( -- How much of a page each reading understood.
  page_id INTEGER NOT NULL REFERENCES pages(id), -- Page.
  at TEXT NOT NULL, -- When its values were published.
  rows INTEGER NOT NULL, -- Rows that were read.
  unread_rows INTEGER NOT NULL, -- Rows that were not.
  unread_tables INTEGER NOT NULL, -- Whole tables and sections that were not.
  PRIMARY KEY (page_id, at)
) STRICT, WITHOUT ROWID;
"""

UNREAD_CLAIMS = """
CREATE TABLE unread_claims ( -- Present claims that may stand in a part of their page not read, or whose loss is on hold.
  claim_id INTEGER PRIMARY KEY REFERENCES claims(id) -- Claim.
) STRICT;
"""

VOCABULARY = """
CREATE TABLE attributes ( -- The closed list of what is known about models and offers.
  name TEXT PRIMARY KEY, -- Attribute; any benchmark.<name> is one too.
  type TEXT NOT NULL, -- text, word, date, count, price, flag, words, score or license.
  unit TEXT NOT NULL, -- Unit of every value.
  topic TEXT NOT NULL, -- price, limit, capability …: which freshness limits apply.
  meaning TEXT NOT NULL -- One sentence.
) STRICT;
CREATE TABLE providers ( -- Who bills for serving models.
  id TEXT PRIMARY KEY, -- Provider id.
  name TEXT NOT NULL, -- Name for readers.
  kind TEXT NOT NULL -- first-party, cloud, gateway, host or subscription.
) STRICT;
CREATE TABLE developers ( -- Who made models.
  id TEXT PRIMARY KEY, -- First part of a model id.
  name TEXT NOT NULL -- Name for readers.
) STRICT;
CREATE TABLE settings ( -- Small things to remember.
  name TEXT PRIMARY KEY, -- What.
  value TEXT NOT NULL -- Its value.
) STRICT;
CREATE TABLE column_docs ( -- What every table, view and column means.
  relation TEXT NOT NULL, -- Table or view.
  column TEXT NOT NULL, -- Column, '' for the table or view itself.
  meaning TEXT NOT NULL, -- One sentence.
  PRIMARY KEY (relation, column)
) STRICT, WITHOUT ROWID;
"""

DELAYS = """
CREATE TABLE delayed_claims ( -- Values that waited before they were published.
  claim_id INTEGER PRIMARY KEY REFERENCES claims(id), -- Claim.
  seen_after TEXT NOT NULL, -- First look that showed it; claims.since is when it was published.
  unconfirmed INTEGER NOT NULL -- 1 if it was published because it had waited long enough, and nobody agreed.
) STRICT;
"""

CLAIMS_ENDS = """CREATE INDEX IF NOT EXISTS claims_ends ON claims(since)
  WHERE previous_id IS NULL AND attribute IN ('deprecation_date', 'shutdown_date')"""

SIGNALS = """
CREATE TABLE watched_pages ( -- Pages of whose changes something else tells, and what it said last.
  page_id INTEGER NOT NULL REFERENCES pages(id), -- Page.
  signal TEXT NOT NULL, -- What tells: sitemap, feed, hub, or the source whose own changes do.
  version TEXT NOT NULL, -- Date, commit or digest it gave last, '' for a source that gives none.
  since TEXT NOT NULL, -- When it first spoke of the page; since then its silence means something.
  PRIMARY KEY (page_id, signal)
) STRICT, WITHOUT ROWID;
CREATE TABLE signals ( -- When something said that a page may have changed.
  page_id INTEGER NOT NULL REFERENCES pages(id), -- Page.
  signal TEXT NOT NULL, -- What said so.
  at TEXT NOT NULL, -- When it was read.
  PRIMARY KEY (page_id, signal, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE signal_outcomes ( -- How often a signal was right, as sums over the verified visits of a day.
  signal TEXT NOT NULL, -- What tells.
  page_kind TEXT NOT NULL, -- Kind of the pages visited.
  day TEXT NOT NULL, -- Day of the visits.
  spoke INTEGER NOT NULL, -- 1 for visits after exactly one signal, 0 for those after none.
  visits REAL NOT NULL, -- Such visits.
  same REAL NOT NULL, -- Those that found nothing changed.
  unspoilt_half REAL NOT NULL, -- How many would have, had the pages changed half as often as their past shows.
  unspoilt REAL NOT NULL, -- How many would have, by the pages' past alone.
  PRIMARY KEY (signal, page_kind, day, spoke)
) STRICT, WITHOUT ROWID;
"""

HISTORY_WINDOWS = """
CREATE TABLE batches ( -- Visits of one source that were judged together.
  source TEXT NOT NULL REFERENCES sources(id), -- Source.
  number INTEGER NOT NULL, -- As in attempts.batch.
  changes INTEGER NOT NULL, -- Values that changed with its verified visits.
  PRIMARY KEY (source, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX batches_changed ON batches(source, number) WHERE changes > 0;
CREATE INDEX attempts_started ON attempts(started);
CREATE INDEX attempts_down ON attempts(started) WHERE verified_at IS NULL AND outcome IN ('error', 'blocked');
CREATE INDEX model_ids_merged ON model_ids(merged_into) WHERE merged_into IS NOT NULL;
"""
"""So that what a run asks of the past costs as much as what it asks for, however long the past is."""

TOLD_VERSIONS = """
CREATE TABLE told_versions ( -- When the version of a page was told last, of signals whose versions name its content.
  page_id INTEGER NOT NULL REFERENCES pages(id), -- Page.
  signal TEXT NOT NULL, -- What told it: hub or repository.
  at TEXT NOT NULL, -- When it was read, whether the version was another or the same.
  PRIMARY KEY (page_id, signal)
) STRICT, WITHOUT ROWID;
CREATE INDEX pages_url ON pages(url);
"""

KEPT_FACTS = """
CREATE TABLE kept_models ( -- What is kept of each model, so that nobody works it out from all claims again.
  model TEXT PRIMARY KEY REFERENCES model_ids(id), -- Model id.
  steady_until TEXT NOT NULL, -- Until when all rows about it hold whatever is visited; '' once something changed.
  dated_until TEXT, -- Next moment at which a told date of it comes.
  kept_at TEXT, -- When they were worked out.
  attempt INTEGER, -- Latest attempt then.
  stated INTEGER, -- Attributes that readers expect of any model and that a source states of this one.
  listed INTEGER, -- 1 if anything is still said of it.
  name TEXT, -- Display name.
  vendor TEXT, -- Who made the weights.
  product_type TEXT, -- What it is sold as.
  lifecycle TEXT, -- How far it is.
  context_window INTEGER, -- Tokens.
  cheapest_input TEXT, -- Input price of its cheapest paid offer.
  cheapest_output TEXT, -- Output price of that.
  offers INTEGER, -- Offers that can be had.
  pages TEXT -- JSON: pages that its facts were read from, where they have no date of their own.
) STRICT;
CREATE INDEX kept_models_steady ON kept_models(steady_until);
CREATE INDEX kept_models_kept ON kept_models(kept_at);
CREATE TABLE kept_facts ( -- The choice among the claims to each fact.
  model TEXT NOT NULL, -- Model id.
  offer TEXT NOT NULL, -- Offer key, '' for the model as such.
  attribute TEXT NOT NULL, -- Attribute.
  qualifier TEXT NOT NULL, -- As in claims.
  page_id INTEGER NOT NULL, -- Page of the claim that is shown.
  listing_id INTEGER NOT NULL, -- Listing of it.
  authority TEXT NOT NULL, -- Weight of its word.
  own_verified TEXT, -- Its last look, where that is not its page's.
  looked_on TEXT, -- Day on which a person last found its value right.
  value TEXT, -- Its value, if the list of models shows it and rules decide it.
  shown INTEGER NOT NULL, -- 1 if its value is published.
  stated INTEGER NOT NULL, -- 1 if it would be, if rules decided it and its offer had not ended.
  over INTEGER NOT NULL, -- 1 if it is of an offer that has ended.
  heard INTEGER NOT NULL, -- 1 if it is listed and its source has a say in it.
  disputed INTEGER NOT NULL, -- 1 if another claim that is listed contradicts it.
  oldest TEXT, -- First day on which one of its rivals was verified; NULL if it has none.
  newest TEXT, -- Last such day.
  even INTEGER NOT NULL, -- 1 if they were of one age when this was worked out.
  PRIMARY KEY (model, offer, attribute, qualifier)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_facts_page ON kept_facts(page_id) WHERE shown;
CREATE INDEX kept_facts_apart ON kept_facts(model) WHERE own_verified IS NOT NULL OR looked_on IS NOT NULL;
CREATE INDEX kept_facts_disputed ON kept_facts(model) WHERE disputed;
CREATE TABLE kept_pages ( -- How many published facts have the date of each page.
  page_id INTEGER PRIMARY KEY REFERENCES pages(id), -- Page.
  counts TEXT NOT NULL -- JSON: by authority and attribute.
) STRICT;
"""

NEAREST_MODELS = """
CREATE TABLE model_traits ( -- What nearness of models is judged by, as their cards say it.
  model TEXT PRIMARY KEY, -- Model id.
  traits TEXT NOT NULL, -- JSON: all of them.
  job TEXT NOT NULL, -- What kind of work it is for, '' if unknown.
  family TEXT NOT NULL, -- Family, '' if unknown.
  by_price REAL, -- Place among the models of its job, and of its family, by price; NULL if it has none.
  by_size REAL, -- The same by size.
  by_name TEXT, -- By name.
  by_release REAL, -- By release.
  by_providers REAL -- By number of providers.
) STRICT;
CREATE INDEX model_traits_job_price ON model_traits(job, by_price, model) WHERE by_price IS NOT NULL;
CREATE INDEX model_traits_job_size ON model_traits(job, by_size, model) WHERE by_size IS NOT NULL;
CREATE INDEX model_traits_job_name ON model_traits(job, by_name, model) WHERE by_name IS NOT NULL;
CREATE INDEX model_traits_job_release ON model_traits(job, by_release, model) WHERE by_release IS NOT NULL;
CREATE INDEX model_traits_job_providers ON model_traits(job, by_providers, model) WHERE by_providers IS NOT NULL;
CREATE INDEX model_traits_family_price ON model_traits(family, by_price, model) WHERE by_price IS NOT NULL;
CREATE INDEX model_traits_family_size ON model_traits(family, by_size, model) WHERE by_size IS NOT NULL;
CREATE INDEX model_traits_family_name ON model_traits(family, by_name, model) WHERE by_name IS NOT NULL;
CREATE INDEX model_traits_family_release ON model_traits(family, by_release, model) WHERE by_release IS NOT NULL;
CREATE INDEX model_traits_family_providers ON model_traits(family, by_providers, model) WHERE by_providers IS NOT NULL;
CREATE TABLE nearest_models ( -- The nearest models of each, with which it is compared.
  model TEXT NOT NULL, -- Model id.
  near TEXT NOT NULL, -- One of its nearest.
  PRIMARY KEY (model, near)
) STRICT, WITHOUT ROWID;
"""

STATED_ROWS = """
CREATE TABLE kept_page_models ( -- What each page states of each model.
  model TEXT NOT NULL, -- Model id.
  page_id INTEGER NOT NULL REFERENCES pages(id), -- Page.
  attributes TEXT NOT NULL, -- Attributes of its present claims, by name, with commas between.
  PRIMARY KEY (model, page_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE kept_source_models ( -- What each source states of each model.
  model TEXT NOT NULL, -- Model id.
  source TEXT NOT NULL, -- Source.
  offers INTEGER NOT NULL, -- Offers of the model.
  facts INTEGER NOT NULL, -- Present values.
  attributes TEXT NOT NULL, -- Attributes of those, by name, with commas between.
  PRIMARY KEY (model, source)
) STRICT, WITHOUT ROWID;
CREATE TABLE long_listings ( -- Pages that go on over several answers.
  page_id INTEGER PRIMARY KEY REFERENCES pages(id), -- Page.
  answers INTEGER NOT NULL -- Addresses that its last reading took, two or more.
) STRICT;
CREATE INDEX listings_seen ON listings(first_seen);
CREATE INDEX listings_begun ON listings(page_id, first_seen);
"""

GROWTH_INDEXES = """
CREATE INDEX comparisons_template ON comparisons(template);
CREATE INDEX claims_ending ON claims(valid_to) WHERE until IS NULL AND valid_to <> '';
CREATE INDEX claims_told_days ON claims(value)
  WHERE until IS NULL AND attribute IN ('deprecation_date', 'shutdown_date');
CREATE INDEX pages_verified ON pages(source, last_verified);
CREATE TABLE kept_source_counts ( -- The rows of kept_source_models, counted.
  source TEXT NOT NULL, -- Source.
  attributes TEXT NOT NULL, -- Attributes that it states of a model.
  models INTEGER NOT NULL, -- Models of which it states just those.
  offers INTEGER NOT NULL, -- Offers of these models.
  facts INTEGER NOT NULL, -- Present values.
  PRIMARY KEY (source, attributes)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER kept_source_models_added AFTER INSERT ON kept_source_models BEGIN
  INSERT INTO kept_source_counts VALUES (new.source, new.attributes, 1, new.offers, new.facts) ON CONFLICT DO UPDATE
  SET models = models + 1, offers = offers + excluded.offers, facts = facts + excluded.facts; END;
CREATE TRIGGER kept_source_models_removed AFTER DELETE ON kept_source_models BEGIN
  UPDATE kept_source_counts SET models = models - 1, offers = offers - old.offers, facts = facts - old.facts
  WHERE source = old.source AND attributes = old.attributes; DELETE FROM kept_source_counts
  WHERE source = old.source AND attributes = old.attributes AND models = 0; END;
CREATE TABLE kept_page_days ( -- The rows of kept_pages, counted by the day of the page's last verification.
  source TEXT NOT NULL, -- Source of the pages.
  day TEXT NOT NULL, -- Day, '' if never.
  counts TEXT NOT NULL, -- As in kept_pages.
  pages INTEGER NOT NULL, -- Pages.
  PRIMARY KEY (source, day, counts)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER kept_pages_added AFTER INSERT ON kept_pages BEGIN
  INSERT INTO kept_page_days SELECT source, coalesce(substr(last_verified, 1, 10), ''), new.counts, 1 FROM pages
  WHERE id = new.page_id ON CONFLICT DO UPDATE SET pages = pages + 1; END;
CREATE TRIGGER kept_pages_removed BEFORE DELETE ON kept_pages BEGIN
  UPDATE kept_page_days SET pages = pages - 1 WHERE (source, day, counts) =
  (SELECT source, coalesce(substr(last_verified, 1, 10), ''), old.counts FROM pages WHERE id = old.page_id);
  DELETE FROM kept_page_days WHERE pages = 0 AND (source, day) =
  (SELECT source, coalesce(substr(last_verified, 1, 10), '') FROM pages WHERE id = old.page_id); END;
CREATE TRIGGER pages_looked_at AFTER UPDATE OF last_verified ON pages
WHEN substr(new.last_verified, 1, 10) IS NOT substr(old.last_verified, 1, 10) BEGIN
  UPDATE kept_page_days SET pages = pages - 1 WHERE (source, day, counts) =
  (SELECT old.source, coalesce(substr(old.last_verified, 1, 10), ''), counts FROM kept_pages WHERE page_id = old.id);
  DELETE FROM kept_page_days
  WHERE pages = 0 AND source = old.source AND day = coalesce(substr(old.last_verified, 1, 10), '');
  INSERT INTO kept_page_days SELECT new.source, coalesce(substr(new.last_verified, 1, 10), ''), counts, 1
  FROM kept_pages WHERE page_id = new.id ON CONFLICT DO UPDATE SET pages = pages + 1; END;
"""
"""So that a run in which one page changed looks up what it asks for instead of reading every pair, claim and page."""

PAGE_CLASSES = """
CREATE TABLE page_classes ( -- Pages of one source, kind and host that state the same attributes: one limit holds for all.
  id INTEGER PRIMARY KEY, -- Class number.
  source TEXT NOT NULL, -- Source.
  kind TEXT NOT NULL, -- Kind of page.
  host TEXT NOT NULL, -- Host that serves them.
  attributes TEXT NOT NULL, -- Attributes of their present claims, by name, with commas between; '' for none.
  pages INTEGER NOT NULL DEFAULT 0, -- How many there are.
  UNIQUE (source, kind, host, attributes)
) STRICT;
ALTER TABLE pages ADD COLUMN class_id INTEGER -- Class, as kept; NULL until it is worked out.
  DEFAULT NULL;
CREATE TRIGGER pages_classed AFTER UPDATE OF class_id ON pages WHEN new.class_id IS NOT old.class_id BEGIN
  UPDATE page_classes SET pages = pages - 1 WHERE id = old.class_id;
  UPDATE page_classes SET pages = pages + 1 WHERE id = new.class_id; END;
CREATE INDEX pages_classless ON pages(id) WHERE class_id IS NULL;
CREATE INDEX pages_new ON pages(class_id, last_verified, failures, weight, posterior) WHERE posterior IS NULL;
CREATE INDEX pages_learned ON pages(id) WHERE posterior IS NOT NULL;
CREATE INDEX pages_failing ON pages(failing_since) WHERE failing_since IS NOT NULL;
CREATE INDEX kept_models_stated ON kept_models(stated);
CREATE INDEX model_ids_seen ON model_ids(first_seen);
CREATE INDEX kept_page_models_page ON kept_page_models(page_id);
"""
"""So that a plan counts pages that are alike, and reads those that differ."""

VERSION = 15
"""Of the newest migration; PRAGMA user_version of a catalog that is up to date."""
