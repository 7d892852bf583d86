/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-date.h"
#include "cw-text.h"

static const struct
{
  const char *when;
  const char *text;
} distances[] = {
  { "2026-12-01T12:00:00", "today" },         { "2026-12-01T23:59:00", "today" },
  { "2026-12-01T00:00:00", "today" },         { "2026-12-02T00:00:00", "tomorrow" },
  { "2026-11-30T23:59:00", "yesterday" },     { "2026-12-22T12:00:00", "in 21 days" },
  { "2026-11-10T12:00:00", "21 days ago" },   { "2027-01-29T12:00:00", "in 59 days" },
  { "2027-05-03T12:00:00", "in 5 months" },   { "2026-07-01T12:00:00", "5 months ago" },
  { "2027-12-01T12:00:00", "in 12 months" },  { "2028-11-30T12:00:00", "in 2 years" },
  { "2028-11-27T12:00:00", "in 23 months" },  { "2027-11-30T12:00:00", "in 12 months" },
  { "2027-11-27T12:00:00", "in 11 months" },  { "2027-01-30T12:00:00", "in 2 months" },
  { "2036-11-30T12:00:00", "in 10 years" },   { "2036-11-10T12:00:00", "in 10 years" },
  { "2036-06-01T12:00:00", "in 9 years" },    { "2036-10-01T12:00:00", "in 9 years" },
  { "2036-12-01T11:00:00", "in 10 years" },   { "2016-12-02T12:00:00", "10 years ago" },
  { "2017-06-01T12:00:00", "9 years ago" },   { "2025-12-02T12:00:00", "12 months ago" },
  { "2028-12-01T12:00:00", "in 2 years" },    { "2016-12-01T12:00:00", "10 years ago" },
  { "9999-12-31T23:59:59", "in 7973 years" }, { "2025-01-01T00:00:00", "23 months ago" },
};

static void
test_distance (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 ("2026-12-01T12:00:00", zone);
  for (guint i = 0; i < G_N_ELEMENTS (distances); i++)
    {
      g_autoptr (GDateTime) when = g_date_time_new_from_iso8601 (distances[i].when, zone);
      g_autofree char *text = cw_date_format_distance (when, now);
      g_assert_cmpstr (text, ==, distances[i].text);
    }
}

static const struct
{
  const char *from;
  const char *until;
  const char *text;
} lives[] = {
  { "2026-12-01T12:00:00", "2027-12-01T12:00:00", "12 months of 12 left" },
  { "2026-09-01T12:00:00", "2027-09-01T12:00:00", "9 months of 12 left" },
  { "2026-11-20T12:00:00", "2026-12-20T12:00:00", "19 days of 30 left" },
  { "2026-11-20T12:00:00", "2026-12-02T12:00:00", "1 day of 12 left" },
  { "2026-01-01T12:00:00", "2026-12-22T12:00:00", "21 days left" },
  { "2026-01-01T12:00:00", "2026-12-01T12:01:00", "Less than a day left" },
  { "2020-01-01T12:00:00", "2027-05-03T12:00:00", "5 months left" },
  { "2026-12-01T12:00:00", "2036-11-30T12:00:00", "10 years of 10 left" },
  { "2020-12-01T12:00:00", "2030-12-01T12:00:00", "4 years of 10 left" },
  { "2026-01-01T12:00:00", "2026-12-01T12:00:00", "Expired" },
  { "2025-01-01T12:00:00", "2025-12-01T12:00:00", "Expired" },
  { "2026-12-01T12:01:00", "2027-12-01T12:00:00", "Not valid yet" },
};

static void
test_left (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 ("2026-12-01T12:00:00", zone);
  for (guint i = 0; i < G_N_ELEMENTS (lives); i++)
    {
      g_autoptr (GDateTime) from = g_date_time_new_from_iso8601 (lives[i].from, zone);
      g_autoptr (GDateTime) until = g_date_time_new_from_iso8601 (lives[i].until, zone);
      g_autofree char *text = cw_date_format_left (from, until, now);
      g_assert_cmpstr (text, ==, lives[i].text);
    }
}

static void
test_format (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 ("2026-12-01T12:00:00", zone);
  g_autoptr (GDateTime) when = g_date_time_new_from_iso8601 ("2027-05-03T12:00:00", zone);
  g_autofree char *text = cw_date_format (when, now);
  g_assert_cmpstr (text, ==, "3 May 2027, in 5 months");
  g_autofree char *day = cw_date_format_day (when);
  g_assert_cmpstr (day, ==, "3 May 2027");

  g_autoptr (GDateTime) clock = g_date_time_new_now_utc ();
  g_autofree char *today = cw_date_format_distance (clock, NULL);
  g_assert_cmpstr (today, ==, "today");
}

static void
test_directions (void)
{
  g_autofree char *plain =
      cw_text_drop_directions ("\u200funtil \u2068%s\u2069, \u2066a\u2067b\u2069");
  g_autofree char *same = cw_text_drop_directions ("Grüße, \u202eb");
  g_assert_cmpstr (plain, ==, "until %s, ab");
  g_assert_cmpstr (same, ==, "Grüße, \u202eb");

  /* A name has none of its own, which would end that of the sentence. */
  g_autofree char *clean = cw_text_clean ("a\u2069b\u2068c");
  g_autofree char *escaped = cw_text_escape_hidden ("a\u2069b", 5);
  g_assert_cmpstr (clean, ==, "a b c");
  g_assert_cmpstr (escaped, ==, "a\\E2\\81\\A9b");
}

static void
test_clean (void)
{
  static const struct
  {
    const char *dirty;
    const char *clean;
  } texts[] = {
    { "plain", "plain" },
    { "Grüße 日本", "Grüße 日本" },
    { " a\nb\r\tc ", "a b  c" },
    { "a\xe2\x80\xae"
      "b",
      "a b" },
    { "\x1b[31mred", "[31mred" },
    { "bad\xff", "bad\xef\xbf\xbd" },
    { "", "" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *clean = cw_text_clean (texts[i].dirty);
      g_assert_cmpstr (clean, ==, texts[i].clean);
    }

  g_autofree char *long_text = g_strnfill (5000, 'x');
  g_autofree char *cut = cw_text_clean (long_text);
  g_assert_cmpint (g_utf8_strlen (cut, -1), ==, 201);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/date/distance", test_distance);
  g_test_add_func ("/date/format", test_format);
  g_test_add_func ("/date/left", test_left);
  g_test_add_func ("/text/clean", test_clean);
  g_test_add_func ("/text/directions", test_directions);
  return g_test_run ();
}
