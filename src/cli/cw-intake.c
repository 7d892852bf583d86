/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-fetch.h"
#include "cw-intake.h"
#include "cw-session.h"
#include "cw-terminal.h"

#define MAX_FETCHES 8 /* no chain is longer that was made to be used */

static CwReplyItem *
peek_item (CwIntake *self, guint i)
{
  g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (self->reply), i);

  return item; /* the list keeps it */
}

static guint
count_items (CwIntake *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->reply));
}

/* Nothing new is in order too: it was all there already. */
static gboolean
is_any_readable (CwIntake *self, guint first)
{
  const guint n_items = count_items (self);

  for (guint i = first; i < n_items; i++)
    if (cw_reply_item_get_kind (peek_item (self, i)) != CW_REPLY_KIND_UNREADABLE)
      return TRUE;
  return first == n_items;
}

static void
add_file (CwIntake *self, const char *name)
{
  const guint first = count_items (self);
  g_autoptr (GFile) file = NULL;

  if (g_str_equal (name, "-"))
    {
      cw_reply_add_fd (self->reply, STDIN_FILENO, _ ("Standard input"), NULL);
    }
  else
    {
      file = g_file_new_for_commandline_arg (name);
      cw_reply_add_file (self->reply, file, NULL);
    }
  if (!is_any_readable (self, first))
    self->unread = TRUE;
}

/* What does not open stays locked, with the reason as its error. */
static gboolean
unlock (CwIntake *self,
        const CwPassphraseSource *source,
        gboolean from_input,
        gboolean may_ask,
        GError **error)
{
  g_autoptr (CwSecret) passphrase = NULL;

  /* Read also when nothing needs it: that an option is wrong does not depend on the files. */
  if (!cw_passphrase_read (source, &passphrase, error))
    return FALSE;
  if (!cw_reply_needs_passphrase (self->reply))
    return TRUE;
  if (from_input)
    cw_terminal_spare_input ();
  if (!passphrase && may_ask && cw_terminal_can_ask ())
    passphrase = cw_terminal_ask_secret (_ ("Passphrase of what is encrypted"), NULL);
  if (passphrase)
    cw_reply_unlock (self->reply, passphrase, NULL, NULL);
  return TRUE;
}

CwIntake *
cw_intake_new (char **files, const CwPassphraseSource *passphrase, gboolean may_ask, GError **error)
{
  static char *standard_input[] = { (char *) "-", NULL };
  g_autoptr (CwIntake) self = NULL;
  gboolean from_input;

  if (!files && cw_terminal_can_ask ())
    {
      cw_command_misused (error, _ ("Name a file, or “-” for standard input."));
      return NULL;
    }
  if (!files)
    files = standard_input;
  from_input = g_strv_contains ((const char *const *) files, "-");
  if (passphrase->fd == STDIN_FILENO && from_input)
    {
      cw_command_misused (error, _ ("Standard input cannot be both the passphrase and a file: give "
                                    "--passphrase-file."));
      return NULL;
    }

  self = g_new0 (CwIntake, 1);
  self->reply = cw_reply_new ();
  for (guint i = 0; files[i]; i++)
    add_file (self, files[i]);
  if (!unlock (self, passphrase, from_input, may_ask, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
cw_intake_free (CwIntake *self)
{
  g_clear_object (&self->reply);
  g_clear_object (&self->chain);
  g_clear_pointer (&self->yours, g_ptr_array_unref);
  g_free (self);
}

static gboolean
has_issued_any (CwCertificate *certificate, GPtrArray *others)
{
  for (guint i = 0; i < others->len; i++)
    if (others->pdata[i] != certificate &&
        cw_certificate_is_issued_by (others->pdata[i], certificate))
      return TRUE;
  return FALSE;
}

static int
compare_newer_first (gconstpointer a, gconstpointer b)
{
  return g_date_time_compare (cw_certificate_get_not_before (*(CwCertificate **) b),
                              cw_certificate_get_not_before (*(CwCertificate **) a));
}

/* Looked through from the newest on, so that one look at all the others is mostly enough. */
static CwCertificate *
find_newest_end_entity (GPtrArray *certificates)
{
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();

  for (guint i = 0; i < certificates->len; i++)
    if (!cw_certificate_is_ca (certificates->pdata[i]))
      g_ptr_array_add (candidates, certificates->pdata[i]);
  g_ptr_array_sort (candidates, compare_newer_first);
  for (guint i = 0; i < candidates->len; i++)
    if (!has_issued_any (candidates->pdata[i], certificates))
      return candidates->pdata[i];
  return NULL;
}

void
cw_intake_assign_roles (CwIntake *self, CwStore *store, GDateTime *at)
{
  g_auto (GStrv) keys = store ? cw_store_get_key_fingerprints (store) : NULL;
  g_autoptr (GPtrArray) certificates = cw_reply_get_certificates (self->reply);
  CwCertificate *leaf;

  g_clear_pointer (&self->yours, g_ptr_array_unref);
  g_clear_object (&self->chain);
  self->key_missing = FALSE;
  self->yours = cw_reply_assign_roles (self->reply, (const char *const *) keys);
  leaf = cw_reply_choose_leaf (self->yours, NULL, (const char *const *) keys);
  /* Beside what a private CA here has signed, its own certificate is not what is asked about. */
  if (!leaf || cw_certificate_is_ca (leaf))
    {
      CwCertificate *other = find_newest_end_entity (certificates);

      self->key_missing = other && !g_ptr_array_find (self->yours, other, NULL);
      leaf = other ? other : leaf;
    }
  if (leaf)
    self->chain = cw_chain_new (leaf, certificates, at);
}

void
cw_intake_set_chain (CwIntake *self, CwChain *chain)
{
  g_set_object (&self->chain, chain);
  self->key_missing = FALSE;
}

gboolean
cw_intake_fetch_issuers (CwIntake *self, CwStore *store, GDateTime *at, GError **error)
{
  for (guint i = 0; i < MAX_FETCHES; i++)
    {
      g_auto (CwWait) wait = { 0 };
      g_autofree char *address = NULL;
      g_autoptr (CwCertificate) issuer = NULL;
      CwCertificate *last = self->chain ? cw_chain_get_fetchable (self->chain) : NULL;

      if (!last)
        return TRUE;
      cw_fetch_issuer_async (last, NULL, cw_wait_cb, &wait);
      issuer = cw_fetch_issuer_finish (cw_wait_for (&wait), &address, error);
      if (!issuer)
        return FALSE;
      cw_reply_add_bytes (self->reply, cw_certificate_get_der (issuer), address);
      cw_intake_assign_roles (self, store, at);
    }
  return TRUE;
}

static gboolean
is_issuer_in_chain (CwIntake *self, CwCertificate *certificate)
{
  guint i;

  return g_ptr_array_find (cw_chain_get_certificates (self->chain), certificate, &i) && i > 0;
}

CwReplyRole
cw_intake_get_role (CwIntake *self, CwReplyItem *item)
{
  CwCertificate *certificate = cw_reply_item_get_certificate (item);

  if (!certificate || !self->key_missing || !is_issuer_in_chain (self, certificate))
    return cw_reply_item_get_role (item);
  return cw_certificate_is_self_signed (certificate) ? CW_REPLY_ROLE_ROOT
                                                     : CW_REPLY_ROLE_INTERMEDIATE;
}

gboolean
cw_intake_is_leaf (CwIntake *self, CwReplyItem *item)
{
  return self->chain && cw_reply_item_get_certificate (item) == cw_chain_get_leaf (self->chain);
}

const char *
cw_intake_get_reason (CwReplyItem *item)
{
  const GError *error = cw_reply_item_get_error (item);
  g_autofree char *place = NULL;

  if (!error)
    return NULL;

  /* Translators: where something was found, and what is wrong with it:
   * "chain.pem, line 31: It ends in the middle" */
  place = g_strdup_printf (C_ ("place and reason", "%s: "), cw_reply_item_get_source (item));
  if (error->domain == G_IO_ERROR && error->code == G_IO_ERROR_NOT_FOUND)
    return _ ("There is no file of this name.");
  return g_str_has_prefix (error->message, place) ? error->message + strlen (place)
                                                  : error->message;
}

static const char *
get_leaf_key (CwIntake *self)
{
  return self->chain ? cw_certificate_get_key_fingerprint (cw_chain_get_leaf (self->chain)) : NULL;
}

CwIdentity *
cw_intake_find_identity (CwIntake *self, CwStore *store)
{
  return self->chain && store ? cw_store_find_by_key (store, get_leaf_key (self)) : NULL;
}

/* What the store says, or else a request that is among the files. */
static CwRequest *
dup_asked (CwIntake *self, CwStore *store)
{
  CwIdentity *identity = cw_intake_find_identity (self, store);
  GBytes *request;

  if (identity && cw_identity_get_csr (identity))
    return g_object_ref (cw_identity_get_request (identity));

  request = self->chain ? cw_reply_find_request (self->reply, get_leaf_key (self)) : NULL;
  return request ? cw_request_new_from_csr (request, NULL) : NULL;
}

/* @revoked_at: (out) (transfer full) (nullable) */
static void
find_revocation (CwIntake *self, CwStore *store, GDateTime **revoked_at, GError **error)
{
  g_auto (CwWait) wait = { NULL };

  /* A store with nothing in it has no file yet, and looking makes none. */
  if (!self->chain || !store || g_list_model_get_n_items (G_LIST_MODEL (store)) == 0)
    return;

  cw_store_find_revocation_async (store, cw_chain_get_leaf (self->chain), NULL, cw_wait_cb, &wait);
  cw_store_find_revocation_finish (store, cw_wait_for (&wait), revoked_at, error);
}

CwReport *
cw_intake_create_report (CwIntake *self, CwStore *store, CwProfile *profile, GDateTime *at)
{
  g_autoptr (CwRequest) asked = dup_asked (self, store);
  g_autoptr (GDateTime) revoked_at = NULL;
  g_autoptr (GError) error = NULL;
  CwIdentity *identity = cw_intake_find_identity (self, store);

  find_revocation (self, store, &revoked_at, &error);
  return cw_report_new (&(CwReportInput){
      .asked = asked,
      .chain = self->chain,
      .reply = self->reply,
      .profile = profile,
      .key_missing = self->key_missing,
      .self_signed = identity && cw_identity_get_signer (identity) == CW_SIGNER_SELF,
      .revoked_at = revoked_at,
      .revocation_error = error,
      .now = at });
}

gboolean
cw_intake_is_unreadable (CwIntake *self)
{
  return self->unread || cw_reply_needs_passphrase (self->reply) || !is_any_readable (self, 0);
}
