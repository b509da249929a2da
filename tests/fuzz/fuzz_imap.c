/* fuzz_imap.c - an IMAP session that is signed on and has a mailbox with messages selected, against any bytes; what it
 * and others are told of the mailbox must fit together */
#include "tests/fuzz/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char setup[] =
	"s1 LOGIN anna anna\r\n"
	"s2 APPEND fuzz (\\Seen) {78+}\r\n"
	"From: a@example.org\r\n"
	"Subject: =?utf-8?q?one?=\r\n"
	"Content-Type: text/plain\r\n"
	"\r\n"
	"x\r\n\r\n"
	"s3 APPEND fuzz ($Work) {17+}\r\nSubject: two\r\n\r\n\r\n"
	"s4 APPEND fuzz {19+}\r\nSubject: three\r\n\r\n\r\n"
	"s5 SELECT fuzz\r\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_imap_session(setup, data, size);
	return 0;
}
