/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A private CA without window, store and keyring, for real peers to judge:
 *
 *   issue ca KIND CERTIFICATE KEY
 *     makes a CA; its key lies unprotected in a file, which only tests do
 *   issue sign CERTIFICATE KEY USAGE [CSR OUT]...
 *     signs requests in DER, each with that usage, as PEM: leaf, then CA
 *   issue crl CERTIFICATE KEY NUMBER OUT [REVOKED]...
 *   issue self KIND CERTIFICATE KEY HOST
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "cw-authority.h"
#include "cw-usage.h"

static void
check (const GError *error)
{
  if (error == NULL)
    return;

  fprintf (stderr, "%s\n", error->message);
  exit (1);
}

static void
write_text (const char *path, char *text)
{
  g_autofree char *owned = text;
  GError *error = NULL;

  g_file_set_contents (path, owned, -1, &error);
  check (error);
}

static GBytes *
read_file (const char *path)
{
  GError *error = NULL;
  char *content = NULL;
  gsize size = 0;

  g_file_get_contents (path, &content, &size, &error);
  check (error);
  return g_bytes_new_take (content, size);
}

static char *
read_text (const char *path)
{
  gsize size;

  return g_bytes_unref_to_data (read_file (path), &size);
}

static CwKey *
make_key (const char *kind_id, const char *path)
{
  CwKeyKind kind = CW_KEY_KIND_DEFAULT;
  GError *error = NULL;
  CwKey *key;
  g_autoptr (CwSecret) pem = NULL;

  g_assert (cw_key_kind_from_id (kind_id, &kind));
  key = cw_key_generate (kind, NULL, &error);
  check (error);
  pem = cw_key_to_pem (key, &error);
  check (error);
  write_text (path, g_strdup (cw_secret_peek (pem)));
  return key;
}

static CwAuthority *
read_authority (const char *certificate_path, const char *key_path)
{
  g_autofree char *text = read_text (certificate_path);
  g_autoptr (CwCertificate) certificate = cw_certificate_new_from_pem (text, NULL);
  g_autofree char *key_text = read_text (key_path);
  g_autoptr (CwSecret) pem = cw_secret_new (key_text, -1);
  g_autoptr (CwKey) key = cw_key_new_from_pem (pem, NULL, NULL);
  GError *error = NULL;
  CwAuthority *authority = cw_authority_new (certificate, key, &error);

  check (error);
  return authority;
}

static void
make_authority (char **words)
{
  g_autoptr (CwKey) key = make_key (words[0], words[2]);
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (CwCertificate) certificate = NULL;
  GError *error = NULL;

  cw_subject_append (cw_request_get_subject (request), "CN", "Test CA");
  cw_request_set_days (request, CW_AUTHORITY_DAYS);
  certificate = cw_authority_create_certificate (request, key, &error);
  check (error);
  write_text (words[1], cw_certificate_to_pem (certificate));
}

static void
sign_one (CwAuthority *authority, const char *usage, const char *csr_path, const char *out)
{
  g_autoptr (GBytes) csr = read_file (csr_path);
  GError *error = NULL;
  g_autoptr (CwGrant) grant = cw_grant_new_from_csr (csr, &error);
  g_autoptr (CwCertificate) certificate = NULL;
  g_autoptr (GPtrArray) both = g_ptr_array_new ();

  check (error);
  cw_grant_set_purpose (grant, cw_usage_find (usage)->oid);
  certificate = cw_authority_sign (authority, grant, &error);
  check (error);
  g_ptr_array_add (both, certificate);
  g_ptr_array_add (both, cw_authority_get_certificate (authority));
  write_text (out, cw_certificates_to_pem (both));
}

static void
sign (char **words)
{
  g_autoptr (CwAuthority) authority = read_authority (words[0], words[1]);

  for (guint i = 3; words[i] != NULL; i += 2)
    sign_one (authority, words[2], words[i], words[i + 1]);
}

static void
free_revoked (gpointer data)
{
  CwRevoked *revoked = data;

  g_object_unref (revoked->certificate);
  g_date_time_unref (revoked->at);
  g_free (revoked);
}

static void
write_crl (char **words)
{
  g_autoptr (CwAuthority) authority = read_authority (words[0], words[1]);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (free_revoked);
  GError *error = NULL;
  g_autoptr (CwCrl) crl = NULL;

  for (guint i = 4; words[i] != NULL; i++)
    {
      g_autofree char *text = read_text (words[i]);
      g_autoptr (GPtrArray) certificates = cw_certificates_from_pem (text, &error);
      CwRevoked *revoked = g_new0 (CwRevoked, 1);

      check (error);
      revoked->certificate = g_object_ref (g_ptr_array_index (certificates, 0));
      revoked->at = g_date_time_new_now_utc ();
      revoked->reason = CW_REVOCATION_KEY_COMPROMISE;
      g_ptr_array_add (all, revoked);
    }
  crl = cw_authority_create_crl (authority, all, g_ascii_strtoull (words[2], NULL, 10), CW_CRL_DAYS,
                                 &error);
  check (error);
  write_text (words[3], cw_crl_to_pem (crl));
}

static void
self_sign (char **words)
{
  g_autoptr (CwKey) key = make_key (words[0], words[2]);
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (CwAltName) name = cw_alt_name_new (CW_ALT_NAME_DNS, words[3]);
  g_autoptr (CwCertificate) certificate = NULL;
  GError *error = NULL;

  cw_subject_append (cw_request_get_subject (request), "CN", words[3]);
  cw_request_add_alt_name (request, name);
  cw_request_set_usage (request, CW_USAGE_SERVER_AUTH, TRUE);
  certificate = cw_request_self_sign (request, key, &error);
  check (error);
  write_text (words[1], cw_certificate_to_pem (certificate));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    int n_words;
    void (*run) (char **words);
  } commands[] = {
    { "ca", 3, make_authority },
    { "sign", 3, sign },
    { "crl", 4, write_crl },
    { "self", 4, self_sign },
  };

  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (argv[1], commands[i].name) && argc >= 2 + commands[i].n_words)
      {
        commands[i].run (argv + 2);
        return 0;
      }
  fprintf (stderr, "usage: issue ca|sign|crl|self ...\n");
  return 2;
}
