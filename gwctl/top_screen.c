/* top_screen.c - `gwctl top`: asks, draws, reads keys (see top.h)
 *
 * The terminal is given back as it was on every way out: a key, Ctrl-C, SIGTERM, SIGHUP. Signals come only while it waits.
 * Where there is no terminal it is one plain frame. */
#include "gwctl/live.h"
#include "gwctl/output.h"
#include "gwctl/prompt.h"
#include "gwctl/top.h"
#include "util/clock.h"

#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 2000
#define EVERY_MAX_S 3600

#define ENTER "\033[?1049h\033[?25l" /* the other screen, no cursor */
#define LEAVE "\033[?25h\033[?1049l"

static volatile sig_atomic_t end_signal, resized; /* set by the handler */

struct screen {
	const struct options *o;
	struct top top;
	struct top_view view;
	struct termios was;
	struct sigaction old[5];
	sigset_t mask;
	bool keys; /* standard input is a terminal too */
};

static const int caught[] = { SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP };
#define CAUGHT (sizeof caught / sizeof *caught)

static void on_signal(int sig)
{
	if (sig == SIGWINCH || sig == SIGTSTP)
		resized = 1; /* stopping would leave the terminal as it is now */
	else
		end_signal = sig;
}

/* ---- the terminal ---- */

static void take_terminal(struct screen *s)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct termios raw;
	sigset_t held;

	end_signal = resized = 0;
	sigemptyset(&sa.sa_mask);
	sigemptyset(&held);
	for (size_t i = 0; i < CAUGHT; i++)
		sigaddset(&held, caught[i]);
	sigprocmask(SIG_BLOCK, &held, &s->mask);
	for (size_t i = 0; i < CAUGHT; i++) {
		sigdelset(&s->mask, caught[i]);
		sigaction(caught[i], &sa, &s->old[i]);
	}
	s->keys = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &s->was) == 0;
	if (s->keys) {
		raw = s->was;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	}
	fputs(ENTER, stdout);
}

static void give_terminal_back(struct screen *s)
{
	fputs(LEAVE, stdout);
	fflush(stdout);
	if (s->keys)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &s->was);
	for (size_t i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &s->old[i], NULL);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

/* ---- a frame ---- */

static void on_status(void *top, struct gw_slice json)
{
	top_add_status(top, json);
}

static void on_counter(void *top, struct gw_slice json)
{
	top_add_counter(top, json);
}

static void on_command(void *top, struct gw_slice json)
{
	top_add_command(top, json);
}

static void on_session(void *top, struct gw_slice json)
{
	top_add_session(top, json);
}

static enum live sample(struct top *t, const struct options *o)
{
	static const struct {
		const char *request;
		void (*row)(void *top, struct gw_slice json), (*end)(void *top, struct gw_slice json);
		size_t max;
	} questions[] = {
		{ "status", NULL, on_status, 1 },
		{ "stats since=start", on_counter, NULL, TOP_SERIES },
		{ "stats metric=command_duration since=1m", on_command, NULL, TOP_SERIES },
		{ "session list full=yes", on_session, NULL, TOP_SESSIONS },
	};
	enum live rc = LIVE_OK;

	top_begin(t, gw_mono_ms(gw_clock_system()));
	for (size_t i = 0; rc == LIVE_OK && i < sizeof questions / sizeof *questions; i++)
		rc = live_ask(o, questions[i].request, PATIENCE_MS, questions[i].max, questions[i].row, questions[i].end, t);
	top_end(t);
	return rc;
}

static void draw(struct screen *s)
{
	struct gw_buf text, lines;
	struct gw_slice rest, line;

	s->view.rows = output_lines();
	s->view.columns = output_columns();
	gw_buf_init(&text, 0);
	gw_buf_init(&lines, 0);
	top_put(&s->top, &s->view, &text);
	gw_buf_printf(&lines, "\033[H");
	for (rest = gw_buf_slice(&text); rest.n;) {
		line = gw_slice_take(&rest, gw_slice_find(rest, '\n'));
		gw_buf_printf(&lines, "%.*s\033[K%s", GW_FMT(line), rest.n ? "\r\n" : "");
		if (rest.n)
			gw_slice_take(&rest, 1);
	}
	gw_buf_printf(&lines, "\033[J");
	fwrite(lines.p, 1, lines.n, stdout);
	fflush(stdout);
	gw_buf_done(&text);
	gw_buf_done(&lines);
}

/* ---- keys ---- */

/* False: the end. */
static bool press(struct screen *s, char key)
{
	switch (key) {
	case 'q':
	case 'Q':
	case 3:
	case 4:
		return false;
	case 's':
		s->view.sort = (s->view.sort + 1) % TOP_SORTS;
		break;
	case 'p':
	case ' ':
		s->view.paused = !s->view.paused;
		break;
	case '?':
	case 'h':
		s->view.help = !s->view.help;
		break;
	default:
		break;
	}
	draw(s);
	return true;
}

/* Wait for keys until it is time for the next sample. False: the end. */
static bool wait_keys(struct screen *s, uint64_t until)
{
	for (uint64_t now = gw_mono_ms(gw_clock_system()); now < until && !end_signal; now = gw_mono_ms(gw_clock_system())) {
		struct pollfd p = { .fd = s->keys ? STDIN_FILENO : -1, .events = POLLIN };
		const struct timespec t = { .tv_sec = (time_t)((until - now) / 1000), .tv_nsec = (long)((until - now) % 1000) * 1000000L };
		int ready = ppoll(&p, 1, &t, &s->mask);
		char key;

		if (resized) {
			resized = 0;
			draw(s);
		}
		if (ready > 0 && (read(STDIN_FILENO, &key, 1) != 1 || !press(s, key)))
			return false;
	}
	return !end_signal;
}

static int run_screen(struct screen *s, uint64_t every_ms)
{
	int sig;

	take_terminal(s);
	s->view.keys = s->keys;
	do {
		if (!s->view.paused)
			sample(&s->top, s->o);
		draw(s);
	} while (wait_keys(s, gw_mono_ms(gw_clock_system()) + every_ms) && !ferror(stdout));
	sig = end_signal;
	give_terminal_back(s);
	if (sig && sig != SIGINT)
		raise(sig);
	return EXIT_FINE;
}

static int run_plain(struct screen *s)
{
	static const int codes[] = { [LIVE_OK] = EXIT_FINE, [LIVE_NOT_RUNNING] = EXIT_NOT_RUNNING, [LIVE_DENIED] = EXIT_NO_PERMISSION,
		[LIVE_NO_ANSWER] = EXIT_NOT_RUNNING, [LIVE_REFUSED] = EXIT_REFUSED };
	static const char *const words[] = { [LIVE_NOT_RUNNING] = "gatewayd is not running", [LIVE_DENIED] = "you may not use the control socket",
		[LIVE_NO_ANSWER] = "gatewayd does not answer", [LIVE_REFUSED] = "gatewayd does not tell" };
	enum live rc = sample(&s->top, s->o);
	struct gw_buf text;

	if (rc != LIVE_OK) {
		complain("%s", words[rc]);
		return codes[rc];
	}
	gw_buf_init(&text, 0);
	top_put(&s->top, &s->view, &text);
	printf("%s\n", gw_buf_str(&text));
	gw_buf_done(&text);
	return EXIT_FINE;
}

int top_run(const struct request *r, const struct options *o)
{
	uint64_t every = request_number(r, "every", 2);
	struct screen s = { .o = o, .view = { .color = output_has_color(o) } };
	struct prompt host;
	int code;

	if (o->json || o->csv) {
		complain("top is for people; for programs there are `stats' and `session list' with --json");
		return EXIT_USAGE;
	}
	if (every == 0 || every > EVERY_MAX_S) {
		complain("top: every is to be from 1s to 1h");
		return EXIT_USAGE;
	}
	prompt_init(&host);
	top_init(&s.top, host.host);
	code = isatty(STDOUT_FILENO) ? run_screen(&s, every * 1000) : run_plain(&s);
	top_done(&s.top);
	return code;
}
