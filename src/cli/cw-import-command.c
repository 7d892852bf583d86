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
  gboolean letter;
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
      N_ ("The consumer that a new entry is for, one of “profile list”"), N_ ("PROFILE") },
    { "replace", 0, 0, G_OPTION_ARG_NONE, &options->replace,
      N_ ("Replace the certificate that an entry has already"), NULL },
    { "letter", 0, 0, G_OPTION_ARG_NONE, &options->letter,
      N_ ("Print the text to send to the CA too, where it made a mistake"), NULL },
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

static gboolean
save_chain (CwStore *store, CwIdentity *identity, CwChain *chain, CwKey *key, GError **error)
{
  g_auto (CwWait) wait = { NULL };

  cw_enrolment_accept_async (store, identity, chain, key, NULL, cw_wait_cb, &wait);
  return cw_enrolment_accept_finish (store, cw_wait_for (&wait), error);
}

/* The certificate of an entry that is there. */
static gboolean
accept (
    CwStore *store, CwIdentity *identity, CwIntake *intake, gboolean may_replace, GError **error)
{
  const char *key = cw_certificate_get_key_fingerprint (cw_chain_get_leaf (intake->chain));

  if (!may_replace && has_another (identity, intake->chain))
    {
      g_autofree char *title = cw_identity_get_title (identity);

      g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
                   _ ("“%s” has another certificate already, for the same key. Nothing was "
                      "changed. Give --replace to replace it by this one."),
                   title);
      return FALSE;
    }

  return save_chain (store, identity, intake->chain, cw_reply_find_key (intake->reply, key), error);
}

/* Returns: (transfer full) (nullable): its chain, if @issuers bring it further */
static CwChain *
lengthen_chain (CwIdentity *identity, GPtrArray *issuers)
{
  CwChain *present = cw_identity_get_chain (identity);
  g_autoptr (GPtrArray) candidates = g_ptr_array_new (); /* others keep them */
  g_autoptr (CwChain) longer = NULL;

  if (!present || cw_chain_is_complete (present))
    return NULL;

  g_ptr_array_extend (candidates, cw_chain_get_certificates (present), NULL, NULL);
  g_ptr_array_extend (candidates, issuers, NULL, NULL);
  longer = cw_chain_new (cw_chain_get_leaf (present), candidates, NULL);
  return cw_chain_get_certificates (longer)->len > cw_chain_get_certificates (present)->len
             ? g_steal_pointer (&longer)
             : NULL;
}

/* Certificates of CAs alone, for each entry whose chain lacks them. */
static gboolean
import_issuers (CwStore *store, GPtrArray *issuers, GPtrArray *changed, GError **error)
{
  g_autoptr (GPtrArray) identities = g_ptr_array_new_with_free_func (g_object_unref);

  /* The list is sorted anew as it changes. */
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    g_ptr_array_add (identities, g_list_model_get_item (G_LIST_MODEL (store), i));

  for (guint i = 0; i < identities->len; i++)
    {
      g_autoptr (CwChain) longer = lengthen_chain (identities->pdata[i], issuers);

      if (!longer)
        continue;
      if (!save_chain (store, identities->pdata[i], longer, NULL, error))
        return FALSE;
      g_ptr_array_add (changed, g_object_ref (identities->pdata[i]));
    }
  return TRUE;
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
  GBytes *request = cw_reply_find_request (intake->reply, cw_key_get_fingerprint (key));
  g_auto (CwWait) wait = { NULL };

  cw_enrolment_import_async (store, key, chain, request, profile, NULL, cw_wait_cb, &wait);
  return cw_enrolment_import_finish (store, cw_wait_for (&wait), error);
}

/* Returns: (transfer full): their names, "" for none */
static char *
list_waiting (CwStore *store)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    {
      g_autoptr (CwIdentity) identity = g_list_model_get_item (G_LIST_MODEL (store), i);
      g_autofree char *title = cw_identity_get_title (identity);

      if (cw_identity_get_state (identity, NULL) == CW_IDENTITY_WAITING)
        g_string_append_printf (list, "\n  %s", title);
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static void
set_nothing_of_yours (CwStore *store, CwIntake *intake, GError **error)
{
  g_autoptr (GPtrArray) certificates = cw_reply_get_certificates (intake->reply);
  g_autofree char *waiting = list_waiting (store);
  g_auto (GStrv) keys = cw_store_get_key_fingerprints (store);
  const char *request = cw_reply_explain_request (intake->reply, (const char *const *) keys);

  if (certificates->len == 0 && request)
    g_set_error_literal (error, CW_ERROR, CW_ERROR_FAILED, request);
  else if (certificates->len == 0)
    g_set_error_literal (
        error, CW_ERROR, CW_ERROR_FAILED,
        _ ("There is no certificate and no private key in it. Nothing was changed."));
  else if (!intake->chain || *waiting == '\0')
    g_set_error_literal (
        error, CW_ERROR, CW_ERROR_FAILED,
        _ ("The private key of these certificates is not here, and no request of yours fits "
           "them. Nothing was changed. Add the file that has the key."));
  else
    g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
                 /* Translators: a name, then a list, a line for each */
                 _ ("“%s” is for another key than those that wait for a certificate. Nothing was "
                    "changed. Add the file that has the key, or ask the CA for the certificate "
                    "of what waits:%s"),
                 cw_certificate_get_title (cw_chain_get_leaf (intake->chain)), waiting);
}

static CwIdentity *
import_key_alone (CwStore *store, CwKey *key, CwIntake *intake, const char *profile, GError **error)
{
  CwIdentity *present = cw_store_find_by_key (store, cw_key_get_fingerprint (key));
  g_autofree char *title = NULL;

  if (!present)
    return import_key (store, intake, key, NULL, profile, error);

  title = cw_identity_get_title (present);
  g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
               _ ("This key is in the list already, as “%s”. Nothing was changed."), title);
  return NULL;
}

/* Returns: (transfer full) (nullable): the new entry */
static CwIdentity *
import_new (CwStore *store, CwIntake *intake, const char *profile, GError **error)
{
  CwCertificate *leaf = intake->chain ? cw_chain_get_leaf (intake->chain) : NULL;
  CwKey *any_key = cw_reply_find_any_key (intake->reply);
  CwKey *key =
      leaf ? cw_reply_find_key (intake->reply, cw_certificate_get_key_fingerprint (leaf)) : NULL;

  if (key)
    return import_key (store, intake, key, intake->chain, profile, error);
  if (any_key && !leaf)
    return import_key_alone (store, any_key, intake, profile, error);

  if (any_key)
    g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
                 _ ("The private key belongs to another certificate than “%s”. Nothing was "
                    "changed. Give the key of this certificate, or the key without it."),
                 cw_certificate_get_title (leaf));
  else
    set_nothing_of_yours (store, intake, error);
  return NULL;
}

/* Adds to @changed what has changed, or is new; %FALSE if nothing has. */
static gboolean
import (
    CwStore *store, CwIntake *intake, const Options *options, GPtrArray *changed, GError **error)
{
  g_autoptr (GPtrArray) certificates = cw_reply_get_certificates (intake->reply);
  CwIdentity *identity = cw_intake_find_identity (intake, store);
  CwIdentity *made;

  if (identity)
    {
      if (!accept (store, identity, intake, options->replace, error))
        return FALSE;
      g_ptr_array_add (changed, g_object_ref (identity));
      return TRUE;
    }

  if (!intake->chain && !cw_reply_find_any_key (intake->reply) &&
      !import_issuers (store, certificates, changed, error))
    return FALSE;
  if (changed->len == 0 && (made = import_new (store, intake, options->profile, error)))
    g_ptr_array_add (changed, made);
  return changed->len > 0;
}

static CwStatus
show_result (
    CwStore *store, CwIdentity *identity, CwIntake *intake, CwProfile *profile, gboolean letter)
{
  g_autofree char *id = cw_session_dup_short_id (store, identity);
  g_autofree char *title = cw_identity_get_title (identity);
  g_autoptr (CwReport) report = NULL;
  /* Translators: a name, then an id */
  g_autofree char *text = g_strdup_printf (_ ("Imported: “%s”, with the id %s."), title, id);

  cw_terminal_print (stdout, 0, text);
  if (!cw_identity_get_chain (identity))
    return CW_STATUS_FINE;

  /* With what was there before. */
  cw_intake_set_chain (intake, cw_identity_get_chain (identity));
  report = cw_intake_create_report (intake, store, profile, NULL);
  cw_reply_text_print_report (stdout, report, letter);
  return cw_report_get_worst (report) == CW_SEVERITY_PROBLEM ? CW_STATUS_PROBLEM : CW_STATUS_FINE;
}

static CwStatus
show_results (
    CwStore *store, GPtrArray *changed, CwIntake *intake, CwProfile *profile, gboolean letter)
{
  CwStatus worst = CW_STATUS_FINE;

  for (guint i = 0; i < changed->len; i++)
    {
      const CwStatus status = show_result (store, changed->pdata[i], intake, profile, letter);

      worst = MAX (worst, status);
    }

  return worst;
}

/* Something is locked, or there is nothing in it that could be taken in. */
static gboolean
is_useless (CwIntake *intake)
{
  g_autoptr (GPtrArray) certificates = cw_reply_get_certificates (intake->reply);

  return cw_reply_needs_passphrase (intake->reply) ||
         (cw_intake_is_unreadable (intake) && certificates->len == 0 &&
          !cw_reply_find_any_key (intake->reply));
}

static CwStatus
refuse_unreadable (CwIntake *intake)
{
  cw_reply_text_print_locked (intake);
  cw_terminal_print (stderr, 0,
                     _ ("certwright-cli: Some of it cannot be read. Nothing was changed."));
  return CW_STATUS_UNREADABLE;
}

static CwStatus
run_import (const CwCommand *self, char **argv)
{
  g_auto (Options) options = { .passphrase = CW_PASSPHRASE_SOURCE_INIT };
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (CwProfile) profile = NULL;
  g_autoptr (CwIntake) intake = NULL;
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (GError) error = NULL;

  if (!parse (self, argv, &options, &error) ||
      (options.profile && !(profile = cw_session_find_profile (options.profile, &error))) ||
      !(intake = cw_intake_new (options.files, &options.passphrase, TRUE, &error)))
    return cw_command_fail (error);
  cw_reply_text_print_unread (stderr, intake);
  if (is_useless (intake))
    return refuse_unreadable (intake);
  if (!(store = cw_session_open_store (TRUE, &error)))
    return cw_command_fail (error);

  cw_intake_assign_roles (intake, store, NULL);
  return import (store, intake, &options, changed, &error)
             ? show_results (store, changed, intake, profile, options.letter)
             : cw_command_fail (error);
}

const CwCommand cw_import_command = {
  .name = "import",
  .arguments = N_ ("[FILE…|-]"),
  .summary = N_ ("Takes in what the CA sent, or a key with its certificate."),
  .run = run_import,
};
