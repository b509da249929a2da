/* oracle.c - what a client can check of everything an IMAP server says (see oracle.h) */
#include "tests/fuzz/oracle.h"

#include "util/err.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 400 /* of lists in lists; THREAD's are flat here, BODYSTRUCTURE's follow the message */
#define FNV_PRIME 1099511628211u

static void wrong(struct gw_slice response, const char *what)
{
	fprintf(stderr, "the server said: %.*s\n", (int)(response.n < 2000 ? response.n : 2000), response.p);
	gw_bug(what);
}

void oracle_init(struct oracle *o)
{
	*o = (struct oracle){ .exists = 0 };
	gw_buf_init(&o->in, 0);
}

void oracle_done(struct oracle *o)
{
	gw_buf_done(&o->in);
	free(o->messages);
	*o = (struct oracle){ .exists = 0 };
}

/* ---- the grammar of responses ---- */

/* One response being read; `all` is the whole of it, for the complaint. */
struct reader {
	struct gw_slice all, left;
};

static bool at(const struct reader *r, char c)
{
	return r->left.n && *r->left.p == c;
}

static bool skip(struct reader *r, char c)
{
	if (!at(r, c))
		return false;
	gw_slice_take(&r->left, 1);
	return true;
}

static uint64_t number(struct reader *r)
{
	uint64_t v = 0;

	if (!r->left.n || *r->left.p < '0' || *r->left.p > '9')
		wrong(r->all, "no number where one belongs");
	while (r->left.n && *r->left.p >= '0' && *r->left.p <= '9')
		v = v * 10 + (uint64_t)(*gw_slice_take(&r->left, 1).p - '0');
	return v;
}

static struct gw_slice quoted(struct reader *r)
{
	const char *from = r->left.p;

	skip(r, '"');
	while (!at(r, '"')) {
		skip(r, '\\');
		if (!r->left.n || memchr("\r\n", *gw_slice_take(&r->left, 1).p, 3))
			wrong(r->all, "a quoted string has no end");
	}
	skip(r, '"');
	return gw_slice(from, (size_t)(r->left.p - from));
}

static struct gw_slice literal(struct reader *r)
{
	uint64_t n;

	skip(r, '~');
	skip(r, '{');
	n = number(r);
	if (!skip(r, '}') || !skip(r, '\r') || !skip(r, '\n') || r->left.n < n)
		wrong(r->all, "a literal is broken");
	return gw_slice_take(&r->left, (size_t)n);
}

static bool starts_literal(const struct reader *r)
{
	return at(r, '{') || (r->left.n > 1 && r->left.p[0] == '~' && r->left.p[1] == '{');
}

/* An atom; in brackets, as of BODY[HEADER.FIELDS ("x y")]<0>, everything belongs to it. */
static struct gw_slice atom(struct reader *r)
{
	const char *from = r->left.p;
	bool inside = false;

	while (r->left.n) {
		if (inside && (at(r, '"') || starts_literal(r))) {
			(void)(at(r, '"') ? quoted(r) : literal(r));
			continue;
		}
		if (!inside && memchr(" ()\"\r\n", *r->left.p, 6))
			break;
		if (memchr("\r\n", *r->left.p, 3))
			wrong(r->all, "a control character in an atom");
		inside = (inside || at(r, '[')) && !at(r, ']');
		gw_slice_take(&r->left, 1);
	}
	if (inside || r->left.p == from)
		wrong(r->all, "an atom is empty or has no end");
	return gw_slice(from, (size_t)(r->left.p - from));
}

/* A value of any kind, lists with all that is in them. */
static struct gw_slice value(struct reader *r)
{
	const char *from = r->left.p;
	unsigned depth = 0;

	do {
		if (at(r, '"'))
			quoted(r);
		else if (starts_literal(r))
			literal(r);
		else if (skip(r, '('))
			depth++;
		else if (depth && skip(r, ')'))
			depth--;
		else if (!depth || !skip(r, ' '))
			atom(r);
		if (depth > DEPTH_MAX)
			wrong(r->all, "lists are too deep");
	} while (depth);
	return gw_slice(from, (size_t)(r->left.p - from));
}

static bool is_condition(struct gw_slice word)
{
	return gw_slice_eq(word, GW_S("OK")) || gw_slice_eq(word, GW_S("NO")) || gw_slice_eq(word, GW_S("BAD"));
}

static bool is_status(struct gw_slice word)
{
	return is_condition(word) || gw_slice_eq(word, GW_S("BYE")) || gw_slice_eq(word, GW_S("PREAUTH"));
}

static bool starts(struct gw_slice s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && memcmp(s.p, with, n) == 0;
}

/* The length of the first response in s, or 0 when it is not whole. Only data has literals: a text may end in anything. */
static size_t response_length(struct gw_slice s)
{
	bool text = s.n && *s.p == '+';

	for (size_t from = 0;;) {
		const char *nl = s.n > from ? memchr(s.p + from, '\n', s.n - from) : NULL;
		size_t end = nl ? (size_t)(nl - s.p) + 1 : 0, open;

		if (!nl)
			return 0;
		if (from == 0) {
			struct gw_slice line = gw_slice(s.p, end), tag = { "", 0 }, word = { "", 0 };

			gw_slice_word(&line, " ", &tag);
			text |= gw_slice_word(&line, " ", &word) && is_status(word);
		}
		if (text || end < 5 || s.p[end - 3] != '}')
			return end;
		for (open = end - 4; open > from && s.p[open] >= '0' && s.p[open] <= '9'; open--)
			;
		if (s.p[open] != '{')
			return end;
		from = end + strtoull(s.p + open + 1, NULL, 10);
		if (from > s.n)
			return 0;
	}
}

/* ---- the view of the mailbox ---- */

static void set_exists(struct oracle *o, size_t n)
{
	if (n > o->cap) {
		o->cap = n + 64;
		o->messages = gw_xrealloc(o->messages, o->cap, sizeof *o->messages);
	}
	if (n > o->exists)
		memset(o->messages + o->exists, 0, (n - o->exists) * sizeof *o->messages);
	o->shrunk |= n < o->exists;
	o->exists = n;
}

static void forget(struct oracle *o)
{
	if (o->exists)
		memset(o->messages, 0, o->exists * sizeof *o->messages);
}

static void remove_at(struct oracle *o, size_t i)
{
	memmove(o->messages + i, o->messages + i + 1, (o->exists - i - 1) * sizeof *o->messages);
	o->exists--;
	o->expunged = true;
}

/* Its place, or o->exists. */
static size_t find(const struct oracle *o, uint64_t uid)
{
	size_t i = 0;

	while (i < o->exists && o->messages[i].uid != uid)
		i++;
	return i;
}

/* VANISHED [(EARLIER)] set (RFC 7162 3.2.10) */
static void take_vanished(struct oracle *o, struct reader *r)
{
	bool earlier = at(r, '(');

	if (earlier) {
		value(r);
		skip(r, ' ');
	}
	do {
		uint64_t first = number(r), last = skip(r, ':') ? number(r) : first;

		if (first == 0 || last < first || last > UINT32_MAX)
			wrong(r->all, "VANISHED has a range that is none");
		for (uint64_t uid = first; uid <= last; uid++) {
			size_t i = find(o, uid);

			if (earlier && i < o->exists)
				wrong(r->all, "what is there vanished earlier");
			if (earlier)
				continue;
			if (i == o->exists) { /* one whose number was not told */
				if (o->exists == 0)
					wrong(r->all, "more vanished than there was");
				i = find(o, 0);
				if (i == o->exists)
					wrong(r->all, "what was not there vanished");
				forget(o);
			}
			remove_at(o, i);
		}
	} while (skip(r, ','));
}

static void learn_uid(struct oracle *o, size_t i, uint64_t uid, struct gw_slice all)
{
	if (o->messages[i].uid && o->messages[i].uid != uid)
		wrong(all, "the UID of a message changed");
	for (size_t k = 0; k < o->exists; k++)
		if (o->messages[k].uid && k != i && (o->messages[k].uid < uid) != (k < i))
			wrong(all, "UIDs do not ascend");
	o->messages[i].uid = (uint32_t)uid;
}

static uint64_t mix(uint64_t digest, struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		digest = (digest ^ (unsigned char)s.p[i]) * FNV_PRIME;
	return digest;
}

/* The same for the same flags in any order. */
static uint64_t flags_digest(struct gw_slice list)
{
	struct reader r = { list, list };
	uint64_t sum = 0;

	skip(&r, '(');
	while (!skip(&r, ')')) {
		struct gw_slice flag = atom(&r);

		if (!gw_slice_eqi(flag, GW_S("\\Recent")))
			sum += mix(14695981039346656037u, flag);
		skip(&r, ' ');
	}
	return sum;
}

/* (key value key value ...); i is the message's place, or o->exists when it is not known (RFC 9586). */
static void take_fetch(struct oracle *o, struct reader *r, size_t i)
{
	uint64_t digest = 0, size = UINT64_MAX, octets = UINT64_MAX;

	if (!skip(r, '('))
		wrong(r->all, "FETCH has no list");
	while (!skip(r, ')')) {
		struct gw_slice key = atom(r), v;

		if (!skip(r, ' '))
			wrong(r->all, "an item of FETCH has no value");
		v = value(r);
		if (gw_slice_eq(key, GW_S("UID"))) {
			struct reader n = { v, v };
			uint64_t uid = number(&n);

			if (uid == 0 || uid > UINT32_MAX)
				wrong(r->all, "a UID that is none");
			if (i < o->exists)
				learn_uid(o, i, uid, r->all);
		} else if (gw_slice_eq(key, GW_S("FLAGS"))) {
			digest += flags_digest(v);
		} else if (gw_slice_eq(key, GW_S("RFC822.SIZE"))) {
			struct reader n = { v, v };

			size = number(&n);
			digest = mix(digest, v);
		} else if (gw_slice_eq(key, GW_S("BODY[]")) && v.n && *v.p == '{') {
			struct reader n = { v, v };

			octets = literal(&n).n;
			digest = mix(digest, v);
		}
		if (!skip(r, ' ') && !at(r, ')'))
			wrong(r->all, "no space between the items of FETCH");
	}
	if (size != UINT64_MAX && octets != UINT64_MAX && size != octets)
		wrong(r->all, "RFC822.SIZE is not the size of BODY[]");
	if (i < o->exists)
		o->messages[i].digest = digest;
}

static void end_of_response(const struct reader *r)
{
	if (!gw_slice_eq(r->left, GW_S("\r\n")))
		wrong(r->all, "a response goes on where it should end");
}

/* * NUMBER WORD ... */
static void take_numbered(struct oracle *o, struct reader *r)
{
	uint64_t n = number(r);
	struct gw_slice word;

	skip(r, ' ');
	word = atom(r);
	if (gw_slice_eq(word, GW_S("EXISTS"))) {
		set_exists(o, (size_t)n);
	} else if (gw_slice_eq(word, GW_S("EXPUNGE"))) {
		if (n == 0 || n > o->exists)
			wrong(r->all, "EXPUNGE of a message that is not there");
		remove_at(o, (size_t)n - 1);
	} else if (gw_slice_eq(word, GW_S("FETCH")) && skip(r, ' ')) {
		if (n == 0 || n > o->exists)
			wrong(r->all, "FETCH of a message that is not there");
		take_fetch(o, r, (size_t)n - 1);
	} else if (gw_slice_eq(word, GW_S("UIDFETCH")) && skip(r, ' ')) {
		take_fetch(o, r, o->exists);
	} else if (!gw_slice_eq(word, GW_S("RECENT"))) {
		wrong(r->all, "a response that nobody knows");
	}
	end_of_response(r);
}

/* resp-text: nothing in it may look like the end of a line (RFC 9051 9). */
static void take_text(struct oracle *o, struct reader *r)
{
	static const char validity[] = "[UIDVALIDITY ";
	const char *end = r->left.p + r->left.n - 2;

	if (r->left.n < 2 || memcmp(end, "\r\n", 2) != 0)
		wrong(r->all, "a line does not end in CRLF");
	for (const char *p = r->left.p; p < end; p++)
		if (memchr("\r\n", *p, 3))
			wrong(r->all, "a control character in a text");
	if (starts(r->left, validity) && r->all.p[0] == '*') { /* a mailbox is being selected */
		gw_slice_take(&r->left, sizeof validity - 1);
		o->uidvalidity = (uint32_t)number(r);
		o->shrunk = false;
		forget(o);
	}
}

/* (place set place set ...): of messages that are there (RFC 5267 4.3.3, 4.3.4) */
static void take_updates(const struct oracle *o, struct reader *r, bool uids)
{
	if (!skip(r, '('))
		wrong(r->all, "updates of a result are no list");
	do {
		number(r);
		if (!skip(r, ' '))
			wrong(r->all, "a place in a result has no messages");
		do {
			uint64_t first = number(r), last = skip(r, ':') ? number(r) : first;

			if (first == 0 || last < first || last > (uids ? UINT32_MAX : o->exists))
				wrong(r->all, "updates of a result name messages that are not there");
		} while (skip(r, ','));
	} while (skip(r, ' '));
	if (!skip(r, ')'))
		wrong(r->all, "a list of updates has no end");
}

static void take_esearch(const struct oracle *o, struct reader *r)
{
	bool uids = false;

	while (skip(r, ' ')) {
		struct gw_slice word = at(r, '(') ? value(r) : atom(r);

		uids |= gw_slice_eq(word, GW_S("UID"));
		if ((gw_slice_eq(word, GW_S("ADDTO")) || gw_slice_eq(word, GW_S("REMOVEFROM"))) && skip(r, ' '))
			take_updates(o, r, uids);
	}
	end_of_response(r);
}

static void take_untagged(struct oracle *o, struct reader *r)
{
	struct gw_slice word;

	if (r->left.n && *r->left.p >= '0' && *r->left.p <= '9') {
		take_numbered(o, r);
		return;
	}
	word = atom(r);
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] >= 'a' && word.p[i] <= 'z')
			wrong(r->all, "an untagged response that nobody knows");
	if (is_status(word)) {
		skip(r, ' ');
		take_text(o, r);
		return;
	}
	if (gw_slice_eq(word, GW_S("ESEARCH"))) {
		take_esearch(o, r);
		return;
	}
	if (gw_slice_eq(word, GW_S("VANISHED")) && skip(r, ' ')) {
		take_vanished(o, r);
		end_of_response(r);
		return;
	}
	while (!gw_slice_eq(r->left, GW_S("\r\n")))
		if (!skip(r, ' '))
			value(r);
}

static void take_tagged(struct oracle *o, struct reader *r)
{
	static const char *const quiet[] = { "OK FETCH completed", "OK STORE completed", "OK SEARCH completed" };
	struct gw_slice rest, word;

	while (r->left.n && *r->left.p > ' ')
		gw_slice_take(&r->left, 1);
	if (!skip(r, ' '))
		wrong(r->all, "neither tagged nor untagged");
	rest = r->left;
	word = atom(r);
	if (!is_condition(word) || !skip(r, ' '))
		wrong(r->all, "a tagged response is neither OK nor NO nor BAD");
	snprintf(o->status, sizeof o->status, "%.*s", (int)word.n, word.p);
	for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
		if (o->expunged && starts(rest, quiet[i]))
			wrong(r->all, "messages went while their numbers were in use");
	take_text(o, r);
	if (o->shrunk)
		wrong(r->all, "EXISTS went down without EXPUNGE");
	o->shrunk = o->expunged = false;
}

static void take_response(struct oracle *o, struct gw_slice all)
{
	struct reader r = { all, all };

	if (all.n < 4 || memcmp(all.p + all.n - 2, "\r\n", 2) != 0)
		wrong(all, "a line does not end in CRLF");
	if (all.p[0] == '+') {
		gw_slice_take(&r.left, 1);
		take_text(o, &r);
	} else if (all.p[0] == '*' && all.p[1] == ' ') {
		gw_slice_take(&r.left, 2);
		take_untagged(o, &r);
	} else {
		take_tagged(o, &r);
	}
}

void oracle_take(struct oracle *o, struct gw_slice bytes)
{
	size_t n;

	gw_buf_add_slice(&o->in, bytes);
	while ((n = response_length(gw_buf_slice(&o->in)))) {
		take_response(o, gw_slice(gw_buf_slice(&o->in).p, n));
		gw_buf_drop(&o->in, n);
	}
}

void oracle_compare(const struct oracle *a, const struct oracle *b)
{
	if (a->exists != b->exists)
		gw_bug("one session has more messages than another");
	for (size_t i = 0; i < a->exists; i++) {
		if (a->messages[i].uid == 0 || a->messages[i].uid != b->messages[i].uid)
			gw_bug("two sessions give a message two UIDs, or none");
		if (a->messages[i].digest != b->messages[i].digest)
			gw_bug("two sessions see a message with other flags, size or octets");
	}
}
