/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "cw-command.h"
#include "cw-destination.h"
#include "cw-error.h"
#include "cw-identity-recipe.h"
#include "cw-output-set.h"
#include "cw-passphrase.h"
#include "cw-report.h"
#include "cw-session.h"
#include "cw-terminal.h"

typedef struct
{
  char *profile;
  char *output;
  char *to;
  char *set;
  char *server_cas;
  char *address;
  gboolean force;
  char **names;
  CwPassphraseSource passphrase;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->profile, g_free);
  g_clear_pointer (&options->output, g_free);
  g_clear_pointer (&options->to, g_free);
  g_clear_pointer (&options->set, g_free);
  g_clear_pointer (&options->server_cas, g_free);
  g_clear_pointer (&options->address, g_free);
  g_clear_pointer (&options->names, g_strfreev);
  cw_passphrase_source_clear (&options->passphrase);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What goes in, and is held meanwhile. */
typedef struct
{
  CwOutputValues values;
  char *server_cas;
  char *address;
} Filling;

static void
filling_clear (Filling *self)
{
  g_clear_pointer (&self->values.key, cw_secret_unref);
  g_clear_pointer (&self->values.passphrase, cw_secret_unref);
  g_clear_pointer (&self->server_cas, g_free);
  g_clear_pointer (&self->address, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filling, filling_clear)

static gboolean
check_options (const Options *options, GError **error)
{
  if (!options->names || options->names[1])
    return cw_command_misused (error, _ ("Name one certificate, by its id or its name."));
  if (options->set && (options->to || options->output || options->force))
    return cw_command_misused (error, _ ("--set saves all files into a folder: leave out --to, "
                                         "--output-id and --force."));
  return TRUE;
}

static gboolean
parse (const CwCommand *self, char **argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "output-id", 0, 0, G_OPTION_ARG_STRING, &options->output,
      N_ ("Which of the consumer’s outputs, of those in “profile list”; without, the first"),
      N_ ("OUTPUT") },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &options->profile,
      N_ ("For another consumer than the one that was chosen, one of “profile list”"),
      N_ ("PROFILE") },
    { "address", 0, 0, G_OPTION_ARG_STRING, &options->address,
      N_ ("The server’s address, for commands; without, the one that was tested"), N_ ("ADDRESS") },
    { "server-cas", 0, 0, G_OPTION_ARG_FILENAME, &options->server_cas,
      N_ ("Which CAs the server’s certificate may come from, beside the system’s: “system” for "
          "no others, “reply” for those above the certificate, or a file"),
      N_ ("CHOICE") },
    CW_PASSPHRASE_ENTRIES (options->passphrase),
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &options->to,
      N_ ("Write to a file; “-” is standard output"), N_ ("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options->force, N_ ("Replace that file if it exists"),
      NULL },
    { "set", 0, 0, G_OPTION_ARG_FILENAME, &options->set,
      N_ ("Save all files that belong together into a folder"), N_ ("FOLDER") },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->names, NULL, NULL },
    { NULL }
  };

  return cw_command_parse (self, argv, entries, error) && check_options (options, error);
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

static const CwProfileOutput *
find_output (CwProfile *profile, const char *id, GError **error)
{
  g_autofree char *list = cw_session_list_outputs (profile);

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
  if (!output->is_text && cw_destination_is_stdout (to) && isatty (STDOUT_FILENO))
    return cw_command_misused (error, _ ("This format is not for a terminal; give --to a file."));
  return cw_destination_check (to, error);
}

/* @output: %NULL for the set */
static gboolean
take_chosen_cas (Filling *self,
                 CwIdentity *identity,
                 CwProfile *profile,
                 const CwProfileOutput *output,
                 GError **error)
{
  g_autoptr (GError) missing = NULL;

  self->server_cas = cw_identity_dup_server_cas_pem (identity, &missing);
  self->values.server_cas = self->server_cas;
  if (!missing || !cw_profile_output_wants_server_cas (profile, output))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&missing));
  return FALSE;
}

static gboolean
take_cas (Filling *self, const char *choice, GError **error)
{
  if (g_str_equal (choice, "reply"))
    self->server_cas = cw_chain_cas_to_pem (self->values.chain);
  else if (!g_str_equal (choice, "system") &&
           !(self->server_cas = cw_session_read_cas (choice, error)))
    return FALSE;

  self->values.server_cas = self->server_cas;
  return self->server_cas || !g_str_equal (choice, "reply") ||
         cw_command_misused (error, _ ("No root certificate came with the certificate, so "
                                       "--server-cas has to be “system” or a file."));
}

/* Only what is given now can be put right now. */
static gboolean
take_address (
    Filling *self, CwIdentity *identity, CwProfile *profile, const char *option, GError **error)
{
  g_autoptr (CwEndpoint) endpoint = NULL;

  if (!option)
    self->address = cw_identity_dup_address (identity, profile);
  else if ((endpoint = cw_output_read_address (profile, option, error)))
    self->address = g_strdup (cw_endpoint_to_string (endpoint));

  self->values.address = self->address;
  return self->address || !option;
}

static gboolean
take_secrets (Filling *self,
              CwIdentity *identity,
              const Options *options,
              gboolean key,
              gboolean passphrase,
              GError **error)
{
  if (!passphrase && (options->passphrase.file || options->passphrase.fd != -1))
    return cw_command_misused (error, _ ("Nothing of this is encrypted; leave out %s."),
                               options->passphrase.file ? "--passphrase-file" : "--passphrase-fd");
  if (passphrase && !(self->values.passphrase = cw_passphrase_choose (&options->passphrase, error)))
    return FALSE;
  return !key || (self->values.key = cw_session_lookup_key (identity, error));
}

static gboolean
take_public (Filling *self,
             CwIdentity *identity,
             CwProfile *profile,
             const CwProfileOutput *output,
             const Options *options,
             GError **error)
{
  self->values.chain = cw_identity_require_chain (identity, error);
  self->values.verify_server = cw_identity_get_verify_server (identity);
  return self->values.chain &&
         (options->server_cas ? take_cas (self, options->server_cas, error)
                              : take_chosen_cas (self, identity, profile, output, error)) &&
         take_address (self, identity, profile, options->address, error);
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

/* What is to be done with each of the files that were saved. */
static void
print_where_all (CwProfile *profile, GPtrArray *files)
{
  for (guint i = 0; i < files->len; i++)
    {
      const CwOutputFile *file = files->pdata[i];
      const CwProfileOutput *output = find_output (profile, file->id, NULL);
      g_autofree char *path = g_filename_display_name (file->path);
      /* Translators: what a file holds, as in "Command for curl", and its path */
      g_autofree char *heading = g_strdup_printf (_ ("%s, “%s”:"), output->title, path);

      if (!output->where || !output->where[0])
        continue;
      cw_terminal_print (stderr, 0, heading);
      print_where (output);
    }
}

static void
write_one (CwIdentity *identity, CwProfile *profile, const Options *options, GError **error)
{
  const CwProfileOutput *output = find_output (profile, options->output, error);
  g_auto (Filling) filling = { { NULL } };
  g_autoptr (CwSecret) text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  CwDestination to;

  if (!output)
    return;
  to = (CwDestination){ .path = options->to, .force = options->force, .secret = output->secret };
  if (!check_destination (&to, output, error) ||
      !take_public (&filling, identity, profile, output, options, error) ||
      !take_secrets (&filling, identity, options, output->secret, output->needs_passphrase,
                     error) ||
      !(text = cw_output_render (profile, output, &filling.values, error)))
    return;

  bytes = cw_secret_to_bytes (text);
  if (cw_destination_write (&to, bytes, error))
    print_where (output);
}

static void
write_set (CwIdentity *identity, CwProfile *profile, const Options *options, GError **error)
{
  g_auto (Filling) filling = { { NULL } };
  g_autoptr (GPtrArray) files = NULL;
  gboolean key = FALSE, passphrase = FALSE, made;

  if (!cw_profile_get_has_set (profile))
    {
      cw_command_misused (error, _ ("%s has no files that belong together; give --to."),
                          cw_profile_get_short_name (profile));
      return;
    }
  for (guint i = 0; i < cw_profile_get_n_outputs (profile); i++)
    {
      const CwProfileOutput *output = cw_profile_get_output (profile, i);

      key |= output->in_set && output->secret;
      passphrase |= output->in_set && output->needs_passphrase;
    }
  if (!take_public (&filling, identity, profile, NULL, options, error) ||
      !take_secrets (&filling, identity, options, key, passphrase, error))
    return;
  made = g_mkdir (options->set, 0700) == 0; /* else what is in its way is said below */
  if (!(files = cw_output_set_save (profile, &filling.values, options->set, error)))
    {
      if (made)
        g_rmdir (options->set);
      return;
    }

  for (guint i = 0; i < files->len; i++)
    cw_terminal_print (stdout, 0, ((const CwOutputFile *) files->pdata[i])->path);
  fflush (stdout);
  print_where_all (profile, files);
}

static void
warn (const char *text)
{
  cw_terminal_print_marked (stderr, 0, CW_MARK_WARNING, _ ("Warning"), text);
}

/* It is written all the same: whoever does so may know more. */
static void
warn_if_useless (CwIdentity *identity, CwProfile *profile)
{
  g_autofree char *test = cw_identity_get_test_status (identity);
  g_autoptr (CwReport) report = cw_report_new (&(CwReportInput){
      .asked = cw_identity_get_csr (identity) ? cw_identity_get_request (identity) : NULL,
      .chain = cw_identity_get_chain (identity),
      .self_signed = cw_identity_get_signer (identity) == CW_SIGNER_SELF,
      .profile = profile,
      .revoked_at = cw_identity_get_revoked_at (identity) });

  if (cw_report_get_worst (report) == CW_SEVERITY_PROBLEM)
    warn (cw_report_get_verdict (report));
  if (test && cw_identity_get_test_severity (identity) == CW_SEVERITY_PROBLEM)
    warn (test);
}

static CwStatus
run_output (const CwCommand *self, char **argv)
{
  g_auto (Options) options = { .passphrase = CW_PASSPHRASE_SOURCE_INIT };
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (CwProfile) profile = NULL;
  g_autoptr (GError) error = NULL;
  CwIdentity *identity;

  if (!parse (self, argv, &options, &error) || !(store = cw_session_open_store (FALSE, &error)) ||
      !(identity = cw_session_find_identity (store, options.names[0], &error)) ||
      !(profile = find_profile (identity, &options, &error)))
    return cw_command_fail (error);

  if (options.set)
    write_set (identity, profile, &options, &error);
  else
    write_one (identity, profile, &options, &error);
  if (error)
    return cw_command_fail (error);

  warn_if_useless (identity, profile);
  return CW_STATUS_FINE;
}

const CwCommand cw_output_command = {
  .name = "output",
  .arguments = N_ ("ID"),
  .summary = N_ ("Writes what the consumer needs, ready to be pasted."),
  .run = run_output,
};
