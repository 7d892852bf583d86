/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-date.h"

#define DAYS_BEFORE_MONTHS  60
#define MONTHS_BEFORE_YEARS 24

/* What lacks no more than this counts as whole: “in 9 years” is wrong of a CA made today for ten.
 */
#define DAYS_SHORT_OF_MONTH 3
#define DAYS_SHORT_OF_YEAR  31

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

/* Whole calendar months from the earlier to the later, or to @slack days after that. */
static int
months_between (GDateTime *early, GDateTime *when, int slack)
{
  g_autoptr (GDateTime) later = g_date_time_add_days (when, slack);
  GDateTime *late = later != NULL ? later : when; /* the calendar's very end */
  int months = (g_date_time_get_year (late) - g_date_time_get_year (early)) * 12 +
               g_date_time_get_month (late) - g_date_time_get_month (early);
  if (g_date_time_get_day_of_month (late) < g_date_time_get_day_of_month (early))
    months -= 1;
  return months;
}

static int
count_months (GDateTime *early, GDateTime *late)
{
  return months_between (early, late, DAYS_SHORT_OF_MONTH);
}

static int
count_years (GDateTime *early, GDateTime *late)
{
  return months_between (early, late, DAYS_SHORT_OF_YEAR) / 12;
}

static char *
format_future (int days, int months, int years)
{
  if (days == 0)
    return g_strdup (_ ("today"));
  if (days == 1)
    return g_strdup (_ ("tomorrow"));
  if (days < DAYS_BEFORE_MONTHS)
    return g_strdup_printf (ngettext ("in %d day", "in %d days", (gulong) days), days);
  if (months < MONTHS_BEFORE_YEARS)
    return g_strdup_printf (ngettext ("in %d month", "in %d months", (gulong) months), months);
  return g_strdup_printf (ngettext ("in %d year", "in %d years", (gulong) years), years);
}

static char *
format_past (int days, int months, int years)
{
  if (days == 1)
    return g_strdup (_ ("yesterday"));
  if (days < DAYS_BEFORE_MONTHS)
    return g_strdup_printf (ngettext ("%d day ago", "%d days ago", (gulong) days), days);
  if (months < MONTHS_BEFORE_YEARS)
    return g_strdup_printf (ngettext ("%d month ago", "%d months ago", (gulong) months), months);
  return g_strdup_printf (ngettext ("%d year ago", "%d years ago", (gulong) years), years);
}

static char *
format_days_left (int days, int all_days)
{
  if (days == 0)
    return g_strdup (_ ("Less than a day left"));
  if (all_days >= DAYS_BEFORE_MONTHS)
    return g_strdup_printf (ngettext ("%d day left", "%d days left", (gulong) days), days);
  /* Translators: of a certificate's life: "5 days of 30 left" */
  return g_strdup_printf (ngettext ("%d day of %d left", "%d days of %d left", (gulong) days), days,
                          all_days);
}

static char *
format_months_left (int months, int all_months)
{
  if (all_months >= MONTHS_BEFORE_YEARS)
    return g_strdup_printf (ngettext ("%d month left", "%d months left", (gulong) months), months);
  /* Translators: of a certificate's life: "9 months of 12 left" */
  return g_strdup_printf (ngettext ("%d month of %d left", "%d months of %d left", (gulong) months),
                          months, all_months);
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
    return format_future (days, count_months (here, there), count_years (here, there));
  return format_past (-days, count_months (there, here), count_years (there, here));
}

char *
cw_date_format_left (GDateTime *from, GDateTime *until, GDateTime *now)
{
  g_return_val_if_fail (from != NULL && until != NULL, NULL);

  g_autoptr (GDateTime) start = local_or_now (from);
  g_autoptr (GDateTime) end = local_or_now (until);
  g_autoptr (GDateTime) here = local_or_now (now);
  if (g_date_time_compare (here, end) >= 0)
    return g_strdup (_ ("Expired"));
  if (g_date_time_compare (here, start) < 0)
    return g_strdup (_ ("Not valid yet"));

  int days = day_number (end) - day_number (here);
  int months = count_months (here, end);
  int years = count_years (here, end);
  if (days < DAYS_BEFORE_MONTHS)
    return format_days_left (days, day_number (end) - day_number (start));
  if (months < MONTHS_BEFORE_YEARS)
    return format_months_left (months, count_months (start, end));
  /* Translators: of a certificate's life: "9 years of 10 left" */
  return g_strdup_printf (ngettext ("%d year of %d left", "%d years of %d left", (gulong) years),
                          years, count_years (start, end));
}
