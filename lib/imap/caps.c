/* caps.c - what the server says it can do (RFC 3501 6.1.1, 7.2.1)
 *
 * One row a capability: when it is told, and for commands that exist only with it, when it is obeyed. The order is that
 * of the predecessor's greeting; what came later stands behind it. `imap_capabilities = -NAME` takes one away; what is no
 * standard yet is there with `+NAME` only. */
#include "imap/annotate.h"
#include "imap/session.h"

#include "config/config.h"
#include "imap/limit.h"

/* Where a capability is told. */
enum {
	IN_GREETING = 1 << 0, /* before login, also in the greeting */
	BEFORE = 1 << 1,      /* before login, only when asked */
	AFTER = 1 << 2,
	PLAIN = 1 << 3,       /* not once the connection is compressed */
	GIVES_WAY = 1 << 4,   /* not where UTF8=ONLY is told, which says the same and more */
	WANTED = 1 << 5,      /* only with `+NAME` in imap_capabilities: a draft that may still change */
	NOWHERE = 0,          /* obeyed, but nobody is told */
};

static bool may_start_tls(const struct imap_session *s)
{
	return s->env.peer->tls_possible && !s->env.peer->tls;
}

static bool has_referrals(const struct imap_session *s)
{
	return gw_store_has_moved(s->env.store);
}

static bool has_idle(const struct imap_session *s)
{
	return s->env.config->imap_capability_idle;
}

/* Announced in place of LITERAL+, never beside it (RFC 7888 5). */
static bool has_literal_minus(const struct imap_session *s)
{
	return !imap_offers(s, "LITERAL+");
}

static bool has_jmap_access(const struct imap_session *s)
{
	return *s->env.config->jmap_access_url && s->acct && gw_acct_has_jmap(s->acct);
}

static bool may_compress(const struct imap_session *s)
{
	return s->env.peer->compress_possible;
}

/* It is told when all that it takes in is there (RFC 9051 Appendix E). */
static bool has_rev2(const struct imap_session *s)
{
	static const char *const parts[] = {
		"NAMESPACE", "UNSELECT", "UIDPLUS", "ESEARCH", "SEARCHRES", "ENABLE", "IDLE", "SASL-IR", "LIST-EXTENDED",
		"LIST-STATUS", "MOVE", "BINARY", "SPECIAL-USE", "STATUS=SIZE",
	};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!imap_offers(s, parts[i]))
			return false;
	return imap_offers(s, "LITERAL+") || imap_offers(s, "LITERAL-");
}

/* A storage server that cannot keep annotations has none: we keep nothing that another gateway could not find. */
static bool has_metadata(const struct imap_session *s)
{
	return s->acct && gw_acct_has_metadata(s->acct);
}

static bool has_list_metadata(const struct imap_session *s)
{
	return imap_offers(s, "METADATA") && imap_offers(s, "LIST-EXTENDED");
}

/* The same of annotations of messages. */
static bool has_annotate(const struct imap_session *s)
{
	return s->acct && gw_acct_has_annotations(s->acct);
}

static bool has_acl(const struct imap_session *s)
{
	return s->acct && gw_acct_has_rights(s->acct);
}

static bool has_acl_rights(const struct imap_session *s)
{
	return imap_offers(s, "ACL");
}

static bool has_list_myrights(const struct imap_session *s)
{
	return imap_offers(s, "ACL") && imap_offers(s, "LIST-EXTENDED");
}

/* What SEARCH says of its results must be kept up to date by ESEARCH responses. */
static bool has_context_search(const struct imap_session *s)
{
	return imap_offers(s, "ESEARCH");
}

/* CANCELUPDATE comes with the other (RFC 5267 4.1). */
static bool has_context_sort(const struct imap_session *s)
{
	return imap_offers(s, "SORT") && imap_offers(s, "ESORT") && imap_offers(s, "CONTEXT=SEARCH");
}

static bool has_utf8_only(const struct imap_session *s)
{
	return s->env.config->imap_utf8_only && imap_offers(s, "ENABLE") && imap_offers(s, "UTF8=ACCEPT");
}

/* Filters are annotations of the server. */
static bool has_filters(const struct imap_session *s)
{
	return imap_offers(s, "METADATA");
}

/* Limits on them are those of our own store. */
static bool has_annotation_quota(const struct imap_session *s)
{
	return imap_offers(s, "QUOTA") && has_metadata(s) && gw_acct_sets_quota(s->acct);
}

static bool has_quotaset(const struct imap_session *s)
{
	const struct gw_words *admins = &s->env.config->imap_admins;

	if (!imap_offers(s, "QUOTA") || !s->acct || !gw_acct_sets_quota(s->acct))
		return false;
	for (size_t i = 0; i < admins->n; i++)
		if (gw_slice_eqi(gw_slice_str(admins->v[i]), gw_slice_str(gw_acct_user(s->acct))))
			return true;
	return false;
}

static bool has_message_limit(const struct imap_session *s)
{
	return s->env.config->imap_message_limit;
}

static bool has_save_limit(const struct imap_session *s)
{
	return s->env.config->imap_save_limit;
}

/* The highest level alone is told (RFC 5255 4.3). */
static bool has_first_level(const struct imap_session *s)
{
	return !imap_offers(s, "I18NLEVEL=2");
}

/* RFC 5255 3.1 */
static bool has_language(const struct imap_session *s)
{
	return imap_offers(s, "NAMESPACE");
}

static const struct capability {
	const char *name;
	unsigned where;
	bool (*when)(const struct imap_session *s); /* NULL: always */
	unsigned enables;                           /* enum imap_mode: what ENABLE switches on */
} capabilities[] = {
	{ "IMAP4rev1", IN_GREETING | AFTER, NULL, 0 },
	{ "LITERAL+", IN_GREETING | AFTER, NULL, 0 },
	{ "LITERAL-", IN_GREETING | AFTER, has_literal_minus, 0 },
	{ "STARTTLS", IN_GREETING, may_start_tls, 0 },
	{ "LOGINDISABLED", IN_GREETING, imap_plaintext_refused, 0 },
	/* AUTH=... stand here */
	{ "SASL-IR", IN_GREETING, NULL, 0 },
	{ "ID", IN_GREETING | AFTER, NULL, 0 },
	{ "ENABLE", IN_GREETING | AFTER, NULL, 0 },
	{ "IMAP4rev2", IN_GREETING | AFTER, has_rev2, IMAP_MODE_REV2 },
	{ "CHILDREN", BEFORE | AFTER, NULL, 0 },
	{ "NAMESPACE", BEFORE | AFTER, NULL, 0 },
	{ "LANGUAGE", BEFORE | AFTER, has_language, 0 },
	{ "QUOTA", BEFORE | AFTER, NULL, 0 },
	{ "IDLE", BEFORE | AFTER, has_idle, 0 },
	{ "LOGIN-REFERRALS", BEFORE | AFTER, has_referrals, 0 },
	{ "MAILBOX-REFERRALS", AFTER, has_referrals, 0 },
	{ "QUOTA=RES-STORAGE", AFTER, NULL, 0 },
	{ "QUOTA=RES-MESSAGE", AFTER, NULL, 0 },
	{ "QUOTA=RES-MAILBOX", AFTER, NULL, 0 },
	{ "QUOTA=RES-ANNOTATION-STORAGE", AFTER, has_annotation_quota, 0 },
	{ "QUOTASET", AFTER, has_quotaset, 0 },
	{ "UIDPLUS", AFTER, NULL, 0 },
	{ "UNSELECT", AFTER, NULL, 0 },
	{ "MOVE", AFTER, NULL, 0 },
	{ "MULTIAPPEND", AFTER, NULL, 0 },
	{ "CONDSTORE", AFTER, NULL, IMAP_MODE_CONDSTORE },
	{ "QRESYNC", AFTER, NULL, IMAP_MODE_QRESYNC | IMAP_MODE_CONDSTORE },
	{ "UIDONLY", AFTER, NULL, IMAP_MODE_UIDONLY },
	{ "ESEARCH", AFTER, NULL, 0 },
	{ "SEARCHRES", AFTER, NULL, 0 },
	{ "WITHIN", AFTER, NULL, 0 },
	{ "SORT", AFTER, NULL, 0 },
	{ "SORT=DISPLAY", AFTER, NULL, 0 },
	{ "ESORT", AFTER, NULL, 0 },
	{ "THREAD=ORDEREDSUBJECT", AFTER, NULL, 0 },
	{ "THREAD=REFERENCES", AFTER, NULL, 0 },
	{ "I18NLEVEL=1", AFTER, has_first_level, 0 },
	{ "I18NLEVEL=2", AFTER, NULL, 0 },
	{ "BINARY", AFTER, NULL, 0 },
	{ "LIST-EXTENDED", AFTER, NULL, 0 },
	{ "LIST-STATUS", AFTER, NULL, 0 },
	{ "SPECIAL-USE", AFTER, NULL, 0 },
	{ "CREATE-SPECIAL-USE", AFTER, NULL, 0 },
	{ "STATUS=SIZE", AFTER, NULL, 0 },
	{ "OBJECTID", AFTER, NULL, 0 },
	{ "OBJECTID+", AFTER | WANTED, NULL, IMAP_MODE_OBJECTID },
	{ "SAVEDATE", AFTER, NULL, 0 },
	{ "PREVIEW", AFTER, NULL, 0 },
	{ "PARTIAL", AFTER, NULL, 0 },
	{ "APPENDLIMIT", AFTER, NULL, 0 }, /* with its number */
	{ "CATENATE", AFTER, NULL, 0 },
	{ "URL-PARTIAL", AFTER, NULL, 0 },
	{ "REPLACE", AFTER, NULL, 0 },
	{ "UIDBATCHES", AFTER, NULL, 0 },
	{ "JMAPACCESS", AFTER, has_jmap_access, 0 },
	{ "COMPRESS=DEFLATE", AFTER | PLAIN, may_compress, 0 },
	{ "UNAUTHENTICATE", AFTER, NULL, 0 },
	{ "NOTIFY", AFTER, NULL, 0 },
	{ "ACL", AFTER, has_acl, 0 },
	{ "RIGHTS=kxte", AFTER, has_acl_rights, 0 },
	{ "LIST-MYRIGHTS", AFTER, has_list_myrights, 0 },
	{ "METADATA", AFTER, has_metadata, 0 },
	{ "LIST-METADATA", AFTER, has_list_metadata, 0 },
	{ "FILTERS", AFTER, has_filters, 0 },
	{ IMAP_ANNOTATE, AFTER, has_annotate, 0 },
	{ "MULTISEARCH", AFTER, NULL, 0 },
	{ "CONTEXT=SEARCH", AFTER, has_context_search, 0 },
	{ "CONTEXT=SORT", AFTER, has_context_sort, 0 },
	{ "UTF8=ACCEPT", AFTER | GIVES_WAY, NULL, IMAP_MODE_UTF8 },
	{ "UTF8=ONLY", AFTER, has_utf8_only, 0 }, /* ENABLE knows the other name alone (RFC 6855 6) */
	{ "INPROGRESS", AFTER, NULL, 0 },
	{ "MESSAGELIMIT", AFTER, has_message_limit, 0 }, /* these two with their numbers */
	{ "SAVELIMIT", AFTER, has_save_limit, 0 },
	{ "SEARCH=FUZZY", AFTER, NULL, 0 },
	{ "XLIST", NOWHERE, NULL, 0 },
	{ "XAOL-MOVE", NOWHERE, NULL, 0 },
};

#define SASL_BEHIND 4 /* row behind which the mechanisms are told */

/* Does imap_capabilities have the name behind this sign? */
static bool configured(const struct imap_session *s, char sign, const char *name)
{
	const struct gw_words *w = &s->env.config->imap_capabilities;

	for (size_t i = 0; i < w->n; i++)
		if (w->v[i][0] == sign && gw_slice_eqi(gw_slice_str(w->v[i] + 1), gw_slice_str(name)))
			return true;
	return false;
}

static bool offered(const struct imap_session *s, const struct capability *c)
{
	if (c->when && !c->when(s))
		return false;
	return !configured(s, '-', c->name) && (!(c->where & WANTED) || configured(s, '+', c->name));
}

bool imap_offers(const struct imap_session *s, const char *capability)
{
	for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
		if (strcmp(capabilities[i].name, capability) == 0)
			return offered(s, &capabilities[i]);
	return false;
}

unsigned imap_enables(const struct imap_session *s, struct gw_slice name, const char **ret_name)
{
	for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
		if (gw_slice_eqi(name, gw_slice_str(capabilities[i].name)) && offered(s, &capabilities[i])) {
			*ret_name = capabilities[i].name;
			return capabilities[i].enables;
		}
	return 0;
}

bool imap_plaintext_refused(const struct imap_session *s)
{
	return gw_sasl_plaintext_refused(s->env.config, s->env.peer);
}

static void put_mechanism(const struct gw_sasl_mech *m, const struct gw_sasl_env *env, struct gw_out *out)
{
	if (m && gw_sasl_offer(m, env) == GW_SASL_OFFERED)
		gw_out_printf(out, " AUTH=%s", m->name);
}

/* PLAIN first, as the predecessor had it; a client takes the one it likes best wherever it stands. */
static void put_mechanisms(const struct imap_session *s, struct gw_out *out)
{
	const struct gw_sasl_mech *plain = gw_sasl_find(GW_S("PLAIN")), *m;
	struct gw_sasl_env env;

	imap_sasl_env(s, &env);
	put_mechanism(plain, &env, out);
	for (size_t i = 0; (m = gw_sasl_at(i)); i++)
		if (m != plain)
			put_mechanism(m, &env, out);
}

static void put_capability(const struct imap_session *s, const struct capability *c, struct gw_out *out)
{
	gw_out_char(out, ' ');
	gw_out_str(out, c->name);
	if (strcmp(c->name, "APPENDLIMIT") == 0) /* RFC 7889 section 3 */
		gw_out_printf(out, "=%llu", (unsigned long long)imap_append_max(s));
	if (strcmp(c->name, "RIGHTS=kxte") == 0 && imap_offers(s, IMAP_ANNOTATE)) /* RFC 5257 3.4, RFC 4314 2.1 */
		gw_out_char(out, 'n');
	if (strcmp(c->name, "MESSAGELIMIT") == 0)
		gw_out_printf(out, "=%u", imap_message_limit(s));
	if (strcmp(c->name, "SAVELIMIT") == 0)
		gw_out_printf(out, "=%u", imap_save_limit(s));
}

static bool may_tell(const struct imap_session *s, const struct capability *c)
{
	if (c->where & GIVES_WAY && imap_offers(s, "UTF8=ONLY"))
		return false;
	return !(c->where & PLAIN && s->compressed);
}

void imap_put_capabilities(const struct imap_session *s, struct gw_out *out, bool greeting)
{
	unsigned where = s->acct ? AFTER : greeting ? IN_GREETING : IN_GREETING | BEFORE;

	gw_out_lit(out, "CAPABILITY");
	for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++) {
		const struct capability *c = &capabilities[i];

		if (c->where & where && may_tell(s, c) && offered(s, c))
			put_capability(s, c, out);
		if (i == SASL_BEHIND && !s->acct)
			put_mechanisms(s, out);
	}
}

char *imap_capability_text(const struct imap_session *s, struct gw_arena *arena)
{
	struct gw_out out;

	gw_out_init(&out);
	imap_put_capabilities(s, &out, false);
	return imap_out_text(arena, &out);
}
