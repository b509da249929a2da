/* fuzz_unbinary.c - a message whose parts of encoding binary become base64 is the message it was, or is refused (RFC 3516 4.4) */
#include "tests/unit/mime/unbinarytest.h"

#include "util/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whoever stores the result refuses what does not fit; what fits must be the same. */
static void check(const struct seen *before, const struct gw_buf *out, struct gw_arena *arena)
{
	struct seen now = see(gw_buf_slice(out), arena);
	const char *wrong;

	if (!gw_unbinary_fits(before->packed, now.packed))
		return;
	wrong = compare_seen(before, &now);
	if (wrong)
		gw_bug(wrong);
}

/* A tree that is not of this message does no harm. */
static void with_tree_of_another(struct gw_slice message, struct gw_slice packed, struct gw_buf *out)
{
	struct seen x = { .message = message, .packed = packed };
	struct gw_err err = { 0 };

	out->n = 0;
	unbinary(&x, out, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gw_slice message = { (const char *)data, size };
	struct gw_arena arena;
	struct gw_err err = { 0 };
	struct gw_buf out;
	struct seen x;
	int rc;

	gw_arena_init(&arena, 0, 0);
	gw_buf_init(&out, 0);
	x = see(message, &arena);
	rc = unbinary(&x, &out, &err);
	if (rc == 0)
		check(&x, &out, &arena);
	else if (rc != GW_EINVAL || out.n)
		gw_bug("a message is refused too late, or for another reason");
	with_tree_of_another(gw_slice(message.p + size / 2, size - size / 2), x.packed, &out);
	with_tree_of_another(message, gw_slice(message.p + size / 2, size - size / 2), &out);
	gw_buf_done(&out);
	gw_arena_done(&arena);
	return 0;
}
