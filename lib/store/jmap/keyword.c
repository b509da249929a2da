/* keyword.c - keywords of JMAP and flags of IMAP (RFC 8621 4.1.1, RFC 9051 2.3.2) */
#include "store/jmap/ids.h"
#include "store/jmap/wire.h"

#include "store/index.h"

static const struct {
	const char *keyword, *flag;
	uint64_t bit;
} system_flags[JMAP_SYSTEM_KEYWORDS] = {
	{ "$seen", "\\Seen", GW_FLAG_SEEN },
	{ "$answered", "\\Answered", GW_FLAG_ANSWERED },
	{ "$flagged", "\\Flagged", GW_FLAG_FLAGGED },
	{ "$draft", "\\Draft", GW_FLAG_DRAFT },
};

/* Servers answer in lower case; this is how clients and the IANA registry write them. */
static const char *const spellings[] = { "$Forwarded", "$MDNSent", "$SubmitPending", "$Submitted", "$Junk", "$NotJunk",
	"$Phishing", "$Important", "$Label1", "$Label2", "$Label3", "$Label4", "$Label5", "$MailFlagBit0",
	"$MailFlagBit1", "$MailFlagBit2", "$CanUnsubscribe", "$IsTrusted", "$MaskedEmail", "Forwarded", "Junk",
	"NonJunk", "NotJunk", "JunkRecorded", "MDNSent", "Old" };

/* What the server alone sets (the IANA registry's $hasattachment), and what would look like \Deleted and \Recent, which
 * JMAP does not have (RFC 8621 4.1.1): never shown, never set. */
static const char *const hidden[] = { "$hasattachment", "$hasnoattachment", "$deleted", "$recent" };

static bool is_hidden(struct gw_slice keyword)
{
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (gw_slice_eqi(keyword, gw_slice_str(hidden[i])))
			return true;
	return false;
}

static uint64_t system_bit(struct gw_slice keyword)
{
	for (size_t i = 0; i < JMAP_SYSTEM_KEYWORDS; i++)
		if (gw_slice_eqi(keyword, gw_slice_str(system_flags[i].keyword)))
			return system_flags[i].bit;
	return 0;
}

static struct gw_slice spelled(struct gw_slice keyword, struct gw_arena *arena)
{
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
		if (gw_slice_eqi(keyword, gw_slice_str(spellings[i])))
			return gw_slice_str(spellings[i]);
	return gw_arena_dup(arena, keyword);
}

uint64_t jmap_flags(
	const struct gw_slice *keywords, size_t n, struct gw_arena *arena, struct gw_slice **ret, size_t *ret_n)
{
	uint64_t flags = 0;

	*ret = gw_arena_calloc(arena, n + 1, sizeof **ret);
	*ret_n = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t bit = system_bit(keywords[i]);

		flags |= bit;
		if (bit == 0 && !is_hidden(keywords[i]))
			(*ret)[(*ret_n)++] = spelled(keywords[i], arena);
	}
	return flags;
}

size_t jmap_system_keywords(uint64_t flags, struct gw_slice ret[JMAP_SYSTEM_KEYWORDS])
{
	size_t n = 0;

	for (size_t i = 0; i < JMAP_SYSTEM_KEYWORDS; i++)
		if (flags & system_flags[i].bit)
			ret[n++] = gw_slice_str(system_flags[i].keyword);
	return n;
}

struct gw_slice jmap_keyword(struct gw_slice imap_flag, struct gw_arena *arena)
{
	char *p;

	for (size_t i = 0; i < JMAP_SYSTEM_KEYWORDS; i++)
		if (gw_slice_eqi(imap_flag, gw_slice_str(system_flags[i].flag)))
			return gw_slice_str(system_flags[i].keyword);
	/* A keyword "$seen" would come back as \Seen. What a patch has to escape (RFC 6901 3) becomes another word on
	 * Cyrus. */
	if (!jmap_keyword_ok(imap_flag) || system_bit(imap_flag) || is_hidden(imap_flag) ||
		memchr(imap_flag.p, '/', imap_flag.n) || memchr(imap_flag.p, '~', imap_flag.n))
		return GW_S("");
	p = gw_arena_str(arena, imap_flag);
	for (size_t i = 0; i < imap_flag.n; i++)
		p[i] = gw_lower(p[i]);
	return gw_slice(p, imap_flag.n);
}
