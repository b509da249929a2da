/* export.c - `gwctl export`: what the daemon gives is written to a sink, unless it has it
 *
 * The daemon reads, gwctl writes, with the rights of who calls it. What was acknowledged is on the disk. */
#include "gwctl/import.h"

#include "gwctl/pump.h"
#include "gwctl/source.h"

#include <stdlib.h>

struct export {
	struct pump p;
	struct sink *sink;
	struct gw_arena names;  /* of the folder */
	struct gw_arena batch;  /* what is offered */
	struct source_message offer[GW_TRANSFER_BATCH];
	unsigned n;
	struct gw_err err;      /* of the sink */
};

#define FRAME(kind, ...) (&(struct gw_transfer_frame){ .type = GW_TRANSFER_##kind, __VA_ARGS__ })

static int begin_folder(struct export *ex, const struct gw_transfer_folder *f)
{
	struct source_folder folder = { .uidvalidity = f->uidvalidity, .uidnext = f->uidnext, .subscribed = f->subscribed,
		.selectable = f->selectable, .special = f->special };

	gw_arena_reset(&ex->names);
	ex->n = 0;
	folder.name = gw_arena_str(&ex->names, f->name);
	return ex->sink->ops->folder(ex->sink, &folder, &ex->err);
}

static void take_offer(struct export *ex, const struct gw_transfer_offer *o)
{
	const char **keywords;

	if (ex->n == 0)
		gw_arena_reset(&ex->batch);
	keywords = gw_arena_calloc(&ex->batch, o->n_keywords + 1, sizeof *keywords);
	for (unsigned i = 0; i < o->n_keywords; i++)
		keywords[i] = gw_arena_str(&ex->batch, o->keywords[i]);
	ex->offer[ex->n++] = (struct source_message){ .key = gw_arena_str(&ex->batch, o->key), .uid = o->uid,
		.uidl = o->uidl.n ? gw_arena_str(&ex->batch, o->uidl) : NULL, .flags = o->flags, .keywords = keywords,
		.n_keywords = o->n_keywords, .date = o->date, .size = o->size };
}

static int answer_offers(struct export *ex)
{
	char want[GW_TRANSFER_BATCH] = { 0 };

	for (unsigned i = 0; i < ex->n; i++) {
		int has = ex->sink->ops->has(ex->sink, &ex->offer[i], &ex->err);

		if (has < 0)
			return has;
		want[i] = !has;
	}
	pump_say(&ex->p, FRAME(WANT, .bytes = { want, ex->n }));
	return 0;
}

/* All of the batch has come. */
static int acknowledge(struct export *ex)
{
	int rc = ex->sink->ops->flush(ex->sink, &ex->err);

	ex->n = 0;
	if (rc == 0)
		pump_say(&ex->p, FRAME(ACK));
	return rc;
}

static int take(struct export *ex, const struct gw_transfer_frame *f)
{
	const struct sink_ops *ops = ex->sink->ops;

	switch (f->type) {
	case GW_TRANSFER_FOLDER:
		return begin_folder(ex, &f->folder);
	case GW_TRANSFER_OFFER:
		take_offer(ex, &f->offer);
		return 0;
	case GW_TRANSFER_ASK:
		return answer_offers(ex);
	case GW_TRANSFER_MESSAGE:
		return ops->begin(ex->sink, &ex->offer[f->message.number], &ex->err);
	case GW_TRANSFER_DATA:
		return ops->write(ex->sink, f->bytes, &ex->err);
	case GW_TRANSFER_END:
		return ops->end(ex->sink, &ex->err);
	case GW_TRANSFER_COMMIT:
	case GW_TRANSFER_DONE:
		return acknowledge(ex);
	default:
		return 0;
	}
}

static int run(struct export *ex, struct request *r, const struct options *o)
{
	struct gw_transfer_frame f = { .type = GW_TRANSFER_ACK };
	bool cancel = false;
	int code = pump_begin(&ex->p, r, o, false), rc = 0;

	while (code == EXIT_FINE && rc >= 0 && !cancel && f.type != GW_TRANSFER_DONE && pump_hear(&ex->p, &f)) {
		rc = take(ex, &f);
		cancel = rc == 0 && f.type == GW_TRANSFER_COMMIT && pump_interrupted(&ex->p);
	}
	if (rc < 0)
		complain("%s", ex->err.text);
	code = pump_end(&ex->p, cancel || rc < 0);
	return rc < 0 ? EXIT_REFUSED : code;
}

int export_run(struct request *r, const struct options *o)
{
	const char *where = gw_arena_str(&r->arena, request_get(r, "target"));
	struct export *ex = gw_xalloc(sizeof *ex);
	struct source_options so;
	int code = pump_options(r, where, o, &so);

	if (code == EXIT_FINE && sink_open(where, &so, &ex->sink, &ex->err) < 0) {
		complain("%s", ex->err.text);
		code = EXIT_REFUSED;
	}
	if (code == EXIT_FINE) {
		gw_arena_init(&ex->names, 0, 0);
		gw_arena_init(&ex->batch, 64 * 1024, 0);
		code = run(ex, r, o);
		gw_arena_done(&ex->names);
		gw_arena_done(&ex->batch);
	}
	sink_close(ex->sink);
	free(ex);
	return code;
}
