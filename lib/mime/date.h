/* date.h - the Date: field (RFC 5322 3.3, 4.3) */
#ifndef GW_MIME_DATE_H
#define GW_MIME_DATE_H

#include "util/slice.h"

/* Read "Fri, 21 Nov 1997 09:55:06 -0600 (comment)" and what broken software makes of it: the day of the week, seconds and
 * zone may be missing, years may have two digits, zones names. *ret_utc: seconds since 1970; *ret_day: 00:00 of the day as
 * it is written, as if in UTC. False: no date can be made of it. */
bool gw_date_parse(struct gw_slice body, int64_t *ret_utc, int64_t *ret_day);

/* Days from 1970-01-01 to the day (any year of the Gregorian calendar, month 1..12). */
int64_t gw_days_from_civil(int64_t year, unsigned month, unsigned day);

#endif
