/* fuzz_pop3.c - a POP3 session in the TRANSACTION state, against any bytes */
#include "tests/fuzz/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_session(&gw_pop3_proto, "USER bert\r\nPASS bert\r\n", data, size);
	return 0;
}
