/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-date.h"

#define DAYS_BEFORE_MONTHS  60
#define MONTHS_BEFORE_YEARS 24

static GDateTime *
local_or_now (GDateTime *when)
{
  if (when == NULL)
    return g_date_time_new_now_local ();
  /* To local time fails at the calendar's very ends (31 December 9999). */
  GDateTime *local = g_date_time_to_local (when);
  return local != NULL ? local : g_date_time_ref (when);
}

static int
day_number (GDateTime *when)
{
  GDate date;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) g_date_time_get_day_of_month (when),
                  (GDateMonth) g_date_time_get_month (when),
                  (GDateYear) g_date_time_get_year (when));
  return (int) g_date_get_julian (&date);
}

/* Whole calendar months from the earlier to the later. */
static int
months_between (GDateTime *early, GDateTime *late)
{
  int months = (g_date_time_get_year (late) - g_date_time_get_year (early)) * 12 +
               g_date_time_get_month (late) - g_date_time_get_month (early);
  if (g_date_time_get_day_of_month (late) < g_date_time_get_day_of_month (early))
    months -= 1;
  return months;
}

static char *
format_future (int days, int months)
{
  if (days == 0)
    return g_strdup (_ ("today"));
  if (days == 1)
    return g_strdup (_ ("tomorrow"));
  if (days < DAYS_BEFORE_MONTHS)
    return g_strdup_printf (ngettext ("in %d day", "in %d days", (gulong) days), days);
  if (months < MONTHS_BEFORE_YEARS)
    return g_strdup_printf (ngettext ("in %d month", "in %d months", (gulong) months), months);
  int years = months / 12;
  return g_strdup_printf (ngettext ("in %d year", "in %d years", (gulong) years), years);
}

static char *
format_past (int days, int months)
{
  if (days == 1)
    return g_strdup (_ ("yesterday"));
  if (days < DAYS_BEFORE_MONTHS)
    return g_strdup_printf (ngettext ("%d day ago", "%d days ago", (gulong) days), days);
  if (months < MONTHS_BEFORE_YEARS)
    return g_strdup_printf (ngettext ("%d month ago", "%d months ago", (gulong) months), months);
  int years = months / 12;
  return g_strdup_printf (ngettext ("%d year ago", "%d years ago", (gulong) years), years);
}

char *
cw_date_format (GDateTime *when, GDateTime *now)
{
  g_return_val_if_fail (when != NULL, NULL);

  g_autofree char *day = cw_date_format_day (when);
  g_autofree char *distance = cw_date_format_distance (when, now);
  /* Translators: a day and how far off it is: "3 May 2027, in 5 months" */
  return g_strdup_printf (C_ ("date with distance", "%s, %s"), day, distance);
}

char *
cw_date_format_day (GDateTime *when)
{
  g_return_val_if_fail (when != NULL, NULL);

  g_autoptr (GDateTime) local = local_or_now (when);
  /* Translators: a day as in "3 May 2027"; see g_date_time_format() */
  return g_date_time_format (local, C_ ("day", "%-d %B %Y"));
}

char *
cw_date_format_distance (GDateTime *when, GDateTime *now)
{
  g_return_val_if_fail (when != NULL, NULL);

  g_autoptr (GDateTime) there = local_or_now (when);
  g_autoptr (GDateTime) here = local_or_now (now);
  int days = day_number (there) - day_number (here);
  if (days >= 0)
    return format_future (days, months_between (here, there));
  return format_past (-days, months_between (there, here));
}
