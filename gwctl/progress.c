/* progress.c - rate and time left of something that takes long (see progress.h) */
#include "gwctl/progress.h"

#include "gwctl/value.h"

#define BAR_MIN 10
#define BAR_MAX 40

void progress_step(struct progress *p, uint64_t done, uint64_t total, uint64_t now_ms)
{
	if (!p->begun || done < p->done || total != p->total) { /* the next part has begun */
		p->began_ms = now_ms;
		p->began_done = done;
		p->begun = true;
	}
	p->now_ms = now_ms;
	p->done = done;
	p->total = total;
}

uint64_t progress_rate(const struct progress *p)
{
	uint64_t ms = p->now_ms - p->began_ms, n = p->done - p->began_done;

	return ms < 100 ? 0 : (uint64_t)((double)n * 1000.0 / (double)ms);
}

static void put_number(const struct progress *p, uint64_t v, struct gw_buf *out)
{
	if (p->bytes)
		value_put_size(out, v);
	else
		gw_buf_printf(out, "%llu", (unsigned long long)v);
}

static void put_figures(const struct progress *p, struct gw_buf *out)
{
	uint64_t rate = progress_rate(p);

	put_number(p, p->done, out);
	if (p->total) {
		gw_buf_printf(out, " of ");
		put_number(p, p->total, out);
	}
	if (rate == 0)
		return;
	gw_buf_printf(out, "  ");
	put_number(p, rate, out);
	gw_buf_printf(out, "/s");
	if (p->total > p->done) {
		gw_buf_printf(out, "  ");
		value_put_span(out, (p->total - p->done) / rate + 1);
		gw_buf_printf(out, " left");
	}
}

static void put_bar(const struct progress *p, int width, struct gw_buf *out)
{
	int full = p->done >= p->total ? width : (int)((double)p->done / (double)p->total * width);

	gw_buf_add_char(out, '[');
	for (int i = 0; i < width; i++)
		gw_buf_add_char(out, i < full ? '=' : i == full ? '>' : ' ');
	gw_buf_add_char(out, ']');
}

void progress_put(const struct progress *p, int columns, struct gw_buf *out)
{
	struct gw_buf figures;
	int room;

	gw_buf_init(&figures, 0);
	put_figures(p, &figures);
	room = columns - (int)figures.n - 10; /* brackets, blanks, "100%" */
	if (p->total && room >= BAR_MIN) {
		put_bar(p, room < BAR_MAX ? room : BAR_MAX, out);
		gw_buf_printf(out, " %3u%%  ", p->done >= p->total ? 100u : (unsigned)((double)p->done * 100 / (double)p->total));
	}
	gw_buf_add_slice(out, gw_buf_slice(&figures));
	gw_buf_done(&figures);
}
