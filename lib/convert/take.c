/* take.c - values of other servers as values of ours */
#include "convert/priv.h"

#include "util/num.h"

#define BLANKS " \t"

/* ---- parsing ---- */

bool conv_parse_bool(struct gw_slice s, bool *ret)
{
	static const char *const words[2][6] = { { "no", "0", "false", "off", "f", "n" }, { "yes", "1", "true", "on",
		"t", "y" } };

	for (size_t i = 0; i < 12; i++)
		if (gw_slice_eqi(s, gw_slice_str(words[i / 6][i % 6]))) {
			*ret = i / 6 == 1;
			return true;
		}
	return false;
}

static bool take_digits(struct gw_slice *s, uint64_t *ret)
{
	size_t n = 0;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	return n && gw_parse_u64(gw_slice_take(s, n), ret);
}

static struct gw_slice take_letters(struct gw_slice *s)
{
	size_t n = 0;

	while (n < s->n && gw_lower(s->p[n]) >= 'a' && gw_lower(s->p[n]) <= 'z')
		n++;
	return gw_slice_take(s, n);
}

bool conv_parse_size(struct gw_slice s, uint64_t unit, uint64_t *ret)
{
	static const char units[] = "bkmgt";
	struct gw_slice letters;
	const char *u;

	s = gw_slice_trim(s);
	if (!take_digits(&s, ret))
		return false;
	s = gw_slice_trim(s);
	letters = take_letters(&s);
	if (s.n || letters.n > 3)
		return false;
	if (letters.n == 0)
		return !__builtin_mul_overflow(*ret, unit ? unit : 1, ret);
	u = strchr(units, gw_lower(letters.p[0]));
	if (!u || (letters.n == 2 && gw_lower(letters.p[1]) != 'b') || (letters.n == 3 &&
		!gw_slice_eqi(gw_slice(letters.p + 1, 2), GW_S("ib"))))
		return false;
	return !__builtin_mul_overflow(*ret, (uint64_t)1 << 10 * (u - units), ret);
}

/* Seconds of a unit; 0: unknown. Milliseconds are thousandths, kept apart by the caller. */
static uint64_t unit_of(struct gw_slice letters)
{
	static const struct {
		const char *word;
		uint64_t seconds;
	} units[] = {
		{ "s", 1 },	 { "sec", 1 },	   { "secs", 1 },    { "second", 1 },	 { "seconds", 1 },
		{ "m", 60 },	 { "min", 60 },	   { "mins", 60 },   { "minute", 60 },	 { "minutes", 60 },
		{ "h", 3600 },	 { "hour", 3600 }, { "hours", 3600 }, { "d", 86400 },	 { "day", 86400 },
		{ "days", 86400 }, { "w", 604800 }, { "week", 604800 }, { "weeks", 604800 },
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (gw_slice_eqi(letters, gw_slice_str(units[i].word)))
			return units[i].seconds;
	return 0;
}

bool conv_parse_time(struct gw_slice s, uint64_t unit, uint64_t *ret)
{
	uint64_t sum = 0;

	s = gw_slice_trim(s);
	do {
		struct gw_slice letters;
		uint64_t n, one;

		if (!take_digits(&s, &n))
			return false;
		s = gw_slice_trim(s);
		letters = take_letters(&s);
		s = gw_slice_trim(s);
		one = letters.n ? unit_of(letters) : unit ? unit : 1;
		if (one == 0 || (letters.n == 0 && s.n) || __builtin_mul_overflow(n, one, &n) ||
			__builtin_add_overflow(sum, n, &sum))
			return false;
	} while (s.n);
	*ret = sum;
	return true;
}

/* ---- taking ---- */

/* Another service or section said something else: there is one value for all of them here. False: it stays. */
static bool prevails(struct conv *c, const struct conv_row *row, const struct conv_setting *s, const char *text)
{
	const struct conv_result *have = conv_result(c, row->option);
	bool stricter = strcmp(row->option, "disable_plaintext_auth") == 0;

	if (!have->text || !have->at.file || strcmp(have->text, text) == 0)
		return true;
	conv_nearly(c, s, row->option, gw_arena_printf(&c->arena,
		"there is one value for all services, and line %u of %s asks for "
		"\"%.100s\"; the %s one counts", have->at.line, have->at.file->name, have->text,
			stricter ? "stricter" : "later"), NULL);
	return !stricter || strcmp(text, "yes") == 0;
}

/* A setting of one section or service that stands for nothing but it by its name. */
static bool means_all(const struct conv_setting *s)
{
	return *s->section && !gw_slice_startsi(s->name, GW_S("imap")) && !gw_slice_startsi(s->name, GW_S("pop"));
}

/* Set the option of the row, and tell what is different. */
static void set(struct conv *c, const struct conv_row *row, const struct conv_setting *s, const char *text)
{
	if (!prevails(c, row, s, text))
		return;
	conv_set(c, row->option, text, &s->at);
	if (row->why && s->at.file)
		conv_nearly(c, s, row->option, row->why, row->instead);
	else if (means_all(s))
		conv_nearly(c, s, row->option, "it counts for all services here", NULL);
}

/* An empty value sets nothing. */
static bool nothing(struct conv *c, const struct conv_setting *s)
{
	static const struct conv_row row = { .why = "it is empty" };

	if (gw_slice_trim(s->value).n)
		return false;
	conv_needless(c, &row, s);
	return true;
}

static void not_understood(struct conv *c, const struct conv_row *row, const struct conv_setting *s, const char *what)
{
	char takes[256];

	gw_option_takes(gw_option_find(gw_slice_str(row->option)), takes, sizeof takes);
	conv_not_carried(c, s, what, gw_arena_printf(&c->arena, "set %s yourself%s%s", row->option,
		*takes ? ": it takes " : "", takes));
}

void conv_text(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	if (nothing(c, s))
		return;
	set(c, row, s, gw_arena_str(&c->arena, s->value));
}

static void take_bool(struct conv *c, const struct conv_row *row, const struct conv_setting *s, bool turn)
{
	bool v;

	if (nothing(c, s))
		return;
	if (conv_parse_bool(gw_slice_trim(s->value), &v))
		set(c, row, s, v != turn ? "yes" : "no");
	else
		not_understood(c, row, s, "its value is neither yes nor no");
}

void conv_bool(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	take_bool(c, row, s, false);
}

void conv_not_bool(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	take_bool(c, row, s, true);
}

void conv_number(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	uint64_t v;

	if (nothing(c, s))
		return;
	if (gw_parse_u64(gw_slice_trim(s->value), &v) && !__builtin_mul_overflow(v, row->unit ? row->unit : 1, &v))
		set(c, row, s, gw_arena_printf(&c->arena, "%llu", (unsigned long long)v));
	else
		not_understood(c, row, s, "its value is not a number");
}

void conv_sum(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	const char *have = conv_get(c, row->option);
	uint64_t v, sum = 0;

	if (nothing(c, s))
		return;
	if (!gw_parse_u64(gw_slice_trim(s->value), &v)) {
		not_understood(c, row, s, "its value is not a number");
		return;
	}
	if (have)
		gw_parse_u64(gw_slice_str(have), &sum);
	if (__builtin_add_overflow(sum, v, &sum))
		sum = UINT64_MAX;
	conv_set(c, row->option, gw_arena_printf(&c->arena, "%llu", (unsigned long long)sum), &s->at);
	conv_nearly(c, s, row->option, row->why, row->instead);
}

void conv_size(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	uint64_t v;

	if (nothing(c, s))
		return;
	if (conv_parse_size(s->value, row->unit, &v))
		set(c, row, s, gw_arena_printf(&c->arena, "%llu", (unsigned long long)v));
	else
		not_understood(c, row, s, "its value is not a size");
}

void conv_time(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	uint64_t v;

	if (nothing(c, s))
		return;
	if (conv_parse_time(s->value, row->unit, &v))
		set(c, row, s, gw_arena_printf(&c->arena, "%llu", (unsigned long long)v));
	else
		not_understood(c, row, s, "its value is not a time");
}

/* ---- TLS versions ---- */

void conv_tls_min(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	static const char *const words[][2] = {
		{ "SSLv3", "ssl3" },	 { "TLSv1", "tls1.0" },	  { "TLSv1.0", "tls1.0" }, { "TLSv1.1", "tls1.1" },
		{ "TLSv1.2", "tls1.2" }, { "TLSv1.3", "tls1.3" }, { "ANY", "tls1.0" },	   { "LATEST", "tls1.3" },
	};

	if (nothing(c, s))
		return;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (gw_slice_eqi(gw_slice_trim(s->value), gw_slice_str(words[i][0]))) {
			set(c, row, s, words[i][1]);
			return;
		}
	not_understood(c, row, s, "its value is not a version of TLS");
}

/* ---- mechanisms ---- */

static bool ours(struct gw_slice word)
{
	for (const struct gw_option_word *w = gw_option_find(GW_S("auth_mechanisms"))->words; w->word; w++)
		if (gw_slice_eqi(word, gw_slice_str(w->word)))
			return true;
	return false;
}

static bool listed(struct gw_slice list, struct gw_slice word)
{
	struct gw_slice w;

	while (gw_slice_word(&list, BLANKS, &w))
		if (gw_slice_eqi(w, word))
			return true;
	return false;
}

static void add_mechanism(struct conv *c, const struct conv_setting *s, struct gw_slice word)
{
	const char *have = conv_get(c, "auth_mechanisms");
	char *text;

	if (!ours(word)) {
		conv_find(c, CONFIG_W_NOT_CARRIED, &s->at, "auth_mechanisms", NULL,
			"clients that ask for it use SCRAM-SHA-256, or PLAIN inside TLS",
				"\"%.*s\" is not a mechanism of the gateway",
			(int)(word.n < 60 ? word.n : 60), word.p);
		return;
	}
	if (have && listed(gw_slice_str(have), word))
		return;
	text = gw_arena_printf(&c->arena, "%s%s%.*s", have ? have : "", have ? " " : "", GW_FMT(word));
	for (char *p = text; *p; p++)
		*p = gw_upper(*p);
	conv_set(c, "auth_mechanisms", text, &s->at);
}

void conv_add_mechanisms(struct conv *c, const struct conv_setting *s, struct gw_slice words)
{
	struct gw_slice word;

	for (size_t n = 0; n < 64 && gw_slice_word(&words, " \t,", &word); n++)
		add_mechanism(c, s, word);
}

void conv_mechanisms(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	if (nothing(c, s))
		return;
	conv_add_mechanisms(c, s, s->value);
	if (!conv_get(c, row->option))
		conv_nearly(c, s, row->option, "none of its mechanisms is here, so the default stays", NULL);
}
