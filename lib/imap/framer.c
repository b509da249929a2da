/* framer.c - cut a byte stream into commands (see framer.h)
 *
 * The command that is being read is either a stretch at the front of the input (direct octets long) or, once it did not
 * come in one piece, the content of buf. seen() is the command so far and rest() the input behind it; extend() moves
 * the border. Everything else is written in these terms and does not care which of the two it is.
 *
 * After a refusal the framer knows exactly how the client goes on: not at all when it waits for a "+" that never comes,
 * or with a literal of known length and the rest of the line. That is thrown away without being kept; only the last
 * octets of the line are remembered, because they may announce one more literal. */
#include "imap/framer.h"

#include "imap/parse.h"

#define LITERAL_MINUS_MAX 4096 /* RFC 7888 section 5 */

#define PRELOGIN_LITERALS_MAX 2
#define PRELOGIN_SWALLOW_MAX (64u * 1024)
#define LITERALS_MAX 1000
#define LITERALS_SUM_MAX (1024u * 1024)

struct imap_framer_limits imap_framer_limits(bool signed_on, size_t line_max, size_t literal_max, uint64_t append_max)
{
	if (!signed_on)
		return (struct imap_framer_limits){
			.line_max = line_max,
			.literal_max = literal_max,
			.literals_max = PRELOGIN_LITERALS_MAX,
			.literals_sum_max = PRELOGIN_LITERALS_MAX * literal_max,
			.swallow_max = PRELOGIN_SWALLOW_MAX,
			.nonsync = IMAP_NONSYNC_PLUS,
		};
	return (struct imap_framer_limits){
		.line_max = line_max,
		.literal_max = literal_max,
		.literals_max = LITERALS_MAX,
		.literals_sum_max = literal_max > LITERALS_SUM_MAX ? literal_max : LITERALS_SUM_MAX,
		.append_max = append_max,
		/* Disconnecting a client that sends a message too big makes it come back with the same message. */
		.swallow_max = append_max < UINT64_MAX / 2 ? 2 * append_max : UINT64_MAX,
		.nonsync = IMAP_NONSYNC_PLUS,
	};
}

void imap_framer_init(struct imap_framer *f, const struct imap_framer_limits *limits)
{
	*f = (struct imap_framer){ .limits = *limits };
	gw_buf_init(&f->buf, 0); /* what goes in is checked against the limits first */
	f->buf.wipe = true;      /* a LOGIN may be in it */
}

void imap_framer_done(struct imap_framer *f)
{
	gw_buf_done(&f->buf);
}

/* ---- the command so far, and what is behind it ---- */

static struct gw_slice seen(const struct imap_framer *f, const struct gw_slice *in)
{
	return f->buf.n ? gw_buf_slice(&f->buf) : gw_slice(in->p, f->direct);
}

static struct gw_slice rest(const struct imap_framer *f, const struct gw_slice *in)
{
	return gw_slice(in->p + f->direct, in->n - f->direct);
}

static void extend(struct imap_framer *f, struct gw_slice *in, size_t n)
{
	if (f->buf.n)
		gw_buf_add_slice(&f->buf, gw_slice_take(in, n));
	else
		f->direct += n;
}

/* The input will be gone when we are called again: keep what is ours. */
static void keep(struct imap_framer *f, struct gw_slice *in)
{
	if (f->direct)
		gw_buf_add_slice(&f->buf, gw_slice_take(in, f->direct));
	f->direct = 0;
}

/* Give the command so far to the caller, who has it until the next call. */
static struct gw_slice hand(struct imap_framer *f, struct gw_slice *in)
{
	struct gw_slice all = seen(f, in);

	gw_slice_take(in, f->direct);
	f->direct = 0;
	f->handed = f->buf.n > 0;
	return all;
}

static void begin_command(struct imap_framer *f)
{
	f->line_at = f->line_octets = 0;
	f->literal_left = 0;
	f->literals = f->literals_sum = 0;
	f->appending = false;
}

static void forget_handed(struct imap_framer *f)
{
	if (f->handed)
		gw_buf_done(&f->buf);
	f->handed = false;
}

void imap_framer_reset(struct imap_framer *f)
{
	if (!f->handed)
		gw_buf_done(&f->buf);
	begin_command(f);
}

bool imap_framer_idle(const struct imap_framer *f)
{
	return (f->buf.n == 0 || f->handed) && !f->appending && !f->skip && !f->skip_line;
}

/* ---- throwing away ---- */

/* Throw away a literal and what follows it. False: that is more than we are willing to read. */
static bool skip_literal(struct imap_framer *f, uint64_t size)
{
	f->skip_line = true;
	f->tail_n = 0;
	if (size > f->limits.swallow_max || f->skipped > f->limits.swallow_max - size) {
		f->lost = true;
		return false;
	}
	f->skip = size;
	f->skipped += size;
	return true;
}

/* Remember the last octets of the line. */
static void remember_tail(struct imap_framer *f, struct gw_slice s)
{
	size_t max = sizeof f->tail, keep_n;

	if (s.n >= max) {
		memcpy(f->tail, s.p + s.n - max, max);
		f->tail_n = (unsigned)max;
		return;
	}
	keep_n = f->tail_n < max - s.n ? f->tail_n : max - s.n;
	memmove(f->tail, f->tail + f->tail_n - keep_n, keep_n);
	memcpy(f->tail + keep_n, s.p, s.n);
	f->tail_n = (unsigned)(keep_n + s.n);
}

static struct gw_slice without_line_end(struct gw_slice line)
{
	if (line.n && line.p[line.n - 1] == '\n')
		line.n--;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* Digits and "}" or "+}" as far back as we remember: an announcement of unknown size. */
static bool endless_number(struct gw_slice tail, size_t max)
{
	size_t i = tail.n;

	if (tail.n + 2 < max || i == 0 || tail.p[--i] != '}')
		return false;
	if (i && tail.p[i - 1] == '+')
		i--;
	while (i && imap_is(tail.p[i - 1], IMAP_CT_DIGIT))
		i--;
	return i == 0;
}

static void skipped_line_ends(struct imap_framer *f)
{
	struct gw_slice tail = without_line_end(gw_slice(f->tail, f->tail_n));
	struct imap_literal lit;

	f->skip_line = false;
	if (f->skip_plain) {
		f->skip_plain = false;
		return;
	}
	if (imap_line_announces(tail, &lit, NULL)) {
		if (lit.nonsync) /* else the client has our answer and does not send it */
			skip_literal(f, lit.size);
	} else if (endless_number(tail, sizeof f->tail)) {
		f->lost = true;
	}
}

static void skip_some(struct imap_framer *f, struct gw_slice *in)
{
	const char *nl;
	size_t n;

	if (f->skip) {
		n = f->skip < in->n ? (size_t)f->skip : in->n;
		gw_slice_take(in, n);
		f->skip -= n;
		return;
	}
	nl = memchr(in->p, '\n', in->n);
	n = nl ? (size_t)(nl - in->p) + 1 : in->n;
	f->skipped += n;
	remember_tail(f, gw_slice_take(in, n));
	if (f->skipped > f->limits.swallow_max)
		f->lost = true;
	else if (nl)
		skipped_line_ends(f);
}

void imap_framer_swallow(struct imap_framer *f, uint64_t left)
{
	imap_framer_reset(f);
	f->skip = left;
	f->skip_line = true;
	f->skipped = 0;
	f->tail_n = 0;
}

/* ---- refusing ---- */

static const struct {
	const char *code, *text;
	bool no;
} refusals[] = {
	[IMAP_REFUSE_LINE_TOO_LONG] = { "TOOBIG", "The command line is too long", false },
	[IMAP_REFUSE_LITERAL_TOO_BIG] = { "TOOBIG", "The literal is too big", false },
	[IMAP_REFUSE_LITERALS] = { "LIMIT", "The command has too many literals", true },
	[IMAP_REFUSE_MESSAGE_TOO_BIG] = { "TOOBIG", "The message is too big", true },
	[IMAP_REFUSE_NONSYNC] = { NULL, "This literal has to be a synchronising one", false },
	[IMAP_REFUSE_NUL] = { NULL, "The command has a NUL in it", false },
	[IMAP_REFUSE_LOST] = { "TOOBIG", "Too much to skip", false },
	[IMAP_REFUSE_NONSYNC_TOO_BIG] = { "TOOBIG", "A literal of more than 4096 octets has to be a synchronising one", false },
	[IMAP_REFUSE_ANNOTATION_TOO_BIG] = { "ANNOTATE TOOBIG", "The value is too long", true },
	[IMAP_REFUSE_VALUE_TOO_BIG] = { "TOOBIG", "The value is too long", true },
};

static enum imap_frame refuse(struct imap_framer *f, enum imap_refusal_reason reason, struct gw_slice *in,
			      struct gw_slice *ret)
{
	bool first = !f->appending;

	*ret = hand(f, in);
	begin_command(f);
	f->refusal = (struct imap_refusal){
		.reason = reason,
		.tag = first ? imap_find_tag(*ret) : gw_slice("", 0),
		.text = refusals[reason].text,
		.code = refusals[reason].code,
		.no = refusals[reason].no,
		.fatal = f->lost,
	};
	return IMAP_FRAME_REFUSE;
}

/* Refuse a command at the end of one of its lines. lit: what that line announces, or NULL. */
static enum imap_frame refuse_at_line_end(struct imap_framer *f, enum imap_refusal_reason reason,
					  const struct imap_literal *lit, struct gw_slice *in, struct gw_slice *ret)
{
	f->skipped = 0;
	if (lit && lit->nonsync)
		skip_literal(f, lit->size);
	return refuse(f, reason, in, ret);
}

/* plain: the line is no command, it announces nothing. */
static enum imap_frame refuse_long_line(struct imap_framer *f, bool plain, struct gw_slice *in, struct gw_slice *ret)
{
	struct gw_slice line = seen(f, in);

	f->skip = 0;
	f->skip_line = true;
	f->skip_plain = plain;
	f->skipped = 0;
	f->tail_n = 0;
	remember_tail(f, gw_slice(line.p + f->line_at, line.n - f->line_at));
	refuse(f, IMAP_REFUSE_LINE_TOO_LONG, in, ret);
	if (f->refusal.tag.n == ret->n) /* it may go on */
		f->refusal.tag.n = 0;
	return IMAP_FRAME_REFUSE;
}

/* ---- reading ---- */

enum line_result { LINE_WHOLE, LINE_OPEN, LINE_LONG };

/* Extend the command up to and with the next line end. line_max: octets its lines may have together. */
static enum line_result read_line(struct imap_framer *f, size_t line_max, struct gw_slice *in)
{
	size_t room = line_max > f->line_octets ? line_max - f->line_octets : 0;
	struct gw_slice more = rest(f, in);
	size_t n = more.n < room ? more.n : room;
	const char *nl = n ? memchr(more.p, '\n', n) : NULL;

	if (nl)
		n = (size_t)(nl - more.p) + 1;
	extend(f, in, n);
	f->line_octets += n;
	if (nl)
		return LINE_WHOLE;
	return n == room ? LINE_LONG : LINE_OPEN;
}

/* The verb of APPEND, or REPLACE or UID REPLACE with the number of a message (RFC 8508 5). */
static bool get_appending_verb(struct gw_slice *command)
{
	if (imap_get_word(command, GW_S("APPEND")))
		return true;
	if (imap_get_word(command, GW_S("UID")) && !imap_get_sp(command))
		return false;
	if (!imap_get_word(command, GW_S("REPLACE")) || !imap_get_sp(command))
		return false;
	gw_slice_take(command, gw_slice_find(*command, ' '));
	return true;
}

/* Is the literal that the command announces a message of APPEND or REPLACE? command: up to the announcement. */
static bool is_message(const struct imap_framer *f, struct gw_slice command)
{
	struct gw_slice tag;

	if (f->limits.append_max == 0)
		return false;
	if (f->appending)
		return !imap_ends_in_annotation(command);
	if (!imap_get_tag(&command, &tag) || !imap_get_sp(&command) || !get_appending_verb(&command) ||
	    !imap_get_sp(&command))
		return false;
	/* Else it is the mailbox name, or a value. */
	return command.n > 0 && !(imap_skip_astring(&command) && imap_ends_in_annotation(command));
}

static bool nonsync_refused(const struct imap_framer *f, const struct imap_literal *lit)
{
	if (!lit->nonsync || f->limits.nonsync == IMAP_NONSYNC_PLUS)
		return false;
	return f->limits.nonsync == IMAP_NONSYNC_NO || lit->size > LITERAL_MINUS_MAX;
}

static bool is_setmetadata(struct gw_slice command)
{
	struct gw_slice tag;

	return imap_get_tag(&command, &tag) && imap_get_sp(&command) && imap_get_prefix(&command, GW_S("SETMETADATA "));
}

/* A value of STORE, or of APPEND, whose literals that are not messages are values. */
static bool is_annotation(const struct imap_framer *f, struct gw_slice command)
{
	struct gw_slice tag;

	if (f->limits.append_max == 0)
		return false;
	if (f->appending)
		return true;
	if (!imap_get_tag(&command, &tag) || !imap_get_sp(&command))
		return false;
	if (imap_get_word(&command, GW_S("UID")))
		imap_get_sp(&command);
	if (imap_get_prefix(&command, GW_S("APPEND ")) || imap_get_prefix(&command, GW_S("REPLACE ")))
		return command.n > 0;
	if (!imap_get_prefix(&command, GW_S("STORE ")))
		return false;
	gw_slice_take(&command, gw_slice_find(command, ' '));
	return imap_ends_in_annotation(command);
}

/* RFC 7888 5: with LITERAL- the answer has the code TOOBIG. */
static enum imap_refusal_reason nonsync_reason(const struct imap_framer *f)
{
	return f->limits.nonsync == IMAP_NONSYNC_NO ? IMAP_REFUSE_NONSYNC : IMAP_REFUSE_NONSYNC_TOO_BIG;
}

static enum imap_refusal_reason big_reason(const struct imap_framer *f, const struct imap_literal *lit, struct gw_slice command)
{
	if (lit->size <= f->limits.literal_max)
		return IMAP_REFUSE_LITERAL_TOO_BIG;
	if (is_setmetadata(command))
		return IMAP_REFUSE_VALUE_TOO_BIG;
	return is_annotation(f, command) ? IMAP_REFUSE_ANNOTATION_TOO_BIG : IMAP_REFUSE_LITERAL_TOO_BIG;
}

static bool literal_too_big(const struct imap_framer *f, const struct imap_literal *lit)
{
	uint64_t sum;

	return lit->size > f->limits.literal_max || __builtin_add_overflow(lit->size, f->literals_sum, &sum) ||
	       sum > f->limits.literals_sum_max;
}

/* The end of a line that announces f->literal, with command before it. */
static enum imap_frame announced(struct imap_framer *f, struct gw_slice command, struct gw_slice *in,
				 struct gw_slice *ret, bool *ret_again)
{
	const struct imap_literal *lit = &f->literal;
	bool message = is_message(f, command);

	if (nonsync_refused(f, lit))
		return refuse_at_line_end(f, nonsync_reason(f), lit, in, ret);
	if (message && lit->size > f->limits.append_max)
		return refuse_at_line_end(f, IMAP_REFUSE_MESSAGE_TOO_BIG, lit, in, ret);
	if (message) {
		*ret = without_line_end(hand(f, in));
		begin_command(f);
		f->appending = true;
		return IMAP_FRAME_STREAM;
	}
	if (f->literals >= f->limits.literals_max)
		return refuse_at_line_end(f, IMAP_REFUSE_LITERALS, lit, in, ret);
	if (literal_too_big(f, lit))
		return refuse_at_line_end(f, big_reason(f, lit, command), lit, in, ret);
	f->literals++;
	f->literals_sum += (size_t)lit->size;
	f->literal_left = lit->size;
	f->line_at = seen(f, in).n + (size_t)lit->size;
	if (lit->nonsync) {
		*ret_again = true;
		return IMAP_FRAME_MORE;
	}
	keep(f, in);
	return IMAP_FRAME_CONTINUE;
}

/* Blanks at the end of the last line: no command ends with one, but some devices send them. They stay where the line
 * would look like the announcement of a literal without them. */
static size_t trailing_blanks(struct gw_slice line)
{
	size_t n = 0;

	while (n < line.n && line.p[line.n - 1 - n] == ' ')
		n++;
	return n < line.n && line.p[line.n - 1 - n] == '}' ? 0 : n;
}

static enum imap_frame line_ends(struct imap_framer *f, struct gw_slice *in, struct gw_slice *ret, bool *ret_again)
{
	struct gw_slice all = seen(f, in);
	struct gw_slice line = without_line_end(gw_slice(all.p + f->line_at, all.n - f->line_at));
	struct imap_literal lit;
	size_t head;
	bool announces = imap_line_announces(line, &lit, &head);

	if (memchr(line.p, '\0', line.n))
		return refuse_at_line_end(f, IMAP_REFUSE_NUL, announces ? &lit : NULL, in, ret);
	if (announces) {
		f->literal = lit;
		return announced(f, gw_slice(all.p, f->line_at + head), in, ret, ret_again);
	}
	*ret = without_line_end(hand(f, in));
	ret->n -= trailing_blanks(line);
	begin_command(f);
	return IMAP_FRAME_COMMAND;
}

/* One more piece of the command. *ret_again: there is more to look at in the input. */
static enum imap_frame piece(struct imap_framer *f, struct gw_slice *in, struct gw_slice *ret, bool *ret_again)
{
	if (f->literal_left) {
		struct gw_slice more = rest(f, in);
		size_t n = f->literal_left < more.n ? (size_t)f->literal_left : more.n;

		extend(f, in, n);
		f->literal_left -= n;
		*ret_again = f->literal_left == 0;
		return IMAP_FRAME_MORE;
	}
	switch (read_line(f, f->limits.line_max, in)) {
	case LINE_WHOLE:
		return line_ends(f, in, ret, ret_again);
	case LINE_LONG:
		return refuse_long_line(f, false, in, ret);
	case LINE_OPEN:
		break;
	}
	return IMAP_FRAME_MORE;
}

/* Throw away what is to be thrown away. True: the framer has just lost its way, which is told once. */
static bool skip_all(struct imap_framer *f, struct gw_slice *in)
{
	bool was_lost = f->lost;

	if (!f->skip && !f->skip_line && !f->lost)
		return false;
	while (in->n && !f->lost && (f->skip || f->skip_line))
		skip_some(f, in);
	if (f->lost)
		gw_slice_take(in, in->n);
	return f->lost && !was_lost;
}

enum imap_frame imap_framer_next(struct imap_framer *f, struct gw_slice *in, struct gw_slice *ret)
{
	enum imap_frame frame = IMAP_FRAME_MORE;
	bool again = true;

	forget_handed(f);
	if (skip_all(f, in))
		return refuse(f, IMAP_REFUSE_LOST, in, ret);
	while (again && in->n > f->direct) {
		again = false;
		frame = piece(f, in, ret, &again);
	}
	if (frame == IMAP_FRAME_MORE)
		keep(f, in);
	return frame;
}

enum imap_frame imap_framer_line(struct imap_framer *f, size_t max, struct gw_slice *in, struct gw_slice *ret)
{
	forget_handed(f);
	if (skip_all(f, in))
		return refuse(f, IMAP_REFUSE_LOST, in, ret);
	if (in->n == 0)
		return IMAP_FRAME_MORE;
	switch (read_line(f, max, in)) {
	case LINE_LONG:
		refuse_long_line(f, true, in, ret);
		f->refusal.tag.n = 0;
		return IMAP_FRAME_REFUSE;
	case LINE_OPEN:
		keep(f, in);
		return IMAP_FRAME_MORE;
	case LINE_WHOLE:
		break;
	}
	if (memchr(seen(f, in).p, '\0', seen(f, in).n)) {
		refuse_at_line_end(f, IMAP_REFUSE_NUL, NULL, in, ret);
		f->refusal.tag.n = 0;
		return IMAP_FRAME_REFUSE;
	}
	*ret = without_line_end(hand(f, in));
	begin_command(f);
	return IMAP_FRAME_COMMAND;
}
