/* parse_mailbox.c - commands about mailboxes and quota: SELECT, CREATE, RENAME, STATUS, GETQUOTA and their like
 * (RFC 9051 6.3, RFC 6154, RFC 7162, RFC 9208; LIST is in parse_list.c) */
#include "imap/parse.h"

#include "imap/mbname.h"

bool imap_parse_mailbox(struct gw_slice *in, struct imap_command *c, const char **why)
{
	return imap_want_sp(in, why) && imap_want_mailbox(in, c, &c->mailbox, why);
}

/* ---- SELECT ---- */

/* The third and fourth part of QRESYNC: [SP known-uids] [SP "(" known-sequence-set SP known-uid-set ")"]. `*` is not
 * allowed in them (RFC 7162 section 7). */
static bool parse_known(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_select *q = &c->select;

	while (imap_get_sp(in)) {
		if (imap_get_char(in, '(')) {
			if (!imap_want_seqset(in, c, &q->match_seqs, why) || !imap_want_sp(in, why) ||
			    !imap_want_seqset(in, c, &q->match_uids, why))
				return false;
			if (!imap_get_char(in, ')'))
				return imap_fail_bad(why, "A ) is missing in QRESYNC");
			q->has_match = true;
			break;
		}
		if (q->has_known_uids || !imap_want_seqset(in, c, &q->known_uids, why))
			return imap_fail_bad(why, "QRESYNC has an argument that is not known");
		q->has_known_uids = true;
	}
	if (q->known_uids.star || q->match_seqs.star || q->match_uids.star || q->known_uids.saved ||
	    q->match_seqs.saved || q->match_uids.saved)
		return imap_fail_bad(why, "QRESYNC takes sets without * and $ only");
	return true;
}

/* A mod-sequence of 0 is none (RFC 7162 7), but some clients mean by it that they know of nothing yet. */
static bool parse_qresync(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_select *q = &c->select;

	if (!imap_want_sp(in, why))
		return false;
	if (!imap_get_char(in, '(') || !imap_get_nz_number(in, &q->uidvalidity) || !imap_get_sp(in) ||
	    !imap_get_number64(in, &q->modseq))
		return imap_fail_bad(why, "QRESYNC needs (uidvalidity modseq ...)");
	if (!parse_known(in, c, why))
		return false;
	if (!imap_get_char(in, ')'))
		return imap_fail_bad(why, "A ) is missing in QRESYNC");
	q->qresync = q->condstore = true;
	return true;
}

/* [SP "(" key SP objectid *(SP key SP objectid) ")"]; a key that is not known says nothing (OBJECTID+ 7.1, 10). */
static bool parse_objectid(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_select *q = &c->select;
	struct gw_slice rest = *in;

	q->objectid = true;
	if (!imap_get_sp(&rest) || !imap_get_char(&rest, '('))
		return true;
	do {
		struct gw_slice key, id;

		if (!imap_get_atom(&rest, &key) || !imap_get_sp(&rest) || !imap_get_atom(&rest, &id))
			return imap_fail_bad(why, "OBJECTID needs keys and identifiers");
		if (gw_slice_eqi(key, GW_S("MAILBOXID")))
			q->mailboxid = id;
		else if (gw_slice_eqi(key, GW_S("ACCOUNTID")))
			q->accountid = id;
	} while (imap_get_sp(&rest));
	*in = rest;
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing in OBJECTID");
}

static bool parse_select_parameter(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (imap_get_word(in, GW_S("CONDSTORE"))) {
		c->select.condstore = true;
		return true;
	}
	if (!c->select.qresync && imap_get_word(in, GW_S("QRESYNC")))
		return parse_qresync(in, c, why);
	if (!c->select.annotate && imap_get_word(in, GW_S("ANNOTATE"))) {
		c->select.annotate = true;
		return true;
	}
	if (!c->select.objectid && imap_get_word(in, GW_S("OBJECTID")))
		return parse_objectid(in, c, why);
	return imap_fail_bad(why, "This parameter is not known");
}

/* SP mailbox [SP "(" select-param *(SP select-param) ")"] */
bool imap_parse_select(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_parse_mailbox(in, c, why))
		return false;
	if (!imap_get_sp(in))
		return true;
	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "A list of parameters is expected");
	do {
		if (!parse_select_parameter(in, c, why))
			return false;
	} while (imap_get_sp(in));
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

/* ---- CREATE, RENAME ---- */

static const struct {
	const char *name;
	unsigned bit;
} special_uses[] = {
	{ "\\All", GW_MBOX_ALL },	  { "\\Archive", GW_MBOX_ARCHIVE }, { "\\Drafts", GW_MBOX_DRAFTS },
	{ "\\Flagged", GW_MBOX_FLAGGED }, { "\\Junk", GW_MBOX_JUNK },	    { "\\Sent", GW_MBOX_SENT },
	{ "\\Trash", GW_MBOX_TRASH },	  { "\\Important", GW_MBOX_IMPORTANT },
};

unsigned imap_special_use(struct gw_slice name)
{
	for (size_t i = 0; i < sizeof special_uses / sizeof *special_uses; i++)
		if (gw_slice_eqi(name, gw_slice_str(special_uses[i].name)))
			return special_uses[i].bit;
	return 0;
}

/* "(" "USE" SP "(" [use-attr *(SP use-attr)] ")" ")" */
static bool parse_use(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_get_char(in, '(') || !imap_get_word(in, GW_S("USE")) || !imap_get_sp(in) || !imap_get_char(in, '('))
		return imap_fail_bad(why, "CREATE knows no parameter but USE (...)");
	if (!imap_peek(*in, ')')) {
		do {
			struct gw_slice name;
			unsigned bit;

			if (!imap_get_flag(in, &name))
				return imap_fail_bad(why, "A special use is expected");
			bit = imap_special_use(name);
			if (!bit)
				return imap_fail_no(c, "USEATTR", why, "This special use is not known");
			c->create.special |= bit;
		} while (imap_get_sp(in));
	}
	if (!imap_get_char(in, ')'))
		return imap_fail_bad(why, "A ) is missing");
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

/* A name that ends with the separator announces mailboxes below it and is created without it (RFC 9051 6.3.4). */
static bool want_new_mailbox(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct gw_slice wire, name;

	if (!imap_want_astring(in, c, &wire, why))
		return false;
	if (wire.n > 1 && wire.p[wire.n - 1] == '/')
		wire.n--;
	if (!imap_name_decode(c->arena, wire, c->ctx->utf8, &name, why)) {
		c->code = "CANNOT";
		return false;
	}
	imap_note_supplied(c, wire, name);
	c->mailbox = name;
	return true;
}

bool imap_parse_create(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_want_sp(in, why) || !want_new_mailbox(in, c, why))
		return false;
	return !imap_get_sp(in) || parse_use(in, c, why);
}

bool imap_parse_rename(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_want_sp(in, why) || !imap_want_mailbox(in, c, &c->rename.from, why) || !imap_want_sp(in, why))
		return false;
	if (!c->supplied.n)
		c->supplied = c->rename.from;
	return imap_want_mailbox(in, c, &c->rename.to, why);
}

/* ---- STATUS ---- */

static const struct {
	const char *name;
	unsigned bit;
} status_items[] = {
	{ "MESSAGES", IMAP_STATUS_MESSAGES },
	{ "RECENT", IMAP_STATUS_RECENT },
	{ "UIDNEXT", IMAP_STATUS_UIDNEXT },
	{ "UIDVALIDITY", IMAP_STATUS_UIDVALIDITY },
	{ "UNSEEN", IMAP_STATUS_UNSEEN },
	{ "SIZE", IMAP_STATUS_SIZE },
	{ "DELETED", IMAP_STATUS_DELETED },
	{ "DELETED-STORAGE", IMAP_STATUS_DELETED_STORAGE },
	{ "HIGHESTMODSEQ", IMAP_STATUS_HIGHESTMODSEQ },
	{ "MAILBOXID", IMAP_STATUS_MAILBOXID },
	{ "APPENDLIMIT", IMAP_STATUS_APPENDLIMIT },
	{ "OBJECTID", IMAP_STATUS_OBJECTID },
};

static unsigned status_item(struct gw_slice name)
{
	for (size_t i = 0; i < sizeof status_items / sizeof *status_items; i++)
		if (gw_slice_eqi(name, gw_slice_str(status_items[i].name)))
			return status_items[i].bit;
	return 0;
}

bool imap_want_status_items(struct gw_slice *in, const struct imap_command *c, unsigned *ret, const char **why)
{
	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "A list of status items is expected");
	do {
		struct gw_slice name;
		unsigned bit = imap_get_atom(in, &name) ? status_item(name) : 0;

		if (!bit || (bit == IMAP_STATUS_RECENT && c->ctx->rev2))
			return imap_fail_bad(why, "This status item is not known");
		*ret |= bit;
	} while (imap_get_sp(in));
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

bool imap_parse_status(struct gw_slice *in, struct imap_command *c, const char **why)
{
	return imap_parse_mailbox(in, c, why) && imap_want_sp(in, why) &&
	       imap_want_status_items(in, c, &c->status.items, why);
}

/* ---- quota ---- */

bool imap_parse_getquota(struct gw_slice *in, struct imap_command *c, const char **why)
{
	return imap_want_sp(in, why) && imap_want_astring(in, c, &c->quota.root, why);
}

#define QUOTA_RESOURCES_MAX 16

/* SP root SP "(" [resource SP limit *(SP resource SP limit)] ")" (RFC 9208 section 7) */
bool imap_parse_setquota(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_quota *q = &c->quota;
	struct imap_quota_limit *v;

	if (!imap_parse_getquota(in, c, why) || !imap_want_sp(in, why))
		return false;
	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "A list of limits is expected");
	q->limit = v = gw_arena_calloc(c->arena, QUOTA_RESOURCES_MAX, sizeof *v);
	while (!imap_get_char(in, ')')) {
		if (q->n == QUOTA_RESOURCES_MAX)
			return imap_fail_no(c, "LIMIT", why, "There are too many limits");
		if (q->n && !imap_want_sp(in, why))
			return false;
		if (!imap_get_atom(in, &v[q->n].resource) || !imap_get_sp(in) || !imap_get_number64(in, &v[q->n].limit))
			return imap_fail_bad(why, "The name of a resource and a number are expected");
		q->n++;
	}
	return true;
}
