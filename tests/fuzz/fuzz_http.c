/* Heads of HTTP requests: whatever comes, the answer is one of few, points into what came, and does not depend on how
 * it was cut. */
#include "ctl/http.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void inside(struct gw_slice part, struct gw_slice whole)
{
	check(part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n) || gw_slice_eq(part, GW_S("/")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gw_slice whole = gw_slice((const char *)data, size);
	struct gw_http_request r;
	int status = gw_http_parse(whole, &r), first = 0;

	check(status == 0 || status == 200 || status == 400 || status == 431 || status == 505);
	check(status != 0 || size < GW_HTTP_HEAD_MAX);
	if (status == 200) {
		inside(r.method, whole);
		inside(r.path, whole);
		inside(r.accept, whole);
		check(r.method.n && r.path.n && r.path.p[0] == '/');
		gw_http_accepts(r.accept, GW_S("application/openmetrics-text"));
	}
	/* A server looks after each piece: the first verdict stands. */
	for (size_t n = 0; n <= size && size < 512 && first == 0; n++)
		first = gw_http_parse(gw_slice(whole.p, n), &r);
	check(size >= 512 || first == status);
	return 0;
}
