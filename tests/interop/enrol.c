/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the wizard does, without window, store and keyring, for real peers to judge:
 *
 *   enrol request KIND KEY CSR
 *     makes a key and a request with every kind of alternative name
 *   enrol configure PROFILE KEY VERIFY SERVER-CAS OUTPUT REPLY...
 *     takes the CA's reply apart and writes the consumer's configuration; VERIFY
 *     is "peer" or "none"; SERVER-CAS is a file or "-"; a passphrase comes
 *     through standard input. Exit status 3: key and certificate do not fit.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cw-chain.h"
#include "cw-error.h"
#include "cw-output.h"
#include "cw-reply.h"
#include "cw-request.h"
#include "cw-usage.h"

static const struct
{
  const char *type;
  const char *value;
} subject[] = {
  { "CN", "steve@example.com" },
  { "O", "Example Organisation" },
  { "OU", "Automation" },
  { "OU", "Küche" },
  { "L", "Zürich" },
  { "ST", "ZH" },
  { "C", "CH" },
  { "emailAddress", "steve@example.com" },
  { "serialNumber", "7" },
};

static const struct
{
  CwAltNameKind kind;
  const char *value;
} alt_names[] = {
  { CW_ALT_NAME_EMAIL, "steve@example.com" },
  { CW_ALT_NAME_DNS, "device.example.com" },
  { CW_ALT_NAME_DNS, "*.example.com" },
  { CW_ALT_NAME_DNS, "küche.example.com" },
  { CW_ALT_NAME_IP, "192.0.2.7" },
  { CW_ALT_NAME_IP, "2001:db8::7" },
  { CW_ALT_NAME_URI, "https://example.com/device/7" },
  { CW_ALT_NAME_UPN, "steve@corp.example.com" },
  { CW_ALT_NAME_OTHER, "2.999.7;seven" },
};

static CwRequest *
make_request (CwKeyKind kind)
{
  g_autoptr (CwRequest) request = cw_request_new ();

  cw_request_set_key_kind (request, kind);
  for (guint i = 0; i < G_N_ELEMENTS (subject); i++)
    cw_subject_append (cw_request_get_subject (request), subject[i].type, subject[i].value);
  for (guint i = 0; i < G_N_ELEMENTS (alt_names); i++)
    {
      g_autoptr (CwAltName) name = cw_alt_name_new (alt_names[i].kind, alt_names[i].value);
      cw_request_add_alt_name (request, name);
    }
  cw_request_set_usage (request, CW_USAGE_SERVER_AUTH, TRUE);
  return g_steal_pointer (&request);
}

static gboolean
run_request (char **arguments, GError **error)
{
  g_autoptr (CwRequest) request = NULL;
  g_autoptr (CwKey) key = NULL;
  g_autoptr (CwSecret) key_pem = NULL;
  g_autoptr (GBytes) csr = NULL;
  g_autofree char *csr_pem = NULL;
  CwKeyKind kind;

  if (!cw_key_kind_from_id (arguments[0], &kind))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID, "no kind of key: %s", arguments[0]);
      return FALSE;
    }
  request = make_request (kind);
  key = cw_key_generate (kind, NULL, error);
  if (key == NULL)
    return FALSE;
  csr = cw_request_create_csr (request, key, error);
  if (csr == NULL)
    return FALSE;
  key_pem = cw_key_to_pem (key, error);
  if (key_pem == NULL)
    return FALSE;
  csr_pem = cw_csr_to_pem (csr);
  return g_file_set_contents_full (arguments[1], cw_secret_peek (key_pem),
                                   cw_secret_get_length (key_pem), G_FILE_SET_CONTENTS_NONE, 0600,
                                   error) &&
         g_file_set_contents (arguments[2], csr_pem, -1, error);
}

static CwKey *
read_key (const char *path, GError **error)
{
  g_autoptr (CwSecret) pem = NULL;
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  pem = cw_secret_new_wiping (text);
  return cw_key_new_from_pem (pem, NULL, error);
}

static gboolean
unlock (CwReply *reply, GError **error)
{
  g_autoptr (CwSecret) passphrase = NULL;
  char line[200] = "";

  if (!cw_reply_needs_passphrase (reply))
    return TRUE;
  if (fgets (line, sizeof line, stdin) == NULL)
    line[0] = '\0';
  line[strcspn (line, "\n")] = '\0';
  passphrase = cw_secret_new (line, -1);
  return cw_reply_unlock (reply, passphrase, NULL, error);
}

static CwChain *
read_reply (char **files, CwKey *key, GError **error)
{
  const char *const ours[] = { cw_key_get_fingerprint (key), NULL };
  g_autoptr (CwReply) reply = cw_reply_new ();
  g_autoptr (GPtrArray) yours = NULL;
  g_autoptr (GPtrArray) all = NULL;

  for (guint i = 0; files[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (files[i]);
      cw_reply_add_file (reply, file, NULL);
    }
  if (!unlock (reply, error))
    return NULL;
  yours = cw_reply_assign_roles (reply, ours);
  if (yours->len == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH, "no certificate for this key");
      return NULL;
    }
  all = cw_reply_get_certificates (reply);
  return cw_chain_new (g_ptr_array_index (yours, 0), all, NULL);
}

static gboolean
run_configure (char **arguments, GError **error)
{
  g_autoptr (CwProfile) profile = NULL;
  g_autoptr (CwKey) key = NULL;
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (CwSecret) key_pem = NULL;
  g_autoptr (CwSecret) text = NULL;
  g_autofree char *server_cas = NULL;

  profile = cw_profile_new_from_folder (arguments[0], error);
  if (profile == NULL)
    return FALSE;
  key = read_key (arguments[1], error);
  if (key == NULL)
    return FALSE;
  if (!g_str_equal (arguments[3], "-") &&
      !g_file_get_contents (arguments[3], &server_cas, NULL, error))
    return FALSE;
  chain = read_reply (arguments + 5, key, error);
  if (chain == NULL)
    return FALSE;
  key_pem = cw_key_to_pem (key, error);
  if (key_pem == NULL)
    return FALSE;
  text = cw_output_render (profile, cw_profile_get_output (profile, 0),
                           &(CwOutputValues){
                               .key = key_pem,
                               .chain = chain,
                               .server_cas = server_cas,
                               .verify_server = g_str_equal (arguments[2], "peer"),
                           },
                           error);
  return text != NULL &&
         g_file_set_contents_full (arguments[4], cw_secret_peek (text), cw_secret_get_length (text),
                                   G_FILE_SET_CONTENTS_NONE, 0600, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  gboolean done;

  cw_secret_heap_init ();
  if (argc == 5 && g_str_equal (argv[1], "request"))
    done = run_request (argv + 2, &error);
  else if (argc >= 8 && g_str_equal (argv[1], "configure"))
    done = run_configure (argv + 2, &error);
  else
    {
      g_printerr ("enrol request KIND KEY CSR\n"
                  "enrol configure PROFILE KEY VERIFY SERVER-CAS OUTPUT REPLY...\n");
      return 2;
    }
  if (done)
    return 0;
  g_printerr ("enrol: %s\n", error->message);
  return g_error_matches (error, CW_ERROR, CW_ERROR_MISMATCH) ? 3 : 1;
}
