/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-intake.h"
#include "cw-reply-json.h"
#include "cw-reply-text.h"
#include "cw-session.h"

typedef struct
{
  gboolean json;
  gboolean letter;
  gboolean fetch;
  char *profile;
  char *at;
  char **files;
  CwPassphraseSource passphrase;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->profile, g_free);
  g_clear_pointer (&options->at, g_free);
  g_clear_pointer (&options->files, g_strfreev);
  cw_passphrase_source_clear (&options->passphrase);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (const CwCommand *self, char **argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, N_ ("Print JSON, for programs"), NULL },
    { "letter", 0, 0, G_OPTION_ARG_NONE, &options->letter,
      N_ ("Print the text to send to the CA too, where it made a mistake"), NULL },
    { "fetch", 0, 0, G_OPTION_ARG_NONE, &options->fetch,
      N_ ("Fetch missing certificates of CAs from where the certificates say"), NULL },
    CW_PASSPHRASE_ENTRIES (options->passphrase),
    { "profile", 0, 0, G_OPTION_ARG_STRING, &options->profile,
      N_ ("Check it for a consumer, one of “profile list”"), N_ ("PROFILE") },
    { "at", 0, 0, G_OPTION_ARG_STRING, &options->at,
      N_ ("Judge dates as of that day or time (ISO 8601)"), N_ ("DATE") },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, NULL },
    { NULL }
  };

  return cw_command_parse (self, argv, entries, error);
}

/* A day alone is its beginning, in UTC. */
static gboolean
parse_at (const char *text, GDateTime **at, GError **error)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *day = NULL;

  if (!text)
    return TRUE;

  day = g_strconcat (text, "T00:00:00Z", NULL);
  *at = g_date_time_new_from_iso8601 (text, utc);
  if (!*at)
    *at = g_date_time_new_from_iso8601 (day, utc);
  return *at ? TRUE
             : cw_command_misused (error,
                                   _ ("“%s” is no date for --at; it is written as in "
                                      "2027-01-31 or 2027-01-31T12:00:00Z."),
                                   text);
}

static CwStatus
get_status (CwIntake *intake, CwReport *report)
{
  if (cw_intake_is_unreadable (intake))
    return CW_STATUS_UNREADABLE;
  return cw_report_get_worst (report) == CW_SEVERITY_PROBLEM ? CW_STATUS_PROBLEM : CW_STATUS_FINE;
}

static CwStatus
run_inspect (const CwCommand *self, char **argv)
{
  g_auto (Options) options = { .passphrase = CW_PASSPHRASE_SOURCE_INIT };
  g_autoptr (GDateTime) at = NULL;
  g_autoptr (CwProfile) profile = NULL;
  g_autoptr (CwIntake) intake = NULL;
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (CwReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (!parse (self, argv, &options, &error) || !parse_at (options.at, &at, &error))
    return cw_command_fail (error);
  if (options.profile && !(profile = cw_session_find_profile (options.profile, &error)))
    return cw_command_fail (error);
  intake = cw_intake_new (options.files, &options.passphrase, !options.json, &error);
  if (!intake)
    return cw_command_fail (error);
  /* Without the store the files can be judged all the same. */
  store = cw_session_open_store (FALSE, &error);
  if (!store)
    cw_command_fail (error);

  cw_intake_assign_roles (intake, store, at);
  g_clear_error (&error);
  if (options.fetch && !cw_intake_fetch_issuers (intake, store, at, &error))
    cw_command_fail (error);
  report = cw_intake_create_report (intake, store, profile, at);
  if (options.json)
    {
      cw_reply_json_print (intake, report);
    }
  else
    {
      cw_reply_text_print_items (stdout, intake);
      cw_reply_text_print_report (stdout, report, options.letter);
    }
  cw_reply_text_print_locked (intake);
  return get_status (intake, report);
}

const CwCommand cw_inspect_command = {
  .name = "inspect",
  .arguments = N_ ("[FILE…|-]"),
  .summary = N_ ("Says what is in files, and whether the certificate in them will work."),
  .run = run_inspect,
};
