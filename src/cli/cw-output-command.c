/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-destination.h"
#include "cw-error.h"
#include "cw-output.h"
#include "cw-session.h"
#include "cw-terminal.h"

typedef struct
{
  char *profile;
  char *output;
  char *to;
  gboolean force;
  char **names;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->profile, g_free);
  g_clear_pointer (&options->output, g_free);
  g_clear_pointer (&options->to, g_free);
  g_clear_pointer (&options->names, g_strfreev);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (const CwCommand *self, char **argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "output-id", 0, 0, G_OPTION_ARG_STRING, &options->output,
      N_ ("Which of the consumer’s outputs; without, the first"), N_ ("OUTPUT") },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &options->profile,
      N_ ("For another consumer than the one that was chosen"), N_ ("PROFILE") },
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &options->to,
      N_ ("Write to a file; “-” is standard output"), N_ ("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options->force, N_ ("Replace that file if it exists"),
      NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->names, NULL, NULL },
    { NULL }
  };

  return cw_command_parse (self, argv, entries, error) &&
         (options->names && !options->names[1]
              ? TRUE
              : cw_command_misused (error, _ ("Name one certificate, by its id or its name.")));
}

static CwProfile *
find_profile (CwIdentity *identity, const Options *options, GError **error)
{
  const char *id = options->profile ? options->profile : cw_identity_get_profile_id (identity);

  if (id)
    return cw_session_find_profile (id, error);
  cw_command_misused (error, _ ("No consumer has been chosen for it; give --profile."));
  return NULL;
}

static char *
list_outputs (CwProfile *profile)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < cw_profile_get_n_outputs (profile); i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "",
                            cw_profile_get_output (profile, i)->id);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static const CwProfileOutput *
find_output (CwProfile *profile, const char *id, GError **error)
{
  g_autofree char *list = list_outputs (profile);

  for (guint i = 0; i < cw_profile_get_n_outputs (profile); i++)
    {
      const CwProfileOutput *output = cw_profile_get_output (profile, i);

      if (!id || g_str_equal (output->id, id))
        return output;
    }
  cw_command_misused (error, _ ("%s has no output “%s”; give --output-id one of: %s."),
                      cw_profile_get_short_name (profile), id ? id : "", list);
  return NULL;
}

/* A private key is printed only if that is what was asked for. */
static gboolean
check_destination (const CwDestination *to, const CwProfileOutput *output, GError **error)
{
  if (output->secret && !to->path)
    return cw_command_misused (error,
                               _ ("“%s” holds the private key; give --to FILE, or --to - if it is "
                                  "to be printed."),
                               output->title);
  return cw_destination_check (to, error);
}

static CwSecret *
render (CwIdentity *identity, CwProfile *profile, const CwProfileOutput *output, GError **error)
{
  CwChain *chain = cw_identity_get_chain (identity);
  g_autofree char *server_cas = NULL;
  g_autoptr (CwSecret) key = NULL;

  if (!chain)
    {
      g_autofree char *title = cw_identity_get_title (identity);

      g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
                   _ ("“%s” has no certificate yet. Import what the CA sent first."), title);
      return NULL;
    }
  if (output->secret && !(key = cw_session_lookup_key (identity, error)))
    return NULL;

  server_cas = cw_identity_dup_server_cas_pem (identity);
  return cw_output_render (
      profile, output,
      &(CwOutputValues){ .key = key,
                         .chain = chain,
                         .server_cas = server_cas,
                         .verify_server = cw_identity_get_verify_server (identity) },
      error);
}

/* On standard error, so that it can be read while the text goes elsewhere. */
static void
print_where (const CwProfileOutput *output)
{
  for (guint i = 0; output->where && output->where[i]; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i + 1);

      cw_terminal_print_marked (stderr, 0, CW_MARK_PLAIN, number, output->where[i]);
    }
}

static CwStatus
run_output (const CwCommand *self, char **argv)
{
  g_auto (Options) options = { NULL };
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (CwProfile) profile = NULL;
  g_autoptr (CwSecret) text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  const CwProfileOutput *output;
  CwDestination to = { NULL };
  CwIdentity *identity;

  if (!parse (self, argv, &options, &error) || !(store = cw_session_open_store (FALSE, &error)) ||
      !(identity = cw_session_find_identity (store, options.names[0], &error)) ||
      !(profile = find_profile (identity, &options, &error)) ||
      !(output = find_output (profile, options.output, &error)))
    return cw_command_fail (error);
  to = (CwDestination){ .path = options.to, .force = options.force, .secret = output->secret };
  if (!check_destination (&to, output, &error) ||
      !(text = render (identity, profile, output, &error)))
    return cw_command_fail (error);

  bytes = cw_secret_to_bytes (text);
  if (!cw_destination_write (&to, bytes, &error))
    return cw_command_fail (error);
  print_where (output);
  return CW_STATUS_FINE;
}

const CwCommand cw_output_command = {
  .name = "output",
  .arguments = N_ ("ID"),
  .summary = N_ ("Writes what the consumer needs, ready to be pasted."),
  .run = run_output,
};
