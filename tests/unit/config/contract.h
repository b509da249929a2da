/* contract.h - what the tests of the contract share
 *
 * The contract is what a gateway.cfg of kopano-gateway 8.0 to 11.0 means. Its tables are numbered; the tests of a row
 * begin with its number: contract_1_2_23_... is row 23 of table 1.2. tests/fixtures/contract.txt lists all rows. */
#ifndef GW_TESTS_CONFIG_CONTRACT_H
#define GW_TESTS_CONFIG_CONTRACT_H

#include "config/priv.h"
#include "tests/unit/config/load.h"

/* The row of an option: its kind, default and when a reload counts; the default is what an empty file has. */
static inline void row_is(const char *name, enum gw_option_type type, const char *def, enum gw_reload reload)
{
	const struct gw_option *opt = gw_option_find(gw_slice_str(name));
	struct loaded l;

	ck_assert_msg(opt != NULL, "there is no %s", name);
	ck_assert_int_eq(opt->type, type);
	ck_assert_int_eq(opt->reload, reload);
	load_text(&l, "");
	ck_assert_str_eq(gw_config_text(l.cfg, opt), def);
	load_done(&l);
}

/* The finding of a code about an option; NULL. */
static inline const struct gw_diag *finding_about(const struct loaded *l, unsigned code, const char *option)
{
	for (size_t i = 0; i < l->diags.n; i++) {
		const struct gw_diag *d = &l->diags.v[i];

		if (d->code == code && d->option && strcmp(d->option->name, option) == 0)
			return d;
	}
	return NULL;
}

/* Findings about what a value says, in contrast to whether it is wise. */
static inline bool about_reading(unsigned code)
{
	return code < 2000 || code == CONFIG_W_COMMENT || code == CONFIG_W_ENVIRONMENT || code == CONFIG_W_DIFFERENT ||
		code == CONFIG_W_RELATIVE || code == CONFIG_W_OCTAL || code == CONFIG_W_LONG;
}

/* "name = text" is read as value, with a finding of this code about the option, or with 0 without one about what it
 * says. Other options may be set before. */
static inline void reads_after(const char *before, const char *name, const char *text, const char *value, unsigned code)
{
	struct loaded l;
	char line[1024];
	bool found = false;

	snprintf(line, sizeof line, "%s%s = %s\n", before, name, text);
	load_text(&l, line);
	ck_assert_msg(l.rc == 0, "%s refused: %s", line, all_text(&l));
	ck_assert_str_eq(gw_config_get(l.cfg, name), value);
	for (size_t i = 0; i < l.diags.n; i++)
		found |= l.diags.v[i].option && strcmp(l.diags.v[i].option->name, name) == 0 && about_reading(l.diags.v[i].code);
	ck_assert_msg(code ? finding_about(&l, code, name) != NULL : !found, "%s: %s", line, all_text(&l));
	load_done(&l);
}

static inline void reads(const char *name, const char *text, const char *value, unsigned code)
{
	reads_after("", name, text, value, code);
}

/* "name = text" is refused with this code, and the suggestion has this part (NULL: no matter). */
static inline void denies(const char *name, const char *text, unsigned code, const char *part)
{
	const struct gw_diag *d;
	struct loaded l;
	char line[1024];

	snprintf(line, sizeof line, "%s = %s\n", name, text);
	load_text(&l, line);
	ck_assert_msg(l.rc == GW_EINVAL, "%s accepted", line);
	d = finding_about(&l, code, name);
	ck_assert_msg(d && d->severity == GW_ERROR, "%s: %s", line, all_text(&l));
	if (part)
		ck_assert_msg(d->suggestion && strstr(d->suggestion, part), "%s: %s", line, d->suggestion);
	load_done(&l);
}

struct reading {
	const char *text, *value;
	bool different; /* kopano-gateway read it in another way, so there is a warning */
};

static inline void reads_all(const char *before, const char *name, const struct reading *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct loaded l;
		char line[512];

		snprintf(line, sizeof line, "%s%s = %s\n", before, name, t[i].text);
		load_text(&l, line);
		ck_assert_msg(l.rc == 0, "%s: %s", line, all_text(&l));
		ck_assert_str_eq(gw_config_get(l.cfg, name), t[i].value);
		ck_assert_msg((finding_about(&l, CONFIG_W_DIFFERENT, name) != NULL) == t[i].different, "%s: %s", line, all_text(&l));
		load_done(&l);
	}
}

/* A boolean that the original took for true unless it was exactly 0, no or false. */
static inline void bool_a(const char *before, const char *name)
{
	static const struct reading t[] = { { "yes", "yes", false }, { "1", "yes", false }, { "true", "yes", false },
		{ "on", "yes", false }, { "Yes", "yes", false }, { "no", "no", false }, { "0", "no", false },
		{ "false", "no", false }, { "off", "no", true }, { "No", "no", true }, { "NO", "no", true },
		{ "FALSE", "no", true }, { "", "no", true } };

	reads_all(before, name, t, sizeof t / sizeof *t);
	denies(name, "ja", CONFIG_E_VALUE, "kopano-gateway read it as yes");
}

/* A boolean that the original took for false unless it was exactly yes. */
static inline void bool_y(const char *before, const char *name)
{
	static const struct reading t[] = { { "yes", "yes", false }, { "no", "no", false }, { "No", "no", false },
		{ "0", "no", false }, { "false", "no", false }, { "off", "no", false }, { "Yes", "yes", true },
		{ "YES", "yes", true }, { "1", "yes", true }, { "true", "yes", true }, { "on", "yes", true } };

	reads_all(before, name, t, sizeof t / sizeof *t);
	denies(name, "ja", CONFIG_E_VALUE, "kopano-gateway read it as no");
}

/* Where a service listens: "*:143 [::1]:143". */
static inline const char *where(const struct loaded *l, enum gw_service s)
{
	return l->cfg->state->listeners[s];
}

/* The text loads, and the services listen there. */
static inline void serves(const char *text, const char *pop3, const char *pop3s, const char *imap, const char *imaps)
{
	struct loaded l;

	load_text(&l, text);
	ck_assert_msg(l.rc == 0, "%s: %s", text, all_text(&l));
	ck_assert_str_eq(where(&l, GW_SERVICE_POP3), pop3);
	ck_assert_str_eq(where(&l, GW_SERVICE_POP3S), pop3s);
	ck_assert_str_eq(where(&l, GW_SERVICE_IMAP), imap);
	ck_assert_str_eq(where(&l, GW_SERVICE_IMAPS), imaps);
	load_done(&l);
}

/* The text loads, and the finding is there, or with 0 none at all. */
static inline void finds(const char *text, unsigned code)
{
	struct loaded l;

	load_text(&l, text);
	ck_assert_msg(l.rc == 0, "%s: %s", text, all_text(&l));
	ck_assert_msg(code ? finding(&l, code) != NULL : l.diags.n == 0, "%s: %s", text, all_text(&l));
	load_done(&l);
}

#endif
