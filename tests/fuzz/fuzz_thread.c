/* fuzz_thread.c - any messages are threaded as the model of RFC 5256 threads them */
#include "tests/unit/imap/thread_model.h"
#include "util/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROWS 64
#define REFS 6 /* at most, of a message */

static const char names[] = "abcdefghijklmnop";

/* A message: date, subject and reply, id, how many references, those. */
static bool take_row(const uint8_t **p, const uint8_t *end, struct thread_row *r, char *refs)
{
	size_t n;

	if (end - *p < 4)
		return false;
	r->sent = (int64_t)(*p)[0] - 128;
	r->subject = (*p)[1] % 8 ? gw_slice(&names[(*p)[1] % 8], 1) : GW_S("");
	r->reply = (*p)[1] & 0x80;
	r->id = (*p)[2] % 17 ? gw_slice(&names[(*p)[2] % 17 - 1], 1) : GW_S("");
	n = (*p)[3] % REFS;
	*p += 4;
	if ((size_t)(end - *p) < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		refs[2 * i] = names[(*p)[i] % 16];
		refs[2 * i + 1] = '\n';
	}
	r->references = gw_slice(refs, n ? 2 * n - 1 : 0);
	*p += n;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	struct thread_row v[ROWS];
	char refs[ROWS][2 * REFS];
	struct gw_buf got, model;
	int n = 0;

	for (; n < ROWS && take_row(&data, end, &v[n], refs[n]); n++)
		v[n].number = (uint32_t)n + 1;
	gw_buf_init(&got, 0);
	gw_buf_init(&model, 0);
	threads_of(IMAP_THREAD_REFERENCES, v, n, &got);
	model_threads(v, n, &model);
	if (!gw_slice_eq(gw_buf_slice(&got), gw_buf_slice(&model)))
		gw_bug("threads are not those of the model");
	got.n = 0;
	threads_of(IMAP_THREAD_ORDEREDSUBJECT, v, n, &got);
	gw_buf_done(&got);
	gw_buf_done(&model);
	return 0;
}
