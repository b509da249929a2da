/* clock.c - time as the host gives it, and the calendar (see clock.h)
 *
 * The calendar arithmetic counts days from 0000-03-01, so that the leap day ends the year. */
#include "util/clock.h"

#include <stddef.h>
#include <time.h>

#define DAYS_400Y 146097
#define EPOCH_SHIFT 719468 /* days from 0000-03-01 to 1970-01-01 */

static int64_t system_wall_s(void *ctx)
{
	(void)ctx;
	return (int64_t)time(NULL);
}

static uint64_t system_mono_ms(void *ctx)
{
	struct timespec ts;

	(void)ctx;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static uint64_t system_mono_us(void *ctx)
{
	struct timespec ts;

	(void)ctx;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

const struct gw_clock *gw_clock_system(void)
{
	static const struct gw_clock clock = { system_wall_s, system_mono_ms, NULL, system_mono_us };

	return &clock;
}

int64_t gw_time_from_civil(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return (era * DAYS_400Y + doe - EPOCH_SHIFT) * 86400;
}

struct gw_civil gw_time_to_civil(int64_t t)
{
	int64_t days = t / 86400 - (t % 86400 < 0);
	int64_t secs = t - days * 86400;
	int64_t z = days + EPOCH_SHIFT;
	int64_t era = (z >= 0 ? z : z - (DAYS_400Y - 1)) / DAYS_400Y;
	int64_t doe = z - era * DAYS_400Y;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / (DAYS_400Y - 1)) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	unsigned month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);

	return (struct gw_civil){
		.year = yoe + era * 400 + (month <= 2),
		.month = month,
		.day = (unsigned)(doy - (153 * mp + 2) / 5 + 1),
		.hour = (unsigned)(secs / 3600),
		.minute = (unsigned)(secs / 60 % 60),
		.second = (unsigned)(secs % 60),
		.weekday = (unsigned)(((days + 4) % 7 + 7) % 7),
	};
}
