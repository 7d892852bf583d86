/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cw_date_format:
 * @when: any moment
 * @now: (nullable): the moment to count from; %NULL for the clock's
 *
 * Returns: (transfer full): the day as people write it, in their locale and
 *   time zone, with its distance: "3 May 2027, in 5 months"
 */
char *cw_date_format (GDateTime *when, GDateTime *now);

/**
 * cw_date_format_day:
 *
 * Returns: (transfer full): only the day: "3 May 2027"
 */
char *cw_date_format_day (GDateTime *when);

/**
 * cw_date_format_distance:
 * @when: any moment
 * @now: (nullable): the moment to count from; %NULL for the clock's
 *
 * Counts calendar days below two months, calendar months below two years, and
 * years from there. A month that lacks three days at most counts as whole, and so
 * does a year that lacks a month: ten years less a day are "in 10 years", nine and a
 * half are "in 9 years", 364 days are "in 12 months".
 *
 * Returns: (transfer full): only the distance: "in 5 months", "today",
 *   "yesterday", "21 days ago"
 */
char *cw_date_format_distance (GDateTime *when, GDateTime *now);

/**
 * cw_date_format_left:
 * @from: when something begins to be valid
 * @until: when it expires
 * @now: (nullable): the moment to count from; %NULL for the clock's
 *
 * Counts as cw_date_format_distance() does. The whole is named only where it is
 * counted in the same unit as what is left.
 *
 * Returns: (transfer full): how much of that time is left: "9 months of 12
 *   left", "21 days left", "Not valid yet", "Expired"
 */
char *cw_date_format_left (GDateTime *from, GDateTime *until, GDateTime *now);

G_END_DECLS
