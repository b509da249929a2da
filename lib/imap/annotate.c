/* annotate.c - writing annotations of messages, and what is told of them (RFC 5257) */
#include "imap/annotate.h"

#include "imap/commands.h"

uint64_t imap_annotation_max(const struct imap_session *s)
{
	uint64_t literal = s->framer.limits.literal_max;

	return literal < GW_ANNOTATION_VALUE_MAX ? literal : GW_ANNOTATION_VALUE_MAX;
}

/* Who may only read has values of his own (RFC 5257 3.4), though not with EXAMINE (RFC 3501 6.3.2). */
void imap_put_annotations_code(const struct imap_session *s, struct gw_out *out)
{
	if (!imap_offers(s, IMAP_ANNOTATE))
		return;
	if (s->view->examined)
		gw_out_lit(out, "* OK [ANNOTATIONS READ-ONLY] They can be read\r\n");
	else
		gw_out_printf(out, "* OK [ANNOTATIONS %llu] Octets of a value\r\n", (unsigned long long)imap_annotation_max(s));
}

bool imap_may_annotate(const struct imap_session *s, struct imap_task *t, const struct imap_annotations *a)
{
	if (!imap_offers(s, IMAP_ANNOTATE)) {
		imap_bad(t, "Annotations of messages are not offered here");
		return false;
	}
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].value.n > GW_ANNOTATION_VALUE_MAX) {
			imap_no(t, "ANNOTATE TOOBIG", "The value is too long");
			return false;
		}
	return true;
}

bool imap_has_part(struct gw_slice parts, const struct imap_annotation_entry *e)
{
	uint64_t off, size;

	return !e->n_part || gw_parts_section(parts, e->part, e->n_part, GW_SECTION_ALL, &off, &size, NULL);
}

/* RFC 5257 3.2.1: all of them must be there before anything is written. False: the reply is set. */
static bool check_parts(struct imap_session *s, struct imap_task *t, const struct imap_annotations *a, const struct gw_set *uids)
{
	struct gw_fetch *cursor = NULL;
	struct gw_err err = { 0 };
	struct gw_message m;
	bool gone = false, good = true;
	struct gw_set *seqs;
	int rc;

	if (!a->parts)
		return true;
	seqs = imap_task_set(t);
	gw_index_seqs(s->view->told, uids, seqs);
	rc = gw_fetch_open(s->acct, s->view->id, s->view->told, seqs, GW_WANT_PARTS, &cursor, &err);
	while (rc >= 0 && good && (rc = gw_fetch_next(cursor, &m, &gone, &err)) > 0)
		for (size_t i = 0; i < a->n && good && !gone; i++)
			good = imap_has_part(m.parts, &a->entry[i]);
	gw_fetch_close(cursor);
	if (rc < 0)
		imap_fail(s, t, rc, &err);
	else if (!good)
		imap_bad(t, "There is no such part");
	return rc >= 0 && good;
}

bool imap_annotate(struct imap_session *s, struct imap_task *t, const struct gw_set *uids, struct gw_set *ret_modified)
{
	const struct imap_store *c = &t->cmd->store;
	const struct gw_annotation_change change = { .v = c->annotations.v, .n = c->annotations.n, .conditional = c->conditional,
						     .unchanged_since = c->unchanged_since };
	struct gw_err err = { 0 };
	int rc;

	if (!check_parts(s, t, &c->annotations, uids))
		return false;
	rc = gw_mbox_annotate(s->acct, s->view->id, uids, &change, ret_modified, &err);
	if (rc == GW_ELIMIT)
		imap_no(t, "ANNOTATE TOOMANY", "There are too many annotations");
	else if (rc < 0)
		imap_fail(s, t, rc, &err);
	return rc == 0;
}
