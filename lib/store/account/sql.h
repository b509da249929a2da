/* sql.h - every statement the account view keeps prepared, one row each */
#ifndef GW_STORE_ACCOUNT_SQL_H
#define GW_STORE_ACCOUNT_SQL_H

#define MAILBOX_COLUMNS \
	"id, messages, unseen, deleted, size, deleted_size, uidvalidity, uidnext, modseq, recent, log_from, attrs"

#define REMOTE_MAILBOX_COLUMNS "mailbox, rights, role, complete, copies, r.id"
#define REMOTE_EMAIL_COLUMNS "content, size, received, mailboxes, keywords, id, blob, thread"

#define GW_SQL_TABLE(X) \
	X(BEGIN_READ, "BEGIN") \
	X(BEGIN_WRITE, "BEGIN IMMEDIATE") \
	X(COMMIT, "COMMIT") \
	X(ROLLBACK, "ROLLBACK") \
	X(DATA_VERSION, "PRAGMA data_version") \
	/* account */ \
	X(ACCOUNT, "SELECT next_mailbox, next_content, next_uidvalidity, messages, size, structure, key FROM account") \
	X(ACCOUNT_NEW, "INSERT INTO account VALUES(1,?1,1,1,?2,0,0,1)") \
	X(ACCOUNT_PUT, "UPDATE account SET next_mailbox=?1, next_content=?2, next_uidvalidity=?3, messages=?4, size=?5," \
		       " structure=?6") \
	/* mailboxes */ \
	X(MAILBOX_LIST, "SELECT " MAILBOX_COLUMNS ", keywords, name FROM mailbox ORDER BY name") \
	X(MAILBOX_BY_ID, "SELECT " MAILBOX_COLUMNS ", keywords FROM mailbox WHERE id=?1") \
	X(MAILBOX_SPELLING, "SELECT keywords FROM mailbox WHERE instr(lower(' '||keywords||' '), ?1)>0 LIMIT 1") \
	X(MAILBOX_BY_NAME, "SELECT " MAILBOX_COLUMNS ", keywords FROM mailbox WHERE name=?1") \
	X(MAILBOX_COUNT, "SELECT count(*) FROM mailbox") \
	X(MAILBOX_BELOW, "SELECT id, name FROM mailbox WHERE name>?1 AND name<?2 ORDER BY name") \
	X(MAILBOX_SPECIAL, "SELECT id FROM mailbox WHERE attrs&?1 LIMIT 1") \
	X(MAILBOX_NEW, "INSERT INTO mailbox VALUES(?1,0,0,0,0,0,?2,1,1,1,0,?3,'',?4)") \
	X(MAILBOX_PUT, "UPDATE mailbox SET messages=?2, unseen=?3, deleted=?4, size=?5, deleted_size=?6, uidnext=?7," \
		       " modseq=?8, recent=?9, log_from=?10 WHERE id=?1") \
	X(MAILBOX_KEYWORDS, "UPDATE mailbox SET keywords=?2 WHERE id=?1") \
	X(MAILBOX_ATTRS, "UPDATE mailbox SET attrs=?2 WHERE id=?1") \
	X(MAILBOX_NAME, "UPDATE mailbox SET name=?2 WHERE id=?1") \
	X(MAILBOX_REMOVE, "DELETE FROM mailbox WHERE id=?1") \
	X(MAILBOX_UIDVALIDITY, "UPDATE mailbox SET uidvalidity=?2 WHERE id=?1") \
	X(MAILBOX_RECENT, "UPDATE mailbox SET recent=?2 WHERE id=?1 AND recent<?2") \
	X(MAILBOX_NAME_OF, "SELECT name FROM mailbox WHERE id=?1") \
	/* rights: a row of the account, else one of everybody (0), else none when there are others */ \
	X(RIGHTS_ANY, "SELECT 1 FROM rights LIMIT 1") \
	X(RIGHTS_GET, "SELECT coalesce((SELECT rights FROM rights WHERE mailbox=?1 AND who IN (0,?2) ORDER BY who DESC LIMIT 1)," \
		      "0) WHERE EXISTS(SELECT 1 FROM rights WHERE mailbox=?1)") \
	X(RIGHTS_LIST, "SELECT who, rights FROM rights WHERE mailbox=?1 ORDER BY who") \
	X(RIGHTS_PUT, "INSERT OR REPLACE INTO rights VALUES(?1,?2,?3)") \
	X(RIGHTS_REMOVE, "DELETE FROM rights WHERE mailbox=?1 AND who=?2") \
	X(RIGHTS_REMOVE_ALL, "DELETE FROM rights WHERE mailbox=?1") \
	X(RIGHTS_MOVE, "UPDATE OR REPLACE rights SET mailbox=?2 WHERE mailbox=?1") \
	/* subscriptions */ \
	X(SUBSCRIPTION_LIST, "SELECT name FROM subscription ORDER BY name") \
	X(SUBSCRIPTION_HAS, "SELECT 1 FROM subscription WHERE name=?1") \
	X(SUBSCRIPTION_ADD, "INSERT OR IGNORE INTO subscription VALUES(?1)") \
	X(SUBSCRIPTION_REMOVE, "DELETE FROM subscription WHERE name=?1") \
	X(METADATA_OF, "SELECT space, mailbox, name, value FROM metadata WHERE space=?1 AND mailbox=?2 ORDER BY name") \
	X(METADATA_ALL, "SELECT space, mailbox, name, value FROM metadata ORDER BY space, mailbox, name") \
	X(METADATA_PUT, "INSERT OR REPLACE INTO metadata VALUES(?1,?2,?3,?4)") \
	X(METADATA_REMOVE, "DELETE FROM metadata WHERE space=?1 AND mailbox=?2 AND name=?3") \
	X(METADATA_REMOVE_ALL, "DELETE FROM metadata WHERE space=0 AND mailbox=?1") \
	X(METADATA_COPY, "INSERT INTO metadata SELECT 0, ?2, name, value FROM metadata WHERE space=0 AND mailbox=?1") \
	X(METADATA_COUNT, "SELECT count(*) FROM metadata WHERE space=?1 AND mailbox=?2") \
	X(METADATA_SUM, "SELECT coalesce(sum(length(value)+length(name)),0) FROM metadata") \
	/* annotations of messages. who: 0 everybody's */ \
	X(ANNOTATION_ANY, "SELECT 1 FROM annotation WHERE mailbox=?1 LIMIT 1") \
	X(ANNOTATION_OF, "SELECT name, who, value FROM annotation WHERE mailbox=?1 AND uid=?2 AND who IN (0,?3)" \
			 " AND value IS NOT NULL ORDER BY name, who") \
	X(ANNOTATION_PUT, "INSERT INTO annotation VALUES(?1,?2,?3,?4,?5,?6) ON CONFLICT DO UPDATE SET modseq=excluded.modseq," \
			  " value=excluded.value WHERE value IS NOT excluded.value") \
	X(ANNOTATION_CLEAR, "UPDATE annotation SET modseq=?5, value=NULL WHERE mailbox=?1 AND uid=?2 AND name=?3 AND who=?4" \
			    " AND value IS NOT NULL") \
	X(ANNOTATION_FORGET, "DELETE FROM annotation WHERE mailbox=?1 AND uid=?2 AND value IS NULL AND modseq<=(SELECT modseq" \
			     " FROM annotation WHERE mailbox=?1 AND uid=?2 AND value IS NULL ORDER BY modseq DESC LIMIT 1 OFFSET ?3)") \
	X(ANNOTATION_COUNT, "SELECT count(*) FROM annotation WHERE mailbox=?1 AND uid=?2 AND who=?3 AND value IS NOT NULL") \
	X(ANNOTATION_SINCE, "SELECT uid, name FROM annotation WHERE mailbox=?1 AND uid BETWEEN ?2 AND ?3 AND who IN (0,?4)" \
			    " AND modseq>?5 GROUP BY uid, name ORDER BY uid, name") \
	X(ANNOTATION_COPY, "INSERT INTO annotation SELECT ?3, ?4, name, who, 0, value FROM annotation WHERE mailbox=?1 AND uid=?2" \
			   " AND who IN (0,?5) AND value IS NOT NULL") \
	X(ANNOTATION_MOVE, "UPDATE OR REPLACE annotation SET mailbox=?3, uid=?4, modseq=0 WHERE mailbox=?1 AND uid=?2" \
			   " AND who IN (0,?5) AND value IS NOT NULL") \
	X(ANNOTATION_REMOVE, "DELETE FROM annotation WHERE mailbox=?1 AND uid BETWEEN ?2 AND ?3") \
	X(ANNOTATION_SIZE, "SELECT size FROM annotated") \
	X(SUBSCRIPTION_COUNT, "SELECT count(*) FROM subscription") \
	/* chunks: id between ?1 and ?2 */ \
	X(CHUNK_SCAN, "SELECT id, n, modseq, data FROM chunk WHERE id BETWEEN ?1 AND ?2 ORDER BY id") \
	X(CHUNK_CHANGED, "SELECT id, n, modseq, data FROM chunk WHERE id BETWEEN ?1 AND ?2 AND modseq>?3 ORDER BY id") \
	X(CHUNK_FLOOR, "SELECT id, n, modseq, data FROM chunk WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1") \
	X(CHUNK_COUNT, "SELECT ifnull(sum(n),0) FROM chunk WHERE id BETWEEN ?1 AND ?2") \
	X(CHUNK_BETWEEN, "SELECT 1 FROM chunk WHERE id>?1 AND id<?2 LIMIT 1") \
	X(CHUNK_PUT, "INSERT OR REPLACE INTO chunk VALUES(?1,?2,?3,?4)") \
	X(CHUNK_REMOVE, "DELETE FROM chunk WHERE id=?1") \
	X(CHUNK_REMOVE_ALL, "DELETE FROM chunk WHERE id BETWEEN ?1 AND ?2") \
	/* the log of expunges */ \
	X(EXPUNGED_ADD, "INSERT INTO expunged VALUES(?1,?2,?3)") \
	X(EXPUNGED_SINCE, "SELECT uids FROM expunged WHERE mailbox=?1 AND modseq>?2 ORDER BY modseq") \
	X(EXPUNGED_CUT, "SELECT modseq FROM expunged WHERE mailbox=?1 ORDER BY modseq DESC LIMIT 1 OFFSET ?2") \
	X(EXPUNGED_PRUNE, "DELETE FROM expunged WHERE mailbox=?1 AND modseq<=?2") \
	X(EXPUNGED_FLOOR, "UPDATE mailbox SET log_from=?2 WHERE id=?1 AND log_from<?2") \
	X(EXPUNGED_REMOVE_ALL, "DELETE FROM expunged WHERE mailbox=?1") \
	/* POP3 names */ \
	X(UIDL_GET, "SELECT name FROM uidl WHERE mailbox=?1 AND uid=?2") \
	X(UIDL_ANY, "SELECT 1 FROM uidl WHERE mailbox=?1 LIMIT 1") \
	X(UIDL_PUT, "INSERT OR REPLACE INTO uidl VALUES(?1,?2,?3)") \
	X(UIDL_REMOVE, "DELETE FROM uidl WHERE mailbox=?1 AND uid BETWEEN ?2 AND ?3") \
	/* what was imported */ \
	X(IMPORT_GET, "SELECT id, mailbox FROM import WHERE source=?1 AND name=?2") \
	X(IMPORT_NEW, "INSERT INTO import(mailbox, source, name) VALUES(?1,?2,?3)") \
	X(IMPORT_MOVE, "UPDATE import SET mailbox=?2 WHERE id=?1") \
	X(IMPORTED_GET, "SELECT uid, mark FROM imported WHERE import=?1 AND key=?2") \
	X(IMPORTED_NEW, "INSERT INTO imported VALUES(?1,?2,?3,?4)") \
	X(IMPORTED_MARK, "UPDATE imported SET mark=?3 WHERE import=?1 AND key=?2") \
	X(IMPORTED_FORGET, "DELETE FROM imported WHERE import=?1") \
	X(IMPORTED_LOST, "UPDATE imported SET uid=0 WHERE import IN (SELECT id FROM import WHERE mailbox=?1)") \
	/* contents */ \
	X(CONTENT_NEW, "INSERT INTO content VALUES(?1,?2,?3,?4,?5,?6,?7,?8)") \
	/* a scan begins with the id; fetch.c knows the columns */ \
	X(CONTENT_SHOWN, "SELECT id, envelope, bodystructure FROM content WHERE id>=?1") \
	X(CONTENT_FACTS, "SELECT id, email, thread, header_size, parts FROM content WHERE id>=?1") \
	X(CONTENT_SCAN, "SELECT id, email, thread, header_size, parts, envelope, bodystructure FROM content WHERE id>=?1") \
	X(CONTENT_SIZE, "SELECT size, thread FROM content WHERE id=?1") \
	X(CONTENT_ALL, "SELECT email, thread, size, header_size, envelope, bodystructure, parts FROM content WHERE id=?1") \
	X(CONTENT_REMOVE, "DELETE FROM content WHERE id=?1") \
	X(HEADER_NEW, "INSERT INTO header VALUES(?1,?2,?3)") \
	X(HEADER_SCAN, "SELECT id, data, whole FROM header WHERE id>=?1") \
	X(HEADER_ALL, "SELECT whole, data FROM header WHERE id=?1") \
	X(HEADER_REMOVE, "DELETE FROM header WHERE id=?1") \
	X(SEARCH_NEW, "INSERT INTO search VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)") \
	X(SEARCH_SENT, "SELECT id, sent, sent_day FROM search WHERE id>=?1") \
	X(SEARCH_SORT, "SELECT id, sent, sent_day, reply, base_subject, addresses FROM search WHERE id>=?1") \
	X(SEARCH_SCAN, "SELECT id, sent, sent_day, reply, base_subject, addresses, message_id, refs, preview" \
		       " FROM search WHERE id>=?1") \
	X(SEARCH_ALL, "SELECT subject, sender, recipient, cc, bcc, sent, sent_day, reply, base_subject, message_id, refs," \
		      " preview, addresses FROM search WHERE id=?1") \
	X(SEARCH_MESSAGE_ID, "SELECT message_id FROM search WHERE id=?1") \
	X(SEARCH_REMOVE, "DELETE FROM search WHERE id=?1") \
	X(BODY_NEW, "INSERT INTO body VALUES(?1,?2,?3)") \
	X(BODY_PUT, "INSERT OR REPLACE INTO body VALUES(?1,?2,?3)") \
	X(BODY_GET, "SELECT data FROM body WHERE id=?1") \
	X(BODY_PIECES, "SELECT id, data FROM body WHERE id BETWEEN ?1 AND ?2 ORDER BY id") \
	X(BODY_REMOVE, "DELETE FROM body WHERE id BETWEEN ?1 AND ?2") \
	/* threads */ \
	X(MSGID_GET, "SELECT thread, content FROM msgid WHERE hash=?1") \
	X(MSGID_PUT, "INSERT OR REPLACE INTO msgid VALUES(?1,?2,?3)") \
	X(MSGID_REMOVE, "DELETE FROM msgid WHERE hash=?1 AND content=?2") \
	/* references */ \
	X(SHARED_GET, "SELECT refs FROM shared WHERE content=?1") \
	X(SHARED_PUT, "INSERT OR REPLACE INTO shared VALUES(?1,?2)") \
	X(SHARED_REMOVE, "DELETE FROM shared WHERE content=?1") \
	X(PENDING_ADD, "INSERT INTO pending(mailbox, change, contents) VALUES(?1,?2,?3)") \
	X(PENDING_ANY, "SELECT 1 FROM pending LIMIT 1") \
	X(PENDING_FIRST, "SELECT id, mailbox, change, contents FROM pending ORDER BY id LIMIT 1") \
	X(PENDING_REST, "UPDATE pending SET contents=?2 WHERE id=?1") \
	X(PENDING_REMOVE, "DELETE FROM pending WHERE id=?1") \
	/* the picture of an account on a storage server (store/mirror) */ \
	X(REMOTE_GET, "SELECT account, email_state, mailbox_state, listed FROM remote") \
	X(REMOTE_NEW, "INSERT OR IGNORE INTO remote VALUES(1,'','','',0)") \
	X(REMOTE_ACCOUNT, "UPDATE remote SET account=?1 WHERE account<>?1") \
	X(REMOTE_EMAIL_STATE, "UPDATE remote SET email_state=?1 WHERE email_state<>?1") \
	X(REMOTE_MAILBOX_STATE, "UPDATE remote SET mailbox_state=?1 WHERE mailbox_state<>?1") \
	X(REMOTE_LISTED, "UPDATE remote SET listed=1 WHERE listed=0") \
	X(REMOTE_MAILBOX_BY_ID, "SELECT " REMOTE_MAILBOX_COLUMNS " FROM remote_mailbox AS r WHERE id=?1") \
	X(REMOTE_MAILBOX_GET, "SELECT " REMOTE_MAILBOX_COLUMNS " FROM remote_mailbox AS r WHERE mailbox=?1") \
	X(REMOTE_MAILBOX_LIST, "SELECT " REMOTE_MAILBOX_COLUMNS ", name, messages, attrs," \
			       " EXISTS(SELECT 1 FROM subscription AS s WHERE s.name=m.name)" \
			       " FROM remote_mailbox AS r JOIN mailbox AS m ON m.id=r.mailbox ORDER BY name") \
	X(REMOTE_MAILBOX_ONE, "SELECT " REMOTE_MAILBOX_COLUMNS ", name, messages FROM remote_mailbox AS r" \
			      " JOIN mailbox AS m ON m.id=r.mailbox WHERE r.mailbox=?1") \
	X(REMOTE_MAILBOX_NEW, "INSERT INTO remote_mailbox VALUES(?1,?2,?3,0,0,?4)") \
	X(REMOTE_MAILBOX_PUT, "UPDATE remote_mailbox SET rights=?2, role=?3, complete=?4, copies=?5 WHERE mailbox=?1") \
	X(REMOTE_MAILBOX_REMOVE, "DELETE FROM remote_mailbox WHERE mailbox=?1") \
	X(REMOTE_EMAIL_BY_ID, "SELECT " REMOTE_EMAIL_COLUMNS " FROM remote_email WHERE id=?1") \
	X(REMOTE_EMAIL_GET, "SELECT " REMOTE_EMAIL_COLUMNS " FROM remote_email WHERE content=?1") \
	X(REMOTE_EMAIL_CONTENT, "SELECT content FROM remote_email WHERE id=?1") \
	X(REMOTE_EMAIL_SIZE, "SELECT size FROM remote_email WHERE content=?1") \
	X(REMOTE_EMAIL_THERE, "SELECT 1 FROM remote_email WHERE content=?1") \
	X(REMOTE_EMAIL_IDS, "SELECT content, id, thread FROM remote_email WHERE content>=?1") \
	X(REMOTE_EMAIL_BLOB, "SELECT uid, id FROM remote_email AS e JOIN place AS p ON p.content=e.content" \
			     " WHERE blob=?1 AND mailbox=?2 ORDER BY uid DESC LIMIT 1") \
	X(REMOTE_EMAIL_NEW, "INSERT INTO remote_email VALUES(?1,?2,?3,?4,?5,?6,?7,?8)") \
	X(REMOTE_EMAIL_PUT, "UPDATE remote_email SET mailboxes=?2, keywords=?3, blob=?4, thread=?5 WHERE content=?1") \
	X(REMOTE_EMAIL_REMOVE, "DELETE FROM remote_email WHERE content=?1") \
	X(PLACE_ADD, "INSERT INTO place VALUES(?1,?2,?3)") \
	X(PLACE_REMOVE, "DELETE FROM place WHERE content=?1 AND mailbox=?2 AND uid=?3") \
	X(PLACE_OF, "SELECT mailbox, uid FROM place WHERE content=?1 ORDER BY mailbox, uid") \
	X(PLACE_ANY, "SELECT 1 FROM place WHERE content=?1 LIMIT 1") \
	X(PLACE_IN, "SELECT 1 FROM place WHERE content=?1 AND mailbox=?2 LIMIT 1") \
	X(PLACE_FROM, "SELECT uid FROM place WHERE content=?1 AND mailbox=?2 AND uid>=?3 ORDER BY uid LIMIT 1") \
	X(PLACE_COUNT, "SELECT count(*) FROM place WHERE content=?1 AND mailbox=?2") \
	X(CACHED_GET, "SELECT size, used FROM cached WHERE content=?1") \
	X(CACHED_PUT, "INSERT OR REPLACE INTO cached VALUES(?1,?2,?3)") \
	X(CACHED_USE, "UPDATE cached SET used=?2 WHERE content=?1") \
	X(CACHED_REMOVE, "DELETE FROM cached WHERE content=?1") \
	X(CACHED_OLDEST, "SELECT content, size FROM cached WHERE content>0 ORDER BY used, content LIMIT ?1") \
	X(SWEPT_NEXT, "SELECT content FROM swept LIMIT 1") \
	X(SWEPT_REMOVE, "DELETE FROM swept WHERE content=?1")

enum gw_sql {
#define X(name, text) GW_SQL_##name,
	GW_SQL_TABLE(X)
#undef X
	GW_SQL_COUNT
};

extern const char *const gw_sql_text[GW_SQL_COUNT];

#endif
