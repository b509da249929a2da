/* parse_message.c - STORE, COPY, MOVE, EXPUNGE, UIDBATCHES and lists of flags (RFC 9051 6.4; RFC 4315; RFC 5257; RFC 7162;
 * RFC 10022) */
#include "imap/parse.h"

/* ---- flags ---- */

static const struct {
	const char *name;
	uint64_t bit;
} system_flags[] = {
	{ "\\Seen", GW_FLAG_SEEN },	  { "\\Answered", GW_FLAG_ANSWERED }, { "\\Flagged", GW_FLAG_FLAGGED },
	{ "\\Deleted", GW_FLAG_DELETED }, { "\\Draft", GW_FLAG_DRAFT },
	/* Clients hand back what FETCH gave them; it has no effect (RFC 3501 2.3.2). */
	{ "\\Recent", 0 },
};

static bool has_keyword(const struct imap_slices *l, struct gw_slice name)
{
	for (size_t i = 0; i < l->n; i++)
		if (gw_slice_eqi(l->v[i], name))
			return true;
	return false;
}

static bool parse_flag(struct gw_slice *in, struct imap_command *c, struct imap_flags *f, struct imap_slices *keywords,
		       const char **why)
{
	struct gw_slice name;

	if (!imap_get_flag(in, &name))
		return imap_fail_bad(why, "A flag is expected");
	if (name.p[0] == '\\') {
		for (size_t i = 0; i < sizeof system_flags / sizeof *system_flags; i++) {
			if (!gw_slice_eqi(name, gw_slice_str(system_flags[i].name)))
				continue;
			f->system |= system_flags[i].bit;
			return true;
		}
		return imap_fail_bad(why, "There is no such system flag");
	}
	if (name.n > IMAP_KEYWORD_MAX)
		return imap_fail_no(c, "LIMIT", why, "A keyword is too long");
	if (has_keyword(keywords, name))
		return true;
	if (keywords->n == IMAP_KEYWORDS_MAX)
		return imap_fail_no(c, "LIMIT", why, "There are too many keywords");
	imap_slices_add(c, keywords, name);
	return true;
}

bool imap_want_flags(struct gw_slice *in, struct imap_command *c, bool bare, struct imap_flags *ret, const char **why)
{
	bool list = imap_get_char(in, '(');
	struct imap_slices keywords = { 0 };

	*ret = (struct imap_flags){ 0 };
	if (!list && !bare)
		return imap_fail_bad(why, "A list of flags is expected");
	if (list && imap_get_char(in, ')'))
		return true;
	do {
		if (!parse_flag(in, c, ret, &keywords, why))
			return false;
	} while (imap_get_sp(in));
	ret->keywords = keywords.v;
	ret->n_keywords = keywords.n;
	return !list || imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

/* ---- STORE ---- */

/* SP "(" "UNCHANGEDSINCE" SP mod-sequence-valzer ")" */
static bool parse_store_modifier(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_get_word(in, GW_S("UNCHANGEDSINCE")) || !imap_get_sp(in) ||
	    !imap_get_number64(in, &c->store.unchanged_since) || !imap_get_char(in, ')'))
		return imap_fail_bad(why, "STORE knows no modifier but (UNCHANGEDSINCE number)");
	c->store.conditional = true;
	return imap_want_sp(in, why);
}

/* ["+" / "-"] "FLAGS" [".SILENT"] */
static bool parse_store_how(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_store *s = &c->store;

	s->how = GW_FLAGS_REPLACE;
	if (imap_get_char(in, '+'))
		s->how = GW_FLAGS_ADD;
	else if (imap_get_char(in, '-'))
		s->how = GW_FLAGS_REMOVE;
	if (imap_get_word(in, GW_S("FLAGS.SILENT")))
		s->silent = true;
	else if (!imap_get_word(in, GW_S("FLAGS")))
		return imap_fail_bad(why, "FLAGS, +FLAGS, -FLAGS or ANNOTATION is expected");
	return true;
}

/* SP sequence-set [SP modifier] SP store-att-flags */
bool imap_parse_store(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_want_sp(in, why) || !imap_want_seqset(in, c, &c->store.set, why) || !imap_want_sp(in, why))
		return false;
	if (imap_get_char(in, '(') && !parse_store_modifier(in, c, why))
		return false;
	if (imap_get_word(in, GW_S("ANNOTATION"))) { /* it answers as .SILENT does (RFC 5257 4.5) */
		c->store.how = GW_FLAGS_ADD;
		c->store.silent = true;
		return imap_want_sp(in, why) && imap_want_annotations(in, c, &c->store.annotations, why);
	}
	return parse_store_how(in, c, why) && imap_want_sp(in, why) &&
	       imap_want_flags(in, c, true, &c->store.flags, why);
}

/* ---- COPY, MOVE, EXPUNGE ---- */

bool imap_parse_copy(struct gw_slice *in, struct imap_command *c, const char **why)
{
	return imap_want_sp(in, why) && imap_want_seqset(in, c, &c->copy.set, why) && imap_parse_mailbox(in, c, why);
}

bool imap_parse_expunge(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!c->uid)
		return imap_parse_none(in, c, why);
	c->expunge.has_set = true;
	return imap_want_sp(in, why) && imap_want_seqset(in, c, &c->expunge.set, why);
}

/* SP nz-number [SP nz-number ":" nz-number] (RFC 10022) */
bool imap_parse_uidbatches(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_uidbatches *b = &c->uidbatches;

	if (!imap_want_sp(in, why))
		return false;
	if (!imap_get_nz_number(in, &b->size))
		return imap_fail_bad(why, "The size of a batch is expected");
	if (!imap_get_sp(in))
		return true;
	if (!imap_get_nz_number(in, &b->first) || !imap_get_char(in, ':') || !imap_get_nz_number(in, &b->last))
		return imap_fail_bad(why, "A range of batches is expected, like 1:3");
	return true;
}
