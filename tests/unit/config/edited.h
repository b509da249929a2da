/* edited.h - the tests of edits: running one, and files made at random (always the same ones) */
#ifndef GW_TESTS_CONFIG_EDITED_H
#define GW_TESTS_CONFIG_EDITED_H

#include "config/edit.h"
#include "tests/unit/config/load.h"

/* An edit at work: the new text and the list. */
struct edited {
	struct gw_buf out;
	struct gw_edits edits;
	int rc;
};

static inline void edited_init(struct edited *e)
{
	*e = (struct edited){ 0 };
	gw_buf_init(&e->out, 0);
	gw_edits_init(&e->edits);
}

static inline void edited_done(struct edited *e)
{
	gw_buf_done(&e->out);
	gw_edits_done(&e->edits);
}

static inline const struct gw_option *row(const char *name)
{
	const struct gw_option *opt = gw_option_find(gw_slice_str(name));

	ck_assert_msg(opt != NULL, "%s", name);
	return opt;
}

static inline void same_bytes(struct gw_slice have, struct gw_slice want, const char *what)
{
	ck_assert_msg(gw_slice_eq(have, want), "%s:\n--- have\n%.*s\n--- want\n%.*s\n---", what, GW_FMT(have), GW_FMT(want));
}

/* ---- files at random ---- */

static inline unsigned dice(uint64_t *seed, unsigned sides)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % sides;
}

static inline const char *pick(uint64_t *seed, const char *const *v, size_t n)
{
	return v[dice(seed, (unsigned)n)];
}

#define PICK(seed, ...) \
	pick(seed, (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static inline const char *random_name(uint64_t *seed)
{
	if (dice(seed, 3) == 0)
		return gw_option_at(dice(seed, (unsigned)gw_option_count()))->name;
	return PICK(seed, "imap_port", "imap_port", "imap_enable", "server_hostname", "log_file", "imap_public_folders",
		"imap_max_messagesize", "imap_max_fail_commands", "log_method", "ssl_protocols", "imap_timeout",
		"imap_generate_utf8", "process_model", "ssl_ciphers");
}

static inline const char *strange_name(uint64_t *seed)
{
	return PICK(seed, "Imap_Port", "imap-port", "# imap_port", "#x", "!include a", "server_ssl_ciphers", "foo",
		"server_ssl_protocols", "\xEF\xBB\xBFimap_port", "");
}

static inline const char *random_value(uint64_t *seed)
{
	return PICK(seed, "yes", "no", "No", "off", "1", "0", "", "143", "0110", "0x8f", "-1", "10MB", "10 m", "64k", "16M",
		"file", "Syslog", "thread", "Threads", "fork", "\"yes\"", "'143'", "143 # c", "yes # on", "\"a b\" # c",
		"\"a # b\"", "\"'x'\"", "/x/y", "/x # y", "a=b", "$PORT", "$NOPE", "\"$PORT\"", "local:/x", "1h", "*:143",
		"PLAIN", "!SSLv2 !SSLv3 # x", "tls1.2", "# all", "127.0.0.1", "!SSLv3", "\"\"", "' '");
}

static inline void random_line(struct gw_buf *b, uint64_t *seed, bool strange)
{
	const char *blank = PICK(seed, "", "", " ", "\t", "  ");

	switch (dice(seed, 16)) {
	case 0:
		gw_buf_printf(b, "%s", PICK(seed, "", "", " ", "\t\r"));
		break;
	case 1:
		gw_buf_printf(b, "#%s%s = %s", blank, random_name(seed), random_value(seed));
		break;
	case 2:
		gw_buf_printf(b, "%s%s", blank, PICK(seed, "# note ", "#", "# a\r", "[gateway]", "text without more  "));
		break;
	case 3:
		gw_buf_printf(b, "%s%s", blank, PICK(seed, "!Include /nope", "! include /nope", "!if x", "!propmap x", "!include",
			"= 5"));
		break;
	case 4:
		gw_buf_printf(b, "%s%s%s%s", blank, random_name(seed), PICK(seed, " ", ": ", ""), random_value(seed));
		break;
	case 5:
		if (strange) {
			gw_buf_printf(b, "%s%s = %s", blank, strange_name(seed), random_value(seed));
			break;
		} /* fall through */
	default:
		gw_buf_printf(b, "%s%s%s=%s%s%s", blank, random_name(seed), PICK(seed, "", " ", "\t", "  "),
			PICK(seed, "", " ", " \t", "  "), random_value(seed), PICK(seed, "", "", " ", "\t ", "\r"));
	}
}

/* strange: with lines that keep the file from loading. */
static inline void random_file(struct gw_buf *b, uint64_t *seed, bool strange)
{
	unsigned lines = dice(seed, 12);

	b->n = 0;
	if (dice(seed, 10) == 0)
		gw_buf_add(b, "\xEF\xBB\xBF", 3);
	for (unsigned i = 0; i < lines; i++) {
		random_line(b, seed, strange);
		if (i + 1 < lines || dice(seed, 3))
			gw_buf_printf(b, "%s", PICK(seed, "\n", "\n", "\n", "\r\n"));
	}
}

/* What loads means the same; *loads says whether before did. */
static inline bool means_the_same(struct gw_slice before, struct gw_slice after, bool *loads)
{
	struct loaded a, b;
	bool same = true;

	load_bytes(&a, before.p, before.n);
	load_bytes(&b, after.p, after.n);
	*loads = a.rc == 0;
	if (a.rc == 0)
		same = b.rc == 0 && gw_config_diff(a.cfg, b.cfg, NULL, 0) == 0;
	for (size_t i = 0; same && a.rc == 0 && i < gw_option_count(); i++)
		same = gw_config_is_set(a.cfg, gw_option_at(i), NULL) == gw_config_is_set(b.cfg, gw_option_at(i), NULL);
	load_done(&a);
	load_done(&b);
	return same;
}

#endif
