/* progress.c - a command that takes long (see progress.h) */
#include "imap/progress.h"

void imap_progress_begin(struct imap_progress *p, const struct gw_clock *clock)
{
	p->clock = clock;
	p->told_ms = gw_mono_ms(clock);
	p->until_us = 0;
}

void imap_progress_step(struct imap_progress *p)
{
	p->until_us = gw_mono_us(p->clock) + IMAP_STEP_US;
}

bool imap_progress_enough(void *ctx)
{
	const struct imap_progress *p = ctx;

	return gw_mono_us(p->clock) >= p->until_us;
}

/* A tag may hold a bracket that ends the response code for who does not look at quotes: such a tag is not told. */
static void put_tag(const struct imap_task *t, struct gw_out *out)
{
	if (gw_slice_find(t->tag, ']') < t->tag.n) {
		gw_out_lit(out, "NIL");
		return;
	}
	gw_out_char(out, '"');
	gw_out_add(out, t->tag.p, t->tag.n); /* no tag holds a quote or a backslash (RFC 3501 section 9) */
	gw_out_char(out, '"');
}

void imap_progress_tell(struct imap_progress *p, const struct imap_session *s, const struct imap_task *t, uint64_t n,
			uint64_t goal, struct gw_out *out)
{
	uint64_t now = gw_mono_ms(p->clock);

	if (now - p->told_ms < IMAP_PROGRESS_MS || !imap_offers(s, "INPROGRESS"))
		return;
	p->told_ms = now;
	for (; goal > UINT32_MAX; goal >>= 1) /* a number has 32 bits (RFC 3501 section 9) */
		n >>= 1;
	if (goal && n >= goal) /* that it is done is told by the tagged response */
		n = goal - 1;
	gw_out_lit(out, "* OK [INPROGRESS (");
	put_tag(t, out);
	gw_out_char(out, ' ');
	if (goal) {
		gw_out_u64(out, n);
		gw_out_char(out, ' ');
		gw_out_u64(out, goal);
	} else {
		gw_out_lit(out, "NIL NIL");
	}
	gw_out_lit(out, ")] Still working\r\n");
}
