/* print.h - a parsed command back as a line of one canonical form
 *
 * The oracle of the tests and of the fuzzer: a line is parsed, printed and compared with what it means, or parsed again
 * and printed the same. */
#ifndef GW_TESTS_IMAP_PRINT_H
#define GW_TESTS_IMAP_PRINT_H

#include "imap/parse.h"
#include "imap/put.h"
#include "util/clock.h"

static void print_mailbox(struct gw_out *o, const struct imap_command *c, struct gw_slice name)
{
	if (c->ctx->utf8)
		imap_put_mailbox_utf8(o, name);
	else
		imap_put_mailbox(o, name);
}

static void print_number(struct gw_out *o, uint32_t n)
{
	if (n == IMAP_STAR)
		gw_out_char(o, '*');
	else
		gw_out_u64(o, n);
}

static void print_seqset(struct gw_out *o, const struct imap_seqset *s)
{
	if (s->saved)
		gw_out_char(o, '$');
	for (size_t i = 0; i < s->n; i++) {
		if (i)
			gw_out_char(o, ',');
		print_number(o, s->r[i].lo);
		if (s->r[i].hi == s->r[i].lo)
			continue;
		gw_out_char(o, ':');
		print_number(o, s->r[i].hi);
	}
}

/* Words for the bits that are set, blanks between them. */
static void print_bits(struct gw_out *o, unsigned bits, const char *const *names)
{
	bool first = true;

	for (unsigned i = 0; names[i]; i++) {
		if (!(bits >> i & 1))
			continue;
		if (!first)
			gw_out_char(o, ' ');
		first = false;
		gw_out_str(o, names[i]);
	}
}

static void print_status_items(struct gw_out *o, unsigned items)
{
	static const char *const names[] = { "MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "SIZE", "DELETED",
					     "DELETED-STORAGE", "HIGHESTMODSEQ", "MAILBOXID", "APPENDLIMIT", "OBJECTID", NULL };

	gw_out_char(o, '(');
	print_bits(o, items, names);
	gw_out_char(o, ')');
}

static void print_select(struct gw_out *o, const struct imap_select *q)
{
	const char *annotate = q->annotate ? "ANNOTATE " : "";

	if (q->qresync) {
		gw_out_printf(o, " (%sQRESYNC (", annotate);
		gw_out_u64(o, q->uidvalidity);
		gw_out_char(o, ' ');
		gw_out_u64(o, q->modseq);
		if (q->has_known_uids) {
			gw_out_char(o, ' ');
			print_seqset(o, &q->known_uids);
		}
		if (q->has_match) {
			gw_out_lit(o, " (");
			print_seqset(o, &q->match_seqs);
			gw_out_char(o, ' ');
			print_seqset(o, &q->match_uids);
			gw_out_char(o, ')');
		}
		gw_out_lit(o, "))");
	} else if (q->condstore) {
		gw_out_printf(o, " (%sCONDSTORE)", annotate);
	} else if (q->annotate) {
		gw_out_lit(o, " (ANNOTATE)");
	} else if (q->objectid) {
		gw_out_lit(o, " (OBJECTID");
		if (q->mailboxid.n || q->accountid.n)
			gw_out_printf(o, " (MAILBOXID %.*s ACCOUNTID %.*s)", GW_FMT(q->mailboxid), GW_FMT(q->accountid));
		gw_out_char(o, ')');
	}
}

static void print_create(struct gw_out *o, unsigned special)
{
	static const char *const names[] = { "\\All", "\\Archive", "\\Drafts", "\\Flagged", "\\Junk", "\\Sent", "\\Trash", "\\Important", NULL };

	if (!special)
		return;
	gw_out_lit(o, " (USE (");
	print_bits(o, special >> 8, names);
	gw_out_lit(o, "))");
}

static void print_list(struct gw_out *o, const struct imap_command *c)
{
	static const char *const selections[] = { "SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE", NULL };
	static const char *const returns[] = { "SUBSCRIBED", "", "", "SPECIAL-USE", "CHILDREN", "STATUS", "METADATA",
		"MYRIGHTS", NULL };
	const struct imap_list *q = &c->list;
	bool many = c->verb == IMAP_VERB_LIST && q->extended && q->n_patterns;

	if (q->select) {
		gw_out_lit(o, " (");
		print_bits(o, q->select, selections);
		gw_out_char(o, ')');
	}
	gw_out_char(o, ' ');
	print_mailbox(o, c, q->n_patterns || q->reference.n ? q->reference : GW_S(""));
	gw_out_str(o, many ? " (" : " ");
	for (size_t i = 0; i < q->n_patterns; i++) {
		if (i)
			gw_out_char(o, ' ');
		print_mailbox(o, c, q->patterns[i]);
	}
	if (!q->n_patterns)
		gw_out_str(o, c->ctx->utf8 ? "\"\"" : "&");
	if (many)
		gw_out_char(o, ')');
	if (q->ret || (q->extended && !q->n_patterns)) {
		gw_out_lit(o, " RETURN (");
		print_bits(o, q->ret, returns);
		if (q->ret & IMAP_LIST_STATUS) {
			gw_out_char(o, ' ');
			print_status_items(o, q->status);
		}
		gw_out_char(o, ')');
	}
}

static void print_flags(struct gw_out *o, const struct imap_flags *f)
{
	static const char *const names[] = { "\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft", NULL };

	gw_out_char(o, '(');
	print_bits(o, (unsigned)f->system, names);
	for (size_t i = 0; i < f->n_keywords; i++) {
		if (i || f->system)
			gw_out_char(o, ' ');
		gw_out_slice(o, f->keywords[i]);
	}
	gw_out_char(o, ')');
}

static void print_annotations(struct gw_out *o, const struct imap_annotations *a)
{
	gw_out_lit(o, "ANNOTATION ");
	for (size_t i = 0; i < a->n; i++) {
		gw_out_char(o, i ? ' ' : '(');
		imap_put_astring(o, a->v[i].name);
		gw_out_str(o, a->v[i].shared ? " (value.shared " : " (value.priv ");
		imap_put_value(o, a->v[i].value);
		gw_out_char(o, ')');
	}
	gw_out_char(o, ')');
}

static void print_attributes(struct gw_out *o, unsigned attributes)
{
	static const char *const names[] = { "value.priv", "value.shared", "size.priv", "size.shared", NULL };

	gw_out_lit(o, " (");
	print_bits(o, attributes, names);
	gw_out_char(o, ')');
}

/* The list of CATENATE, as far as the line has it. */
static void print_parts(struct gw_out *o, const struct imap_append *a)
{
	gw_out_lit(o, " CATENATE (");
	for (size_t i = 0; i < a->n_urls; i++) {
		gw_out_str(o, i ? " URL " : "URL ");
		imap_put_string(o, a->url[i]);
	}
	if (a->whole) {
		gw_out_char(o, ')');
		gw_out_slice(o, a->rest);
		return;
	}
	gw_out_str(o, a->n_urls ? " " : "");
	gw_out_str(o, a->utf8 ? "UTF8 (~" : a->url_literal ? "URL " : a->literal.binary ? "TEXT ~" : "TEXT ");
	gw_out_printf(o, "{%llu%s}", (unsigned long long)a->literal.size, a->literal.nonsync ? "+" : "");
}

static void print_append(struct gw_out *o, const struct imap_append *a)
{
	if (a->flags.system || a->flags.n_keywords) {
		gw_out_char(o, ' ');
		print_flags(o, &a->flags);
	}
	if (a->date != INT64_MIN) {
		gw_out_char(o, ' ');
		imap_put_date_time(o, a->date);
	}
	if (a->annotations.n) {
		gw_out_char(o, ' ');
		print_annotations(o, &a->annotations);
	}
	if (a->catenate) {
		print_parts(o, a);
		return;
	}
	gw_out_printf(o, " %s%s{%llu%s}", a->utf8 ? "UTF8 (" : "", a->literal.binary ? "~" : "",
		      (unsigned long long)a->literal.size, a->literal.nonsync ? "+" : "");
}

static void print_store(struct gw_out *o, const struct imap_store *s)
{
	static const char *const how[] = { "FLAGS", "+FLAGS", "-FLAGS" };

	gw_out_char(o, ' ');
	print_seqset(o, &s->set);
	if (s->conditional)
		gw_out_printf(o, " (UNCHANGEDSINCE %llu)", (unsigned long long)s->unchanged_since);
	if (s->annotations.n) {
		gw_out_char(o, ' ');
		print_annotations(o, &s->annotations);
		return;
	}
	gw_out_printf(o, " %s%s ", how[s->how], s->silent ? ".SILENT" : "");
	print_flags(o, &s->flags);
}

static void print_window(struct gw_out *o, const struct imap_window *w)
{
	gw_out_printf(o, "PARTIAL %lld:%lld", (long long)w->lo, (long long)w->hi);
}

static void print_fetch_item(struct gw_out *o, const struct imap_fetch_item *item)
{
	size_t bracket = gw_slice_find(item->label, '[');
	struct gw_slice section = item->label, name;

	name = gw_slice_take(&section, bracket);
	gw_out_slice(o, name);
	for (size_t i = 0; item->annotation && i < item->annotation->n; i++) {
		gw_out_str(o, i ? " " : " ((");
		imap_put_string(o, item->annotation->entry[i].name);
	}
	if (item->annotation) {
		gw_out_char(o, ')');
		print_attributes(o, item->annotation->attributes);
		gw_out_char(o, ')');
		return;
	}
	if (!section.n) {
		if (item->lazy)
			gw_out_lit(o, " (LAZY)");
		return;
	}
	if (item->peek && item->kind != IMAP_FETCH_BINARY_SIZE)
		gw_out_lit(o, ".PEEK");
	if (item->partial)
		while (section.p[section.n - 1] != '<')
			section.n--;
	gw_out_slice(o, section);
	if (item->partial)
		gw_out_printf(o, "%llu.%llu>", (unsigned long long)item->offset, (unsigned long long)item->count);
}

static void print_fetch_items(struct gw_out *o, const struct imap_fetch *f)
{
	gw_out_lit(o, " (");
	for (size_t i = 0; i < f->n; i++) {
		if (i)
			gw_out_char(o, ' ');
		print_fetch_item(o, &f->item[i]);
	}
	gw_out_char(o, ')');
}

static void print_fetch(struct gw_out *o, const struct imap_fetch *f)
{
	gw_out_char(o, ' ');
	print_seqset(o, &f->set);
	print_fetch_items(o, f);
	if (!f->has_changed_since && !f->window.set)
		return;
	gw_out_lit(o, " (");
	if (f->has_changed_since)
		gw_out_printf(o, "CHANGEDSINCE %llu%s%s", (unsigned long long)f->changed_since,
			      f->vanished ? " VANISHED" : "", f->window.set ? " " : "");
	if (f->window.set)
		print_window(o, &f->window);
	gw_out_char(o, ')');
}

static void print_entries(struct gw_out *o, const struct imap_metadata_list *l, bool values)
{
	for (size_t i = 0; i < l->n; i++) {
		gw_out_str(o, i ? " " : "(");
		imap_put_astring(o, l->v[i].name);
		if (!values)
			continue;
		gw_out_char(o, ' ');
		imap_put_nstring(o, l->v[i].value);
	}
	gw_out_char(o, ')');
}

static void print_metadata(struct gw_out *o, const struct imap_command *c)
{
	static const char *const depths[] = { "0", "1", "infinity" };
	const struct imap_metadata *q = &c->metadata;

	if (q->server)
		gw_out_lit(o, " \"\"");
	if (q->has_maxsize)
		gw_out_printf(o, " (MAXSIZE %u%s", q->maxsize, q->has_depth ? " " : ")");
	if (q->has_depth)
		gw_out_printf(o, "%sDEPTH %s)", q->has_maxsize ? "" : " (", depths[q->depth]);
	gw_out_char(o, ' ');
	print_entries(o, &q->entries, c->verb == IMAP_VERB_SETMETADATA);
}

static void print_events(struct gw_out *o, const struct imap_notify *q, unsigned events)
{
	static const char *const names[] = { "MessageNew", "MessageExpunge", "FlagChange", "MailboxName", "SubscriptionChange",
					     "MailboxMetadataChange", "ServerMetadataChange", "AnnotationChange" };
	const char *blank = "";

	if (!events) {
		gw_out_lit(o, " NONE)");
		return;
	}
	gw_out_lit(o, " (");
	for (size_t i = 0; i < 8; i++) {
		if (!(events & 1u << i))
			continue;
		gw_out_printf(o, "%s%s", blank, names[i]);
		blank = " ";
		for (size_t k = 0; i == 0 && q && k < q->fetch.n; k++) {
			gw_out_str(o, k ? " " : " (");
			print_fetch_item(o, &q->fetch.item[k]);
			gw_out_str(o, k + 1 == q->fetch.n ? ")" : "");
		}
	}
	gw_out_lit(o, "))");
}

static void print_choice(struct gw_out *o, const struct imap_command *c, const struct imap_choice *f)
{
	static const char *const names[] = { "SELECTED",   "SELECTED-DELAYED", "INBOXES",     "PERSONAL",
					     "SUBSCRIBED", "SUBTREE",          "SUBTREE-ONE", "MAILBOXES" };

	gw_out_str(o, names[f->who]);
	for (size_t i = 0; i < f->n_names; i++) {
		gw_out_str(o, i ? " " : " (");
		print_mailbox(o, c, f->name[i]);
		gw_out_str(o, i + 1 == f->n_names ? ")" : "");
	}
}

static void print_group(struct gw_out *o, const struct imap_command *c, const struct imap_notify_group *g)
{
	gw_out_lit(o, " (");
	print_choice(o, c, &g->of);
	print_events(o, NULL, g->events);
}

static void print_notify(struct gw_out *o, const struct imap_command *c)
{
	const struct imap_notify *q = &c->notify;

	if (!q->selected && !q->n_groups) {
		gw_out_lit(o, " NONE");
		return;
	}
	gw_out_str(o, q->status ? " SET STATUS" : " SET");
	if (q->selected) {
		gw_out_str(o, q->delayed ? " (SELECTED-DELAYED" : " (SELECTED");
		print_events(o, q, q->selected);
	}
	for (size_t i = 0; i < q->n_groups; i++)
		print_group(o, c, &q->group[i]);
}

static void print_date(struct gw_out *o, int64_t day)
{
	struct gw_civil c = gw_time_to_civil(day);

	gw_out_printf(o, "%u-%.3s-%04lld", c.day, &"JanFebMarAprMayJunJulAugSepOctNovDec"[(size_t)(c.month - 1) * 3],
		      (long long)c.year);
}

static const char *flag_key(uint64_t flag)
{
	switch (flag) {
	case GW_FLAG_ANSWERED:
		return "ANSWERED";
	case GW_FLAG_FLAGGED:
		return "FLAGGED";
	case GW_FLAG_DELETED:
		return "DELETED";
	case GW_FLAG_SEEN:
		return "SEEN";
	default:
		return "DRAFT";
	}
}

static void print_key(struct gw_out *o, const struct imap_search_key *k)
{
	static const char *const names[] = {
		[IMAP_KEY_ALL] = "ALL", [IMAP_KEY_UID] = "UID ", [IMAP_KEY_UIDAFTER] = "UIDAFTER ", [IMAP_KEY_UIDBEFORE] = "UIDBEFORE ", [IMAP_KEY_FLAG] = "", [IMAP_KEY_UNFLAG] = "UN",
		[IMAP_KEY_KEYWORD] = "KEYWORD ", [IMAP_KEY_UNKEYWORD] = "UNKEYWORD ", [IMAP_KEY_RECENT] = "RECENT",
		[IMAP_KEY_OLD] = "OLD", [IMAP_KEY_NEW] = "NEW", [IMAP_KEY_BEFORE] = "BEFORE ", [IMAP_KEY_ON] = "ON ",
		[IMAP_KEY_SINCE] = "SINCE ", [IMAP_KEY_SENTBEFORE] = "SENTBEFORE ", [IMAP_KEY_SENTON] = "SENTON ",
		[IMAP_KEY_SENTSINCE] = "SENTSINCE ", [IMAP_KEY_SAVEDBEFORE] = "SAVEDBEFORE ",
		[IMAP_KEY_SAVEDON] = "SAVEDON ", [IMAP_KEY_SAVEDSINCE] = "SAVEDSINCE ",
		[IMAP_KEY_SAVEDATESUPPORTED] = "SAVEDATESUPPORTED", [IMAP_KEY_OLDER] = "OLDER ",
		[IMAP_KEY_YOUNGER] = "YOUNGER ", [IMAP_KEY_LARGER] = "LARGER ", [IMAP_KEY_SMALLER] = "SMALLER ",
		[IMAP_KEY_MODSEQ] = "MODSEQ ", [IMAP_KEY_FILTER] = "FILTER ", [IMAP_KEY_FROM] = "FROM ", [IMAP_KEY_TO] = "TO ", [IMAP_KEY_CC] = "CC ",
		[IMAP_KEY_BCC] = "BCC ", [IMAP_KEY_SUBJECT] = "SUBJECT ", [IMAP_KEY_HEADER] = "HEADER ",
		[IMAP_KEY_BODY] = "BODY ", [IMAP_KEY_TEXT] = "TEXT ", [IMAP_KEY_EMAILID] = "EMAILID ",
		[IMAP_KEY_THREADID] = "THREADID ", [IMAP_KEY_ANNOTATION] = "ANNOTATION ",
	};

	if (k->op != IMAP_KEY_SEQSET)
		gw_out_str(o, names[k->op]);
	switch (k->op) {
	case IMAP_KEY_SEQSET:
	case IMAP_KEY_UID:
		print_seqset(o, &k->set);
		break;
	case IMAP_KEY_FLAG:
	case IMAP_KEY_UNFLAG:
		gw_out_str(o, flag_key(k->flag));
		break;
	case IMAP_KEY_KEYWORD:
	case IMAP_KEY_UNKEYWORD:
	case IMAP_KEY_FILTER:
		gw_out_slice(o, k->text);
		break;
	case IMAP_KEY_BEFORE ... IMAP_KEY_SAVEDSINCE:
		print_date(o, k->day);
		break;
	case IMAP_KEY_UIDAFTER:
	case IMAP_KEY_UIDBEFORE:
	case IMAP_KEY_OLDER ... IMAP_KEY_MODSEQ:
		gw_out_u64(o, k->number);
		break;
	case IMAP_KEY_ANNOTATION:
		imap_put_string(o, k->field);
		gw_out_str(o, k->attributes == IMAP_ANNOTATION_VALUES	     ? " value "
			      : k->attributes == IMAP_ANNOTATION_VALUE_PRIV ? " value.priv "
									    : " value.shared ");
		imap_put_value(o, k->text);
		break;
	case IMAP_KEY_HEADER:
		imap_put_astring(o, k->field);
		gw_out_char(o, ' ');
		imap_put_astring(o, k->text);
		break;
	case IMAP_KEY_FROM ... IMAP_KEY_SUBJECT:
	case IMAP_KEY_BODY ... IMAP_KEY_THREADID:
		imap_put_astring(o, k->text);
		break;
	default:
		break;
	}
}

/* The children of key[at]. Depth is bounded by the parser. */
static void print_keys(struct gw_out *o, const struct imap_search_key *key, size_t at)
{
	for (size_t i = at + 1; i < at + key[at].span; i += key[i].span) {
		if (i > at + 1)
			gw_out_char(o, ' ');
		switch (key[i].op) {
		case IMAP_KEY_AND:
			gw_out_str(o, key[i].fuzzy ? "FUZZY " : "(");
			print_keys(o, key, i);
			if (!key[i].fuzzy)
				gw_out_char(o, ')');
			break;
		case IMAP_KEY_OR:
		case IMAP_KEY_NOT:
			gw_out_str(o, key[i].op == IMAP_KEY_OR ? "OR " : "NOT ");
			print_keys(o, key, i);
			break;
		default:
			print_key(o, &key[i]);
		}
	}
}

static void print_return(struct gw_out *o, const struct imap_search *s)
{
	static const char *const names[] = { "MIN", "MAX", "ALL", "COUNT", "SAVE", NULL };

	if (!s->esearch)
		return;
	gw_out_lit(o, " RETURN (");
	print_bits(o, s->ret, names);
	if (s->ret & IMAP_RETURN_RELEVANCY)
		gw_out_str(o, s->ret & (IMAP_RETURN_PARTIAL - 1) ? " RELEVANCY" : "RELEVANCY");
	if (s->window.set) {
		if (s->ret & ~(unsigned)(IMAP_RETURN_PARTIAL | IMAP_RETURN_HINTS))
			gw_out_char(o, ' ');
		print_window(o, &s->window);
	}
	if (s->ret & IMAP_RETURN_CONTEXT)
		gw_out_str(o, s->ret & ~(unsigned)IMAP_RETURN_HINTS ? " CONTEXT" : "CONTEXT");
	if (s->ret & IMAP_RETURN_UPDATE)
		gw_out_str(o, s->ret & ~(unsigned)IMAP_RETURN_UPDATE ? " UPDATE" : "UPDATE");
	if (s->brings)
		print_fetch_items(o, s->brings);
	gw_out_char(o, ')');
}

static void print_cancelupdate(struct gw_out *o, const struct imap_cancelupdate *c)
{
	for (size_t i = 0; i < c->n; i++) {
		gw_out_char(o, ' ');
		imap_put_string(o, c->tag[i]);
	}
}

static void print_sort(struct gw_out *o, const struct imap_search *s)
{
	static const char *const names[IMAP_SORT_KEYS] = {
		[IMAP_SORT_ARRIVAL] = "ARRIVAL", [IMAP_SORT_CC] = "CC",
		[IMAP_SORT_DATE] = "DATE",	 [IMAP_SORT_FROM] = "FROM",
		[IMAP_SORT_SIZE] = "SIZE",	 [IMAP_SORT_SUBJECT] = "SUBJECT",
		[IMAP_SORT_TO] = "TO",		 [IMAP_SORT_DISPLAYFROM] = "DISPLAYFROM",
		[IMAP_SORT_DISPLAYTO] = "DISPLAYTO", [IMAP_SORT_RELEVANCY] = "RELEVANCY",
	};

	print_return(o, s);
	for (size_t i = 0; i < s->n_sort; i++) {
		bool plain = s->sort[i].key != IMAP_SORT_ANNOTATION;

		gw_out_printf(o, "%s%s%s", i ? " " : " (", s->sort[i].reverse ? "REVERSE " : "",
			      plain ? names[s->sort[i].key] : "ANNOTATION ");
		if (plain)
			continue;
		imap_put_astring(o, s->sort[i].entry);
		gw_out_str(o, s->sort[i].shared ? " value.shared" : " value.priv");
	}
	gw_out_lit(o, ") ");
	imap_put_astring(o, s->charset);
	gw_out_char(o, ' ');
	print_keys(o, s->key, 0);
}

static void print_thread(struct gw_out *o, const struct imap_search *s)
{
	gw_out_str(o, s->thread == IMAP_THREAD_REFERENCES ? " REFERENCES " : " ORDEREDSUBJECT ");
	imap_put_astring(o, s->charset);
	gw_out_char(o, ' ');
	print_keys(o, s->key, 0);
}

static void print_search(struct gw_out *o, const struct imap_search *s)
{
	print_return(o, s);
	if (s->charset.n) {
		gw_out_lit(o, " CHARSET ");
		imap_put_astring(o, s->charset);
	}
	gw_out_char(o, ' ');
	print_keys(o, s->key, 0);
}

static void print_esearch(struct gw_out *o, const struct imap_command *c)
{
	const struct imap_search *s = &c->search;

	for (size_t i = 0; i < s->n_in; i++) {
		gw_out_str(o, i ? " " : " IN (");
		print_choice(o, c, &s->in[i]);
		gw_out_str(o, i + 1 == s->n_in ? ")" : "");
	}
	print_search(o, s);
}

static void print_id(struct gw_out *o, const struct imap_id *id)
{
	gw_out_lit(o, " (");
	for (size_t i = 0; i < id->n; i++) {
		if (i)
			gw_out_char(o, ' ');
		imap_put_string(o, id->pair[i].field);
		gw_out_char(o, ' ');
		imap_put_nstring(o, id->pair[i].nil ? gw_slice(NULL, 0) : id->pair[i].value);
	}
	gw_out_char(o, ')');
}

static void print_quota(struct gw_out *o, const struct imap_command *c)
{
	gw_out_char(o, ' ');
	imap_put_astring(o, c->quota.root);
	if (c->verb == IMAP_VERB_GETQUOTA)
		return;
	gw_out_lit(o, " (");
	for (size_t i = 0; i < c->quota.n; i++) {
		if (i)
			gw_out_char(o, ' ');
		gw_out_slice(o, c->quota.limit[i].resource);
		gw_out_char(o, ' ');
		gw_out_u64(o, c->quota.limit[i].limit);
	}
	gw_out_char(o, ')');
}

static void print_arguments(struct gw_out *o, const struct imap_command *c)
{
	if (c->verb == IMAP_VERB_COPY || c->verb == IMAP_VERB_MOVE || c->verb == IMAP_VERB_XAOL_MOVE) {
		gw_out_char(o, ' ');
		print_seqset(o, &c->copy.set);
	}
	if (c->verb == IMAP_VERB_REPLACE) {
		gw_out_char(o, ' ');
		print_seqset(o, &c->append.replaces);
	}
	if (c->mailbox.n) {
		gw_out_char(o, ' ');
		print_mailbox(o, c, c->mailbox);
	}
	switch (c->verb) {
	case IMAP_VERB_LOGIN:
		gw_out_char(o, ' ');
		imap_put_astring(o, c->login.user);
		gw_out_char(o, ' ');
		imap_put_astring(o, c->login.password);
		break;
	case IMAP_VERB_AUTHENTICATE:
		gw_out_char(o, ' ');
		gw_out_slice(o, c->auth.mechanism);
		if (c->auth.has_initial) {
			gw_out_char(o, ' ');
			gw_out_slice(o, c->auth.initial.n ? c->auth.initial : GW_S("="));
		}
		break;
	case IMAP_VERB_SELECT:
	case IMAP_VERB_EXAMINE:
		print_select(o, &c->select);
		break;
	case IMAP_VERB_CREATE:
		print_create(o, c->create.special);
		break;
	case IMAP_VERB_COMPRESS:
		gw_out_lit(o, " DEFLATE");
		break;
	case IMAP_VERB_LISTRIGHTS:
	case IMAP_VERB_DELETEACL:
		gw_out_char(o, ' ');
		imap_put_astring(o, c->acl.identifier);
		break;
	case IMAP_VERB_GETMETADATA:
	case IMAP_VERB_SETMETADATA:
		print_metadata(o, c);
		break;
	case IMAP_VERB_NOTIFY:
		print_notify(o, c);
		break;
	case IMAP_VERB_RENAME:
		gw_out_char(o, ' ');
		print_mailbox(o, c, c->rename.from);
		gw_out_char(o, ' ');
		print_mailbox(o, c, c->rename.to);
		break;
	case IMAP_VERB_LIST:
	case IMAP_VERB_LSUB:
	case IMAP_VERB_XLIST:
	case IMAP_VERB_RLIST:
	case IMAP_VERB_RLSUB:
		print_list(o, c);
		break;
	case IMAP_VERB_STATUS:
		gw_out_char(o, ' ');
		print_status_items(o, c->status.items);
		break;
	case IMAP_VERB_APPEND:
	case IMAP_VERB_REPLACE:
		print_append(o, &c->append);
		break;
	case IMAP_VERB_CANCELUPDATE:
		print_cancelupdate(o, &c->cancelupdate);
		break;
	case IMAP_VERB_UIDBATCHES:
		gw_out_printf(o, " %u", c->uidbatches.size);
		if (c->uidbatches.first)
			gw_out_printf(o, " %u:%u", c->uidbatches.first, c->uidbatches.last);
		break;
	case IMAP_VERB_GETQUOTA:
	case IMAP_VERB_SETQUOTA:
		print_quota(o, c);
		break;
	case IMAP_VERB_EXPUNGE:
		if (c->expunge.has_set) {
			gw_out_char(o, ' ');
			print_seqset(o, &c->expunge.set);
		}
		break;
	case IMAP_VERB_SEARCH:
		print_search(o, &c->search);
		break;
	case IMAP_VERB_ESEARCH:
		print_esearch(o, c);
		break;
	case IMAP_VERB_SORT:
		print_sort(o, &c->search);
		break;
	case IMAP_VERB_THREAD:
		print_thread(o, &c->search);
		break;
	case IMAP_VERB_FETCH:
		print_fetch(o, &c->fetch);
		break;
	case IMAP_VERB_STORE:
		print_store(o, &c->store);
		break;
	case IMAP_VERB_ID:
		print_id(o, &c->id);
		break;
	case IMAP_VERB_LANGUAGE:
	case IMAP_VERB_COMPARATOR:
		for (size_t i = 0; i < c->words.n; i++) {
			gw_out_char(o, ' ');
			gw_out_slice(o, c->words.v[i]);
		}
		break;
	case IMAP_VERB_ENABLE:
		for (size_t i = 0; i < c->enable.n; i++) {
			gw_out_char(o, ' ');
			gw_out_slice(o, c->enable.capability[i]);
		}
		break;
	default:
		break;
	}
}

static void print_command(struct gw_out *o, const struct imap_command *c)
{
	gw_out_slice(o, c->tag);
	gw_out_str(o, c->uid ? " UID " : " ");
	gw_out_str(o, c->syntax->name);
	print_arguments(o, c);
}

/* The same in one piece, in the command's arena. */
static inline struct gw_slice printed(const struct imap_command *c)
{
	struct gw_out o;
	size_t n = 0;
	char *all;

	gw_out_init(&o);
	print_command(&o, c);
	all = gw_arena_alloc(c->arena, o.n + 1);
	while (o.n) {
		struct gw_slice s = gw_out_front(&o);

		memcpy(all + n, s.p, s.n);
		n += s.n;
		gw_out_drop(&o, s.n);
	}
	gw_out_done(&o);
	return gw_slice(all, n);
}

#endif
