/* completion.c - completion in a shell of the system: its script asks gwctl (see completion.h) */
#include "gwctl/completion.h"

#include "gwctl/propose.h"

int print_completion(const char *shell_asked)
{
	static const struct gw_cli cli = { .program = "gwctl", .manual = "gwctl(8)" };
	struct gw_buf out;
	bool known;

	gw_buf_init(&out, 0);
	known = gw_cli_put_asking_completion(&cli, shell_asked, &out);
	if (known)
		fwrite(out.p, 1, out.n, stdout);
	else
		complain("completions are made for bash, zsh and fish");
	gw_buf_done(&out);
	return known ? EXIT_FINE : EXIT_USAGE;
}

static void print_one(void *ctx, const char *word, const char *brief)
{
	(void)ctx;
	printf("%s%s%s\n", word, brief ? "\t" : "", brief ? brief : "");
}

/* Flags among the words say which daemon is asked. */
static void read_flags(size_t n, char *const *words, struct options *o)
{
	for (size_t i = 0; i < n; i++)
		if (words[i][0] == '-' && flag_words(words, n, i) && flag_read(words, n, &i, o, NULL) < 0)
			return;
}

int print_proposals(const struct options *base, size_t n, char *const *words)
{
	struct options o = *base;
	enum propose files;
	size_t lead;

	if (n == 0)
		return EXIT_FINE;
	read_flags(n - 1, words, &o);
	files = propose(&o, words, n - 1, words[n - 1], print_one, NULL, &lead);
	if (files != PROPOSE_WORDS)
		printf("\t%s\n", files == PROPOSE_FILES ? "files" : "directories");
	return EXIT_FINE;
}
