/* queue.c - commands become tasks, some of them ahead (see queue.h) */
#include "imap/queue.h"

#include "config/config.h"
#include "imap/annotate.h"
#include "imap/put.h"
#include "imap/verbs.h"
#include "session/foreign.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

#define TASK_BLOCK 512u /* bytes of the first block of a task's arena: an ordinary command */

/* ---- tasks ---- */

/* What the commands that wait leave of max_session_memory. */
static size_t memory_left(const struct imap_session *s)
{
	uint64_t left = s->env.config->max_session_memory;

	for (const struct imap_task *t = s->head; t; t = t->next)
		left -= t->arena.used < left ? t->arena.used : left;
	return left ? (size_t)left : 1;
}

/* Clients that send many commands at once have them run in the memory of one. */
static struct imap_task *task_new(struct imap_session *s)
{
	struct imap_task *t = s->spare;

	if (t) {
		s->spare = t->next;
		*t = (struct imap_task){ .arena = t->arena };
	} else {
		t = gw_xalloc(sizeof *t);
		gw_arena_init(&t->arena, TASK_BLOCK, 0);
	}
	t->arena.max = memory_left(s);
	return t;
}

struct imap_task *imap_task_add(struct imap_session *s)
{
	struct imap_task *t = task_new(s);

	t->phase = IMAP_PHASE_START;
	if (s->tail)
		s->tail->next = t;
	else
		s->head = t;
	s->tail = t;
	s->queued++;
	return t;
}

void imap_task_free_spare(struct imap_session *s)
{
	while (s->spare) {
		struct imap_task *t = s->spare;

		s->spare = t->next;
		gw_arena_done(&t->arena);
		free(t);
	}
}

void imap_task_drop(struct imap_session *s)
{
	struct imap_task *t = s->head;

	s->head = t->next;
	if (!s->head)
		s->tail = NULL;
	if (--s->queued == 0)
		s->alone = false;
	if (!t->verb || t->verb->effects & IMAP_SECRET) /* what was not understood may be a LOGIN with a typing error */
		gw_arena_wipe(&t->arena);
	gw_arena_reset(&t->arena);
	t->next = s->spare;
	s->spare = t;
}

void imap_task_drop_all(struct imap_session *s)
{
	while (s->head)
		imap_task_drop(s);
}

static void trace_command(const struct imap_session *s, const struct imap_task *t, struct gw_slice line)
{
	char text[512];
	struct gw_slice verb = t->verb ? gw_slice_str(t->verb->syntax.name) : GW_S("?");
	struct gw_slice tag = t->verb ? t->tag : GW_S("?");

	if (!gw_env_traced(&s->env))
		return;
	if (t->verb && !(t->verb->effects & IMAP_SECRET)) {
		imap_trace(s, 'C', gw_slice(line.p, gw_slice_find(line, '\r')));
		return;
	}
	/* What was not understood may be a LOGIN with a typing error, or the answer to a challenge that did not come. */
	snprintf(text, sizeof text, "%.*s %.*s ***", GW_FMT(tag), GW_FMT(verb));
	imap_trace(s, 'C', gw_slice_str(text));
}

void imap_reply_now(struct imap_task *t, enum imap_status status, const char *code, const char *text)
{
	t->phase = IMAP_PHASE_REPLY;
	t->status = status;
	t->code = code;
	t->text = text;
}

/* A framed line becomes a task; one that is not understood becomes a task that says so in its turn. */
static struct imap_task *take_command(struct imap_session *s, struct gw_slice line)
{
	struct imap_task *t = imap_task_add(s);
	struct imap_parse_ctx ctx = {
		.find = imap_find_syntax,
		.utf8 = imap_utf8(s),
		.rev2 = imap_rev2(s),
		.string_max = s->acct ? IMAP_STRING_MAX : IMAP_STRING_MAX_PRELOGIN,
	};
	const char *why = NULL;

	t->cmd = gw_arena_alloc(&t->arena, sizeof *t->cmd);
	switch (imap_parse(line, &t->arena, &ctx, t->cmd, &why)) {
	case IMAP_PARSE_OK:
		t->verb = imap_verb_of(t->cmd->verb);
		s->alone = t->verb->effects & IMAP_ALONE;
		break;
	case IMAP_PARSE_NO:
		imap_reply_now(t, IMAP_NO, t->cmd->code, why);
		break;
	case IMAP_PARSE_BAD:
	case IMAP_PARSE_UNKNOWN:
		imap_reply_now(t, IMAP_BAD, NULL, why);
	}
	if (t->verb && gw_arena_over(&t->arena)) {
		t->verb = NULL;
		s->alone = false;
		imap_reply_now(t, IMAP_NO, "LIMIT", "Too much for max_session_memory");
	}
	if (!t->verb && !s->acct)
		t->foreign = gw_foreign_of(line);
	if (t->foreign) {
		s->alone = true;
		imap_reply_now(t, IMAP_BAD, NULL, t->foreign->farewell);
	}
	t->tag = t->cmd->tag;
	t->cmd->ctx = NULL;
	trace_command(s, t, line);
	return t;
}

void imap_drop_stream(struct imap_session *s)
{
	if (s->framer.literal.nonsync)
		imap_framer_swallow(&s->framer, s->framer.literal.size);
	else
		imap_framer_reset(&s->framer);
}

/* The head of a command whose message follows; if it was not understood, the message is not for us. */
static void take_stream(struct imap_session *s, struct gw_slice line)
{
	struct imap_task *t = take_command(s, line);

	t->streams = t->verb;
	if (!t->verb)
		imap_drop_stream(s);
}

static void take_refusal(struct imap_session *s)
{
	const struct imap_refusal *r = &s->framer.refusal;
	struct imap_task *t = imap_task_add(s);

	t->tag = gw_arena_dup(&t->arena, r->tag);
	imap_reply_now(t, r->no ? IMAP_NO : IMAP_BAD, r->code, r->text);
	if (r->reason == IMAP_REFUSE_VALUE_TOO_BIG && imap_offers(s, "METADATA"))
		t->code = imap_value_limit(s, &t->arena);
	if (r->reason == IMAP_REFUSE_ANNOTATION_TOO_BIG && !imap_offers(s, IMAP_ANNOTATE))
		t->code = "TOOBIG";
	if (r->fatal) {
		s->alone = true;
		s->farewell = "The connection cannot be followed any further";
	}
}

/* Fill the queue. */
void imap_read_ahead(struct imap_session *s, struct gw_slice *in)
{
	struct gw_slice line;

	while (s->queued < IMAP_QUEUE && !s->alone && !s->want_continue) {
		switch (imap_framer_next(&s->framer, in, &line)) {
		case IMAP_FRAME_MORE:
			return;
		case IMAP_FRAME_CONTINUE:
			s->want_continue = true;
			break;
		case IMAP_FRAME_COMMAND:
			take_command(s, line);
			break;
		case IMAP_FRAME_STREAM:
			take_stream(s, line);
			break;
		case IMAP_FRAME_REFUSE:
			take_refusal(s);
		}
	}
}
