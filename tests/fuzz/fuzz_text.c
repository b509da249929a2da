/* fuzz_text.c - the searchable text of any message is the same however it is read (if its lines are short), and a damaged part tree does no harm */
#include "store/derive.h"
#include "util/buf.h"
#include "util/err.h"
#include "util/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct given {
	struct gw_slice raw;
	size_t step; /* octets a read gives at most */
	struct gw_buf text;
};

static long give(void *ctx, uint64_t off, void *dst, size_t n)
{
	struct given *g = ctx;

	if (off >= g->raw.n)
		return 0;
	if (n > g->raw.n - off)
		n = (size_t)(g->raw.n - off);
	if (n > g->step)
		n = g->step;
	memcpy(dst, g->raw.p + off, n);
	return (long)n;
}

static bool take(void *ctx, struct gw_slice text, enum gw_text_scope part)
{
	struct given *g = ctx;

	if (text.n > 65536 || !gw_utf8_valid(text))
		gw_bug("a piece is too long or cut inside a character");
	(void)part;
	return gw_buf_add_slice(&g->text, text);
}

static void extract(struct given *g, struct gw_slice parts)
{
	gw_text_extract(parts, GW_TEXT_HEADER | GW_TEXT_BODY, give, g, take, g);
}

/* Of longer lines a decoder that is given pieces sees no more than it can hold back (mime/decode.h). */
static bool lines_are_short(struct gw_slice s)
{
	while (s.n) {
		size_t n = gw_slice_find(s, '\n');

		if (n > 76)
			return false;
		gw_slice_take(&s, n < s.n ? n + 1 : n);
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gw_slice message = { (const char *)data + 1, size ? size - 1 : 0 };
	struct given whole = { message, 1 << 20, { 0 } }, pieces = { message, size ? data[0] % 64u + 1 : 1, { 0 } };
	struct gw_deriver *d = gw_deriver_new();
	struct gw_derived derived;
	struct gw_arena arena;

	gw_arena_init(&arena, 0, 0);
	gw_deriver_feed(d, message);
	gw_deriver_finish(d, &arena, &derived);
	extract(&whole, derived.parts);
	extract(&pieces, derived.parts);
	if (lines_are_short(message) && !gw_slice_eq(gw_buf_slice(&whole.text), gw_buf_slice(&pieces.text)))
		gw_bug("the text depends on how the message is read");
	whole.text.n = 0;
	extract(&whole, message); /* as if a damaged tree */
	gw_buf_done(&whole.text);
	gw_buf_done(&pieces.text);
	gw_deriver_free(d);
	gw_arena_done(&arena);
	return 0;
}
