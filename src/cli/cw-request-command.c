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
      _ ("The request for “%s” is made; its id is %s. Its private key is in the keyring. Send "
         "the request to the CA, and give what comes back to “certwright-cli import”."),
      title, id);
  g_autofree char *kept =
      g_strdup_printf (_ ("The request itself is made: “certwright-cli export %s --format "
                          "request --to FILE” writes it."),
                       id);

  return cw_request_options_write (options, cw_csr_to_pem (cw_identity_get_csr (identity)), made,
                                   kept);
}

static CwStatus
run_request (const CwCommand *self, char **argv)
{
  g_auto (CwRequestOptions) options = CW_REQUEST_OPTIONS_INIT;
  const GOptionEntry entries[] = {
    CW_REQUEST_NAME_ENTRIES (options),
    CW_REQUEST_LEAF_ENTRIES (options),
    CW_REQUEST_OUTPUT_ENTRIES (options, N_ ("Write the request to a file, not to standard output")),
    { NULL },
  };
  g_autoptr (CwIdentity) identity = NULL;
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (GError) error = NULL;
  CwDestination to = { NULL };

  if (!cw_command_parse (self, argv, entries, &error) ||
      !(identity = cw_request_options_create_identity (&options, &error)))
    return cw_command_fail (error);
  to = (CwDestination){ .path = options.output, .force = options.force };
  if (!cw_destination_check (&to, &error) || !(store = cw_session_open_store (TRUE, &error)) ||
      !cw_session_enrol (store, identity, cw_enrolment_request_async, cw_enrolment_request_finish,
                         &error))
    return cw_command_fail (error);
  return show (store, identity, &options);
}

const CwCommand cw_request_command = {
  .name = "request",
  .arguments = NULL,
  .summary = N_ ("Makes a private key in the keyring, and prints the request to send to the CA."),
  .run = run_request,
};
