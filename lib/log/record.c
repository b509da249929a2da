/* record.c - records to lines, repetitions to one line (see log.h)
 *
 * A text line reads "<date>: [<who>] [<level>] <message>", the level padded to seven characters. A message that comes
 * again and again is written once, then counted; the count is written when another message comes, at GW_LOG_FOLD_MAX,
 * or when the host calls gw_log_settle(). */
#include "log/log.h"

#include "util/clock.h"
#include "util/json.h"

#include <stdio.h>

#define TEXT_MAX (GW_LOG_LINE_MAX - 256) /* room for the front of the line */

static const char *const weekdays[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
				      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* The date as strftime("%c") writes it in the C locale. */
static void put_date(struct gw_buf *out, const struct gw_log_record *rec)
{
	struct gw_civil c = gw_time_to_civil(rec->wall_us / 1000000 + rec->utc_offset_s);

	gw_buf_printf(out, "%s %s %2u %02u:%02u:%02u %lld: ", weekdays[c.weekday % 7], months[(c.month + 11) % 12],
		      c.day, c.hour, c.minute, c.second, (long long)c.year);
}

void gw_log_format_text(struct gw_buf *out, const struct gw_log_record *rec, bool timestamp, bool bare)
{
	if (timestamp && !bare)
		put_date(out, rec);
	if (!bare)
		gw_buf_printf(out, "[%s] [%-7s] ", rec->who ? rec->who : "-", gw_log_level_name(rec->level));
	gw_log_escape(out, rec->text, TEXT_MAX);
}

/* JSON is meant for programs: time in UTC with microseconds (RFC 3339). */
static void put_rfc3339(char *p, size_t cap, int64_t wall_us)
{
	struct gw_civil c = gw_time_to_civil(wall_us / 1000000);

	snprintf(p, cap, "%04lld-%02u-%02uT%02u:%02u:%02u.%06uZ", (long long)c.year, c.month, c.day, c.hour, c.minute,
		 c.second, (unsigned)(wall_us % 1000000));
}

static struct gw_slice cut(struct gw_slice s)
{
	return gw_slice(s.p, s.n < TEXT_MAX ? s.n : TEXT_MAX);
}

void gw_log_put_fields(struct gw_json *j, const struct gw_log_field *f, size_t n)
{
	for (; n; f++, n--) {
		switch (f->kind) {
		case GW_LOG_IS_TEXT:
			gw_json_string(j, f->name, cut(f->value));
			break;
		case GW_LOG_IS_NUMBER:
			gw_json_u64(j, f->name, f->number);
			break;
		case GW_LOG_IS_BOOL:
			gw_json_bool(j, f->name, f->number != 0);
			break;
		}
	}
}

void gw_log_put_stamp(struct gw_json *j, const struct gw_log_record *rec)
{
	char time[48];

	put_rfc3339(time, sizeof time, rec->wall_us);
	gw_json_str(j, "time", time);
	gw_json_str(j, "level", rec->level > 0 ? gw_log_level_name(rec->level) : "always");
	gw_json_str(j, "event", rec->event ? rec->event : "message");
	if (rec->module)
		gw_json_str(j, "module", rec->module);
	gw_json_str(j, "who", rec->who ? rec->who : "-");
}

void gw_log_format_json(struct gw_buf *out, const struct gw_log_record *rec)
{
	struct gw_buf object;
	struct gw_json j;

	gw_buf_init(&object, 0);
	gw_json_init(&j, &object);
	gw_json_open(&j, NULL, '{');
	gw_log_put_stamp(&j, rec);
	gw_json_string(&j, "message", cut(rec->text));
	gw_log_put_fields(&j, rec->fields, rec->n_fields);
	gw_json_close(&j, '}');
	gw_log_escape_json(out, gw_buf_slice(&object));
	gw_buf_done(&object);
}

void gw_log_init(struct gw_log *log, int threshold, enum gw_log_format format, bool timestamp, gw_log_sink sink,
		 void *ctx)
{
	*log = (struct gw_log){ .threshold = threshold, .format = format, .timestamp = timestamp, .sink = sink, .ctx = ctx };
	gw_buf_init(&log->line, 0);
	gw_buf_init(&log->last, 0);
}

static void write_line(struct gw_log *log, const struct gw_log_record *rec)
{
	log->line.n = 0;
	if (log->format == GW_LOG_JSON)
		gw_log_format_json(&log->line, rec);
	else
		gw_log_format_text(&log->line, rec, log->timestamp, log->bare);
	log->sink(log->ctx, rec->level, gw_buf_slice(&log->line));
}

static void write_repeats(struct gw_log *log)
{
	struct gw_log_record rec = log->fold_stamp;
	char text[64];

	if (log->repeats == 0)
		return;
	snprintf(text, sizeof text, "Previous message logged %u time%s", log->repeats, log->repeats == 1 ? "" : "s");
	log->repeats = 0;
	rec.text = gw_slice_str(text);
	rec.who = log->fold_who;
	rec.event = NULL;
	rec.fields = NULL;
	rec.n_fields = 0;
	write_line(log, &rec);
}

static bool same_again(const struct gw_log *log, const struct gw_log_record *rec)
{
	return !rec->each && rec->level == log->last_level && rec->text.n != 0 && rec->text.n <= GW_LOG_LINE_MAX &&
	       gw_slice_eq(rec->text, gw_buf_slice(&log->last));
}

static void count_repeat(struct gw_log *log, const struct gw_log_record *rec)
{
	if (log->repeats++ == 0)
		log->repeats_since_us = rec->wall_us;
	log->fold_stamp = *rec;
	snprintf(log->fold_who, sizeof log->fold_who, "%s", rec->who ? rec->who : "-");
	if (log->repeats >= GW_LOG_FOLD_MAX)
		write_repeats(log);
}

void gw_log_put(struct gw_log *log, const struct gw_log_record *rec)
{
	if (!gw_log_wants(log, rec->level))
		return;
	if (same_again(log, rec)) {
		count_repeat(log, rec);
		return;
	}
	write_repeats(log);
	write_line(log, rec);
	log->last.n = 0;
	if (rec->text.n <= GW_LOG_LINE_MAX)
		gw_buf_add_slice(&log->last, rec->text);
	log->last_level = rec->level;
}

void gw_log_settle(struct gw_log *log, int64_t now_us, int64_t age_us)
{
	if (log->repeats && (age_us == 0 || now_us - log->repeats_since_us >= age_us))
		write_repeats(log);
}

void gw_log_done(struct gw_log *log)
{
	write_repeats(log);
	gw_buf_done(&log->line);
	gw_buf_done(&log->last);
}
