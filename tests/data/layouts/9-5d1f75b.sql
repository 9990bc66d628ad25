BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" ( "id" INTEGER PRIMARY KEY, "migration_set" TEXT, "name" TEXT, "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'cardwatch','m0001_sources_and_claims','2026-11-30 12:48:40.379512+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'cardwatch','m0002_people_and_comparisons','2026-11-30 12:48:40.393254+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'cardwatch','m0003_told','2026-11-30 12:48:40.394603+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'cardwatch','m0004_unread_parts','2026-11-30 12:48:40.405881+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'cardwatch','m0005_delayed_claims','2026-11-30 12:48:40.406778+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'cardwatch','m0006_comparisons_say_once','2026-11-30 12:48:40.407276+00:00');
CREATE TABLE absences ( listing_id INTEGER NOT NULL REFERENCES listings(id), since TEXT NOT NULL, until TEXT, last_verified TEXT, withdrawn INTEGER NOT NULL, PRIMARY KEY (listing_id, since)
) STRICT, WITHOUT ROWID;
CREATE TABLE archives ( file TEXT PRIMARY KEY, done INTEGER NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE attempts ( id INTEGER PRIMARY KEY, page_id INTEGER NOT NULL REFERENCES pages(id), batch INTEGER NOT NULL, started TEXT NOT NULL, outcome TEXT NOT NULL, verified_at TEXT, status INTEGER, size INTEGER NOT NULL, age INTEGER NOT NULL, sent TEXT NOT NULL, received TEXT NOT NULL, body TEXT NOT NULL, rows_digest TEXT NOT NULL, parser_version INTEGER NOT NULL, changes INTEGER NOT NULL, archive TEXT NOT NULL, archive_offset INTEGER NOT NULL, detail TEXT NOT NULL, UNIQUE (page_id, started, archive, archive_offset, body, outcome)
) STRICT;
INSERT INTO "attempts" VALUES(1,1,1,'2026-03-10T12:00:00Z','verified_changed','2026-03-10T12:00:00Z',200,900,0,'{}','{}','sha256:0000000000000000000000000000000000000000000000000000000000000001','r',1,1,'20260310T1200.warc.gz',512,'');
INSERT INTO "attempts" VALUES(2,1,2,'2026-03-11T12:00:00Z','verified_changed','2026-03-11T12:00:00Z',200,900,0,'{}','{}','sha256:0000000000000000000000000000000000000000000000000000000000000002','r',1,1,'20260311T1200.warc.gz',512,'');
CREATE TABLE attributes ( name TEXT PRIMARY KEY, type TEXT NOT NULL, unit TEXT NOT NULL, topic TEXT NOT NULL, meaning TEXT NOT NULL
) STRICT;
CREATE TABLE claims ( id INTEGER PRIMARY KEY, listing_id INTEGER NOT NULL REFERENCES listings(id), attribute TEXT NOT NULL, qualifier TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT NOT NULL, value TEXT, unit TEXT NOT NULL, state TEXT NOT NULL, raw TEXT NOT NULL, raw_unit TEXT NOT NULL, locator TEXT NOT NULL, document_id INTEGER REFERENCES documents(id), effective_from TEXT, published_on TEXT, first_seen TEXT NOT NULL, since TEXT NOT NULL, until TEXT, last_verified TEXT, reviewer TEXT, observed_at TEXT, previous_id INTEGER REFERENCES claims(id)
) STRICT;
INSERT INTO "claims" VALUES(1,1,'input_price','','','','2','USD per 1M tokens','known','2','','/data/0',1,NULL,NULL,'2026-03-10T12:00:00Z','2026-03-10T12:00:00Z','2026-03-11T12:00:00Z','2026-03-10T12:00:00Z',NULL,NULL,NULL);
INSERT INTO "claims" VALUES(2,1,'input_price','','','','3','USD per 1M tokens','known','3','','/data/0',2,NULL,NULL,'2026-03-10T12:00:00Z','2026-03-11T12:00:00Z',NULL,NULL,NULL,NULL,1);
CREATE TABLE column_docs ( relation TEXT NOT NULL, column TEXT NOT NULL, meaning TEXT NOT NULL, PRIMARY KEY (relation, column)
) STRICT, WITHOUT ROWID;
CREATE TABLE comparison_digests ( digest TEXT NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, first_at TEXT NOT NULL, PRIMARY KEY (digest, a, b)
) STRICT, WITHOUT ROWID;
CREATE TABLE comparisons ( a TEXT NOT NULL, b TEXT NOT NULL, digest TEXT NOT NULL, template TEXT NOT NULL, body TEXT NOT NULL, generated_at TEXT NOT NULL, PRIMARY KEY (a, b)
) STRICT;
INSERT INTO "comparisons" VALUES('openai/gpt-4.1','openai/gpt-4o','d','1','{"parts":{"a":null,"b":null},"names":["GPT-4.1","GPT-4o"],"verdict":null,"gap":null,"unknown":4,"claims":[]}','2026-03-11T12:00:00Z');
CREATE TABLE confirmations ( id INTEGER PRIMARY KEY, model TEXT NOT NULL REFERENCES model_ids(id), offer TEXT NOT NULL, attribute TEXT NOT NULL, qualifier TEXT NOT NULL, value TEXT, url TEXT NOT NULL, reviewer TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE decisions ( id INTEGER PRIMARY KEY, at TEXT NOT NULL, decided_by TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE TABLE delayed_claims ( claim_id INTEGER PRIMARY KEY REFERENCES claims(id), seen_after TEXT NOT NULL, unconfirmed INTEGER NOT NULL
) STRICT;
CREATE TABLE developers ( id TEXT PRIMARY KEY, name TEXT NOT NULL
) STRICT;
CREATE TABLE documents ( id INTEGER PRIMARY KEY, digest TEXT NOT NULL, url TEXT NOT NULL, fetched_at TEXT NOT NULL, content_type TEXT NOT NULL, size INTEGER NOT NULL, archive TEXT NOT NULL, archive_offset INTEGER NOT NULL, UNIQUE (digest, url, fetched_at, archive_offset)
) STRICT;
INSERT INTO "documents" VALUES(1,'sha256:0000000000000000000000000000000000000000000000000000000000000001','https://openrouter.ai/api/v1/models','2026-03-10T12:00:00Z','application/json',900,'20260310T1200.warc.gz',512);
INSERT INTO "documents" VALUES(2,'sha256:0000000000000000000000000000000000000000000000000000000000000002','https://openrouter.ai/api/v1/models','2026-03-11T12:00:00Z','application/json',900,'20260311T1200.warc.gz',512);
CREATE TABLE holds ( id INTEGER PRIMARY KEY, kind TEXT NOT NULL, page_id INTEGER NOT NULL REFERENCES pages(id), listing_id INTEGER REFERENCES listings(id), attribute TEXT NOT NULL, qualifier TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT NOT NULL, old TEXT, new TEXT, reason TEXT NOT NULL, rule TEXT NOT NULL, proposal TEXT NOT NULL, archive TEXT NOT NULL, since TEXT NOT NULL, state TEXT NOT NULL, until TEXT, decided_by TEXT
) STRICT;
CREATE TABLE links ( source TEXT NOT NULL, provider TEXT NOT NULL, name TEXT NOT NULL, model TEXT, decided_by TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (source, provider, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE listings ( id INTEGER PRIMARY KEY, page_id INTEGER NOT NULL REFERENCES pages(id), said_model TEXT NOT NULL, model TEXT NOT NULL REFERENCES model_ids(id), offer TEXT NOT NULL, via TEXT NOT NULL, name TEXT NOT NULL, provider TEXT NOT NULL, tier TEXT, region TEXT, snapshot TEXT, quantization TEXT, mode TEXT, authority TEXT NOT NULL, rank INTEGER NOT NULL, via_rank INTEGER NOT NULL, first_seen TEXT NOT NULL, UNIQUE (page_id, said_model, offer, via)
) STRICT;
INSERT INTO "listings" VALUES(1,1,'openai/gpt-4.1','openai/gpt-4.1','openrouter;','','GPT-4.1','openrouter',NULL,NULL,NULL,NULL,NULL,'provider_api',3,0,'2026-03-10T12:00:00Z');
CREATE TABLE model_ids ( id TEXT PRIMARY KEY, first_seen TEXT NOT NULL, merged_into TEXT REFERENCES model_ids(id)
) STRICT;
INSERT INTO "model_ids" VALUES('openai/gpt-4.1','2026-03-10T12:00:00Z',NULL);
INSERT INTO "model_ids" VALUES('openai/gpt-4o','2026-03-10T12:00:00Z',NULL);
CREATE TABLE names ( source TEXT NOT NULL REFERENCES sources(id), provider TEXT NOT NULL, name TEXT NOT NULL, model TEXT, variant TEXT NOT NULL, rule TEXT NOT NULL, candidates TEXT NOT NULL, page_id INTEGER NOT NULL REFERENCES pages(id), first_seen TEXT NOT NULL, until TEXT, PRIMARY KEY (source, provider, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE page_readings ( page_id INTEGER NOT NULL REFERENCES pages(id), at TEXT NOT NULL, rows INTEGER NOT NULL, unread_rows INTEGER NOT NULL, unread_tables INTEGER NOT NULL, PRIMARY KEY (page_id, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE pages ( id INTEGER PRIMARY KEY, source TEXT NOT NULL REFERENCES sources(id), url TEXT NOT NULL, kind TEXT NOT NULL, parser_version INTEGER NOT NULL DEFAULT 0, rules TEXT NOT NULL DEFAULT '', rows_digest TEXT NOT NULL DEFAULT '', etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '', first_seen TEXT NOT NULL, last_attempt TEXT, last_outcome TEXT, last_status INTEGER, last_detail TEXT NOT NULL DEFAULT '', last_verified TEXT, last_changed TEXT, failing_since TEXT, failures INTEGER NOT NULL DEFAULT 0, gone_since TEXT, redirected_to TEXT NOT NULL DEFAULT '', weight REAL NOT NULL DEFAULT 1.0, posterior BLOB, last_gap REAL, next_due TEXT, UNIQUE (source, url, kind)
) STRICT;
INSERT INTO "pages" VALUES(1,'openrouter_models','https://openrouter.ai/api/v1/models','listing',0,'','','','','2026-03-10T12:00:00Z','2026-03-11T12:00:00Z','verified_changed',NULL,'','2026-03-11T12:00:00Z',NULL,NULL,0,NULL,'',1.0,NULL,NULL,NULL);
CREATE TABLE providers ( id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL
) STRICT;
CREATE TABLE quarantine ( id INTEGER PRIMARY KEY, page_id INTEGER NOT NULL REFERENCES pages(id), name TEXT NOT NULL, attribute TEXT NOT NULL, raw TEXT NOT NULL, raw_unit TEXT NOT NULL, rule TEXT NOT NULL, locator TEXT NOT NULL, document TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, count INTEGER NOT NULL, until TEXT, UNIQUE (page_id, name, attribute, raw, raw_unit, rule)
) STRICT;
CREATE TABLE receivers ( id TEXT PRIMARY KEY, since TEXT NOT NULL, run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE runs ( id INTEGER PRIMARY KEY, kind TEXT NOT NULL, started TEXT NOT NULL, finished TEXT, summary TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE TABLE settings ( name TEXT PRIMARY KEY, value TEXT NOT NULL
) STRICT;
INSERT INTO "settings" VALUES('layout','older');
CREATE TABLE sources ( id TEXT PRIMARY KEY, title TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL DEFAULT '', authority TEXT NOT NULL, url TEXT NOT NULL DEFAULT '', max_age_days REAL, complete INTEGER NOT NULL DEFAULT 0, derived_from TEXT NOT NULL DEFAULT '', parser_version INTEGER NOT NULL DEFAULT 1, terms TEXT NOT NULL DEFAULT '', redistribute INTEGER NOT NULL DEFAULT 1
) STRICT;
INSERT INTO "sources" VALUES('openrouter_models','OpenRouter','','provider_api','',NULL,1,'',1,'',1);
CREATE TABLE told ( receiver TEXT NOT NULL REFERENCES receivers(id), kind TEXT NOT NULL, subject TEXT NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL, sent TEXT NOT NULL, taken TEXT, over TEXT, PRIMARY KEY (receiver, kind, subject, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE touched ( model TEXT PRIMARY KEY, at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE unread_parts ( id INTEGER PRIMARY KEY, page_id INTEGER NOT NULL REFERENCES pages(id), kind TEXT NOT NULL, what TEXT NOT NULL, wanted TEXT NOT NULL, found TEXT NOT NULL, text TEXT NOT NULL, section TEXT NOT NULL, locator TEXT NOT NULL, document TEXT NOT NULL, shape TEXT NOT NULL, rows INTEGER NOT NULL, waiting INTEGER NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, until TEXT, UNIQUE (page_id, shape, text)
) STRICT;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name" ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX attempts_verified ON attempts(page_id, verified_at);
CREATE INDEX listings_model ON listings(model, offer);
CREATE UNIQUE INDEX claims_now ON claims(listing_id, attribute, qualifier, valid_from, valid_to) WHERE until IS NULL;
CREATE INDEX claims_listing ON claims(listing_id);
CREATE INDEX claims_changed ON claims(since) WHERE previous_id IS NOT NULL;
CREATE INDEX claims_dated ON claims(valid_from) WHERE until IS NULL AND valid_from <> '';
CREATE INDEX holds_present ON holds(page_id) WHERE until IS NULL;
CREATE INDEX names_model ON names(model);
CREATE INDEX names_page ON names(page_id);
CREATE INDEX confirmations_fact ON confirmations(model, offer, attribute, qualifier);
CREATE INDEX comparisons_b ON comparisons(b);
CREATE INDEX claims_ends ON claims(since) WHERE previous_id IS NULL AND attribute IN ('deprecation_date', 'shutdown_date');
CREATE VIEW standing_claims AS SELECT coalesce(c.last_verified, a.last_verified, p.last_verified) AS last_verified, l.model AS model, l.offer AS offer, c.attribute AS attribute, c.qualifier AS qualifier, c.value AS value, c.unit AS unit, c.state AS state, p.source AS source, p.url AS url, l.via AS via, l.authority AS authority, a.withdrawn IS NOT 1 AS listed, s.derived_from = '' AS votes, (c.value IS NOT NULL) || (a.withdrawn IS NOT 1) || (9 - l.rank) || (9 - l.via_rank) || substr(c.valid_from || '0000-00-00', 1, 10) || substr(CASE WHEN l.rank IN (0, 2) THEN coalesce(c.last_verified, c.since) ELSE c.since END, 1, 10) AS weight, c.raw AS raw, c.raw_unit AS raw_unit, c.effective_from AS effective_from, c.published_on AS published_on, c.first_seen AS first_seen, c.since AS since, d.digest AS document, c.locator AS locator, coalesce(d.fetched_at, c.observed_at) AS fetched_at, d.archive AS archive, d.archive_offset AS archive_offset, c.id AS claim_id, l.id AS listing_id, p.id AS page_id
FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id JOIN sources s ON s.id = p.source LEFT JOIN documents d ON d.id = c.document_id LEFT JOIN absences a ON a.listing_id = l.id AND a.until IS NULL
WHERE c.until IS NULL AND c.valid_from <= strftime('%Y-%m-%dT%H:%M:%SZ', 'now') AND (c.valid_to = '' OR c.valid_to > strftime('%Y-%m-%dT%H:%M:%SZ', 'now'));
CREATE VIEW chosen_claims AS SELECT model, offer, attribute, qualifier, claim_id, support, conflicting, nth
FROM ( SELECT *, CASE WHEN attribute IN ('name', 'vendor', 'family', 'parameters_note', 'architecture', 'replacement') OR value IS NULL THEN 0 WHEN attribute IN ('release_date', 'knowledge_cutoff', 'deprecation_date', 'shutdown_date') THEN coalesce(min(CASE WHEN length(value) >= 4 THEN substr(value, 1, 4) END) OVER peers <> max(CASE WHEN length(value) >= 4 THEN substr(value, 1, 4) END) OVER peers, 0) OR coalesce(min(CASE WHEN length(value) >= 7 THEN substr(value, 1, 7) END) OVER peers <> max(CASE WHEN length(value) >= 7 THEN substr(value, 1, 7) END) OVER peers, 0) OR coalesce(min(CASE WHEN length(value) >= 10 THEN substr(value, 1, 10) END) OVER peers <> max(CASE WHEN length(value) >= 10 THEN substr(value, 1, 10) END) OVER peers, 0) ELSE min(value) OVER peers <> max(value) OVER peers END AS conflicting, row_number() OVER ( PARTITION BY model, offer, attribute, qualifier ORDER BY weight DESC, support DESC, CASE WHEN attribute IN ('release_date', 'knowledge_cutoff', 'deprecation_date', 'shutdown_date') THEN -length(value) ELSE length(value) END, value ) AS nth FROM ( SELECT model, offer, attribute, qualifier, weight, value, claim_id, sum(votes) AS support, min(source || ' ' || via || ' ' || url) FROM standing_claims GROUP BY model, offer, attribute, qualifier, weight, value ) WINDOW peers AS (PARTITION BY model, offer, attribute, qualifier ORDER BY weight DESC, support DESC)
) WHERE nth = 1;
CREATE VIEW facts AS SELECT n.model AS model, n.offer AS offer, n.attribute AS attribute, n.qualifier AS qualifier, iif(n.conflicting, NULL, c.value) AS value, c.unit AS unit, iif(n.conflicting, 'conflicting', c.state) AS state, c.source AS source, c.authority AS authority, c.via AS via, c.url AS url, c.document AS document, c.locator AS locator, c.archive AS archive, c.archive_offset AS archive_offset, c.fetched_at AS fetched_at, c.first_seen AS first_seen, c.since AS last_changed, c.last_verified AS last_verified, max(substr(c.last_verified, 1, 10), coalesce(( SELECT max(substr(f.at, 1, 10)) FROM confirmations f WHERE f.model = n.model AND f.offer = n.offer AND f.attribute = n.attribute AND f.qualifier = n.qualifier AND f.value IS c.value ), '')) AS reviewed_on, c.effective_from AS effective_from, c.listed AS listed, c.listing_id AS listing_id, c.page_id AS page_id
FROM chosen_claims n CROSS JOIN standing_claims c ON c.claim_id = n.claim_id;
CREATE VIEW offers AS SELECT model, offer, provider, provider_name, provider_kind, tier, region, snapshot, quantization, mode, provider_model, withdrawn IS NOT 1 AS listed, first_seen, absent_since, CASE WHEN withdrawn THEN ( SELECT day FROM ( SELECT DISTINCT substr(verified_at, 1, 10) AS day FROM attempts WHERE page_id = best.page_id AND verified_at IS NOT NULL AND started >= ( SELECT max(started) FROM attempts WHERE page_id = best.page_id AND verified_at IS NOT NULL AND started <= absent_since ) ORDER BY day LIMIT 1 OFFSET 2 ) ) END AS tombstoned_on
FROM ( SELECT l.model, l.offer, l.provider, coalesce(v.name, l.provider) AS provider_name, coalesce(v.kind, '') AS provider_kind, coalesce(l.tier, 'standard') AS tier, max(l.region) OVER k AS region, l.snapshot, l.quantization, l.mode, l.name AS provider_model, min(l.first_seen) OVER k AS first_seen, l.page_id, a.since AS absent_since, a.withdrawn, row_number() OVER ( PARTITION BY l.model, l.offer ORDER BY l.authority IN ('review', 'curated'), l.rank, a.withdrawn IS 1, l.id ) AS place FROM listings l LEFT JOIN providers v ON v.id = l.provider LEFT JOIN absences a ON a.listing_id = l.id AND a.until IS NULL WHERE l.offer <> '' AND (a.since IS NULL OR a.withdrawn OR EXISTS ( SELECT 1 FROM claims WHERE listing_id = l.id AND until IS NULL )) WINDOW k AS (PARTITION BY l.model, l.offer)
) AS best WHERE place = 1;
CREATE VIEW prices AS SELECT f.model AS model, coalesce(v.name, l.provider) AS provider, coalesce(l.tier, 'standard') AS tier, l.region AS region, l.mode AS mode, input_price, output_price, cache_read_price, cache_write_price, reasoning_price, context_window, max_output_tokens, reviewed_on, f.offer AS offer
FROM ( SELECT model, offer, listing_id, max(CASE attribute WHEN 'input_price' THEN CAST(value AS NUMERIC) END) OVER k AS input_price, max(CASE attribute WHEN 'output_price' THEN CAST(value AS NUMERIC) END) OVER k AS output_price, max(CASE attribute WHEN 'cache_read_price' THEN CAST(value AS NUMERIC) END) OVER k AS cache_read_price, max(CASE attribute WHEN 'cache_write_price' THEN CAST(value AS NUMERIC) END) OVER k AS cache_write_price, max(CASE attribute WHEN 'reasoning_price' THEN CAST(value AS NUMERIC) END) OVER k AS reasoning_price, max(CASE attribute WHEN 'context_window' THEN CAST(value AS NUMERIC) END) OVER k AS context_window, max(CASE attribute WHEN 'max_output_tokens' THEN CAST(value AS NUMERIC) END) OVER k AS max_output_tokens, min(CASE WHEN attribute IN ('input_price', 'output_price') THEN reviewed_on END) OVER k AS reviewed_on, row_number() OVER (PARTITION BY model, offer) AS nth FROM facts WHERE offer <> '' AND qualifier = '' WINDOW k AS (PARTITION BY model, offer)
) AS f CROSS JOIN listings l ON l.id = f.listing_id LEFT JOIN providers v ON v.id = l.provider
WHERE f.nth = 1 AND NOT EXISTS ( SELECT 1 FROM listings b JOIN absences x ON x.listing_id = b.id AND x.until IS NULL AND x.withdrawn WHERE b.id = ( SELECT id FROM listings WHERE model = f.model AND offer = f.offer ORDER BY authority IN ('review', 'curated'), rank, EXISTS ( SELECT 1 FROM absences WHERE listing_id = listings.id AND until IS NULL AND withdrawn ), id LIMIT 1 )
);
CREATE VIEW models AS SELECT m.id AS id, CAST(max(CASE attribute WHEN 'name' THEN value END) AS text) AS name, CAST(max(CASE attribute WHEN 'vendor' THEN value END) AS text) AS vendor, CAST(max(CASE attribute WHEN 'product_type' THEN value END) AS text) AS product_type, CAST(max(CASE attribute WHEN 'lifecycle' THEN value END) AS text) AS lifecycle, CAST(max(CASE attribute WHEN 'context_window' THEN value END) AS integer) AS context_window, CAST(max(CASE attribute WHEN 'max_output_tokens' THEN value END) AS integer) AS max_output_tokens, CAST(max(CASE attribute WHEN 'release_date' THEN value END) AS text) AS release_date, CAST(max(CASE attribute WHEN 'knowledge_cutoff' THEN value END) AS text) AS knowledge_cutoff, CAST(max(CASE attribute WHEN 'license' THEN value END) AS text) AS license, count(f.attribute) AS facts, min(reviewed_on) AS oldest_reviewed_on, m.first_seen AS first_seen
FROM model_ids m LEFT JOIN facts f ON f.model = m.id AND f.offer = '' AND f.qualifier = ''
WHERE m.merged_into IS NULL AND EXISTS ( SELECT 1 FROM listings l WHERE l.model = m.id AND ( EXISTS (SELECT 1 FROM claims WHERE listing_id = l.id AND until IS NULL) OR NOT EXISTS (SELECT 1 FROM absences WHERE listing_id = l.id AND until IS NULL) )
) GROUP BY m.id;
CREATE VIEW cheapest_offers AS SELECT model, provider, tier, region, input_price, output_price, min(800 * input_price + 250 * output_price) AS usd_per_month, offer
FROM prices WHERE input_price > 0 AND output_price IS NOT NULL AND tier = 'standard' AND (region IS NULL OR region = 'global') AND mode IS NOT 'fine-tuned' GROUP BY model;
CREATE VIEW price_history AS SELECT l.model AS model, l.offer AS offer, c.attribute AS attribute, c.qualifier AS qualifier, c.value AS value, c.unit AS unit, iif(c.valid_from <> '', c.valid_from, c.since) AS since, (SELECT min(ended) FROM (SELECT nullif(c.valid_to, '') AS ended UNION ALL SELECT c.until UNION ALL SELECT a.since WHERE c.valid_to = '')) AS until, p.source AS source, (c.valid_from || c.valid_to) <> '' AS told, p.url AS url, l.rank AS rank
FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id JOIN attributes t ON t.name = c.attribute LEFT JOIN absences a ON a.listing_id = l.id AND a.until IS NULL AND a.withdrawn
WHERE t.topic = 'price' AND c.value IS NOT NULL AND (c.until IS NULL OR c.until > c.valid_from) AND (a.since IS NULL OR a.since > iif(c.valid_from <> '', c.valid_from, c.since));
CREATE VIEW changes AS WITH begun AS (SELECT page_id, min(first_seen) AS at FROM listings GROUP BY page_id)
SELECT DISTINCT coalesce(d.seen_after, new.since) AS at, l.model AS model, l.provider AS provider, l.offer AS offer, new.attribute AS attribute, new.qualifier AS qualifier, old.value AS old, new.value AS new, p.source AS source, p.url AS url, old.unit AS old_unit, new.unit AS unit, (new.valid_from || new.valid_to) <> '' AS told, iif(t.topic IN ('price', 'limit', 'capability', 'lifecycle'), t.topic, 'fact') AS kind, old.last_verified AS seen_before, new.since AS published_at, EXISTS ( SELECT 1 FROM claims x WHERE x.listing_id = new.listing_id AND x.attribute = new.attribute AND x.qualifier = new.qualifier AND x.valid_from = new.valid_from AND x.value IS old.value AND x.since > new.since AND julianday(x.since) - julianday(new.since) <= 14 ) AS reverted, coalesce(d.unconfirmed, 0) AS unconfirmed
FROM claims new JOIN claims old ON old.id = new.previous_id JOIN listings l ON l.id = new.listing_id JOIN pages p ON p.id = l.page_id LEFT JOIN delayed_claims d ON d.claim_id = new.id LEFT JOIN attributes t ON t.name = new.attribute
WHERE new.previous_id IS NOT NULL AND new.value IS NOT old.value AND NOT EXISTS ( SELECT 1 FROM listings b JOIN claims x ON x.listing_id = b.id AND x.until IS NULL WHERE b.model = l.model AND b.offer = l.offer AND (b.rank, b.via_rank) < (l.rank, l.via_rank) AND x.attribute = new.attribute AND x.qualifier = new.qualifier AND x.value IS NOT NULL
)
UNION ALL
SELECT n.since, l.model, l.provider, l.offer, n.attribute, n.qualifier, NULL, n.value, p.source, p.url, '', n.unit, 0, 'lifecycle', NULL, n.since, 0, 0
FROM claims n JOIN listings l ON l.id = n.listing_id JOIN pages p ON p.id = l.page_id
WHERE n.previous_id IS NULL AND n.attribute IN ('deprecation_date', 'shutdown_date') AND n.valid_from = '' AND n.value IS NOT NULL AND n.since > l.first_seen
UNION ALL
SELECT a.since, l.model, l.provider, l.offer, 'availability', '', 'listed', 'withdrawn', p.source, p.url, '', '', 0, 'withdrawn', a.last_verified, a.since, 0, 0
FROM absences a JOIN listings l ON l.id = a.listing_id JOIN pages p ON p.id = l.page_id
WHERE a.withdrawn AND l.offer <> ''
UNION ALL
SELECT a.until, l.model, l.provider, l.offer, 'availability', '', 'withdrawn', 'listed', p.source, p.url, '', '', 0, 'returned', NULL, a.until, 0, 0
FROM absences a JOIN listings l ON l.id = a.listing_id JOIN pages p ON p.id = l.page_id
WHERE a.withdrawn AND l.offer <> '' AND a.until IS NOT NULL
UNION ALL
SELECT m.first_seen, l.model, '', '', 'availability', '', NULL, 'listed', min(p.source), p.url, '', '', 0, 'new_model', NULL, m.first_seen, 0, 0
FROM model_ids m JOIN listings l ON l.model = m.id AND l.first_seen = m.first_seen CROSS JOIN begun b ON b.page_id = l.page_id AND l.first_seen > b.at JOIN pages p ON p.id = l.page_id
WHERE m.merged_into IS NULL GROUP BY l.model
UNION ALL
SELECT l.first_seen, l.model, l.provider, l.offer, 'availability', '', NULL, 'listed', p.source, p.url, '', '', 0, 'new_offer', NULL, l.first_seen, 0, 0
FROM listings l CROSS JOIN begun b ON b.page_id = l.page_id AND l.first_seen > b.at JOIN pages p ON p.id = l.page_id JOIN model_ids m ON m.id = l.model AND m.first_seen < l.first_seen
WHERE l.offer <> '' AND NOT EXISTS ( SELECT 1 FROM listings e WHERE e.model = l.model AND e.offer = l.offer AND (e.first_seen, e.id) < (l.first_seen, l.id)
)
UNION ALL
SELECT n.since, l.model, l.provider, l.offer, n.attribute, n.qualifier, o.value, n.value, p.source, p.url, o.unit, n.unit, 1, 'scheduled', NULL, n.since, 0, 0
FROM claims n JOIN claims o ON o.listing_id = n.listing_id AND o.attribute = n.attribute AND o.qualifier = n.qualifier AND o.until IS NULL AND o.valid_from < n.valid_from AND o.value IS NOT n.value AND o.valid_from = ( SELECT max(valid_from) FROM claims WHERE listing_id = n.listing_id AND attribute = n.attribute AND qualifier = n.qualifier AND until IS NULL AND valid_from < n.valid_from ) JOIN listings l ON l.id = n.listing_id JOIN pages p ON p.id = l.page_id LEFT JOIN attributes t ON t.name = n.attribute
WHERE n.until IS NULL AND n.valid_from <> '' AND n.value IS NOT NULL AND n.valid_from > n.since
UNION ALL
SELECT iif(length(n.valid_from) = 10, n.valid_from || 'T00:00:00Z', n.valid_from), l.model, l.provider, l.offer, n.attribute, n.qualifier, o.value, n.value, p.source, p.url, o.unit, n.unit, 1, iif(n.valid_from > n.since, 'took_effect', iif(t.topic IN ('price', 'limit', 'capability', 'lifecycle'), t.topic, 'fact')), NULL, n.since, 0, 0
FROM claims n JOIN claims o ON o.listing_id = n.listing_id AND o.attribute = n.attribute AND o.qualifier = n.qualifier AND o.until IS NULL AND o.valid_from < n.valid_from AND o.value IS NOT n.value AND o.valid_from = ( SELECT max(valid_from) FROM claims WHERE listing_id = n.listing_id AND attribute = n.attribute AND qualifier = n.qualifier AND until IS NULL AND valid_from < n.valid_from ) JOIN listings l ON l.id = n.listing_id JOIN pages p ON p.id = l.page_id LEFT JOIN attributes t ON t.name = n.attribute
WHERE n.until IS NULL AND n.valid_from <> '' AND n.value IS NOT NULL AND n.valid_from <= strftime('%Y-%m-%dT%H:%M:%SZ', 'now');
CREATE VIEW conflicts AS SELECT n.model AS model, n.offer AS offer, n.attribute AS attribute, n.qualifier AS qualifier, c.value AS value, c.source AS source, c.value = w.value AS chosen, n.conflicting AS undecided, c.authority AS authority, c.via AS via, c.since AS since, c.last_verified AS last_verified, c.weight AS weight, c.url AS url
FROM chosen_claims n CROSS JOIN claims w ON w.id = n.claim_id CROSS JOIN standing_claims c ON c.model = n.model AND c.offer = n.offer AND c.attribute = n.attribute AND c.qualifier = n.qualifier AND c.listed AND c.value IS NOT NULL
WHERE w.value IS NOT NULL AND n.attribute NOT IN ('name', 'vendor', 'family', 'parameters_note', 'architecture', 'replacement') AND EXISTS ( SELECT 1 FROM standing_claims d WHERE d.model = n.model AND d.offer = n.offer AND d.attribute = n.attribute AND d.qualifier = n.qualifier AND d.listed AND d.value <> w.value
);
CREATE VIEW stale_basis AS SELECT f.model AS model, f.offer AS offer, f.attribute AS attribute, f.qualifier AS qualifier, coalesce(t.topic, 'benchmark') AS topic, f.source AS source, f.authority AS authority, f.listed AS listed, f.last_verified AS last_verified, f.reviewed_on AS reviewed_on, p.id AS page_id, p.url AS url, p.last_outcome AS last_outcome, p.failing_since AS failing_since, p.gone_since AS gone_since, p.next_due AS next_due, p.weight AS weight, EXISTS (SELECT 1 FROM holds h WHERE h.until IS NULL AND h.state = 'open' AND h.page_id = p.id AND (h.kind = 'visit' OR (h.listing_id = f.listing_id AND h.attribute = f.attribute AND h.qualifier = f.qualifier))) AS held
FROM facts f CROSS JOIN pages p ON p.id = f.page_id LEFT JOIN attributes t ON t.name = f.attribute;
CREATE VIEW scheduled AS SELECT l.model AS model, l.offer AS offer, c.attribute AS attribute, c.qualifier AS qualifier, c.value AS value, c.valid_from AS valid_from, c.valid_to AS valid_to, l.page_id AS page_id, p.source AS source
FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id
WHERE c.until IS NULL AND c.valid_from <> '';
CREATE VIEW unlinked AS SELECT source, provider, name, candidates, first_seen
FROM names WHERE model IS NULL AND until IS NULL;
CREATE VIEW evidence AS SELECT model, offer, attribute, value, source, url, document, archive, archive_offset, locator
FROM standing_claims WHERE document IS NOT NULL;
COMMIT;
PRAGMA user_version = 6;
