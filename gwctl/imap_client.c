/* imap_client.c - commands to an IMAP server and its replies (see imap_client.h) */
#include "gwctl/imap_client.h"

#include "util/buf.h"
#include "util/num.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TRIES 6 /* to connect again, with pauses of 1, 2, 4 ... seconds */

/* ---- connecting ---- */

int imap_client_init(struct imap_client *c, const char *scheme, const char *where, const struct source_options *o,
		     struct gw_err *err)
{
	int rc;

	*c = (struct imap_client){ .received = GW_S("") };
	gw_reply_init(&c->reader);
	gw_arena_init(&c->arena, 0, 0);
	rc = imap_server_read(&c->server, scheme, where, o, err);
	return rc < 0 ? rc : imap_client_open(c, err);
}

static void forget(struct imap_client *c)
{
	free(c->capabilities);
	free(c->prefix);
	c->capabilities = c->prefix = NULL;
	while (c->n_foreign)
		free(c->foreign[--c->n_foreign]);
	c->dovecot = false;
}

static void close_link(struct imap_client *c)
{
	imap_link_close(c->link);
	c->link = NULL;
	c->received = GW_S("");
	gw_reply_done(&c->reader);
	gw_reply_init(&c->reader);
}

void imap_client_done(struct imap_client *c)
{
	if (c->link)
		imap_client_send(c, NULL, "LOGOUT");
	close_link(c);
	forget(c);
	gw_reply_done(&c->reader);
	gw_arena_done(&c->arena);
	imap_server_done(&c->server);
}

static void take_capabilities(void *arg, const struct gw_reply *r)
{
	struct imap_client *c = arg;

	if (r->kind != GW_REPLY_CAPABILITY)
		return;
	free(c->capabilities);
	c->capabilities = gw_xslicedup(r->text);
}

static void take_id(void *arg, const struct gw_reply *r)
{
	struct imap_client *c = arg;

	if (r->kind == GW_REPLY_OTHER && r->text.n && memmem(r->text.p, r->text.n, "Dovecot", 7))
		c->dovecot = true;
}

static void take_namespace(void *arg, const struct gw_reply *r)
{
	struct imap_client *c = arg;

	if (r->kind != GW_REPLY_NAMESPACE)
		return;
	free(c->prefix);
	c->prefix = gw_xslicedup(r->personal);
	for (size_t i = 0; i < r->n_foreign && c->n_foreign < GW_REPLY_NAMESPACES; i++)
		if (r->foreign[i].n)
			c->foreign[c->n_foreign++] = gw_xslicedup(r->foreign[i]);
}

static int ask(struct imap_client *c, struct gw_err *err)
{
	int rc = imap_client_run(c, "say what it can do", "CAPABILITY", take_capabilities, c, err);

	if (rc == 0 && imap_client_can(c, "ID"))
		rc = imap_client_run(c, "say what it is", "ID NIL", take_id, c, err);
	if (rc == 0 && imap_client_can(c, "NAMESPACE"))
		rc = imap_client_run(c, "say where folders are", "NAMESPACE", take_namespace, c, err);
	return rc;
}

int imap_client_open(struct imap_client *c, struct gw_err *err)
{
	int rc;

	close_link(c);
	forget(c);
	rc = imap_link_open(&c->server, &c->link, err);
	return rc < 0 ? rc : ask(c, err);
}

int imap_client_again(struct imap_client *c, struct gw_err *err)
{
	int rc = GW_EUNAVAIL;

	for (unsigned i = 0; i < TRIES && rc == GW_EUNAVAIL; i++) {
		struct timespec pause = { .tv_sec = 1 << i };

		if (i)
			nanosleep(&pause, NULL);
		rc = imap_client_open(c, err);
	}
	return rc;
}

bool imap_client_can(const struct imap_client *c, const char *capability)
{
	return c->capabilities && gw_reply_has_word(gw_slice_str(c->capabilities), gw_slice_str(capability));
}

/* ---- talking ---- */

int imap_client_send_octets(struct imap_client *c, struct gw_slice octets, struct gw_err *err)
{
	int rc;

	if (!c->link)
		return gw_fail(err, GW_EUNAVAIL, "the connection to %s is gone", c->server.host);
	rc = imap_link_send(c->link, octets, err);
	if (rc < 0)
		close_link(c);
	return rc;
}

int imap_client_send(struct imap_client *c, struct gw_err *err, const char *fmt, ...)
{
	struct gw_buf b;
	va_list ap;
	char *text;
	int rc;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		gw_bug("no memory");
	va_end(ap);
	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "g%lu %s\r\n", ++c->tag, text);
	rc = imap_client_send_octets(c, gw_buf_slice(&b), err);
	gw_buf_done(&b);
	free(text);
	return rc;
}

/* A reply that can be read, or a code. */
static int understand(struct imap_client *c, struct gw_slice line, struct gw_reply *ret, struct gw_err *err)
{
	if (!gw_reply_parse(&c->arena, line, ret))
		return gw_fail(err, GW_EUNAVAIL, "%s says what is no IMAP: \"%.*s\"", c->server.host,
			       line.n < 60 ? (int)line.n : 60, line.p);
	if (ret->kind == GW_REPLY_STATUS && ret->status == GW_REPLY_BYE)
		return gw_fail(err, GW_EUNAVAIL, "%s ended the connection: %.*s", c->server.host, GW_FMT(ret->text));
	if (ret->kind == GW_REPLY_OTHER)
		ret->text = line;
	return IMAP_GOT_REPLY;
}

int imap_client_next(struct imap_client *c, struct gw_reply *ret, struct gw_slice *ret_octets, struct gw_err *err)
{
	struct gw_slice piece;
	int rc;

	if (!c->link)
		return gw_fail(err, GW_EUNAVAIL, "the connection to %s is gone", c->server.host);
	gw_arena_reset(&c->arena);
	do {
		rc = c->received.n ? 0 : imap_link_receive(c->link, &c->received, err);
		if (rc < 0)
			break;
		switch (gw_reply_next(&c->reader, &c->received, &piece)) {
		case GW_REPLY_MORE:
			continue;
		case GW_REPLY_OCTETS:
			*ret_octets = piece;
			return IMAP_GOT_OCTETS;
		case GW_REPLY_LINE:
			rc = understand(c, piece, ret, err);
			break;
		case GW_REPLY_BAD:
			rc = gw_fail(err, GW_EUNAVAIL, "%s sends a reply without end", c->server.host);
			break;
		}
		break;
	} while (true);
	if (rc < 0)
		close_link(c);
	return rc;
}

bool imap_client_ends(const struct gw_reply *r, unsigned long tag)
{
	uint64_t v;

	return r->kind == GW_REPLY_TAGGED && r->tag.n > 1 && r->tag.p[0] == 'g' &&
	       gw_parse_u64(gw_slice(r->tag.p + 1, r->tag.n - 1), &v) && v == tag;
}

int imap_client_refused(const struct imap_client *c, const struct gw_reply *r, const char *what, struct gw_err *err)
{
	int code = GW_EACCES;

	if (gw_slice_startsi(r->code, GW_S("NONEXISTENT")) || gw_slice_startsi(r->code, GW_S("TRYCREATE")))
		code = GW_ENOENT;
	else if (gw_slice_startsi(r->code, GW_S("ALREADYEXISTS")))
		code = GW_EEXIST;
	else if (gw_slice_startsi(r->code, GW_S("OVERQUOTA")))
		code = GW_EQUOTA;
	return gw_fail(err, code, "%s does not %s: %.*s", c->server.host, what, r->text.n < 300 ? (int)r->text.n : 300, r->text.p);
}

int imap_client_run(struct imap_client *c, const char *what, const char *command,
		    void (*take)(void *arg, const struct gw_reply *r), void *arg, struct gw_err *err)
{
	struct gw_slice octets;
	struct gw_reply r = { 0 };
	int rc = imap_client_send(c, err, "%s", command);

	while (rc >= 0) {
		rc = imap_client_next(c, &r, &octets, err);
		if (rc != IMAP_GOT_REPLY)
			continue;
		if (imap_client_ends(&r, c->tag))
			return r.status == GW_REPLY_OK ? 0 : imap_client_refused(c, &r, what, err);
		if (take)
			take(arg, &r);
	}
	return rc;
}
