/* source_imap.c - another IMAP server as a source
 *
 * Folders come by LIST (with SUBSCRIBED and SPECIAL-USE where the server has LIST-EXTENDED, else LSUB), messages by FETCH
 * over ranges of numbers, octets by UID FETCH BODY.PEEK[] of as many messages as are wanted next (a batch). Replies are told
 * apart by their UIDs. Nothing is changed on the server: folders are opened with EXAMINE. When the connection breaks, another
 * is made and the message that was being read goes on where it stopped. */
#include "gwctl/imap_client.h"
#include "gwctl/kinds.h"
#include "mailbox/names.h"
#include "util/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_MESSAGES 200              /* of one command */
#define BATCH_OCTETS (8u * 1024 * 1024) /* of one command, but for its first message */
#define FACTS_AT_ONCE 2000              /* messages of one FETCH */
#define MESSAGES_MAX  10000000u         /* of a folder: what a server says is not believed beyond */
#define BREAKS_MAX 20                   /* connections that may break within one message or list */

struct folder {
	char *wire; /* the name as the server has it */
	char *name; /* in UTF-8 with '/' */
	unsigned attrs;
};

struct awaited {
	uint32_t uid;
	uint64_t size;
};

struct imap {
	struct source source;
	struct imap_client client;
	char *id;
	bool all;
	struct folder *folders;
	size_t n_folders, cap, at; /* at: the one to come */
	/* the current folder */
	uint32_t uidvalidity, uidnext, exists;
	struct gw_err refused;     /* it cannot be opened; code 0: it is open */
	/* messages that are going to be wanted, in order; first..sent are asked for, sent..n_awaited are not yet */
	struct awaited *awaited;
	size_t n_awaited, first, sent;
	unsigned long tag;         /* of the batch that is on its way; 0: none */
	bool alone;                /* the server refused a batch: the next one is of one message */
	uint32_t coming;           /* UID of the message whose octets come; 0: none */
	/* the message that is read */
	uint32_t wanted;           /* 0: none, what comes is dropped */
	bool reading;              /* it has not ended */
	bool has_body, wrong;      /* what came; it was another */
	uint64_t handed;           /* octets that read() gave */
	uint64_t skip;             /* octets that come again after the connection broke */
	struct gw_buf ready;       /* octets to be given */
	size_t taken;
	unsigned breaks;
};

static struct imap *imap_of(struct source *s)
{
	return (struct imap *)s;
}

/* ---- which folders there are ---- */

static bool is_foreign(const struct imap *m, struct gw_slice wire)
{
	for (size_t i = 0; i < m->client.n_foreign; i++)
		if (gw_slice_startsi(wire, gw_slice_str(m->client.foreign[i])))
			return true;
	return false;
}

/* What belongs to others, and folders that only show what lies in others (RFC 6154 2, RFC 8457). */
static bool is_left_out(const struct imap *m, const struct gw_reply *r)
{
	return is_foreign(m, r->mailbox) || r->attrs & (GW_MBOX_FLAGGED | GW_MBOX_IMPORTANT);
}

static struct folder *find_folder(struct imap *m, struct gw_slice wire)
{
	for (size_t i = 0; i < m->n_folders; i++)
		if (gw_slice_eq(gw_slice_str(m->folders[i].wire), wire))
			return &m->folders[i];
	return NULL;
}

/* The name without the prefix of the personal namespace: "INBOX." of Courier and others. */
static bool name_of(struct imap *m, struct gw_arena *arena, const struct gw_reply *r, struct gw_slice *ret)
{
	struct gw_slice raw = r->mailbox, prefix = gw_slice_str(m->client.prefix);

	if (prefix.n && raw.n > prefix.n && gw_slice_startsi(raw, prefix))
		gw_slice_take(&raw, prefix.n);
	return gw_mailbox_name_read(arena, raw, r->separator, ret);
}

static void take_list(void *arg, const struct gw_reply *r)
{
	struct imap *m = arg;
	struct gw_arena arena;
	struct gw_slice name;

	if (r->kind != GW_REPLY_LIST || (!m->all && is_left_out(m, r)) || find_folder(m, r->mailbox))
		return;
	gw_arena_init(&arena, 0, 0);
	if (name_of(m, &arena, r, &name)) {
		if (m->n_folders == m->cap)
			m->folders = gw_xrealloc(m->folders, m->cap = m->cap ? 2 * m->cap : 64, sizeof *m->folders);
		m->folders[m->n_folders++] = (struct folder){ gw_xslicedup(r->mailbox), gw_xslicedup(name), r->attrs };
	}
	gw_arena_done(&arena);
}

static void take_lsub(void *arg, const struct gw_reply *r)
{
	struct folder *f = r->kind == GW_REPLY_LSUB ? find_folder(arg, r->mailbox) : NULL;

	if (f)
		f->attrs |= GW_MBOX_SUBSCRIBED;
}

static int by_name(const void *a, const void *b)
{
	const struct folder *x = a, *y = b;
	int inbox = (strcmp(y->name, "INBOX") == 0) - (strcmp(x->name, "INBOX") == 0);

	return inbox ? inbox : strcmp(x->name, y->name);
}

static int find_folders(struct imap *m, struct gw_err *err)
{
	bool extended = imap_client_can(&m->client, "LIST-EXTENDED");
	const char *list = !extended				       ? "LIST \"\" \"*\"" :
			   imap_client_can(&m->client, "SPECIAL-USE") ? "LIST \"\" \"*\" RETURN (SUBSCRIBED SPECIAL-USE)" :
									"LIST \"\" \"*\" RETURN (SUBSCRIBED)";
	int rc = imap_client_run(&m->client, "list its folders", list, take_list, m, err);

	if (rc == 0 && !extended)
		rc = imap_client_run(&m->client, "list the subscribed folders", "LSUB \"\" \"*\"", take_lsub, m, err);
	if (m->n_folders)
		qsort(m->folders, m->n_folders, sizeof *m->folders, by_name);
	return rc;
}

/* ---- open, close ---- */

static void close_imap(struct source *s)
{
	struct imap *m = imap_of(s);

	imap_client_done(&m->client);
	for (size_t i = 0; i < m->n_folders; i++) {
		free(m->folders[i].wire);
		free(m->folders[i].name);
	}
	free(m->folders);
	free(m->awaited);
	free(m->id);
	gw_buf_done(&m->ready);
	free(m);
}

static int open_as(const struct source_ops *ops, const char *where, const struct source_options *o, struct source **ret,
		   struct gw_err *err)
{
	struct imap *m = gw_xalloc(sizeof *m);
	int rc;

	m->source.ops = ops;
	m->all = o->all;
	gw_buf_init(&m->ready, 0);
	rc = imap_client_init(&m->client, ops->scheme, where, o, err);
	if (rc == 0)
		rc = find_folders(m, err);
	if (rc < 0) {
		close_imap(&m->source);
		return rc;
	}
	/* the same mailbox whatever way it was reached */
	m->id = gw_xasprintf("imap:%s@%s", m->client.server.user, m->client.server.host);
	*ret = &m->source;
	return 0;
}

static int open_imap(const char *where, const struct source_options *o, struct source **ret, struct gw_err *err)
{
	return open_as(&source_imap, where, o, ret, err);
}

static int open_imaps(const char *where, const struct source_options *o, struct source **ret, struct gw_err *err)
{
	return open_as(&source_imaps, where, o, ret, err);
}

static const char *id(struct source *s)
{
	return imap_of(s)->id;
}

/* ---- opening a folder ---- */

static void take_facts(void *arg, const struct gw_reply *r)
{
	struct imap *m = arg;
	uint32_t v;

	if (r->kind == GW_REPLY_EXISTS)
		m->exists = r->number;
	if (r->kind != GW_REPLY_STATUS)
		return;
	v = gw_reply_code_number(r->code, GW_S("UIDVALIDITY"));
	m->uidvalidity = v ? v : m->uidvalidity;
	v = gw_reply_code_number(r->code, GW_S("UIDNEXT"));
	m->uidnext = v ? v : m->uidnext;
}

static int examine(struct imap *m, struct gw_err *err)
{
	const struct folder *f = &m->folders[m->at - 1];
	struct gw_buf command;
	int rc;

	gw_buf_init(&command, 0);
	gw_buf_printf(&command, "EXAMINE ");
	m->uidvalidity = m->uidnext = m->exists = 0;
	if (gw_reply_put_quoted(&command, gw_slice_str(f->wire)))
		rc = imap_client_run(&m->client, "open the folder", gw_buf_str(&command), take_facts, m, err);
	else
		rc = gw_fail(err, GW_EINVAL, "%s has a folder with a name that cannot be said: \"%s\"", m->client.server.host,
			     f->name);
	gw_buf_done(&command);
	return rc;
}

/* Connect and open the folder again. */
static int reopen(struct imap *m, struct gw_err *err)
{
	uint32_t was = m->uidvalidity;
	int rc = imap_client_again(&m->client, err);

	if (rc == 0)
		rc = examine(m, err);
	if (rc == 0 && was && m->uidvalidity != was)
		return gw_fail(err, GW_EUNAVAIL, "the folder \"%s\" was made anew while it was read", m->folders[m->at - 1].name);
	m->uidvalidity = was ? was : m->uidvalidity;
	return rc;
}

/* After the connection broke: go on where it was. GW_EUNAVAIL when it cannot be, or breaks again and again. */
static int again(struct imap *m, struct gw_err *err)
{
	int rc = m->breaks++ < BREAKS_MAX ? reopen(m, err) : GW_EUNAVAIL;

	m->sent = m->first;
	m->tag = 0;
	m->coming = 0;
	if (rc < 0 && err)
		err->code = GW_EUNAVAIL;
	return rc < 0 ? GW_EUNAVAIL : 0;
}

/* ---- messages on their way ---- */

static void prefetch(struct source *s, const struct source_message *v, size_t first, size_t last, const bool *wanted)
{
	struct imap *m = imap_of(s);
	size_t kept = m->sent - m->first;

	if (kept)
		memmove(m->awaited, m->awaited + m->first, kept * sizeof *m->awaited);
	m->awaited = gw_xrealloc(m->awaited, kept + (last - first + 1), sizeof *m->awaited);
	m->first = 0;
	m->sent = m->n_awaited = kept;
	for (size_t i = first; i <= last; i++)
		if (wanted[i - first])
			m->awaited[m->n_awaited++] = (struct awaited){ .uid = v[i].uid, .size = v[i].size };
}

/* Ask for the next messages, the wanted one first, unless a batch is on its way. */
static int send_batch(struct imap *m, struct gw_err *err)
{
	size_t max = m->alone ? 1 : BATCH_MESSAGES;
	uint64_t octets = 0;
	struct gw_buf set;
	int rc;

	if (m->tag || !m->wanted)
		return 0;
	while (m->first < m->n_awaited && m->awaited[m->first].uid != m->wanted)
		m->first++;
	gw_buf_init(&set, 0);
	for (m->sent = m->first; m->sent < m->n_awaited && m->sent - m->first < max; m->sent++) {
		octets += m->awaited[m->sent].size;
		if (m->sent > m->first && octets > BATCH_OCTETS)
			break;
		gw_buf_printf(&set, "%s%u", set.n ? "," : "", m->awaited[m->sent].uid);
	}
	rc = imap_client_send(&m->client, err, "UID FETCH %s (UID BODY.PEEK[])", gw_buf_str(&set));
	gw_buf_done(&set);
	m->tag = rc < 0 ? 0 : m->client.tag;
	m->alone = false;
	return rc;
}

/* The octets of a message begin; uid 0: the server tells only afterwards, so it is the next that was asked for. Those before
 * it are gone. */
static void begin_body(struct imap *m, uint32_t uid)
{
	size_t i = m->first;

	while (i < m->sent && uid && m->awaited[i].uid != uid)
		i++;
	if (i == m->sent) {
		m->coming = uid ? uid : UINT32_MAX; /* nobody has asked */
		return;
	}
	m->first = i;
	m->coming = m->awaited[i].uid;
}

static void put_octets(struct imap *m, struct gw_slice octets)
{
	uint64_t skip = m->skip < octets.n ? m->skip : octets.n;

	m->skip -= skip;
	gw_slice_take(&octets, (size_t)skip);
	if (m->taken == m->ready.n)
		m->ready.n = m->taken = 0;
	gw_buf_add_slice(&m->ready, octets);
}

/* Some octets of a message. The wanted one is gone when one behind it begins, whose octets then wait for message(). */
static void take_octets(struct imap *m, uint32_t uid, struct gw_slice octets)
{
	bool begins = m->coming == 0, asked;

	if (begins)
		begin_body(m, uid);
	asked = m->first < m->sent && m->awaited[m->first].uid == m->coming;
	if (m->coming == m->wanted) {
		m->has_body = true;
		put_octets(m, octets);
	} else if (begins && asked && m->wanted < m->coming && m->reading) {
		m->reading = false;
		m->ready.n = m->taken = 0;
		put_octets(m, octets);
	}
}

/* The reply that a message came in has ended. */
static void end_body(struct imap *m, uint32_t uid)
{
	if (m->coming == m->wanted) {
		m->wrong = uid && uid != m->wanted;
		m->reading = false;
	}
	if (m->first < m->sent && m->awaited[m->first].uid == m->coming)
		m->first++;
	m->coming = 0;
}

/* Is the wanted message one of a batch that was not sent yet? */
static bool comes_later(const struct imap *m)
{
	size_t i = m->sent;

	while (i < m->n_awaited && m->awaited[i].uid != m->wanted)
		i++;
	return i < m->n_awaited;
}

/* The batch has ended: what did not come is gone, or is asked for again by itself when the server refused them together. */
static int end_batch(struct imap *m, const struct gw_reply *r, struct gw_err *err)
{
	size_t left = m->sent - m->first;

	m->tag = 0;
	m->coming = 0;
	if (r->status != GW_REPLY_OK && left > 1) {
		m->alone = true;
		m->sent = m->first;
		return 0;
	}
	m->first = m->sent;
	if (comes_later(m))
		return 0;
	m->reading = false;
	if (r->status != GW_REPLY_OK && left == 1)
		return imap_client_refused(&m->client, r, "give a message", err);
	return 0;
}

/* The next reply. 0, or a code. */
static int step(struct imap *m, struct gw_err *err)
{
	struct gw_slice octets;
	struct gw_reply r = { 0 };
	int rc = imap_client_next(&m->client, &r, &octets, err);

	if (rc < 0)
		return rc;
	if (rc == IMAP_GOT_OCTETS) {
		take_octets(m, gw_reply_uid_so_far(&m->client.reader), octets);
	} else if (r.kind == GW_REPLY_FETCH && r.has_body) {
		take_octets(m, r.uid, r.body);
		end_body(m, r.uid);
	} else if (imap_client_ends(&r, m->tag)) {
		return end_batch(m, &r, err);
	}
	return 0;
}

/* The same, over a new connection when the old one breaks. */
static int step_on(struct imap *m, struct gw_err *err)
{
	int rc = send_batch(m, err);

	if (rc == 0)
		rc = step(m, err);
	if (rc != GW_EUNAVAIL)
		return rc;
	rc = again(m, err);
	m->has_body = false;
	m->skip = m->handed + (m->ready.n - m->taken);
	return rc;
}

/* Nothing is wanted any more: read what is on its way to its end. */
static int drop_all(struct imap *m, struct gw_err *err)
{
	int rc = 0;

	m->wanted = 0;
	m->n_awaited = m->sent;
	while (m->tag && rc != GW_EUNAVAIL)
		rc = step_on(m, err);
	m->n_awaited = m->first = m->sent = 0;
	m->alone = m->reading = false;
	return rc == GW_EUNAVAIL ? rc : 0;
}

/* ---- folders ---- */

/* Open it, if need be over a new connection. What the server refuses is told by list(), as other folders are to come. */
static int open_folder(struct imap *m, struct gw_err *err)
{
	int rc = examine(m, &m->refused);

	while (rc == GW_EUNAVAIL && m->breaks++ < BREAKS_MAX && imap_client_again(&m->client, &m->refused) == 0)
		rc = examine(m, &m->refused);
	if (rc == GW_EUNAVAIL && err)
		*err = m->refused;
	return rc == GW_EUNAVAIL ? rc : 0;
}

static int next_folder(struct source *s, struct source_folder *ret, struct gw_err *err)
{
	struct imap *m = imap_of(s);
	const struct folder *f;
	int rc;

	m->breaks = 0;
	rc = drop_all(m, err);
	if (rc < 0 || m->at == m->n_folders)
		return rc;
	f = &m->folders[m->at++];
	*ret = (struct source_folder){ .name = f->name, .special = f->attrs & GW_MBOX_SPECIAL };
	ret->subscribed = f->attrs & GW_MBOX_SUBSCRIBED || strcmp(f->name, "INBOX") == 0;
	ret->selectable = !(f->attrs & (GW_MBOX_NOSELECT | GW_MBOX_NONEXISTENT));
	m->refused = (struct gw_err){ 0 };
	rc = ret->selectable ? open_folder(m, err) : 0;
	ret->uidvalidity = ret->selectable ? m->uidvalidity : 0;
	ret->uidnext = ret->selectable ? m->uidnext : 0;
	return rc < 0 ? rc : 1;
}

/* ---- the list ---- */

struct facts {
	struct imap *imap;
	struct gw_arena *arena;
	struct source_message *v; /* grows with what comes, not with what was announced */
	size_t n, cap, max;
};

/* As Dovecot shows it by itself to POP3 clients: pop3_uidl_format is %08Xu%08Xv. */
static const char *uidl_of(const struct facts *f, uint32_t uid)
{
	const struct imap *m = f->imap;

	if (!m->client.dovecot || strcmp(m->folders[m->at - 1].name, "INBOX") != 0)
		return NULL;
	return gw_arena_printf(f->arena, "%08x%08x", uid, m->uidvalidity);
}

static void take_message(void *arg, const struct gw_reply *r)
{
	struct facts *f = arg;
	struct source_message *v;
	const char **keywords;

	if (r->kind != GW_REPLY_FETCH || r->uid == 0 || !r->has_flags || !r->has_size || f->n == f->max)
		return;
	if (f->n == f->cap)
		f->v = gw_xrealloc(f->v, f->cap = f->cap ? 2 * f->cap : 256, sizeof *f->v);
	v = &f->v[f->n++];
	*v = (struct source_message){ .key = gw_arena_printf(f->arena, "%u.%u", f->imap->uidvalidity, r->uid) };
	v->uid = r->uid;
	v->uidl = uidl_of(f, r->uid);
	v->flags = r->flags;
	v->date = r->date;
	v->size = r->size;
	keywords = gw_arena_calloc(f->arena, r->n_keywords + 1, sizeof *keywords);
	for (size_t i = 0; i < r->n_keywords; i++)
		keywords[i] = gw_arena_str(f->arena, r->keywords[i]);
	v->keywords = keywords;
	v->n_keywords = r->n_keywords;
}

static int by_uid(const void *a, const void *b)
{
	const struct source_message *x = a, *y = b;

	return (x->uid > y->uid) - (x->uid < y->uid);
}

/* Numbers do not move while only FETCH is said (RFC 9051 7.5.1). */
static int fetch_facts(struct facts *f, struct gw_err *err)
{
	uint32_t exists = f->imap->exists;
	int rc = 0;

	f->n = 0;
	f->max = exists;
	if (exists > MESSAGES_MAX)
		return gw_fail(err, GW_ELIMIT, "%s says that there are %u messages, more than %u in a folder are not read",
			       f->imap->client.server.host, exists, MESSAGES_MAX);
	for (uint32_t lo = 1; rc == 0 && lo <= exists; lo += FACTS_AT_ONCE) {
		uint32_t hi = exists - lo < FACTS_AT_ONCE ? exists : lo + FACTS_AT_ONCE - 1;
		char command[128];

		snprintf(command, sizeof command, "FETCH %u:%u (UID FLAGS INTERNALDATE RFC822.SIZE)", lo, hi);
		rc = imap_client_run(&f->imap->client, "tell of its messages", command, take_message, f, err);
	}
	return rc;
}

/* By UID, each once: a server may tell of a message twice. */
static void hand_over(struct facts *f, struct source_message **ret, size_t *ret_n)
{
	struct source_message *v = gw_arena_calloc(f->arena, f->n + 1, sizeof *v);
	size_t n = 0;

	if (f->n)
		qsort(f->v, f->n, sizeof *f->v, by_uid);
	for (size_t i = 0; i < f->n; i++)
		if (n == 0 || v[n - 1].uid != f->v[i].uid)
			v[n++] = f->v[i];
	*ret = v;
	*ret_n = n;
}

static int list(struct source *s, struct gw_arena *arena, struct source_message **ret, size_t *ret_n, struct gw_err *err)
{
	struct imap *m = imap_of(s);
	struct facts f = { .imap = m, .arena = arena };
	int rc;

	if (m->refused.code) {
		if (err)
			*err = m->refused;
		return m->refused.code;
	}
	m->breaks = 0;
	while ((rc = fetch_facts(&f, err)) == GW_EUNAVAIL) {
		rc = again(m, err);
		if (rc < 0)
			break;
	}
	if (rc == 0)
		hand_over(&f, ret, ret_n);
	free(f.v);
	return rc;
}

/* ---- one message ---- */

static bool is_awaited(const struct imap *m, uint32_t uid)
{
	size_t i = m->first;

	while (i < m->n_awaited && m->awaited[i].uid != uid)
		i++;
	return i < m->n_awaited;
}

static void begin_message(struct imap *m, uint32_t uid)
{
	if (!m->coming || m->coming != uid || m->wanted == uid)
		m->ready.n = m->taken = 0; /* else its first octets are here already */
	m->has_body = m->coming == uid;
	m->wanted = uid;
	m->handed = m->skip = 0;
	m->wrong = false;
	m->reading = true;
}

static int message(struct source *s, const struct source_message *wanted, struct gw_err *err)
{
	static const bool yes[1] = { true };
	struct imap *m = imap_of(s);
	int rc = 0;

	m->breaks = 0;
	if (!is_awaited(m, wanted->uid) || (m->reading && m->wanted == wanted->uid)) { /* nobody said that it would be wanted */
		rc = drop_all(m, err);
		prefetch(&m->source, wanted, 0, 0, yes);
	}
	begin_message(m, wanted->uid);
	while (rc == 0 && m->reading && m->ready.n == 0)
		rc = step_on(m, err);
	if (rc == 0 && !m->has_body)
		rc = gw_fail(err, GW_ENOENT, "the message with UID %u is gone from %s", wanted->uid, m->client.server.host);
	return rc;
}

static long read_message(struct source *s, void *dst, size_t n, struct gw_err *err)
{
	struct imap *m = imap_of(s);
	int rc = 0;

	while (rc == 0 && m->reading && m->taken == m->ready.n)
		rc = step_on(m, err);
	if (rc < 0)
		return rc;
	if (m->wrong || (!m->reading && m->skip))
		return gw_fail(err, GW_ECORRUPT, "%s mixes up its messages", m->client.server.host);
	n = n < m->ready.n - m->taken ? n : m->ready.n - m->taken;
	if (n)
		memcpy(dst, m->ready.p + m->taken, n);
	m->taken += n;
	m->handed += n;
	return (long)n;
}

const struct source_ops source_imap = {
	.scheme = "imap",
	.open = open_imap,
	.folder = next_folder,
	.list = list,
	.message = message,
	.read = read_message,
	.id = id,
	.prefetch = prefetch,
	.close = close_imap,
};

const struct source_ops source_imaps = {
	.scheme = "imaps",
	.open = open_imaps,
	.folder = next_folder,
	.list = list,
	.message = message,
	.read = read_message,
	.id = id,
	.prefetch = prefetch,
	.close = close_imap,
};
