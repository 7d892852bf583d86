/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-destination.h"
#include "cw-request-options.h"
#include "cw-session.h"

static CwStatus
show (CwStore *store, CwIdentity *identity, const CwRequestOptions *options)
{
  g_autofree char *id = cw_session_dup_short_id (store, identity);
  g_autofree char *title = cw_identity_get_title (identity);
  g_autofree char *made = g_strdup_printf (
      /* Translators: a name, then an id */
      _ ("The certificate “%s” is made; its id is %s. Its private key is in the keyring. The "
         "other side has to trust this very certificate: give it to them."),
      title, id);
  g_autofree char *kept =
      g_strdup_printf (_ ("The certificate itself is made: “certwright-cli export %s --format "
                          "chain --to FILE” writes it."),
                       id);

  return cw_request_options_write (
      options, cw_chain_to_pem (cw_identity_get_chain (identity), TRUE), made, kept);
}

static CwStatus
run_self_sign (const CwCommand *self, char **argv)
{
  g_auto (CwRequestOptions) options = CW_REQUEST_OPTIONS_INIT;
  const GOptionEntry entries[] = {
    CW_REQUEST_NAME_ENTRIES (options),
    CW_REQUEST_LEAF_ENTRIES (options),
    CW_REQUEST_DAYS_ENTRY (options),
    CW_REQUEST_OUTPUT_ENTRIES (options,
                               N_ ("Write the certificate to a file, not to standard output")),
    { NULL },
  };
  g_autoptr (CwIdentity) identity = NULL;
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (GError) error = NULL;
  CwDestination to = { NULL };

  if (!cw_command_parse (self, argv, entries, &error) ||
      !(identity = cw_request_options_create_identity (&options, &error)))
    return cw_command_fail (error);
  cw_identity_set_signer (identity, CW_SIGNER_SELF);
  to = (CwDestination){ .path = options.output, .force = options.force };
  if (!cw_destination_check (&to, &error) || !(store = cw_session_open_store (TRUE, &error)) ||
      !cw_session_enrol (store, identity, cw_enrolment_self_sign_async,
                         cw_enrolment_self_sign_finish, &error))
    return cw_command_fail (error);
  return show (store, identity, &options);
}

const CwCommand cw_self_sign_command = {
  .name = "self-sign",
  .arguments = NULL,
  .summary = N_ ("Makes a private key in the keyring, and a certificate that it signs itself."),
  .run = run_self_sign,
};
