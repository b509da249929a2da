/* schema.c - the tables of an account's database
 *
 * Five ideas shape them:
 * - The list of a mailbox lies packed in rows of up to 128 messages (`chunk`, format in chunk.h), so that
 *   opening a mailbox of 100,000 messages reads 800 rows, and flags of 10,000 change in 80.
 * - What FETCH sends is worked out once, when a message arrives, and is kept in narrow tables by the
 *   kind of question: `content` for ENVELOPE and BODYSTRUCTURE, `header` for the usual header fields,
 *   `search` for SEARCH, SORT and THREAD, `body` for the bytes themselves.
 * - Copies share a content. Who refers to it is counted in `shared` (no row: one reference), and not by the
 *   client's command: it leaves a row in `pending`, which gw_db_tidy() counts and sweeps.
 * - Counters of a mailbox and of the account are kept by every change, so SELECT, STATUS and quota read a row.
 * - Numbers of contents and mailboxes are never used twice: `account` holds the next ones.
 * What later versions added stands in a text of its own each, so that a new database and an old one that was brought
 * up to date are alike. */
#include "store/account/db.h"
#include "util/slice.h"

#include <stdio.h>

static const char version_1[] =
	"CREATE TABLE account("
	" one INTEGER PRIMARY KEY CHECK(one=1),"
	" key BLOB NOT NULL,"               /* 16 random octets; EMAILID, MAILBOXID are made with it */
	" next_mailbox INTEGER NOT NULL,"
	" next_content INTEGER NOT NULL,"
	" next_uidvalidity INTEGER NOT NULL,"
	" messages INTEGER NOT NULL,"       /* of all mailboxes */
	" size INTEGER NOT NULL,"           /* octets of them, copies counted each */
	" structure INTEGER NOT NULL"       /* rises when names, subscriptions or attributes change */
	") STRICT;"

	"CREATE TABLE mailbox("
	" id INTEGER PRIMARY KEY,"
	" messages INTEGER NOT NULL,"
	" unseen INTEGER NOT NULL,"
	" deleted INTEGER NOT NULL,"        /* messages with \\Deleted */
	" size INTEGER NOT NULL,"
	" deleted_size INTEGER NOT NULL,"
	" uidvalidity INTEGER NOT NULL,"
	" uidnext INTEGER NOT NULL,"
	" modseq INTEGER NOT NULL,"         /* HIGHESTMODSEQ */
	" recent INTEGER NOT NULL,"         /* messages from this UID on are \\Recent for the next session */
	" log_from INTEGER NOT NULL,"       /* `expunged` is complete after this modseq */
	" attrs INTEGER NOT NULL,"          /* GW_MBOX_NOSELECT and the special-use bits */
	" keywords TEXT NOT NULL,"          /* names by bit number, with blanks between */
	" name TEXT NOT NULL UNIQUE"
	") STRICT;"

	"CREATE TABLE subscription(name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"

	"CREATE TABLE chunk("
	" id INTEGER PRIMARY KEY,"          /* mailbox << 32 | lowest UID it may hold */
	" n INTEGER NOT NULL,"
	" modseq INTEGER NOT NULL,"         /* highest in it */
	" data BLOB NOT NULL"
	") STRICT;"

	"CREATE TABLE expunged("
	" mailbox INTEGER NOT NULL,"
	" modseq INTEGER NOT NULL,"
	" uids BLOB NOT NULL,"              /* ranges, packed */
	" PRIMARY KEY(mailbox, modseq)"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE uidl("                /* POP3 names that came with the message from elsewhere */
	" mailbox INTEGER NOT NULL,"
	" uid INTEGER NOT NULL,"
	" name BLOB NOT NULL,"
	" PRIMARY KEY(mailbox, uid)"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE content("
	" id INTEGER PRIMARY KEY,"
	" email INTEGER NOT NULL,"          /* EMAILID */
	" thread INTEGER NOT NULL,"         /* THREADID */
	" size INTEGER NOT NULL,"
	" header_size INTEGER NOT NULL,"
	" envelope BLOB NOT NULL,"
	" bodystructure BLOB NOT NULL,"
	" parts BLOB NOT NULL"
	") STRICT;"

	"CREATE TABLE header("
	" id INTEGER PRIMARY KEY,"
	" whole INTEGER NOT NULL,"          /* 1: all of the header block */
	" data BLOB NOT NULL"
	") STRICT;"

	"CREATE TABLE search("
	" id INTEGER PRIMARY KEY,"
	" subject BLOB NOT NULL,"           /* folded: see derive.h */
	" sender BLOB NOT NULL,"
	" recipient BLOB NOT NULL,"
	" cc BLOB NOT NULL,"
	" bcc BLOB NOT NULL,"
	" sent INTEGER,"                    /* NULL: no usable Date: */
	" sent_day INTEGER,"
	" reply INTEGER NOT NULL,"
	" base_subject BLOB NOT NULL,"
	" message_id BLOB NOT NULL,"
	" refs BLOB NOT NULL,"
	" preview BLOB NOT NULL"
	") STRICT;"

	"CREATE TABLE body("
	" id INTEGER PRIMARY KEY,"          /* content << 12 | number of the 1 MiB piece */
	" digest INTEGER NOT NULL,"         /* of data: body_digest() */
	" data BLOB NOT NULL"
	") STRICT;"

	"CREATE TABLE msgid("
	" hash INTEGER PRIMARY KEY,"        /* of a Message-ID, keyed with account.key */
	" thread INTEGER NOT NULL,"
	" content INTEGER NOT NULL"         /* that has this Message-ID; 0: only referred to */
	") STRICT;"

	"CREATE TABLE shared("
	" content INTEGER PRIMARY KEY,"
	" refs INTEGER NOT NULL"            /* 2 and more */
	") STRICT;"

	"CREATE TABLE pending("
	" id INTEGER PRIMARY KEY,"          /* in this order */
	" mailbox INTEGER NOT NULL,"
	" change INTEGER NOT NULL,"         /* +1: got a reference, -1: lost one */
	" contents BLOB NOT NULL"           /* numbers, packed */
	") STRICT;";

/* What was imported from where: written in the transaction that brings the messages, so that an import can be
 * interrupted at any moment and gone on with. */
static const char version_2[] =
	"CREATE TABLE import("
	" id INTEGER PRIMARY KEY,"
	" mailbox INTEGER NOT NULL,"        /* where its messages go; they may have been removed, and it too */
	" source BLOB NOT NULL,"            /* what they come from */
	" name TEXT NOT NULL,"              /* the mailbox they were to go to */
	" UNIQUE(source, name)"
	") STRICT;"

	"CREATE TABLE imported("
	" import INTEGER NOT NULL,"
	" key BLOB NOT NULL,"               /* the source's name of the message */
	" uid INTEGER NOT NULL,"            /* it got; 0: that mailbox is gone */
	" mark INTEGER NOT NULL,"           /* of the flags it had at the source */
	" PRIMARY KEY(import, key)"
	") STRICT, WITHOUT ROWID;";

/* Of the public account: who may do what in its mailboxes (rights.h). */
static const char version_3[] =
	"CREATE TABLE rights("
	" mailbox INTEGER NOT NULL,"        /* 0: the root */
	" who INTEGER NOT NULL,"            /* number of an account; 0: everybody without a row */
	" rights INTEGER NOT NULL,"         /* enum gw_right */
	" PRIMARY KEY(mailbox, who)"
	") STRICT, WITHOUT ROWID;";

/* Of the picture of an account that lies on a storage server (store/mirror); empty in all others. What lists and
 * remote* and place say may be shared by several gateways; the rest is each one's own, and triggers keep it in step
 * whoever wrote those. */
static const char version_4[] =
	"CREATE TABLE remote("
	" one INTEGER PRIMARY KEY CHECK(one=1),"
	" account TEXT NOT NULL,"           /* the server's id of it */
	" email_state TEXT NOT NULL,"       /* '': never synchronised */
	" mailbox_state TEXT NOT NULL,"
	" listed INTEGER NOT NULL"          /* 1: all mailboxes are known */
	") STRICT;"

	"CREATE TABLE remote_mailbox("
	" mailbox INTEGER PRIMARY KEY,"
	" rights INTEGER NOT NULL,"         /* enum jmap_right */
	" role INTEGER NOT NULL,"           /* enum jmap_role */
	" complete INTEGER NOT NULL,"       /* 1: its list is all that the server has */
	" copies INTEGER NOT NULL,"         /* rows of its list beyond the first of each message */
	" id TEXT NOT NULL UNIQUE"
	") STRICT;"

	"CREATE TABLE remote_email("
	" content INTEGER PRIMARY KEY,"
	" size INTEGER NOT NULL,"
	" received INTEGER NOT NULL,"
	" mailboxes TEXT NOT NULL,"         /* numbers, ascending, blanks between; 0: one we do not know */
	" keywords TEXT NOT NULL,"          /* as the server has them, blanks between */
	" id TEXT NOT NULL UNIQUE,"
	" blob TEXT NOT NULL,"
	" thread TEXT NOT NULL"
	") STRICT;"

	"CREATE TABLE place("               /* where a message is shown */
	" content INTEGER NOT NULL,"
	" mailbox INTEGER NOT NULL,"
	" uid INTEGER NOT NULL,"
	" PRIMARY KEY(content, mailbox, uid)"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE cached("              /* bytes in `body`; content 0: their sum */
	" content INTEGER PRIMARY KEY,"
	" size INTEGER NOT NULL,"
	" used INTEGER NOT NULL"            /* seconds since 1970 */
	") STRICT;"
	"CREATE INDEX cached_used ON cached(used);"

	"CREATE TABLE replica("             /* what this database has of a map that is shared (store/shared); empty in others */
	" one INTEGER PRIMARY KEY CHECK(one=1),"
	" epoch TEXT NOT NULL,"
	" version INTEGER NOT NULL,"
	" mark INTEGER NOT NULL"
	") STRICT;"

	"CREATE TABLE unseen(content INTEGER PRIMARY KEY) STRICT;" /* nothing is derived from it yet */
	"CREATE TABLE swept(content INTEGER PRIMARY KEY) STRICT;"  /* gone: what is left of it goes, too */
	"CREATE TRIGGER remote_email_new AFTER INSERT ON remote_email BEGIN"
	" INSERT OR IGNORE INTO unseen VALUES(new.content); END;"
	"CREATE TRIGGER remote_email_gone AFTER DELETE ON remote_email BEGIN"
	" DELETE FROM unseen WHERE content=old.content;"
	" INSERT OR IGNORE INTO swept VALUES(old.content); END;";

#define SHARP_S(column) column "=CAST(replace(" column ",CAST(x'E1BA9E' AS TEXT),CAST(x'C39F' AS TEXT)) AS BLOB)"
#define HAS_SHARP_S(column) "instr(" column ",x'E1BA9E')"

static const char version_5[] =
	"ALTER TABLE search ADD COLUMN addresses BLOB;" /* store/sortkeys.h; NULL in older rows, whose envelope says it */
	/* Before, U+00DF was folded to U+1E9E (RFC 5051 leaves it). */
	"UPDATE search SET " SHARP_S("subject") "," SHARP_S("sender") "," SHARP_S("recipient") "," SHARP_S("cc") ","
	SHARP_S("bcc") "," SHARP_S("base_subject") " WHERE " HAS_SHARP_S("subject") " OR " HAS_SHARP_S("sender") " OR "
	HAS_SHARP_S("recipient") " OR " HAS_SHARP_S("cc") " OR " HAS_SHARP_S("bcc");

/* Annotations (metadata.c). */
static const char version_6[] =
	"CREATE TABLE metadata("
	" space INTEGER NOT NULL,"          /* 0: here; else the user's private ones of a mailbox elsewhere (struct gw_mbox_id) */
	" mailbox INTEGER NOT NULL,"        /* 0: the account */
	" name TEXT NOT NULL,"              /* "/private/comment", in small letters */
	" value BLOB NOT NULL,"
	" PRIMARY KEY(space, mailbox, name)"
	") STRICT, WITHOUT ROWID;";

/* Nobody asks which messages nothing is derived from. */
static const char version_7[] =
	"DROP TRIGGER IF EXISTS remote_email_new;"
	"DROP TRIGGER IF EXISTS remote_email_gone;"
	"DROP TABLE IF EXISTS unseen;"
	"CREATE TRIGGER remote_email_gone AFTER DELETE ON remote_email BEGIN"
	" INSERT OR IGNORE INTO swept VALUES(old.content); END;";

/* Annotations of messages (annotate.c), and the octets of all of them. */
static const char version_8[] =
	"CREATE TABLE annotation("
	" mailbox INTEGER NOT NULL,"
	" uid INTEGER NOT NULL,"
	" name TEXT NOT NULL,"              /* "/comment" */
	" who INTEGER NOT NULL,"            /* 0: everybody, -1: whose database it is, else the number of an account */
	" modseq INTEGER NOT NULL,"         /* of the last change; 0: the message came with it */
	" value BLOB,"                      /* NULL: it was removed, which others may not know yet */
	" PRIMARY KEY(mailbox, uid, name, who)"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE annotated("
	" one INTEGER PRIMARY KEY CHECK(one=1),"
	" size INTEGER NOT NULL"
	") STRICT;"
	"INSERT INTO annotated VALUES(1,0);"
	"CREATE TRIGGER annotation_new AFTER INSERT ON annotation WHEN new.value IS NOT NULL BEGIN"
	" UPDATE annotated SET size=size+length(new.name)+length(new.value); END;"
	"CREATE TRIGGER annotation_put AFTER UPDATE OF value ON annotation BEGIN"
	" UPDATE annotated SET size=size+coalesce(length(new.name)+length(new.value),0)"
	"-coalesce(length(old.name)+length(old.value),0); END;"
	"CREATE TRIGGER annotation_gone AFTER DELETE ON annotation WHEN old.value IS NOT NULL BEGIN"
	" UPDATE annotated SET size=size-length(old.name)-length(old.value); END;";

static int run(sqlite3 *sql, const char *text)
{
	return sqlite3_exec(sql, text, NULL, NULL, NULL);
}

/* One integer that a pragma or query gives. */
static int ask(sqlite3 *sql, const char *text, int64_t *ret)
{
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(sql, text, -1, &st, NULL);

	if (rc == SQLITE_OK) {
		rc = sqlite3_step(st);
		if (rc == SQLITE_ROW) {
			*ret = sqlite3_column_int64(st, 0);
			rc = SQLITE_OK;
		} else if (rc == SQLITE_DONE) {
			rc = SQLITE_CORRUPT;
		}
	}
	sqlite3_finalize(st);
	return rc;
}

/* Steps from one version to the next; row v makes v + 1 out of v. Version 0 is the empty database. */
static const char *const steps[GW_DB_SCHEMA_VERSION] = {
	version_1,
	version_2,
	version_3,
	version_4,
	version_5,
	version_6,
	version_7,
	version_8,
};

static int migrate(sqlite3 *sql, int64_t from)
{
	char stamp[96];
	int rc = SQLITE_OK;

	for (int64_t v = from; rc == SQLITE_OK && v < GW_DB_SCHEMA_VERSION; v++)
		rc = run(sql, steps[v]);
	if (rc == SQLITE_OK) {
		snprintf(stamp, sizeof stamp, "PRAGMA application_id=%d; PRAGMA user_version=%d", GW_DB_APPLICATION_ID,
			 GW_DB_SCHEMA_VERSION);
		rc = run(sql, stamp);
	}
	return rc;
}

static int versions(sqlite3 *sql, int64_t *version, int64_t *application, int64_t *tables)
{
	int rc = ask(sql, "PRAGMA user_version", version);

	if (rc == SQLITE_OK)
		rc = ask(sql, "PRAGMA application_id", application);
	if (rc == SQLITE_OK)
		rc = ask(sql, "SELECT count(*) FROM sqlite_schema", tables);
	return rc;
}

int gw_db_code(int rc)
{
	switch (rc & 0xFF) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return GW_EBUSY;
	case SQLITE_FULL:
		return GW_ENOSPC;
	case SQLITE_READONLY:
		return GW_EROFS;
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return GW_EACCES;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_MISMATCH:
		return GW_ECORRUPT;
	case SQLITE_CANTOPEN:
		return GW_EIO;
	case SQLITE_INTERRUPT:
		return GW_EINTR;
	case SQLITE_TOOBIG:
		return GW_ELIMIT;
	default:
		return GW_EIO;
	}
}

int gw_db_schema_ensure(sqlite3 *sql, const char *path, struct gw_err *err)
{
	int64_t version = 0, application = 0, tables = 0;
	int rc = versions(sql, &version, &application, &tables);

	if (rc == SQLITE_OK && version == GW_DB_SCHEMA_VERSION && application == GW_DB_APPLICATION_ID)
		return 0;
	/* Look again behind the lock: another process may be making it at this moment. */
	if (rc == SQLITE_OK)
		rc = run(sql, "BEGIN IMMEDIATE");
	if (rc != SQLITE_OK)
		return gw_fail(err, gw_db_code(rc), "%s: cannot be read: %s", path, sqlite3_errmsg(sql));
	rc = versions(sql, &version, &application, &tables);
	if (rc == SQLITE_OK && tables && application != GW_DB_APPLICATION_ID) {
		run(sql, "ROLLBACK");
		return gw_fail(err, GW_ECORRUPT, "%s: is not a mail database of ours", path);
	}
	if (rc == SQLITE_OK && (version > GW_DB_SCHEMA_VERSION || version < 0)) {
		run(sql, "ROLLBACK");
		return gw_fail(err, GW_ENOTSUP, "%s: was made by a newer version (schema %lld, we know %d)", path,
			       (long long)version, GW_DB_SCHEMA_VERSION);
	}
	if (rc == SQLITE_OK)
		rc = migrate(sql, version);
	if (rc == SQLITE_OK)
		rc = run(sql, "COMMIT");
	if (rc == SQLITE_OK)
		return 0;
	rc = gw_fail(err, gw_db_code(rc), "%s: cannot make the tables: %s", path, sqlite3_errmsg(sql));
	run(sql, "ROLLBACK");
	return rc;
}
