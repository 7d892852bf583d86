/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-session.h"
#include "cw-terminal.h"

#define FILE_NAME "profile.ini"

static void
print_profile (CwProfile *profile)
{
  g_autofree char *line =
      g_strdup_printf ("%s  %s", cw_profile_get_id (profile), cw_profile_get_name (profile));
  g_autofree char *list = cw_session_list_outputs (profile);
  g_autofree char *outputs =
      /* Translators: a list of the ids of what a consumer needs, for an option */
      g_strdup_printf (_ ("Outputs: %s"), list);

  cw_terminal_print (stdout, 0, line);
  cw_terminal_print (stdout, 2, outputs);
  cw_terminal_print (stdout, 2, cw_profile_get_folder (profile));
}

static void
print_problem (const GError *error)
{
  g_autofree char *text = g_strdup_printf ("certwright-cli: %s", error->message);

  fflush (stdout);
  cw_terminal_print (stderr, 0, text);
}

static CwStatus
list (void)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GListModel) profiles = cw_profiles_load (&problems);
  g_autofree char *folder = cw_profiles_get_user_folder ();
  g_autofree char *name = g_filename_display_name (folder);
  g_autofree char *note =
      /* Translators: a folder */
      g_strdup_printf (_ ("Put profiles of your own into “%s”, each in a folder."), name);

  for (guint i = 0; i < g_list_model_get_n_items (profiles); i++)
    {
      g_autoptr (CwProfile) profile = g_list_model_get_item (profiles, i);

      print_profile (profile);
    }
  cw_terminal_print (stdout, 0, note);
  for (guint i = 0; i < problems->len; i++)
    print_problem (problems->pdata[i]);

  return problems->len > 0 ? CW_STATUS_PROBLEM : CW_STATUS_FINE;
}

/* A profile is its folder; its file is as good a name for it. */
static char *
dup_folder (const char *path)
{
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  g_autofree char *name = g_path_get_basename (whole);

  return g_str_equal (name, FILE_NAME) && !g_file_test (whole, G_FILE_TEST_IS_DIR)
             ? g_path_get_dirname (whole)
             : g_steal_pointer (&whole);
}

static gboolean
check_one (const char *path)
{
  g_autofree char *folder = dup_folder (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwProfile) profile = cw_profile_new_from_folder (folder, &error);
  g_autofree char *line = NULL;

  if (profile == NULL || !cw_profile_check_templates (profile, &error))
    {
      print_problem (error);
      return FALSE;
    }

  /* Translators: a profile's name */
  line = g_strdup_printf (_ ("%s has no mistake."), cw_profile_get_id (profile));
  cw_terminal_print (stdout, 0, line);
  return TRUE;
}

static CwStatus
check (char **paths)
{
  gboolean good = TRUE;

  for (guint i = 0; paths[i] != NULL; i++)
    good &= check_one (paths[i]);
  return good ? CW_STATUS_FINE : CW_STATUS_PROBLEM;
}

static CwStatus
run_profile (const CwCommand *self, char **argv)
{
  g_auto (GStrv) names = NULL;
  const GOptionEntry entries[] = {
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &names, NULL, NULL }, { NULL }
  };
  g_autoptr (GError) error = NULL;

  if (!cw_command_parse (self, argv, entries, &error))
    return cw_command_fail (error);
  if (names != NULL && g_str_equal (names[0], "list") && names[1] == NULL)
    return list ();
  if (names != NULL && g_str_equal (names[0], "check") && names[1] != NULL)
    return check (names + 1);

  cw_command_misused (&error, _ ("Say “list”, or “check” and the folders of profiles."));
  return cw_command_fail (error);
}

const CwCommand cw_profile_command = {
  .name = "profile",
  .arguments = N_ ("list | check FOLDER…"),
  .summary = N_ ("Lists the consumers that are known, or looks for mistakes in your own profiles."),
  .run = run_profile,
};
