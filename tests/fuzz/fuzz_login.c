/* fuzz_login.c - an IMAP session before login, against any bytes: what it answers is IMAP, and nobody's mail changes */
#include "tests/fuzz/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_imap_session("", data, size);
	return 0;
}
