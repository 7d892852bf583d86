/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-error.h"
#include "cw-intake.h"
#include "cw-reply-text.h"
#include "cw-session.h"
#include "cw-terminal.h"

typedef struct
{
  gboolean replace;
  char *profile;
  char **files;
  CwPassphraseSource passphrase;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->profile, g_free);
  g_clear_pointer (&options->files, g_strfreev);
  cw_passphrase_source_clear (&options->passphrase);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (const CwCommand *self, char **argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    CW_PASSPHRASE_ENTRIES (options->passphrase),
    { "profile", 0, 0, G_OPTION_ARG_STRING, &options->profile,
      N_ ("The consumer that a new entry is for, as in “placeos”"), N_ ("PROFILE") },
    { "replace", 0, 0, G_OPTION_ARG_NONE, &options->replace,
      N_ ("Replace the certificate that an entry has already"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, NULL },
    { NULL }
  };

  return cw_command_parse (self, argv, entries, error);
}

static gboolean
has_another (CwIdentity *identity, CwChain *chain)
{
  CwChain *present = cw_identity_get_chain (identity);

  return present && !cw_certificate_equal (cw_chain_get_leaf (present), cw_chain_get_leaf (chain));
}

/* The certificate of an entry that is there. */
static gboolean
accept (
    CwStore *store, CwIdentity *identity, CwIntake *intake, gboolean may_replace, GError **error)
{
  const char *key = cw_certificate_get_key_fingerprint (cw_chain_get_leaf (intake->chain));
  g_auto (CwWait) wait = { NULL };

  if (!may_replace && has_another (identity, intake->chain))
    {
      g_autofree char *title = cw_identity_get_title (identity);

      g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
                   _ ("“%s” has another certificate already, for the same key. Nothing was "
                      "changed. Give --replace to replace it by this one."),
                   title);
      return FALSE;
    }

  cw_enrolment_accept_async (store, identity, intake->chain, cw_reply_find_key (intake->reply, key),
                             NULL, cw_wait_cb, &wait);
  return cw_enrolment_accept_finish (store, cw_wait_for (&wait), error);
}

/* A key that is not in the store yet, with whatever came along. */
static CwIdentity *
import_key (CwStore *store,
            CwIntake *intake,
            CwKey *key,
            CwChain *chain,
            const char *profile,
            GError **error)
{
  GBytes *request = cw_intake_find_request_for (intake, cw_key_get_fingerprint (key));
  g_auto (CwWait) wait = { NULL };

  cw_enrolment_import_async (store, key, chain, request, profile, NULL, cw_wait_cb, &wait);
  return cw_enrolment_import_finish (store, cw_wait_for (&wait), error);
}

static void
set_nothing_of_yours (CwIntake *intake, GError **error)
{
  g_autoptr (GPtrArray) certificates = cw_reply_get_certificates (intake->reply);

  g_set_error_literal (
      error, CW_ERROR, CW_ERROR_FAILED,
      certificates->len > 0
          ? _ ("The private key of these certificates is not here, and no request of yours fits "
               "them. Nothing was changed. Add the file that has the key.")
          : _ ("There is no certificate and no private key in it. Nothing was changed."));
}

static CwIdentity *
import_key_alone (CwStore *store, CwIntake *intake, const char *profile, GError **error)
{
  CwKey *key = cw_intake_find_any_key (intake);
  CwIdentity *present = key ? cw_store_find_by_key (store, cw_key_get_fingerprint (key)) : NULL;
  g_autofree char *title = NULL;

  if (!key)
    {
      set_nothing_of_yours (intake, error);
      return NULL;
    }
  if (!present)
    return import_key (store, intake, key, NULL, profile, error);

  title = cw_identity_get_title (present);
  g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
               _ ("This key is in the list already, as “%s”. Nothing was changed."), title);
  return NULL;
}

/* Returns: (transfer full) (nullable): the entry that has changed, or is new */
static CwIdentity *
import (CwStore *store, CwIntake *intake, const Options *options, GError **error)
{
  CwIdentity *identity = cw_intake_find_identity (intake, store);
  CwKey *key;

  if (identity)
    return accept (store, identity, intake, options->replace, error) ? g_object_ref (identity)
                                                                     : NULL;
  if (!intake->chain || (intake->key_missing && cw_intake_find_any_key (intake)))
    return import_key_alone (store, intake, options->profile, error);

  key = cw_reply_find_key (intake->reply,
                           cw_certificate_get_key_fingerprint (cw_chain_get_leaf (intake->chain)));
  if (key)
    return import_key (store, intake, key, intake->chain, options->profile, error);

  set_nothing_of_yours (intake, error);
  return NULL;
}

static CwStatus
show_result (CwStore *store, CwIdentity *identity, CwIntake *intake)
{
  g_autofree char *id = cw_session_dup_short_id (store, identity);
  g_autofree char *title = cw_identity_get_title (identity);
  g_autoptr (CwReport) report = NULL;
  /* Translators: a name, then an id */
  g_autofree char *text = g_strdup_printf (_ ("Imported: “%s”, with the id %s."), title, id);

  cw_terminal_print (stdout, 0, text);
  if (!cw_identity_get_chain (identity))
    return CW_STATUS_FINE;

  report = cw_intake_create_report (intake, store, NULL, NULL);
  cw_reply_text_print_report (stdout, report, FALSE);
  return cw_report_get_worst (report) == CW_SEVERITY_PROBLEM ? CW_STATUS_PROBLEM : CW_STATUS_FINE;
}

static CwStatus
refuse_unreadable (CwIntake *intake)
{
  cw_reply_text_print_items (stderr, intake);
  cw_terminal_print (stderr, 0,
                     _ ("certwright-cli: Some of it cannot be read. Nothing was changed."));
  return CW_STATUS_UNREADABLE;
}

static CwStatus
run_import (const CwCommand *self, char **argv)
{
  g_auto (Options) options = { .passphrase = CW_PASSPHRASE_SOURCE_INIT };
  g_autoptr (CwProfile) profile = NULL;
  g_autoptr (CwIntake) intake = NULL;
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (CwIdentity) identity = NULL;
  g_autoptr (GError) error = NULL;

  if (!parse (self, argv, &options, &error) ||
      (options.profile && !(profile = cw_session_find_profile (options.profile, &error))) ||
      !(intake = cw_intake_new (options.files, &options.passphrase, TRUE, &error)))
    return cw_command_fail (error);
  if (cw_intake_is_unreadable (intake))
    return refuse_unreadable (intake);
  if (!(store = cw_session_open_store (TRUE, &error)))
    return cw_command_fail (error);

  cw_intake_assign_roles (intake, store, NULL);
  identity = import (store, intake, &options, &error);
  return identity ? show_result (store, identity, intake) : cw_command_fail (error);
}

const CwCommand cw_import_command = {
  .name = "import",
  .arguments = N_ ("[FILE…|-]"),
  .summary = N_ ("Takes in what the CA sent, or a key with its certificate."),
  .run = run_import,
};
