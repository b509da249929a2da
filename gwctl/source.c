/* source.c - which kinds of sources and sinks there are (see source.h) */
#include "gwctl/source.h"

#include "gwctl/kinds.h"
#include "util/buf.h"

#include <string.h>

/* A kind is a file of its own: declare its table in kinds.h and add a row. Paths are guessed in this order. */
static const struct source_ops *const sources[] = {
	&source_maildir, &source_mbox, &source_eml, &source_imap, &source_imaps, NULL,
};

static const struct sink_ops *const sinks[] = {
	&sink_maildir, &sink_mbox, &sink_eml, &sink_imap, &sink_imaps, NULL,
};

/* What stands behind "scheme:" in where, or NULL. */
static const char *behind(const char *where, const char *scheme)
{
	size_t n = strlen(scheme);

	return strncmp(where, scheme, n) == 0 && where[n] == ':' ? where + n + 1 : NULL;
}

/* "maildir:, mbox:" */
static void put_scheme(struct gw_buf *b, const char *scheme)
{
	gw_buf_printf(b, "%s%s:", b->n ? ", " : "", scheme);
}

static const struct source_ops *find_source(const char *where, const char **ret_rest)
{
	for (size_t i = 0; sources[i]; i++) {
		*ret_rest = behind(where, sources[i]->scheme);
		if (*ret_rest)
			return sources[i];
	}
	*ret_rest = where;
	for (size_t i = 0; sources[i]; i++)
		if (sources[i]->guess && sources[i]->guess(where))
			return sources[i];
	return NULL;
}

int source_open(const char *where, const struct source_options *o, struct source **ret, struct gw_err *err)
{
	const char *rest;
	const struct source_ops *ops = find_source(where, &rest);
	struct gw_buf known;
	int rc;

	if (ops)
		return ops->open(rest, o, ret, err);
	gw_buf_init(&known, 0);
	for (size_t i = 0; sources[i]; i++)
		put_scheme(&known, sources[i]->scheme);
	rc = gw_fail(err, GW_ENOTSUP, "\"%s\" is not a source of mail that can be told by itself; say which kind it is (%s)",
		     where, gw_buf_str(&known));
	gw_buf_done(&known);
	return rc;
}

void source_close(struct source *s)
{
	if (s)
		s->ops->close(s);
}

int sink_open(const char *where, const struct source_options *o, struct sink **ret, struct gw_err *err)
{
	struct gw_buf known;
	const char *rest;
	int rc;

	gw_buf_init(&known, 0);
	for (size_t i = 0; sinks[i]; i++) {
		rest = behind(where, sinks[i]->scheme);
		if (rest) {
			gw_buf_done(&known);
			return sinks[i]->open(rest, o, ret, err);
		}
		put_scheme(&known, sinks[i]->scheme);
	}
	rc = gw_fail(err, GW_ENOTSUP, "\"%s\" does not say what to write; begin it with one of %s", where, gw_buf_str(&known));
	gw_buf_done(&known);
	return rc;
}

void sink_close(struct sink *s)
{
	if (s)
		s->ops->close(s);
}
