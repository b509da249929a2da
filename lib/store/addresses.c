/* addresses.c - the addresses of a message as text (see addresses.h) */
#include "store/addresses.h"

#include <stdlib.h>

#include "mime/words.h"
#include "text/casemap.h"
#include "util/mem.h"

void gw_address_text(struct gw_slice envelope, enum gw_envelope_list which, struct gw_buf *out)
{
	char *scratch = gw_xalloc(envelope.n + 1);
	struct gw_buf written, decoded;

	gw_buf_init(&written, 0);
	gw_buf_init(&decoded, 0);
	gw_envelope_put_text(envelope, which, scratch, &written);
	gw_words_decode(gw_buf_slice(&written), &decoded);
	gw_casemap(gw_buf_slice(&decoded), out);
	gw_buf_done(&written);
	gw_buf_done(&decoded);
	free(scratch);
}
