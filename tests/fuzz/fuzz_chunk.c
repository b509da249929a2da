/* fuzz_chunk.c - packed lists of messages as a damaged database may hold them: unpack, pack, unpack gives the same */
#include "store/account/chunk.h"
#include "util/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gw_chunk a, b;
	char out[GW_CHUNK_BYTES_MAX];
	struct gw_set set;
	size_t n;

	if (size < 1)
		return 0;
	gw_set_init(&set);
	gw_ranges_unpack(gw_slice((const char *)data, size), &set);
	gw_set_done(&set);
	if (!gw_chunk_unpack(gw_slice((const char *)data + 1, size - 1), data[0], &a))
		return 0;
	n = gw_chunk_pack(&a, out);
	if (!gw_chunk_unpack(gw_slice(out, n), a.n, &b) || memcmp(a.e, b.e, a.n * sizeof *a.e) != 0)
		gw_bug("a chunk changes when it is packed again");
	return 0;
}
