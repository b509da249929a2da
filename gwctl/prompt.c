/* prompt.c - which machine, and how the daemon there is (see prompt.h) */
#include "gwctl/prompt.h"

#include "gwctl/value.h"
#include "util/num.h"

#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 200

void prompt_init(struct prompt *p)
{
	memset(p, 0, sizeof *p);
	if (gethostname(p->host, sizeof p->host - 1) < 0 || !p->host[0])
		memcpy(p->host, "gateway", 8);
	p->host[strcspn(p->host, ".")] = '\0';
}

static uint64_t number(struct gw_slice json, const char *key)
{
	char text[32];
	uint64_t v = 0;

	live_member(json, key, text, sizeof text);
	gw_parse_u64(gw_slice_str(text), &v);
	return v;
}

static void on_status(void *ctx, struct gw_slice json)
{
	struct prompt *p = ctx;
	uint64_t started = number(json, "started") << 24 ^ number(json, "pid");

	live_member(json, "state", p->state, sizeof p->state);
	p->confirm_s = number(json, "confirm_s");
	p->restarted = p->started && started != p->started;
	p->started = started;
}

void prompt_ask(struct prompt *p, const struct options *o)
{
	p->state[0] = '\0';
	p->confirm_s = 0;
	p->restarted = false;
	p->live = live_ask(o, "status", PATIENCE_MS, 1, NULL, on_status, p);
}

static const char *words_of(const struct prompt *p)
{
	switch (p->live) {
	case LIVE_OK:
		return p->state;
	case LIVE_NOT_RUNNING:
		return "(not running)";
	case LIVE_DENIED:
		return "(not permitted)";
	case LIVE_REFUSED:
		return "(refused)";
	default:
		return "(no answer)";
	}
}

void prompt_put(const struct prompt *p, bool color, struct gw_buf *out)
{
	bool well = p->live == LIVE_OK && strcmp(p->state, "running") == 0;
	enum shade shade = well ? SHADE_GOOD : p->live == LIVE_OK ? SHADE_WARN : SHADE_BAD;

	gw_buf_printf(out, "%s ", p->host);
	if (color)
		gw_buf_printf(out, "\001%s\002", shade_code(shade));
	gw_buf_printf(out, "%s", words_of(p));
	if (color)
		gw_buf_printf(out, "\001%s\002", shade_code(SHADE_NONE));
	if (p->confirm_s) {
		gw_buf_printf(out, ", confirm within ");
		value_put_span(out, p->confirm_s);
	}
	gw_buf_printf(out, "> ");
}
