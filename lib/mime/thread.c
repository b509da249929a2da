/* thread.c - base subjects and message identifiers (see thread.h) */
#include "mime/thread.h"

#define MSGID_MAX 1000 /* octets of one identifier */

/* ---- base subject ---- */

static bool ends_with(struct gw_slice s, struct gw_slice tail)
{
	return s.n >= tail.n && gw_slice_eqi(gw_slice(s.p + s.n - tail.n, tail.n), tail);
}

static struct gw_slice skip_blanks(struct gw_slice s)
{
	while (s.n && s.p[0] == ' ')
		gw_slice_take(&s, 1);
	return s;
}

/* subj-blob = "[" *BLOBCHAR "]" *WSP: cut it off; false when there is none. */
static bool cut_blob(struct gw_slice *s)
{
	size_t n = 1;

	if (s->n == 0 || s->p[0] != '[')
		return false;
	while (n < s->n && s->p[n] != '[' && s->p[n] != ']')
		n++;
	if (n == s->n || s->p[n] != ']')
		return false;
	gw_slice_take(s, n + 1);
	*s = skip_blanks(*s);
	return true;
}

/* subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":" */
static bool cut_refwd(struct gw_slice *s)
{
	static const char *const words[] = { "re", "fwd", "fw" };
	struct gw_slice rest;

	for (size_t i = 0; i < 3; i++) {
		struct gw_slice word = gw_slice_str(words[i]);

		if (!gw_slice_startsi(*s, word))
			continue;
		rest = skip_blanks(gw_slice(s->p + word.n, s->n - word.n));
		cut_blob(&rest);
		if (rest.n == 0 || rest.p[0] != ':')
			continue;
		*s = gw_slice(rest.p + 1, rest.n - 1);
		return true;
	}
	return false;
}

static bool cut_trailer(struct gw_slice *s, bool *reply)
{
	if (s->n && s->p[s->n - 1] == ' ') {
		s->n--;
		return true;
	}
	if (!ends_with(*s, GW_S("(fwd)")))
		return false;
	s->n -= 5;
	*reply = true;
	return true;
}

/* One round of steps (3) and (4): *subj-blob subj-refwd, or the blobs alone, of which the last stays when nothing else
 * would be left. A run of blobs is read once, so that a subject of nothing else costs no more than its length. */
static bool cut_prefix(struct gw_slice *s, bool *reply)
{
	struct gw_slice rest = skip_blanks(*s), last = rest;
	size_t before = s->n;
	bool refwd;

	*s = rest;
	while (cut_blob(&rest))
		if (rest.n)
			last = rest;
	refwd = cut_refwd(&rest);
	*s = refwd ? rest : last;
	*reply |= refwd;
	return refwd && s->n < before;
}

static struct gw_slice strip(struct gw_slice s, bool *reply)
{
	while (cut_trailer(&s, reply))
		;
	while (cut_prefix(&s, reply))
		;
	return s;
}

/* Every run of white space is one blank. */
static void squeeze(struct gw_slice s, struct gw_buf *out)
{
	bool blank = false;

	for (size_t i = 0; i < s.n; i++) {
		bool space = strchr(" \t\r\n", s.p[i]) && s.p[i];

		if (!space)
			gw_buf_add_char(out, s.p[i]);
		else if (!blank)
			gw_buf_add_char(out, ' ');
		blank = space;
	}
}

bool gw_base_subject(struct gw_slice subject, struct gw_buf *out)
{
	struct gw_buf line;
	struct gw_slice s;
	bool reply = false;

	gw_buf_init(&line, 0);
	squeeze(subject, &line);
	s = strip(gw_buf_slice(&line), &reply);
	while (gw_slice_startsi(s, GW_S("[fwd:")) && s.p[s.n - 1] == ']') {
		reply = true;
		s = strip(gw_slice(s.p + 5, s.n - 6), &reply);
	}
	gw_buf_add_slice(out, s);
	gw_buf_done(&line);
	return reply;
}

/* ---- message identifiers ---- */

bool gw_msgid_next(struct gw_slice *in, struct gw_slice *ret)
{
	while (in->n) {
		struct gw_slice rest;
		size_t n;

		gw_slice_take(in, gw_slice_find(*in, '<'));
		if (in->n == 0)
			return false;
		rest = gw_slice(in->p + 1, in->n - 1);
		for (n = 0; n < rest.n && rest.p[n] != '>' && rest.p[n] != '<'; n++)
			;
		gw_slice_take(in, 1 + n);
		if (n == rest.n || rest.p[n] == '<' || n == 0 || n > MSGID_MAX)
			continue;
		*ret = gw_slice(rest.p, n);
		return true;
	}
	return false;
}

void gw_msgid_normal(struct gw_slice id, struct gw_buf *out)
{
	bool quoted = false;

	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (c == '"') {
			quoted = !quoted;
			continue;
		}
		if (quoted && c == '\\' && i + 1 < id.n)
			c = id.p[++i];
		else if (!quoted && (unsigned char)c <= ' ')
			continue;
		if (c != '\n' && c != '\r' && c)
			gw_buf_add_char(out, c);
	}
}
