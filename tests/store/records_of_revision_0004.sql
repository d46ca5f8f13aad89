BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE alert_aliases (
	alias VARCHAR(64) NOT NULL, 
	alert_id VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_alert_aliases PRIMARY KEY (alias)
);
CREATE TABLE alert_changes (
	number INTEGER NOT NULL, 
	change_id VARCHAR(64) NOT NULL, 
	alert_id VARCHAR(64) NOT NULL, 
	pseudonym VARCHAR(32) NOT NULL, 
	verb TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	level BIGINT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	at_ms BIGINT NOT NULL, 
	arrived_ms BIGINT NOT NULL, 
	evidence JSON NOT NULL, 
	CONSTRAINT pk_alert_changes PRIMARY KEY (number), 
	CONSTRAINT uq_alert_changes_change_id UNIQUE (change_id)
);
INSERT INTO "alert_changes" VALUES(1,'c-1','a-1','279555dc4ac54ad8c34908b6','trigger','news2',2,'triggered',1000,1001,'[]');
CREATE TABLE alerts (
	id VARCHAR(64) NOT NULL, 
	first_id VARCHAR(64) NOT NULL, 
	pseudonym VARCHAR(32) NOT NULL, 
	dedup_key TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	level BIGINT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	started_ms BIGINT NOT NULL, 
	raised_ms BIGINT NOT NULL, 
	updated_ms BIGINT NOT NULL, 
	resolved_ms BIGINT, 
	snoozed_until_ms BIGINT, 
	evidence JSON NOT NULL, 
	CONSTRAINT pk_alerts PRIMARY KEY (id)
);
INSERT INTO "alerts" VALUES('a-1','a-1','279555dc4ac54ad8c34908b6','vitals','news2',2,'triggered',1000,1001,1001,NULL,NULL,'[]');
CREATE TABLE deliveries (
	idempotency_key VARCHAR(200) NOT NULL, 
	alert_id VARCHAR(64) NOT NULL, 
	pseudonym VARCHAR(32) NOT NULL, 
	channel TEXT NOT NULL, 
	recipient TEXT NOT NULL, 
	body TEXT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	attempts BIGINT NOT NULL, 
	next_attempt_ms BIGINT NOT NULL, 
	created_ms BIGINT NOT NULL, 
	updated_ms BIGINT NOT NULL, 
	CONSTRAINT pk_deliveries PRIMARY KEY (idempotency_key)
);
INSERT INTO "deliveries" VALUES('k-1','a-1','279555dc4ac54ad8c34908b6','in-app','-','{}','delivered',1,1001,1001,1001);
CREATE TABLE devices (
	id VARCHAR(64) NOT NULL, 
	person_id VARCHAR(64) NOT NULL, 
	label TEXT NOT NULL, 
	created_ms BIGINT NOT NULL, 
	CONSTRAINT pk_devices PRIMARY KEY (id), 
	CONSTRAINT fk_devices_person_id_people FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);
INSERT INTO "devices" VALUES('d-fxiq6ffjlsk54qgm','p-x7upwjd7k3h2sekd','watch',1000);
INSERT INTO "devices" VALUES('d-foxj4ar7ch74kyvh','p-x7upwjd7k3h2sekd','phone',1000);
CREATE TABLE events (
	id VARCHAR(64) NOT NULL, 
	person_id VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	at_ms BIGINT NOT NULL, 
	arrived_ms BIGINT NOT NULL, 
	text TEXT NOT NULL, 
	severity DOUBLE, 
	codes JSON NOT NULL, 
	actor VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (id), 
	CONSTRAINT fk_events_person_id_people FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);
INSERT INTO "events" VALUES('e-1','p-x7upwjd7k3h2sekd','symptom',1000,1001,'headache',4.0,'[]','g-52inpgdukvdqcban');
CREATE TABLE findings (
	number INTEGER NOT NULL, 
	person_id VARCHAR(64) NOT NULL, 
	specialty VARCHAR(32) NOT NULL, 
	hypothesis TEXT NOT NULL, 
	urgency BIGINT NOT NULL, 
	confidence DOUBLE, 
	evidence JSON NOT NULL, 
	contraindications JSON NOT NULL, 
	version TEXT NOT NULL, 
	found_ms BIGINT NOT NULL, 
	CONSTRAINT pk_findings PRIMARY KEY (number), 
	CONSTRAINT fk_findings_person_id_people FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);
CREATE TABLE grant_people (
	grant_id VARCHAR(64) NOT NULL, 
	person_id VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_grant_people PRIMARY KEY (grant_id, person_id), 
	CONSTRAINT fk_grant_people_grant_id_grants FOREIGN KEY(grant_id) REFERENCES grants (id) ON DELETE CASCADE, 
	CONSTRAINT fk_grant_people_person_id_people FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);
INSERT INTO "grant_people" VALUES('g-52inpgdukvdqcban','p-x7upwjd7k3h2sekd');
INSERT INTO "grant_people" VALUES('g-nk6zrlt4eosufksx','p-x7upwjd7k3h2sekd');
INSERT INTO "grant_people" VALUES('g-nk6zrlt4eosufksx','p-zcrh7nttnl6bkmiq');
INSERT INTO "grant_people" VALUES('g-77twsj66mwrbuvgg','p-x7upwjd7k3h2sekd');
CREATE TABLE grants (
	id VARCHAR(64) NOT NULL, 
	scope VARCHAR(16) NOT NULL, 
	label TEXT NOT NULL, 
	device_id VARCHAR(64), 
	created_ms BIGINT NOT NULL, 
	CONSTRAINT pk_grants PRIMARY KEY (id), 
	CONSTRAINT fk_grants_device_id_devices FOREIGN KEY(device_id) REFERENCES devices (id) ON DELETE CASCADE
);
INSERT INTO "grants" VALUES('g-52inpgdukvdqcban','device','watch','d-fxiq6ffjlsk54qgm',1000);
INSERT INTO "grants" VALUES('g-nk6zrlt4eosufksx','clinician','Dr. Grey',NULL,1000);
INSERT INTO "grants" VALUES('g-soxtwz4fvz7yrvae','admin','',NULL,1000);
INSERT INTO "grants" VALUES('g-77twsj66mwrbuvgg','person','phone','d-foxj4ar7ch74kyvh',1000);
CREATE TABLE house_weeks (
	week_ms BIGINT NOT NULL, 
	allowed DOUBLE NOT NULL, 
	false_alarms DOUBLE NOT NULL, 
	site_offset DOUBLE NOT NULL, 
	drift JSON NOT NULL, 
	CONSTRAINT pk_house_weeks PRIMARY KEY (week_ms)
);
INSERT INTO "house_weeks" VALUES(0,1.0,0.5,0.1,'{"news_red": [10.0, null]}');
CREATE TABLE people (
	id VARCHAR(64) NOT NULL, 
	pseudonym VARCHAR(32) NOT NULL, 
	secret BLOB NOT NULL, 
	key_id BIGINT NOT NULL, 
	name TEXT NOT NULL, 
	timezone TEXT NOT NULL, 
	birth_year BIGINT, 
	sex TEXT, 
	pregnant BOOLEAN NOT NULL, 
	spo2_scale_2 BOOLEAN NOT NULL, 
	false_alarms_per_week DOUBLE NOT NULL, 
	silence_after_ms BIGINT, 
	alarms BOOLEAN NOT NULL, 
	labels JSON NOT NULL, 
	profile_revision BIGINT NOT NULL, 
	created_ms BIGINT NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (id), 
	CONSTRAINT uq_people_pseudonym UNIQUE (pseudonym)
);
INSERT INTO "people" VALUES('p-x7upwjd7k3h2sekd','279555dc4ac54ad8c34908b6',X'5D09C28BA7488AED20CB917D7C5496129F1B3D04E185AA521838900D6DFAC90F',0,'Ada','Europe/London',1990,NULL,0,0,1.0,NULL,1,'{}',1,1000);
INSERT INTO "people" VALUES('p-zcrh7nttnl6bkmiq','b1c75922f087340e1bd28605',X'958098216B9E3AEB3CADF2BC1A7919E3468C0B9E70DC7CF845C9EC6B0D247F79',0,'Bob','UTC',NULL,NULL,0,0,1.0,NULL,1,'{}',1,2000);
CREATE TABLE receipts (
	number INTEGER NOT NULL, 
	idempotency_key VARCHAR(200) NOT NULL, 
	attempt BIGINT NOT NULL, 
	at_ms BIGINT NOT NULL, 
	outcome TEXT NOT NULL, 
	CONSTRAINT pk_receipts PRIMARY KEY (number), 
	CONSTRAINT uq_receipts_idempotency_key_attempt UNIQUE (idempotency_key, attempt), 
	CONSTRAINT fk_receipts_idempotency_key_deliveries FOREIGN KEY(idempotency_key) REFERENCES deliveries (idempotency_key) ON DELETE CASCADE
);
INSERT INTO "receipts" VALUES(1,'k-1',1,1001,'shown');
CREATE TABLE revision (
	id BIGINT NOT NULL, 
	count BIGINT NOT NULL, 
	CONSTRAINT pk_revision PRIMARY KEY (id)
);
INSERT INTO "revision" VALUES(1,7);
CREATE TABLE sessions (
	id VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	grant_id VARCHAR(64) NOT NULL, 
	created_ms BIGINT NOT NULL, 
	expires_ms BIGINT NOT NULL, last_used_ms BIGINT, 
	CONSTRAINT pk_sessions PRIMARY KEY (id), 
	CONSTRAINT uq_sessions_hash UNIQUE (hash), 
	CONSTRAINT fk_sessions_grant_id_grants FOREIGN KEY(grant_id) REFERENCES grants (id) ON DELETE CASCADE
);
INSERT INTO "sessions" VALUES('s-lmiqwmjbygm5qxf3','45cdde4c85aea18464cfcf5a2d4ca25e4bbd973d2f0f24317a8f9b212de98a91','g-soxtwz4fvz7yrvae',1001,43201001,1001);
CREATE TABLE sign_in_links (
	hash VARCHAR(64) NOT NULL, 
	grant_id VARCHAR(64) NOT NULL, 
	created_ms BIGINT NOT NULL, 
	expires_ms BIGINT NOT NULL, 
	used_ms BIGINT, 
	CONSTRAINT pk_sign_in_links PRIMARY KEY (hash), 
	CONSTRAINT fk_sign_in_links_grant_id_grants FOREIGN KEY(grant_id) REFERENCES grants (id) ON DELETE CASCADE
);
INSERT INTO "sign_in_links" VALUES('68ef8d570a7c42aedcc7c5abafb707e258e76c2067bd1eb6afe57311c94fef16','g-soxtwz4fvz7yrvae',1000,901000,1001);
INSERT INTO "sign_in_links" VALUES('6249931e51a05bbf0ab7570bfb44acdccc97f829aa501244b0a8d742434e50bf','g-77twsj66mwrbuvgg',1000,901000,NULL);
CREATE TABLE statements (
	person_id VARCHAR(64) NOT NULL, 
	subject VARCHAR(16) NOT NULL, 
	content JSON NOT NULL, 
	revision BIGINT NOT NULL, 
	logged_revision BIGINT NOT NULL, 
	actor VARCHAR(64) NOT NULL, 
	stated_ms BIGINT NOT NULL, 
	CONSTRAINT pk_statements PRIMARY KEY (person_id, subject), 
	CONSTRAINT fk_statements_person_id_people FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);
INSERT INTO "statements" VALUES('p-x7upwjd7k3h2sekd','background','{"conditions": ["asthma"]}',1,0,'g-52inpgdukvdqcban',1000);
CREATE TABLE tokens (
	id VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	grant_id VARCHAR(64) NOT NULL, 
	created_ms BIGINT NOT NULL, 
	expires_ms BIGINT, 
	revoked_ms BIGINT, 
	CONSTRAINT pk_tokens PRIMARY KEY (id), 
	CONSTRAINT uq_tokens_hash UNIQUE (hash), 
	CONSTRAINT fk_tokens_grant_id_grants FOREIGN KEY(grant_id) REFERENCES grants (id) ON DELETE CASCADE
);
INSERT INTO "tokens" VALUES('t-yrqesbtqv2hhxiae','2fb1bfb8e79bc1cac5b17f825417da278803b16a74ee689578b8a16edf89f1f6','g-52inpgdukvdqcban',1000,NULL,NULL);
INSERT INTO "tokens" VALUES('t-qaz3dobmsca3asyx','3eb757684704ddbc24db0c24ce212dba4a15135204a1f215e80ea715a4be8726','g-nk6zrlt4eosufksx',1000,NULL,NULL);
CREATE TABLE webhooks (
	id VARCHAR(64) NOT NULL, 
	url TEXT NOT NULL, 
	person_id VARCHAR(64), 
	secret BLOB NOT NULL, 
	active BOOLEAN NOT NULL, 
	created_ms BIGINT NOT NULL, 
	CONSTRAINT pk_webhooks PRIMARY KEY (id), 
	CONSTRAINT fk_webhooks_person_id_people FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);
INSERT INTO "webhooks" VALUES('w-cii73tja7bgalf4k','https://example.org/hook','p-x7upwjd7k3h2sekd',X'A8989135139F332806D3CB7A560A3890D11597C00182388093B10D363F5B1042',1,1000);
CREATE INDEX ix_devices_person_id ON devices (person_id);
CREATE INDEX ix_grants_device_id ON grants (device_id);
CREATE INDEX ix_grant_people_person_id ON grant_people (person_id);
CREATE INDEX ix_tokens_grant_id ON tokens (grant_id);
CREATE INDEX ix_sign_in_links_grant_id ON sign_in_links (grant_id);
CREATE INDEX ix_sessions_grant_id ON sessions (grant_id);
CREATE INDEX ix_alerts_state ON alerts (state);
CREATE INDEX ix_alerts_pseudonym_raised_ms ON alerts (pseudonym, raised_ms);
CREATE INDEX ix_alert_aliases_alert_id ON alert_aliases (alert_id);
CREATE INDEX ix_alert_changes_pseudonym ON alert_changes (pseudonym);
CREATE INDEX ix_alert_changes_alert_id ON alert_changes (alert_id);
CREATE INDEX ix_deliveries_alert_id ON deliveries (alert_id);
CREATE INDEX ix_deliveries_pseudonym ON deliveries (pseudonym);
CREATE INDEX ix_deliveries_status_next_attempt_ms ON deliveries (status, next_attempt_ms);
CREATE INDEX ix_receipts_idempotency_key ON receipts (idempotency_key);
CREATE INDEX ix_webhooks_person_id ON webhooks (person_id);
CREATE INDEX ix_findings_person_id ON findings (person_id);
CREATE INDEX ix_events_person_id_at_ms ON events (person_id, at_ms);
COMMIT;
