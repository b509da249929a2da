/* clock.h - time as the host gives it
 *
 * Protocol and store code never ask the operating system: tests move the clock by hand. */
#ifndef GW_UTIL_CLOCK_H
#define GW_UTIL_CLOCK_H

#include <stdint.h>

struct gw_clock {
	int64_t (*wall_s)(void *ctx);  /* seconds since 1970-01-01 UTC, for stamps */
	uint64_t (*mono_ms)(void *ctx); /* milliseconds of a clock that never jumps, for deadlines */
	void *ctx;
	uint64_t (*mono_us)(void *ctx); /* microseconds of the clock of mono_ms, for measuring; NULL: as fine as mono_ms */
};

/* The operating system's clocks. */
const struct gw_clock *gw_clock_system(void);

static inline int64_t gw_wall_s(const struct gw_clock *c)
{
	return c->wall_s(c->ctx);
}

static inline uint64_t gw_mono_ms(const struct gw_clock *c)
{
	return c->mono_ms(c->ctx);
}

static inline uint64_t gw_mono_us(const struct gw_clock *c)
{
	return c->mono_us ? c->mono_us(c->ctx) : c->mono_ms(c->ctx) * 1000;
}

/* Calendar to seconds since 1970 UTC (proleptic Gregorian): month 1..12, day 1..31. No checks. */
int64_t gw_time_from_civil(int64_t year, unsigned month, unsigned day);

struct gw_civil {
	int64_t year;
	unsigned month, day;         /* 1..12, 1..31 */
	unsigned hour, minute, second;
	unsigned weekday;            /* 0 = Sunday */
};

/* Seconds since 1970 UTC to the calendar. */
struct gw_civil gw_time_to_civil(int64_t t);

#endif
