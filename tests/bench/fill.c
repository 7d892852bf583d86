/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fills a store: fill DATABASE COUNT CERTIFICATES. Half of the identities wait
 * for their certificate, half have the one in the file CERTIFICATES (leaf first).
 */

#include "config.h"

#include "cw-store.h"

static guint pending;

static CwIdentity *
make_identity (int i, CwKey *key, CwChain *chain)
{
  g_autoptr (CwIdentity) identity = cw_identity_new ();
  g_autofree char *address = g_strdup_printf ("device-%04d@example.com", i);
  g_autoptr (CwAltName) name = cw_alt_name_new (CW_ALT_NAME_EMAIL, address);
  g_autoptr (GBytes) csr = NULL;
  CwRequest *request = cw_identity_get_request (identity);

  cw_identity_set_profile_id (identity, "placeos");
  cw_subject_append (cw_request_get_subject (request), "CN", address);
  cw_request_add_alt_name (request, name);
  csr = cw_request_create_csr (request, key, NULL);
  g_assert (csr != NULL);
  cw_identity_set_key_fingerprint (identity, cw_key_get_fingerprint (key));
  cw_identity_set_csr (identity, csr);
  if (i % 2 == 0)
    cw_identity_set_chain (identity, chain);
  return g_steal_pointer (&identity);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cw_store_save_finish (CW_STORE (source), result, &error))
    g_error ("%s", error->message);
  pending--;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cw_store_open_finish (CW_STORE (source), result, &error))
    g_error ("%s", error->message);
  pending--;
}

static void
wait_for_all (void)
{
  while (pending > 0)
    g_main_context_iteration (NULL, TRUE);
}

static CwChain *
read_chain (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = NULL;
  g_autoptr (GPtrArray) certificates = NULL;

  if (!g_file_get_contents (path, &pem, NULL, &error))
    g_error ("%s", error->message);
  certificates = cw_certificates_from_pem (pem, &error);
  if (certificates == NULL || certificates->len == 0)
    g_error ("%s: no certificates", path);
  return cw_chain_new (g_ptr_array_index (certificates, 0), certificates, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (CwStore) store = NULL;
  g_autoptr (CwKey) key = NULL;
  g_autoptr (CwChain) chain = NULL;

  if (argc != 4)
    return 2;
  store = cw_store_new (argv[1]);
  chain = read_chain (argv[3]);
  key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  pending = 1;
  cw_store_open_async (store, NULL, opened_cb, NULL);
  wait_for_all ();
  for (int i = 0; i < atoi (argv[2]); i++)
    {
      g_autoptr (CwIdentity) identity = make_identity (i, key, chain);
      pending++;
      cw_store_save_async (store, identity, NULL, saved_cb, NULL);
    }
  wait_for_all ();
  return 0;
}
