/* sink_imap.c - another IMAP server as a sink
 *
 * Mailboxes are made with CREATE, messages go by APPEND with flags, keywords and date. The server gives UIDs as it likes: a
 * folder that is empty there gets them in the same order. What is there already is told by date and size: of several messages
 * that share both, as many are left out as there are. A message waits in a file without a name until its size is known. */
#include "gwctl/files.h"
#include "gwctl/imap_client.h"
#include "gwctl/kinds.h"
#include "mailbox/names.h"
#include "util/buf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FACTS_AT_ONCE 2000
#define PIECE (64u * 1024)

/* A message on the server that none of ours was found to be yet. */
struct there {
	int64_t date;
	uint64_t size;
	size_t n; /* so many of them */
};

struct imap {
	struct sink sink;
	struct imap_client client;
	char separator;
	struct gw_buf wire;   /* the current folder in quotes; empty: none */
	uint32_t exists;
	struct there *there;  /* sorted */
	size_t n_there, cap;
	FILE *spool;          /* the current message */
	uint64_t size;
	struct gw_buf facts;  /* "(\Seen) \"date\"" */
};

static struct imap *imap_of(struct sink *s)
{
	return (struct imap *)s;
}

/* ---- folders ---- */

static void take_separator(void *arg, const struct gw_reply *r)
{
	struct imap *m = arg;

	if (r->kind == GW_REPLY_LIST && r->separator)
		m->separator = r->separator;
}

static void take_exists(void *arg, const struct gw_reply *r)
{
	struct imap *m = arg;

	if (r->kind == GW_REPLY_EXISTS)
		m->exists = r->number;
}

static void take_message(void *arg, const struct gw_reply *r)
{
	struct imap *m = arg;

	if (r->kind != GW_REPLY_FETCH || !r->has_size)
		return;
	if (m->n_there == m->cap)
		m->there = gw_xrealloc(m->there, m->cap = m->cap ? 2 * m->cap : 256, sizeof *m->there);
	m->there[m->n_there++] = (struct there){ r->date, r->size, 1 };
}

static int by_facts(const void *a, const void *b)
{
	const struct there *x = a, *y = b;

	return x->date != y->date ? (x->date > y->date) - (x->date < y->date) : (x->size > y->size) - (x->size < y->size);
}

/* "COMMAND folder", which may be answered with NO where the caller does not mind. */
static int run(struct imap *m, const char *what, const char *command, void (*take)(void *arg, const struct gw_reply *r),
	       struct gw_err *err)
{
	char *text = gw_xasprintf("%s %s", command, gw_buf_str(&m->wire));
	int rc = imap_client_run(&m->client, what, text, take, m, err);

	free(text);
	return rc;
}

/* What is in the folder. */
static int read_there(struct imap *m, struct gw_err *err)
{
	size_t n = 0;
	int rc = 0;

	m->n_there = 0;
	for (uint32_t lo = 1; rc == 0 && lo <= m->exists; lo += FACTS_AT_ONCE) {
		char command[96];

		snprintf(command, sizeof command, "FETCH %u:%u (INTERNALDATE RFC822.SIZE)", lo,
			 m->exists - lo < FACTS_AT_ONCE ? m->exists : lo + FACTS_AT_ONCE - 1);
		rc = imap_client_run(&m->client, "tell of its messages", command, take_message, m, err);
	}
	if (m->n_there)
		qsort(m->there, m->n_there, sizeof *m->there, by_facts);
	for (size_t i = 0; i < m->n_there; i++) {
		if (n && by_facts(&m->there[n - 1], &m->there[i]) == 0)
			m->there[n - 1].n++;
		else
			m->there[n++] = m->there[i];
	}
	m->n_there = n;
	return rc;
}

/* The name on the wire: in the personal namespace, with the server's separator. */
static int name_folder(struct imap *m, const char *name, struct gw_err *err)
{
	struct gw_buf raw;
	bool ok;

	gw_buf_init(&raw, 0);
	if (m->client.prefix && strcmp(name, "INBOX") != 0)
		gw_buf_printf(&raw, "%s", m->client.prefix);
	gw_mailbox_name_put(&raw, gw_slice_str(name), m->separator);
	m->wire.n = 0;
	ok = gw_reply_put_quoted(&m->wire, gw_buf_slice(&raw));
	gw_buf_done(&raw);
	return ok ? 0 : gw_fail(err, GW_EINVAL, "the name \"%s\" cannot be said to %s", name, m->client.server.host);
}

static int folder(struct sink *s, const struct source_folder *f, struct gw_err *err)
{
	struct imap *m = imap_of(s);
	struct gw_err ignored;
	int rc = name_folder(m, f->name, err);

	if (rc == 0 && f->selectable && run(m, "open the folder", "SELECT", take_exists, &ignored) < 0) {
		rc = run(m, "make the folder", "CREATE", NULL, err);
		if (rc == 0)
			rc = run(m, "open the folder", "SELECT", take_exists, err);
	}
	if (rc == 0 && f->subscribed)
		run(m, "subscribe to the folder", "SUBSCRIBE", NULL, &ignored);
	return rc == 0 && f->selectable ? read_there(m, err) : rc;
}

/* ---- messages ---- */

static int has(struct sink *s, const struct source_message *msg, struct gw_err *err)
{
	struct imap *m = imap_of(s);
	struct there wanted = { msg->date, msg->size, 0 }, *t;

	(void)err;
	t = m->n_there ? bsearch(&wanted, m->there, m->n_there, sizeof wanted, by_facts) : NULL;
	if (!t || t->n == 0)
		return 0;
	t->n--;
	return 1;
}

static void put_flags(struct gw_buf *b, const struct source_message *msg)
{
	static const struct {
		uint64_t flag;
		const char *word;
	} words[] = {
		{ GW_FLAG_SEEN, "\\Seen" },       { GW_FLAG_ANSWERED, "\\Answered" }, { GW_FLAG_FLAGGED, "\\Flagged" },
		{ GW_FLAG_DELETED, "\\Deleted" }, { GW_FLAG_DRAFT, "\\Draft" },
	};
	const char *blank = "";

	gw_buf_add_char(b, '(');
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (msg->flags & words[i].flag) {
			gw_buf_printf(b, "%s%s", blank, words[i].word);
			blank = " ";
		}
	for (size_t i = 0; i < msg->n_keywords; i++, blank = " ")
		gw_buf_printf(b, "%s%s", blank, msg->keywords[i]);
	gw_buf_add_char(b, ')');
}

static int begin(struct sink *s, const struct source_message *msg, struct gw_err *err)
{
	struct imap *m = imap_of(s);

	if (m->spool)
		fclose(m->spool);
	m->spool = tmpfile();
	if (!m->spool)
		return files_fail(err, "make a file in", P_tmpdir);
	m->size = 0;
	m->facts.n = 0;
	put_flags(&m->facts, msg);
	if (msg->date != INT64_MIN) {
		gw_buf_add_char(&m->facts, ' ');
		gw_reply_put_date(&m->facts, msg->date);
	}
	return 0;
}

static int write_message(struct sink *s, struct gw_slice bytes, struct gw_err *err)
{
	struct imap *m = imap_of(s);

	m->size += bytes.n;
	return fwrite(bytes.p, 1, bytes.n, m->spool) == bytes.n ? 0 : files_fail(err, "write a file in", P_tmpdir);
}

/* The replies up to the one that ends the command, or up to the server's wish for the literal. */
static int wait_for(struct imap *m, enum gw_reply_kind kind, struct gw_err *err)
{
	struct gw_slice octets;
	struct gw_reply r = { 0 };
	int rc;

	while ((rc = imap_client_next(&m->client, &r, &octets, err)) >= 0) {
		if (rc != IMAP_GOT_REPLY)
			continue;
		if (imap_client_ends(&r, m->client.tag))
			return r.status == GW_REPLY_OK && kind == GW_REPLY_TAGGED ? 0 :
			       imap_client_refused(&m->client, &r, "take a message", err);
		if (r.kind == kind)
			return 0;
	}
	return rc;
}

static int send_spool(struct imap *m, struct gw_err *err)
{
	char piece[PIECE];
	size_t n;
	int rc = 0;

	rewind(m->spool);
	while (rc == 0 && (n = fread(piece, 1, sizeof piece, m->spool)) > 0)
		rc = imap_client_send_octets(&m->client, gw_slice(piece, n), err);
	return rc == 0 ? imap_client_send_octets(&m->client, GW_S("\r\n"), err) : rc;
}

static int end(struct sink *s, struct gw_err *err)
{
	struct imap *m = imap_of(s);
	int rc = fflush(m->spool) == 0 ? 0 : files_fail(err, "write a file in", P_tmpdir);

	if (rc == 0)
		rc = imap_client_send(&m->client, err, "APPEND %s %s {%llu}", gw_buf_str(&m->wire), gw_buf_str(&m->facts),
				      (unsigned long long)m->size);
	if (rc == 0)
		rc = wait_for(m, GW_REPLY_CONTINUE, err);
	if (rc == 0)
		rc = send_spool(m, err);
	if (rc == 0)
		rc = wait_for(m, GW_REPLY_TAGGED, err);
	fclose(m->spool);
	m->spool = NULL;
	return rc;
}

static int flush(struct sink *s, struct gw_err *err)
{
	(void)s;
	(void)err;
	return 0; /* a server that says OK has it on its disk */
}

/* ---- open, close ---- */

static void close_imap(struct sink *s)
{
	struct imap *m = imap_of(s);

	if (m->spool)
		fclose(m->spool);
	imap_client_done(&m->client);
	free(m->there);
	gw_buf_done(&m->wire);
	gw_buf_done(&m->facts);
	free(m);
}

static int open_as(const struct sink_ops *ops, const char *where, const struct source_options *o, struct sink **ret,
		   struct gw_err *err)
{
	struct imap *m = gw_xalloc(sizeof *m);
	int rc;

	m->sink.ops = ops;
	m->separator = '/';
	gw_buf_init(&m->wire, 0);
	gw_buf_init(&m->facts, 0);
	rc = imap_client_init(&m->client, ops->scheme, where, o, err);
	if (rc == 0)
		rc = imap_client_run(&m->client, "say how it parts names", "LIST \"\" \"\"", take_separator, m, err);
	if (rc == 0) {
		*ret = &m->sink;
		return 0;
	}
	close_imap(&m->sink);
	return rc;
}

static int open_imap(const char *where, const struct source_options *o, struct sink **ret, struct gw_err *err)
{
	return open_as(&sink_imap, where, o, ret, err);
}

static int open_imaps(const char *where, const struct source_options *o, struct sink **ret, struct gw_err *err)
{
	return open_as(&sink_imaps, where, o, ret, err);
}

const struct sink_ops sink_imap = {
	.scheme = "imap",
	.open = open_imap,
	.folder = folder,
	.has = has,
	.begin = begin,
	.write = write_message,
	.end = end,
	.flush = flush,
	.close = close_imap,
};

const struct sink_ops sink_imaps = {
	.scheme = "imaps",
	.open = open_imaps,
	.folder = folder,
	.has = has,
	.begin = begin,
	.write = write_message,
	.end = end,
	.flush = flush,
	.close = close_imap,
};
