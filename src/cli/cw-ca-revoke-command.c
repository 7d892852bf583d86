/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-ca.h"
#include "cw-destination.h"
#include "cw-error.h"
#include "cw-terminal.h"

/* As it is compared: digits alone, in capitals. */
static char *
normalize_serial (const char *text)
{
  GString *digits = g_string_new (NULL);

  for (; *text; text++)
    if (*text != ':' && *text != ' ')
      g_string_append_c (digits, g_ascii_toupper (*text));
  return g_string_free (digits, FALSE);
}

static gboolean
is_serial (CwIssued *issued, const char *wanted)
{
  g_autofree char *serial =
      normalize_serial (cw_certificate_get_serial (cw_issued_get_certificate (issued)));

  return g_str_has_prefix (serial, wanted);
}

/* The name, where only one has it that still can be revoked, or else one at all. */
static CwIssued *
find_named (GListModel *issued, const char *name)
{
  CwIssued *found = NULL, *valid = NULL;
  guint n_found = 0, n_valid = 0;

  for (guint i = 0; i < g_list_model_get_n_items (issued); i++)
    {
      g_autoptr (CwIssued) one = g_list_model_get_item (issued, i);

      if (!g_str_equal (cw_certificate_get_title (cw_issued_get_certificate (one)), name))
        continue;
      found = one; /* the list keeps it */
      n_found++;
      if (cw_issued_is_revoked (one))
        continue;
      valid = one;
      n_valid++;
    }
  if (n_valid == 1)
    return valid;
  return n_found == 1 ? found : NULL;
}

/* The serial number, as much of its beginning as no other has, or a name. */
static CwIssued *
find_issued (GListModel *issued, const char *serial, GError **error)
{
  g_autofree char *wanted = normalize_serial (serial);
  g_autoptr (CwIssued) found = NULL;

  for (guint i = 0; *wanted && i < g_list_model_get_n_items (issued); i++)
    {
      g_autoptr (CwIssued) one = g_list_model_get_item (issued, i);

      if (!is_serial (one, wanted))
        continue;
      if (found)
        {
          cw_command_misused (error, _ ("Several serial numbers begin with “%s”; give all of it."),
                              serial);
          return NULL;
        }
      found = g_object_ref (one);
    }
  if (!found)
    g_set_object (&found, find_named (issued, serial));
  if (!found)
    cw_command_misused (error,
                        _ ("The CA has signed nothing with the serial number “%s”, and not exactly "
                           "one thing with that name. “certwright-cli ca list” shows what it "
                           "has."),
                        serial);
  return g_steal_pointer (&found);
}

static gboolean
confirm (CwIssued *issued)
{
  CwCertificate *certificate = cw_issued_get_certificate (issued);
  g_autofree char *question = g_strdup_printf (_ ("Revoke “%s”? It cannot be taken back."),
                                               cw_certificate_get_title (certificate));

  return cw_terminal_confirm (question);
}

static gboolean
revoke_issued (CwStore *store, CwIssued *issued, CwRevocationReason reason, GError **error)
{
  g_auto (CwWait) wait = { NULL };

  cw_enrolment_revoke_async (store, issued, reason, NULL, cw_wait_cb, &wait);
  return cw_enrolment_revoke_finish (store, cw_wait_for (&wait), error);
}

static gboolean
read_reason (const char *id, CwRevocationReason *reason, GError **error)
{
  if (!id || cw_revocation_reason_from_id (id, reason))
    return TRUE;
  return cw_command_misused (error,
                             _ ("“%s” is no --reason; there are unspecified, keyCompromise, "
                                "affiliationChanged, superseded, cessationOfOperation and "
                                "privilegeWithdrawn."),
                             id);
}

static CwStatus
finish_revoking (CwStore *store, CwIssued *issued, CwRevocationReason reason, gboolean yes)
{
  g_autoptr (GError) error = NULL;

  if (cw_issued_is_revoked (issued))
    {
      cw_terminal_print (stderr, 0, _ ("It was revoked before; nothing has changed."));
      return CW_STATUS_FINE;
    }
  if (!yes && !confirm (issued))
    {
      cw_terminal_print (stderr, 0, _ ("Nothing was revoked."));
      return CW_STATUS_PROBLEM;
    }
  if (!revoke_issued (store, issued, reason, &error))
    return cw_command_fail (error);
  cw_terminal_print (stderr, 0,
                     _ ("It is revoked. Nobody knows before they have a new revocation list: "
                        "“certwright-cli ca crl” writes it."));
  return CW_STATUS_FINE;
}

static CwStatus
run_revoke (const CwCommand *self, char **argv)
{
  gboolean yes = FALSE;
  g_autofree char *reason_id = NULL;
  g_auto (GStrv) words = NULL;
  const GOptionEntry entries[] = {
    { "reason", 0, 0, G_OPTION_ARG_STRING, &reason_id,
      N_ ("Why, as in “keyCompromise” or “superseded”"), N_ ("REASON") },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &yes, N_ ("Do not ask"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &words, NULL, NULL },
    { NULL }
  };
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (GListModel) all = NULL;
  g_autoptr (CwIssued) issued = NULL;
  g_autoptr (GError) error = NULL;
  CwRevocationReason reason = CW_REVOCATION_UNSPECIFIED;
  CwIdentity *authority;

  if (!cw_command_parse (self, argv, entries, &error) || !read_reason (reason_id, &reason, &error))
    return cw_command_fail (error);
  if (!words || g_strv_length (words) != 2)
    cw_command_misused (&error, _ ("Name the private CA and a serial number."));
  else if (!yes && !cw_terminal_can_ask ())
    cw_command_misused (&error, _ ("Nobody can be asked; give --yes to revoke it all the same."));
  if (error || !(store = cw_session_open_store (FALSE, &error)) ||
      !(authority = cw_ca_find (store, words[0], &error)) ||
      !(all = cw_ca_load_issued (store, authority, &error)) ||
      !(issued = find_issued (all, words[1], &error)))
    return cw_command_fail (error);
  return finish_revoking (store, issued, reason, yes);
}

const CwCommand cw_ca_revoke_command = {
  .name = "ca revoke",
  .arguments = N_ ("CA SERIAL|NAME"),
  .summary = N_ ("Revokes a certificate that a private CA has signed."),
  .run = run_revoke,
};

static CwCrl *
create_crl (CwStore *store, CwIdentity *authority, guint days, GError **error)
{
  g_auto (CwWait) wait = { NULL };

  cw_enrolment_create_crl_async (store, authority, days, NULL, cw_wait_cb, &wait);
  return cw_enrolment_create_crl_finish (store, cw_wait_for (&wait), error);
}

static CwStatus
run_crl (const CwCommand *self, char **argv)
{
  int days = CW_CRL_DAYS;
  gboolean force = FALSE;
  g_autofree char *path = NULL;
  g_auto (GStrv) names = NULL;
  const GOptionEntry entries[] = {
    { "days", 0, 0, G_OPTION_ARG_INT, &days, N_ ("In how many days the next one is due"),
      N_ ("DAYS") },
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &path, N_ ("Write it to a file, not to standard output"),
      N_ ("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_ ("Replace that file if it exists"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &names, NULL, NULL },
    { NULL }
  };
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (CwCrl) crl = NULL;
  g_autoptr (GError) error = NULL;
  CwDestination to = { NULL };
  CwIdentity *authority;

  if (!cw_command_parse (self, argv, entries, &error))
    return cw_command_fail (error);
  if (names && names[1])
    cw_command_misused (&error, _ ("Name one private CA."));
  else if (days < 1 || days > CW_REQUEST_MAX_DAYS)
    cw_command_misused (&error, _ ("%d is nothing for --days; it takes 1 to %d."), days,
                        CW_REQUEST_MAX_DAYS);
  to = (CwDestination){ .path = path, .force = force };
  if (error || !cw_destination_check (&to, &error) ||
      !(store = cw_session_open_store (FALSE, &error)) ||
      !(authority = cw_ca_find (store, names ? names[0] : NULL, &error)) ||
      !(crl = create_crl (store, authority, (guint) days, &error)) ||
      !cw_destination_write_text (&(CwDestination){ .path = path, .force = force },
                                  cw_crl_to_pem (crl), &error))
    return cw_command_fail (error);
  return CW_STATUS_FINE;
}

const CwCommand cw_ca_crl_command = {
  .name = "ca crl",
  .arguments = N_ ("[CA]"),
  .summary = N_ ("Writes a private CA’s list of what it has revoked."),
  .run = run_crl,
};
