/* info.c - what a session says of itself, written and read without a lock (see session.h)
 *
 * Names are longer than what a processor writes at once. So a number goes with them that is odd while one of them is
 * being written: a reader that sees it odd or changed reads again. A session that died in the middle of a name leaves
 * it odd for ever; after some attempts the reader takes what is there, whose names end inside their arrays all the same.
 * Counters are words, and whole by themselves. */
#include "session/session.h"

#define ATTEMPTS 1000

/* Bytes of text that fit into cap with the NUL, without half a character at the end. */
static size_t fitting(struct gw_slice text, size_t cap)
{
	size_t n = text.n < cap - 1 ? text.n : cap - 1;

	if (n < text.n)
		while (n && ((unsigned char)text.p[n] & 0xC0) == 0x80)
			n--;
	return n;
}

void gw_info_name(struct gw_session_info *info, char *member, size_t cap, struct gw_slice text)
{
	uint32_t version = atomic_load_explicit(&info->version, memory_order_relaxed);
	size_t n = fitting(text, cap);

	atomic_store_explicit(&info->version, version + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	if (n)
		memcpy(member, text.p, n);
	member[n] = '\0';
	atomic_store_explicit(&info->version, version + 2, memory_order_release);
}

static void end_names(struct gw_session_info *info)
{
	info->user[sizeof info->user - 1] = '\0';
	info->mailbox[sizeof info->mailbox - 1] = '\0';
	info->client[sizeof info->client - 1] = '\0';
	info->command[sizeof info->command - 1] = '\0';
}

__attribute__((no_sanitize("thread"))) /* what is read while it is written is thrown away */
bool gw_info_read(const struct gw_session_info *info, struct gw_session_info *ret)
{
	bool whole = false;

	for (unsigned i = 0; i < ATTEMPTS && !whole; i++) {
		uint32_t version = atomic_load_explicit(&info->version, memory_order_acquire);

		memcpy(ret, info, sizeof *ret);
		atomic_thread_fence(memory_order_acquire);
		whole = !(version & 1) && atomic_load_explicit(&info->version, memory_order_relaxed) == version;
	}
	end_names(ret);
	return whole;
}
