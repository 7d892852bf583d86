/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long it takes to read many profiles, as each start does: prints the
 * milliseconds of each of several times.
 */

#include "config.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include <glib/gstdio.h>

#include "cw-profile.h"

static void
make_copy (const char *parent, const char *text, gsize length, guint i)
{
  g_autofree char *id = g_strdup_printf ("consumer-%u", i);
  g_autofree char *folder = g_build_filename (parent, id, NULL);
  g_autofree char *path = g_build_filename (folder, "profile.ini", NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (
      g_file_set_contents_full (path, text, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* Each of those that are shipped, in turn. */
static void
make_copies (const char *parent, char **sources, guint n)
{
  const guint n_sources = g_strv_length (sources);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = NULL;
      gsize length = 0;

      g_assert_true (g_file_get_contents (sources[i % n_sources], &text, &length, NULL));
      make_copy (parent, text, length, i);
    }
}

static void
measure (guint n)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GListModel) profiles = NULL;
  const gint64 start = g_get_monotonic_time ();

  profiles = cw_profiles_load (&problems);
  printf ("%.3f\n", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (profiles), ==, n);
}

/* profiles ROUNDS N FOLDER CATALOGS PROFILE…: FOLDER is empty, and for the copies; CATALOGS
 * has our translations. */
int
main (int argc, char **argv)
{
  g_autofree char *parent = NULL;

  if (argc < 6)
    return 2;
  g_setenv ("XDG_DATA_HOME", argv[3], TRUE);
  g_setenv ("XDG_DATA_DIRS", "/nonexistent", TRUE);
  g_setenv ("LANGUAGE", "de", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE, argv[4]);

  parent = cw_profiles_get_user_folder ();
  make_copies (parent, argv + 5, (guint) atoi (argv[2]));
  for (int i = atoi (argv[1]); i > 0; i--)
    measure ((guint) atoi (argv[2]));
  return 0;
}
