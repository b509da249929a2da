/* conv.c - plays conversation files against a protocol session
 *
 *	conv [-v] [--split] FILE.conv...              with the session object over a store in memory
 *	conv [-v] --connect HOST:PORT [--imap HOST:PORT] [--without WORD]... FILE.conv...    with a running server over plain TCP
 *	conv --connect HOST:PORT --compress FILE.conv...   the same, with COMPRESS=DEFLATE behind each L: line
 *
 * A file is a list of lines. A digit in front of C, S, L or H is the number of the connection (1 when left out).
 *
 *	PROTO: pop3                 the protocol (imap when left out); before anything else
 *	2PROTO: imap                that of connection 2; over sockets such a file is skipped without --imap
 *	CONFIG: name = value        an option of gateway.cfg; such files are skipped over sockets
 *	PEER: remote tls starttls   the client comes from afar / over TLS / may use STARTTLS; skipped over sockets
 *	L: user                     log in (password: the same word); the reply must be OK
 *	C: text                     send text and CRLF
 *	C\: text                    send text as it is: \r \n \t \0 \xHH \\ are understood, no CRLF is added
 *	C*: count text              send text and CRLF count times in one go
 *	S: pattern                  the next line must match. `?*` as in a shell is written * (any bytes); a leading
 *	                            "* " is the untagged star. /.../ is a POSIX extended regular expression.
 *	                            %{name} takes a word and must find the same word from then on; in C: lines
 *	                            it stands for that word. %{name...} takes the rest of the line.
 *	S: ...                      any lines, up to one that matches the next S: pattern
 *	S{                          the lines up to "}" must come, in any order
 *	S! nothing | closed         no line is waiting | the server closed the connection
 *	H: hangup                   the client closes; H: shutdown, drain, kick, starttls: what a host can do
 *	H: compress                 the bytes of both sides are DEFLATE from here on; H: plain: they are not any more
 *	T: +30s                     time passes
 *	IF: word, ELSE:, END:       lines for servers that have what the word says, or have it not (--without word)
 *
 * Blank lines and lines with # are comments. The names %{user} and %{other} are two accounts of this file's own. */
#include "tests/conv/conv.h"

#include "util/mem.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINKS 10
#define LINE_MAX_BYTES (1u << 20)

struct var {
	char name[32];
	char *value;
};

struct conv {
	const struct conv_back *back;
	void *b;
	struct conv_setup setup;
	struct conv_link link[LINKS];
	bool open[LINKS];
	struct var var[64];
	size_t n_var;
	const char *file;
	unsigned line;
	bool verbose, split, compress, failed, skipping[LINKS], unordered;
	const char *without[8]; /* words of IF: that do not hold */
	size_t n_without;
	bool passing; /* over lines that are for others */
	char *set[256]; /* patterns of an S{ block */
	size_t n_set;
	unsigned set_link, tag;
};

static void fail(struct conv *c, const char *what, const char *detail, struct gw_slice got)
{
	c->failed = true;
	printf("%s:%u: %s: %s\n", c->file, c->line, what, detail);
	printf("\tgot: %.*s\n", (int)(got.n > 600 ? 600 : got.n), got.p);
}

/* ---- variables ---- */

static struct var *find_var(struct conv *c, const char *name, size_t n)
{
	for (size_t i = 0; i < c->n_var; i++)
		if (strlen(c->var[i].name) == n && memcmp(c->var[i].name, name, n) == 0)
			return &c->var[i];
	return NULL;
}

static struct var *add_var(struct conv *c, const char *name, size_t n, const char *value, size_t value_n)
{
	struct var *v = find_var(c, name, n);

	if (!v) {
		if (c->n_var == sizeof c->var / sizeof *c->var || n >= sizeof v->name)
			return NULL;
		v = &c->var[c->n_var++];
		memcpy(v->name, name, n);
		v->name[n] = '\0';
	}
	free(v->value);
	v->value = gw_xslicedup(gw_slice(value, value_n));
	return v;
}

/* text with each %{name} replaced; returns owned. */
static char *expand(struct conv *c, const char *text)
{
	struct gw_buf b;
	char *s;

	gw_buf_init(&b, 0);
	while (*text) {
		const char *end;

		if (text[0] == '%' && text[1] == '{' && (end = strchr(text, '}'))) {
			struct var *v = find_var(c, text + 2, (size_t)(end - text - 2));

			if (v) {
				gw_buf_add(&b, v->value, strlen(v->value));
				text = end + 1;
				continue;
			}
		}
		gw_buf_add_char(&b, *text++);
	}
	s = gw_xslicedup(gw_buf_slice(&b));
	gw_buf_done(&b);
	return s;
}

/* ---- matching ---- */

static bool word_byte(char ch)
{
	return ch != '\0' && !strchr(" ]()\r\n\"", ch);
}

/* Does s match the pattern p? Takes unset %{name} words on the way. */
static bool glob(struct conv *c, const char *p, const char *s)
{
	while (*p) {
		const char *end;

		if (p[0] == '%' && p[1] == '{' && (end = strchr(p, '}'))) {
			struct var *v = find_var(c, p + 2, (size_t)(end - p - 2));
			size_t n = 0;

			if (v) {
				n = strlen(v->value);
				if (strncmp(s, v->value, n) != 0)
					return false;
			} else {
				while (end - p > 3 && strncmp(end - 3, "...", 3) == 0 ? s[n] != '\0' : word_byte(s[n]))
					n++;
				if (n == 0 || !add_var(c, p + 2, (size_t)(end - p - 2), s, n))
					return false;
			}
			s += n;
			p = end + 1;
			continue;
		}
		if (*p == '*') {
			for (p++;; s++) {
				if (glob(c, p, s))
					return true;
				if (!*s)
					return false;
			}
		}
		if (*p == '\\' && p[1])
			p++;
		if (*p++ != *s++)
			return false;
	}
	return *s == '\0';
}

static bool matches(struct conv *c, const char *pattern, const char *line)
{
	size_t n = strlen(pattern);

	if (n >= 2 && pattern[0] == '/' && pattern[n - 1] == '/') {
		char *re = gw_xslicedup(gw_slice(pattern + 1, n - 2));
		regex_t rx;
		bool ok = regcomp(&rx, re, REG_EXTENDED | REG_NOSUB) == 0;

		if (ok) {
			ok = regexec(&rx, line, 0, NULL, 0) == 0;
			regfree(&rx);
		}
		free(re);
		return ok;
	}
	if (strncmp(pattern, "* ", 2) == 0)
		return strncmp(line, "* ", 2) == 0 && glob(c, pattern + 2, line + 2);
	return glob(c, pattern, line);
}

/* ---- connections ---- */

static bool need_link(struct conv *c, unsigned n, bool eat_greeting);

/* The next line of connection n without its CRLF, or NULL; owned. patient: it must come. */
static char *await_line(struct conv *c, unsigned n, bool patient)
{
	struct conv_link *l = &c->link[n];

	for (;;) {
		struct gw_slice s = gw_buf_slice(&l->in);
		size_t eol = gw_slice_find(s, '\n');

		if (eol < s.n) {
			size_t len = eol && s.p[eol - 1] == '\r' ? eol - 1 : eol;
			char *line = gw_xslicedup(gw_slice(s.p, len));

			for (size_t i = 0; i < len; i++)
				if (line[i] == '\0')
					line[i] = '\x01';
			gw_buf_drop(&l->in, eol + 1);
			if (c->verbose)
				printf("%uS: %s\n", n, line);
			return line;
		}
		if (!c->back->receive(c->b, n, patient))
			return NULL;
	}
}

static char *next_line(struct conv *c, unsigned n)
{
	return await_line(c, n, true);
}

static bool need_link(struct conv *c, unsigned n, bool eat_greeting)
{
	if (c->open[n])
		return true;
	if (!c->b)
		c->b = c->back->start(&c->setup);
	if (!c->link[n].proto)
		c->link[n].proto = c->setup.proto;
	if (!c->b || !c->back->open(c->b, n, &c->link[n])) {
		fail(c, "cannot connect", "", GW_S(""));
		return false;
	}
	c->open[n] = true;
	if (eat_greeting)
		free(next_line(c, n));
	return true;
}

static void transmit(struct conv *c, unsigned n, struct gw_slice bytes)
{
	if (c->verbose)
		printf("%uC: %.*s%s", n, (int)(bytes.n > 200 ? 200 : bytes.n), bytes.p, bytes.n > 200 ? "...\n" : "");
	if (!c->split) {
		c->back->send(c->b, n, bytes);
		return;
	}
	while (bytes.n)
		c->back->send(c->b, n, gw_slice_take(&bytes, 1));
}

/* ---- the lines of a file ---- */

static void do_client(struct conv *c, unsigned n, const char *arg)
{
	char *text = expand(c, arg);
	char *line = gw_xasprintf("%s\r\n", text);

	if (need_link(c, n, true))
		transmit(c, n, gw_slice_str(line));
	free(text);
	free(line);
}

static void do_client_many(struct conv *c, unsigned n, const char *arg)
{
	char *end;
	unsigned long count = strtoul(arg, &end, 10);
	struct gw_buf b;
	char *text;

	while (*end == ' ')
		end++;
	text = expand(c, end);
	gw_buf_init(&b, 0);
	for (unsigned long i = 0; i < count; i++)
		gw_buf_printf(&b, "%s\r\n", text);
	if (need_link(c, n, true))
		transmit(c, n, gw_buf_slice(&b));
	gw_buf_done(&b);
	free(text);
}

static int hex(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch = gw_lower(ch);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

static void do_client_raw(struct conv *c, unsigned n, const char *arg)
{
	char *text = expand(c, arg), *to = text;

	for (const char *p = text; *p; p++) {
		if (*p != '\\' || !p[1]) {
			*to++ = *p;
			continue;
		}
		switch (*++p) {
		case 'r': *to++ = '\r'; break;
		case 'n': *to++ = '\n'; break;
		case 't': *to++ = '\t'; break;
		case '0': *to++ = '\0'; break;
		case 'x':
			if (hex(p[1]) >= 0 && hex(p[2]) >= 0) {
				*to++ = (char)(hex(p[1]) * 16 + hex(p[2]));
				p += 2;
			}
			break;
		default: *to++ = *p;
		}
	}
	if (need_link(c, n, true))
		transmit(c, n, gw_slice(text, (size_t)(to - text)));
	free(text);
}

static void do_server(struct conv *c, unsigned n, const char *pattern)
{
	char *line;

	if (!need_link(c, n, false))
		return;
	if (strcmp(pattern, "...") == 0) {
		c->skipping[n] = true;
		return;
	}
	do {
		line = next_line(c, n);
		if (!line) {
			fail(c, "no line came, expected", pattern, gw_buf_slice(&c->link[n].in));
			return;
		}
		if (matches(c, pattern, line))
			break;
		if (!c->skipping[n]) {
			fail(c, "expected", pattern, gw_slice_str(line));
			break;
		}
		free(line);
		line = NULL;
	} while (true);
	free(line);
	c->skipping[n] = false;
}

static void do_set_end(struct conv *c)
{
	size_t left = c->n_set;

	while (left && !c->failed) {
		char *line = next_line(c, c->set_link);
		size_t i = 0;

		if (!line) {
			for (i = 0; i < c->n_set && !c->set[i]; i++)
				;
			fail(c, "no line came, expected", c->set[i], GW_S(""));
			break;
		}
		while (i < c->n_set && !(c->set[i] && matches(c, c->set[i], line)))
			i++;
		if (i == c->n_set) {
			fail(c, "no pattern of the block matches", "", gw_slice_str(line));
		} else {
			free(c->set[i]);
			c->set[i] = NULL;
			left--;
		}
		free(line);
	}
	for (size_t i = 0; i < c->n_set; i++)
		free(c->set[i]);
	c->n_set = 0;
	c->unordered = false;
}

static void do_server_not(struct conv *c, unsigned n, const char *what)
{
	char *line;

	if (!need_link(c, n, false))
		return;
	line = await_line(c, n, strcmp(what, "nothing") != 0);
	if (line)
		fail(c, "expected", what, gw_slice_str(line));
	else if (c->link[n].in.n)
		fail(c, "expected", what, gw_buf_slice(&c->link[n].in));
	else if (strcmp(what, "closed") == 0 && !c->link[n].closed)
		fail(c, "expected", "the connection to be closed", GW_S("open"));
	else if (strcmp(what, "nothing") == 0 && c->link[n].closed)
		fail(c, "expected", "an open connection", GW_S("closed"));
	free(line);
}

/* One exchange that must succeed; lines before the tagged one are dropped. */
static bool must(struct conv *c, unsigned n, char *command)
{
	char tag[32], *line;
	bool ok = false;

	snprintf(tag, sizeof tag, "conv%u ", ++c->tag);
	line = gw_xasprintf("%s%s\r\n", tag, command);
	transmit(c, n, gw_slice_str(line));
	free(line);
	while ((line = next_line(c, n))) {
		bool mine = strncmp(line, tag, strlen(tag)) == 0;

		ok = mine && strncmp(line + strlen(tag), "OK", 2) == 0;
		if (mine && !ok)
			fail(c, "refused", command, gw_slice_str(line));
		free(line);
		if (mine)
			break;
	}
	free(command);
	return ok;
}

static void do_login(struct conv *c, unsigned n, const char *arg)
{
	char *user = expand(c, arg);

	if (need_link(c, n, true) && strcmp(c->link[n].proto, "imap") == 0) {
		must(c, n, gw_xasprintf("LOGIN %s %s", user, user));
		if (c->compress && must(c, n, gw_xstrdup("COMPRESS DEFLATE")))
			c->back->special(c->b, n, "compress");
	}
	free(user);
}

static void do_time(struct conv *c, const char *arg)
{
	char *end;
	unsigned long s = strtoul(*arg == '+' ? arg + 1 : arg, &end, 10);

	if (*end == 'm')
		s *= 60;
	if (!c->b)
		c->b = c->back->start(&c->setup);
	if (c->b)
		c->back->pass_time(c->b, (unsigned)s);
}

static void do_host(struct conv *c, unsigned n, const char *arg)
{
	if (!need_link(c, n, true))
		return;
	if (strcmp(arg, "hangup") == 0) {
		c->back->hangup(c->b, n);
		gw_buf_done(&c->link[n].in);
		c->link[n].closed = false;
		c->open[n] = false;
	} else {
		c->back->special(c->b, n, arg);
	}
}

/* IF:, ELSE: and END:; false when the line is another one. They are not nested. */
static bool do_choice(struct conv *c, const char *line)
{
	if (strncmp(line, "IF: ", 4) == 0)
		for (size_t i = 0; i < c->n_without; i++)
			c->passing = c->passing || strcmp(line + 4, c->without[i]) == 0;
	else if (strcmp(line, "ELSE:") == 0)
		c->passing = !c->passing;
	else if (strcmp(line, "END:") == 0)
		c->passing = false;
	else
		return false;
	return true;
}

static void do_peer(struct conv *c, const char *arg)
{
	c->setup.remote = strstr(arg, "remote") != NULL;
	c->setup.tls_possible = strstr(arg, "starttls") != NULL;
	c->setup.tls = strstr(arg, "over-tls") != NULL;
}

/* One line of the file; false when the file must be skipped. */
static bool do_line(struct conv *c, char *line)
{
	bool numbered = isdigit((unsigned char)*line);
	unsigned n = 1;
	char *arg;

	if (c->unordered) {
		if (strcmp(line, "}") == 0)
			do_set_end(c);
		else if (c->n_set < sizeof c->set / sizeof *c->set)
			c->set[c->n_set++] = gw_xstrdup(line + (*line == '\t'));
		else
			fail(c, "this block is too long", line, GW_S(""));
		return true;
	}
	if (!*line || *line == '#' || do_choice(c, line) || c->passing)
		return true;
	if (numbered)
		n = (unsigned)(*line++ - '0');
	arg = strpbrk(line, ":!{");
	if (!arg) {
		fail(c, "not understood", line, GW_S(""));
		return true;
	}
	bool not = *arg == '!', block = *arg == '{';

	*arg++ = '\0';
	if (*arg == ' ')
		arg++;
	if (strcmp(line, "CONFIG") == 0) {
		gw_buf_printf(&c->setup.config, "%s\n", arg);
		return c->back->can_setup;
	}
	if (strcmp(line, "PEER") == 0) {
		do_peer(c, arg);
		return c->back->can_setup;
	}
	if (strcmp(line, "PROTO") == 0)
		*(numbered ? &c->link[n].proto : &c->setup.proto) = strcmp(arg, "pop3") == 0 ? "pop3" : "imap";
	else if (strcmp(line, "C") == 0)
		do_client(c, n, arg);
	else if (strcmp(line, "C\\") == 0)
		do_client_raw(c, n, arg);
	else if (strcmp(line, "C*") == 0)
		do_client_many(c, n, arg);
	else if (strcmp(line, "S") == 0 && block)
		c->unordered = true, c->set_link = n;
	else if (strcmp(line, "S") == 0 && not)
		do_server_not(c, n, arg);
	else if (strcmp(line, "S") == 0)
		do_server(c, n, arg);
	else if (strcmp(line, "L") == 0)
		do_login(c, n, arg);
	else if (strcmp(line, "H") == 0)
		do_host(c, n, arg);
	else if (strcmp(line, "T") == 0 && !c->back->can_setup)
		return false;
	else if (strcmp(line, "T") == 0)
		do_time(c, arg);
	else
		fail(c, "not understood", line, GW_S(""));
	return true;
}

/* Lines that a back end cannot obey make it skip the file before anything is sent. */
static bool playable(const struct conv *c, const char *path)
{
	static const char *const needs_setup[] = { "CONFIG:", "PEER:", "T:", "H: shutdown", "H: drain", "H: kick", "H: starttls" };
	char *line = NULL;
	size_t cap = 0;
	bool ok = true;
	FILE *f = fopen(path, "r");

	if (!f || c->back->can_setup) {
		if (f)
			fclose(f);
		return true;
	}
	while (getline(&line, &cap, f) > 0)
		for (size_t i = 0; i < sizeof needs_setup / sizeof *needs_setup; i++)
			if (strncmp(line, needs_setup[i], strlen(needs_setup[i])) == 0)
				ok = false;
			else if (isdigit((unsigned char)*line) && strncmp(line + 1, "PROTO: imap", 11) == 0)
				ok = ok && c->setup.imap;
	free(line);
	fclose(f);
	return ok;
}

static void conv_end(struct conv *c)
{
	if (c->b)
		c->back->stop(c->b);
	for (unsigned n = 0; n < LINKS; n++)
		gw_buf_done(&c->link[n].in);
	for (size_t i = 0; i < c->n_var; i++)
		free(c->var[i].value);
	gw_buf_done(&c->setup.config);
}

/* 0 passed, 1 failed, 2 skipped. */
static int play(const char *path, const struct conv *how, const char *user, const char *other)
{
	struct conv *c = gw_xalloc(sizeof *c);
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	FILE *f;
	int rc;

	*c = *how;
	c->file = path;
	c->setup.proto = "imap";
	add_var(c, "user", 4, user, strlen(user));
	add_var(c, "other", 5, other, strlen(other));
	if (!playable(c, path)) {
		conv_end(c);
		free(c);
		return 2;
	}
	f = fopen(path, "r");
	if (!f) {
		printf("%s: cannot be read\n", path);
		free(c);
		return 1;
	}
	while (!c->failed && (len = getline(&line, &cap, f)) > 0) {
		c->line++;
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		do_line(c, line);
	}
	fclose(f);
	free(line);
	if (c->unordered && !c->failed)
		fail(c, "the end of a block is missing", "}", GW_S(""));
	while (c->n_set > 0)
		free(c->set[--c->n_set]);
	rc = c->failed;
	conv_end(c);
	free(c);
	return rc;
}

int main(int argc, char **argv)
{
	struct conv how = { .back = &conv_object };
	const char *user = "anna", *other = "bert";
	unsigned passed = 0, failed = 0, skipped = 0;
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "-v") == 0)
			how.verbose = true;
		else if (strcmp(argv[i], "--split") == 0)
			how.split = true;
		else if (strcmp(argv[i], "--compress") == 0)
			how.compress = true;
		else if (strcmp(argv[i], "--connect") == 0 && i + 1 < argc)
			how.setup.connect = argv[++i], how.back = &conv_socket;
		else if (strcmp(argv[i], "--imap") == 0 && i + 1 < argc)
			how.setup.imap = argv[++i];
		else if (strcmp(argv[i], "--user") == 0 && i + 1 < argc)
			user = argv[++i];
		else if (strcmp(argv[i], "--other") == 0 && i + 1 < argc)
			other = argv[++i];
		else if (strcmp(argv[i], "--without") == 0 && i + 1 < argc && how.n_without < sizeof how.without / sizeof *how.without)
			how.without[how.n_without++] = argv[++i];
		else {
			fprintf(stderr, "conv: %s is not an option\n", argv[i]);
			return 2;
		}
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (; i < argc; i++) {
		int rc = play(argv[i], &how, user, other);

		passed += rc == 0;
		failed += rc == 1;
		skipped += rc == 2;
	}
	printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
	return failed ? 1 : 0;
}
