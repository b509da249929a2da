/* line.c - cutting commands off the stream
 *
 * The one place that knows what "not whole yet" means. A line ends with CRLF and has no NUL; anything else ends the
 * session, since nobody can say what the rest of the stream would be. A line that arrives in one piece is not copied. */
#include "pop3/pop3.h"

static enum pop3_line finish(struct gw_slice line, size_t max, struct gw_slice *ret)
{
	if (line.n < 2 || line.p[line.n - 2] != '\r')
		return POP3_LINE_BAD;
	line.n -= 2;
	if (line.n > max || memchr(line.p, '\0', line.n))
		return POP3_LINE_BAD;
	*ret = line;
	return POP3_LINE_WHOLE;
}

/* Does the line begin with AUTH and a blank? A part of it may have come before. */
static bool is_auth(struct gw_slice before, struct gw_slice part)
{
	static const char word[] = "AUTH ";

	for (size_t i = 0; i < sizeof word - 1; i++) {
		char c = i < before.n ? before.p[i] : i - before.n < part.n ? part.p[i - before.n] : '\0';

		if (gw_upper(c) != word[i])
			return false;
	}
	return true;
}

enum pop3_line pop3_line_next(struct gw_buf *kept, struct gw_slice *in, size_t max, struct gw_slice *ret)
{
	struct gw_slice part;
	size_t n;

	if (kept->n && kept->p[kept->n - 1] == '\n')
		gw_buf_done(kept); /* the line of the call before */
	if (in->n == 0)
		return POP3_LINE_MORE;
	n = gw_slice_find(*in, '\n');
	part = gw_slice_take(in, n < in->n ? n + 1 : n);
	if (max < POP3_SASL_LINE_MAX && is_auth(gw_buf_slice(kept), part))
		max = POP3_SASL_LINE_MAX;
	if (kept->n + part.n > max + 2)
		return POP3_LINE_BAD;
	if (kept->n == 0 && part.p[part.n - 1] == '\n')
		return finish(part, max, ret);
	gw_buf_add_slice(kept, part);
	if (kept->p[kept->n - 1] != '\n')
		return POP3_LINE_MORE;
	return finish(gw_buf_slice(kept), max, ret);
}
