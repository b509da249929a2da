/* import.c - `gwctl import`: what a source has is offered to the daemon, and what it wants is handed over
 *
 * gwctl reads, with the rights of who calls it; the daemon writes. Ctrl-C ends with the batch on its way; the next run goes
 * on. */
#include "gwctl/import.h"

#include "gwctl/pump.h"
#include "gwctl/source.h"
#include "util/glob.h"

#include <stdlib.h>

#define LIST_BLOCK (256u * 1024)

struct import {
	struct pump p;
	struct source *source;
	struct gw_slice pattern;        /* folders that are wanted; empty: all */
	struct gw_arena list;           /* messages of a folder */
	struct source_message *v;
	size_t n;
	char piece[GW_TRANSFER_FRAME_MAX];
	struct gw_err err;              /* why the source ended */
	bool broken;                    /* it did */
	bool incomplete;                /* a folder could not be read */
};

#define FRAME(kind, ...) (&(struct gw_transfer_frame){ .type = GW_TRANSFER_##kind, __VA_ARGS__ })

/* ---- offers ---- */

static bool offer(struct import *im, const struct source_message *m)
{
	struct gw_transfer_frame f = { .type = GW_TRANSFER_OFFER, .offer = { gw_slice_str(m->key), gw_slice_str(m->uidl),
		m->uid, m->flags, m->date, m->size } };
	size_t n = m->n_keywords < GW_TRANSFER_KEYWORDS_MAX ? m->n_keywords : GW_TRANSFER_KEYWORDS_MAX;

	for (size_t i = 0; i < n; i++)
		f.offer.keywords[i] = gw_slice_str(m->keywords[i]);
	f.offer.n_keywords = (unsigned)n;
	return pump_say(&im->p, &f);
}

/* ---- messages ---- */

/* The reason why a message cannot be had, unless the source as a whole is gone. */
static bool cannot(struct import *im, unsigned number, int rc, const struct gw_err *err)
{
	if (rc == GW_EUNAVAIL || rc == GW_EAUTH) {
		im->broken = true;
		im->err = *err;
	}
	return pump_say(&im->p, FRAME(CANNOT, .message = { number, gw_slice_str(err->text) }));
}

static bool give_message(struct import *im, const struct source_message *m, unsigned number)
{
	const struct source_ops *ops = im->source->ops;
	struct gw_err err = { .text = "" };
	long n = ops->message(im->source, m, &err);

	if (n < 0)
		return cannot(im, number, (int)n, &err);
	if (!pump_say(&im->p, FRAME(MESSAGE, .message = { .number = number })))
		return false;
	while ((n = ops->read(im->source, im->piece, sizeof im->piece, &err)) > 0)
		if (!pump_say(&im->p, FRAME(DATA, .bytes = { im->piece, (size_t)n })))
			return false;
	return n < 0 ? cannot(im, number, (int)n, &err) : pump_say(&im->p, FRAME(END));
}

static bool give_wanted(struct import *im, size_t first, unsigned n)
{
	const bool *wanted = im->p.stream.wanted;

	if (im->source->ops->prefetch)
		im->source->ops->prefetch(im->source, im->v, first, first + n - 1, wanted);
	for (unsigned i = 0; i < n && !im->broken; i++)
		if (wanted[i] && !give_message(im, &im->v[first + i], i))
			return false;
	return true;
}

static bool give_batch(struct import *im, size_t first, unsigned n)
{
	struct gw_transfer_frame f;

	for (unsigned i = 0; i < n; i++)
		if (!offer(im, &im->v[first + i]))
			return false;
	return pump_say(&im->p, FRAME(ASK)) && pump_hear(&im->p, &f) && give_wanted(im, first, n) &&
	       pump_say(&im->p, FRAME(COMMIT)) && pump_hear(&im->p, &f);
}

/* ---- folders ---- */

static bool give_messages(struct import *im)
{
	size_t at = 0;

	while (at < im->n) {
		unsigned n = im->n - at < GW_TRANSFER_BATCH ? (unsigned)(im->n - at) : GW_TRANSFER_BATCH;

		if (!give_batch(im, at, n) || im->broken || pump_interrupted(&im->p))
			return false;
		at += n;
	}
	return pump_say(&im->p, FRAME(COMPLETE));
}

static bool give_folder(struct import *im, const struct source_folder *f)
{
	struct gw_transfer_frame frame = { .type = GW_TRANSFER_FOLDER, .folder = { gw_slice_str(f->name), f->uidvalidity,
		f->uidnext, 0, f->special, f->subscribed, f->selectable } };
	int rc = 0;

	gw_arena_reset(&im->list);
	im->n = 0;
	if (f->selectable)
		rc = im->source->ops->list(im->source, &im->list, &im->v, &im->n, &im->err);
	im->broken = rc == GW_EUNAVAIL || rc == GW_EAUTH;
	if (rc < 0 && !im->broken) { /* the other folders are to come */
		complain("%s: %s", f->name, im->err.text);
		im->incomplete = true;
		return !pump_interrupted(&im->p);
	}
	frame.folder.messages = im->n < UINT32_MAX ? (uint32_t)im->n : UINT32_MAX;
	return !im->broken && pump_say(&im->p, &frame) && give_messages(im) && !pump_interrupted(&im->p);
}

static void give_folders(struct import *im)
{
	struct source_folder f;
	int rc;

	while ((rc = im->source->ops->folder(im->source, &f, &im->err)) > 0)
		if ((im->pattern.n == 0 || gw_glob(im->pattern, gw_slice_str(f.name))) && !give_folder(im, &f))
			return;
	im->broken = rc < 0;
}

/* ---- the whole ---- */

static int run(struct import *im, struct request *r, const struct options *o)
{
	struct gw_transfer_frame f;
	int code = pump_begin(&im->p, r, o, true);

	if (code == EXIT_FINE &&
	    pump_say(&im->p, FRAME(HELLO, .hello = { GW_TRANSFER_VERSION, gw_slice_str(im->source->ops->id(im->source)) })))
		give_folders(im);
	if (im->p.code < 0 && pump_say(&im->p, FRAME(DONE)))
		pump_hear(&im->p, &f);
	code = pump_end(&im->p, false);
	if (im->broken) {
		complain("%s; run it again to go on", im->err.text);
		return code == EXIT_FINE ? EXIT_REFUSED : code;
	}
	if (code == EXIT_FINE && im->p.stopping)
		return EXIT_INTERRUPTED;
	return code == EXIT_FINE && im->incomplete ? EXIT_REFUSED : code;
}

int import_run(struct request *r, const struct options *o)
{
	const char *where = gw_arena_str(&r->arena, request_get(r, "source"));
	struct import *im = gw_xalloc(sizeof *im);
	struct source_options so;
	int code = pump_options(r, where, o, &so);

	if (code == EXIT_FINE && source_open(where, &so, &im->source, &im->err) < 0) {
		complain("%s", im->err.text);
		code = EXIT_REFUSED;
	}
	if (code == EXIT_FINE) {
		im->pattern = request_get(r, "folder");
		gw_arena_init(&im->list, LIST_BLOCK, 0);
		code = run(im, r, o);
		gw_arena_done(&im->list);
	}
	source_close(im->source);
	free(im);
	return code;
}
