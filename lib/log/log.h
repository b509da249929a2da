/* log.h - from an event to one line of a log
 *
 * A record is one thing that happened; this module makes one line of it, as text in the shape that
 * administrators of this kind of gateway match on, or as JSON (RFC 8259), and folds repetitions. Where the
 * line goes is the business of a sink that the host gives. Whatever a peer put into the text (line ends,
 * escape sequences, bidirectional controls, bytes that are not UTF-8), one event stays one line.
 *
 * Levels are those of log_level in gateway.cfg: 1 crit, 2 error, 3 warning, 4 notice, 5 info, 6 debug. A record
 * of level 0 is unconditional ("======="): written unless log_level itself is 0.
 *
 * Nothing here asks for the time or locks: the record carries its stamp. Thread: owner. */
#ifndef GW_LOG_LOG_H
#define GW_LOG_LOG_H

#include "util/buf.h"
#include "util/slice.h"

#define GW_LOG_LINE_MAX (16u * 1024) /* bytes of one line; longer text is cut and marked */
#define GW_LOG_FOLD_MAX 99           /* repetitions that are counted before the count is written */

enum gw_log_kind { GW_LOG_IS_TEXT, GW_LOG_IS_NUMBER, GW_LOG_IS_BOOL };

/* A fact of a record: a member in JSON; in text only where the sentence says it. */
struct gw_log_field {
	const char *name;
	enum gw_log_kind kind;
	struct gw_slice value; /* GW_LOG_IS_TEXT */
	uint64_t number;       /* the others */
};

/* Facts as they are written down in a list: GW_STR("user", name), GW_NUM("seconds", 600). */
#define GW_TEXT(n, slice) { .name = (n), .kind = GW_LOG_IS_TEXT, .value = (slice) }
#define GW_STR(n, s)      GW_TEXT(n, gw_slice_str(s))
#define GW_NUM(n, v)      { .name = (n), .kind = GW_LOG_IS_NUMBER, .number = (uint64_t)(v) }
#define GW_YES(n, v)      { .name = (n), .kind = GW_LOG_IS_BOOL, .number = (v) ? 1 : 0 }

struct gw_log_record {
	int level;
	int64_t wall_us;   /* microseconds since 1970 UTC */
	int utc_offset_s;  /* local time minus UTC at that moment, for the text form */
	const char *who;   /* thread or process that speaks */
	const char *event; /* its name in the catalogue (events.h); NULL: a line for people */
	const char *module; /* "tls" ...; may be NULL */
	bool each;         /* is never folded: programs count these lines */
	struct gw_slice text;
	const struct gw_log_field *fields;
	size_t n_fields;
};

enum gw_log_format { GW_LOG_TEXT, GW_LOG_JSON };

/* Takes one line without its line end. level: for sinks that have priorities of their own. */
typedef void (*gw_log_sink)(void *ctx, int level, struct gw_slice line);

struct gw_log {
	int threshold; /* log_level */
	enum gw_log_format format;
	bool timestamp; /* text form: begin with the date */
	bool bare;      /* text form: the message alone (syslog adds the rest) */
	gw_log_sink sink;
	void *ctx;
	struct gw_buf line; /* being made */
	struct gw_buf last; /* text of the last record, for folding */
	int last_level;
	unsigned repeats;   /* of the last record, not written yet */
	int64_t repeats_since_us;
	struct gw_log_record fold_stamp; /* stamp and speaker of the last repetition */
	char fold_who[32];
};

/* threshold: 0..6. Allocates nothing yet. */
void gw_log_init(struct gw_log *log, int threshold, enum gw_log_format format, bool timestamp, gw_log_sink sink,
		 void *ctx);

/* Write what is folded and free the memory. */
void gw_log_done(struct gw_log *log);

/* Would a record of this level be written? */
static inline bool gw_log_wants(const struct gw_log *log, int level)
{
	return log->threshold > 0 && level <= log->threshold;
}

/* Write a record, or count it when it says the same as the one before. Borrows everything. */
void gw_log_put(struct gw_log *log, const struct gw_log_record *rec);

/* Write the count of repetitions that are older than age_us (0: all). To be called now and then. */
void gw_log_settle(struct gw_log *log, int64_t now_us, int64_t age_us);

/* One line of a record, without a line end, appended to out. */
void gw_log_format_text(struct gw_buf *out, const struct gw_log_record *rec, bool timestamp, bool bare);
void gw_log_format_json(struct gw_buf *out, const struct gw_log_record *rec);

/* The members of a line in JSON, into an object that is open: those of every record (time, level, event, module, who), and
 * its facts. */
struct gw_json;
void gw_log_put_stamp(struct gw_json *j, const struct gw_log_record *rec);
void gw_log_put_fields(struct gw_json *j, const struct gw_log_field *fields, size_t n);

/* Append s so that it stays on one line and cannot steer a terminal: control bytes and bytes that are not UTF-8 as
 * \xNN, U+2028, U+2029, C1 and bidirectional controls as \u{N}, backslash doubled. At most max bytes are added; a cut
 * is marked by "...". */
void gw_log_escape(struct gw_buf *out, struct gw_slice s, size_t max);

/* Append JSON text with the code points that gw_log_escape() would not let through written as \uNNNN. */
void gw_log_escape_json(struct gw_buf *out, struct gw_slice json);

/* "error" for 2; "=======" for 0 and anything unknown. */
const char *gw_log_level_name(int level);

/* The level of a name ("error", "none") or number ("2"), or -1. */
int gw_log_level_find(struct gw_slice name);

#endif
