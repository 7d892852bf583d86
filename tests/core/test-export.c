/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <openssl/pem.h>

#include "cw-bundle.h"
#include "cw-error.h"
#include "cw-export.h"
#include "pki.h"

#define PASSPHRASE "Zwölf Äpfel"
#define PASSIN     " -passin 'pass:" PASSPHRASE "'"

typedef struct
{
  Pki pki;
  CwChain *chain;
  CwSecret *key;
  CwSecret *passphrase;
  char *folder;
} Fixture;

/* The linker puts the first in the place of the second: see meson.build. */
char *__wrap_cw_certificates_to_pem (GPtrArray *certificates);
char *__real_cw_certificates_to_pem (GPtrArray *certificates);

static gboolean backwards; /* whether they are written so */

char *
__wrap_cw_certificates_to_pem (GPtrArray *certificates)
{
  g_autoptr (GPtrArray) reversed = g_ptr_array_new ();

  for (guint i = certificates->len; backwards && i > 0; i--)
    g_ptr_array_add (reversed, certificates->pdata[i - 1]);
  return __real_cw_certificates_to_pem (backwards ? reversed : certificates);
}

static CwSecret *
key_to_pem (CwKey *key)
{
  g_autoptr (GError) error = NULL;
  CwSecret *pem = cw_key_to_pem (key, &error);

  g_assert_no_error (error);
  return pem;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  pki_init (&self->pki);
  g_ptr_array_add (candidates, self->pki.root);
  g_ptr_array_add (candidates, self->pki.middle);
  self->chain = cw_chain_new (self->pki.leaf, candidates, NULL);
  self->key = key_to_pem (self->pki.leaf_key);
  self->passphrase = cw_secret_new (PASSPHRASE, -1);
  self->folder = g_dir_make_tmp ("cw-export-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->chain);
  g_clear_pointer (&self->key, cw_secret_unref);
  g_clear_pointer (&self->passphrase, cw_secret_unref);
  pki_clear (&self->pki);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
}

/* What the openssl command says of @bytes, given to it as a file. */
static char *
ask_openssl (Fixture *self, const char *arguments, const void *bytes, gsize size, int *status)
{
  g_autofree char *path = g_build_filename (self->folder, "exported", NULL);
  g_autofree char *command = g_strdup_printf ("openssl %s -in %s", arguments, path);
  g_autoptr (GError) error = NULL;
  char *said = NULL;
  g_autofree char *more = NULL;
  char *all;

  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, &error));
  g_assert_true (g_spawn_command_line_sync (command, &said, &more, status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_unlink (path), ==, 0);
  all = g_strconcat (said, more, NULL);
  g_free (said);
  return all;
}

static guint
count (const char *text, const char *word)
{
  guint n = 0;

  for (const char *p = text; (p = strstr (p, word)); p += strlen (word))
    n++;
  return n;
}

static void
test_pem (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) text = cw_export_pem (self->key, self->chain, FALSE, &error);
  g_autoptr (CwSecret) whole = cw_export_pem (self->key, self->chain, TRUE, NULL);
  g_autofree char *leaf = cw_certificate_to_pem (self->pki.leaf);
  g_autofree char *said = NULL;
  int status;

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (cw_secret_peek (text), "-----BEGIN PRIVATE KEY-----\n"));
  g_assert_cmpuint (count (cw_secret_peek (text), "BEGIN CERTIFICATE"), ==, 2);
  g_assert_cmpuint (count (cw_secret_peek (whole), "BEGIN CERTIFICATE"), ==, 3);
  /* The leaf is the first certificate. */
  g_assert_true (g_str_has_prefix (strstr (cw_secret_peek (text), "-----BEGIN CERTIFICATE"), leaf));

  said = ask_openssl (self, "pkey -noout -check", cw_secret_peek (text),
                      cw_secret_get_length (text), &status);
  g_assert_cmpint (status, ==, 0);
}

/* The certificates alone; a leaf that signed itself is not somebody's root. */
static void
test_chain (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = cw_export_chain (self->chain, FALSE, &error);
  g_autofree char *whole = cw_export_chain (self->chain, TRUE, NULL);
  g_autofree char *leaf = cw_certificate_to_pem (self->pki.leaf);
  g_autofree char *root = cw_certificate_to_pem (self->pki.root);
  g_autoptr (CwChain) alone = cw_chain_new (self->pki.root, NULL, NULL);
  g_autofree char *self_signed = cw_export_chain (alone, FALSE, NULL);

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (pem, leaf));
  g_assert_cmpuint (count (pem, "-----BEGIN"), ==, 2);
  g_assert_null (strstr (pem, root));
  g_assert_true (g_str_has_prefix (whole, pem));
  g_assert_true (g_str_has_suffix (whole, root));
  g_assert_cmpuint (count (whole, "-----BEGIN"), ==, 3);
  g_assert_cmpstr (self_signed, ==, root);
}

/* What was not written with the leaf first is not given out, though it is complete. */
static void
test_order (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  backwards = TRUE;
  g_assert_null (cw_export_chain (self->chain, FALSE, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_null (cw_export_pem (self->key, self->chain, TRUE, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  backwards = FALSE;
}

static void
test_encrypted_key (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) text = cw_export_encrypted_key (self->key, self->passphrase, &error);
  g_autoptr (CwSecret) wrong = cw_secret_new ("Zwölf Birnen", -1);
  g_autofree char *said = NULL;
  g_autofree char *parsed = NULL;
  int status;

  g_assert_no_error (error);
  g_assert_true (
      g_str_has_prefix (cw_secret_peek (text), "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  g_assert_null (strstr (cw_secret_peek (text), "BEGIN PRIVATE KEY"));

  said = ask_openssl (self, "pkey" PASSIN, cw_secret_peek (text), cw_secret_get_length (text),
                      &status);
  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_str_has_prefix (said, cw_secret_peek (self->key)));

  parsed =
      ask_openssl (self, "asn1parse", cw_secret_peek (text), cw_secret_get_length (text), &status);
  g_assert_nonnull (strstr (parsed, "PBES2"));
  g_assert_nonnull (strstr (parsed, "hmacWithSHA256"));
  g_assert_nonnull (strstr (parsed, "aes-256-cbc"));

  g_assert_null (cw_key_new_from_pem (text, wrong, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_PASSPHRASE_WRONG);
}

static void
test_pkcs12 (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) der =
      cw_export_pkcs12 (self->key, self->chain, FALSE, "Steve’s", self->passphrase, &error);
  g_autofree char *said = NULL;
  int status;
  gsize size;
  const void *bytes;

  g_assert_no_error (error);
  bytes = g_bytes_get_data (der, &size);
  said = ask_openssl (self, "pkcs12 -info -nodes" PASSIN, bytes, size, &status);
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (said, "MAC: sha256"));
  g_assert_nonnull (strstr (said, "Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC"));
  g_assert_nonnull (strstr (said, "Encrypted data: PBES2, PBKDF2, AES-256-CBC"));
  g_assert_nonnull (strstr (said, "PRF hmacWithSHA256"));
  g_assert_nonnull (strstr (said, "friendlyName"));
  g_assert_nonnull (strstr (said, cw_secret_peek (self->key)));
  g_assert_cmpuint (count (said, "BEGIN CERTIFICATE"), ==, 2);
}

static void
test_pkcs12_with_root (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) der =
      cw_export_pkcs12 (self->key, self->chain, TRUE, NULL, self->passphrase, &error);
  g_autoptr (CwBundle) back = NULL;

  g_assert_no_error (error);
  back = cw_bundle_new_from_pkcs12 (der, self->passphrase, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->certificates->len, ==, 3);
  g_assert_cmpuint (back->keys->len, ==, 1);
  g_assert_false (back->old_cipher);
  g_assert_false (back->no_mac);
}

/* A certificate that signed itself is the leaf, and is written although it is a root of sorts. */
static void
test_self_signed (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwChain) chain = cw_chain_new (self->pki.root, NULL, NULL);
  g_autoptr (CwSecret) key = key_to_pem (self->pki.root_key);
  g_autoptr (CwSecret) text = cw_export_pem (key, chain, FALSE, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (count (cw_secret_peek (text), "BEGIN CERTIFICATE"), ==, 1);
}

static void
test_wrong_key (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) other = key_to_pem (self->pki.middle_key);

  g_assert_null (cw_export_pem (other, self->chain, FALSE, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_null (cw_export_pkcs12 (other, self->chain, FALSE, NULL, self->passphrase, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
}

static void
test_no_key (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) rubbish = cw_secret_new ("no key", -1);

  g_assert_null (cw_export_encrypted_key (rubbish, self->passphrase, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
}

static void
test_passphrase (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) empty = cw_secret_new ("", -1);
  g_autoptr (CwSecret) latin = cw_secret_new ("Zw\xf6lf", -1);

  g_assert_null (cw_export_encrypted_key (self->key, empty, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (cw_export_pkcs12 (self->key, self->chain, FALSE, NULL, empty, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (cw_export_pkcs12 (self->key, self->chain, FALSE, NULL, latin, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
}

static void
add (const char *path, void (*test) (Fixture *self, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  cw_secret_heap_init ();
  g_test_init (&argc, &argv, NULL);

  add ("/export/pem", test_pem);
  add ("/export/chain", test_chain);
  add ("/export/order", test_order);
  add ("/export/encrypted-key", test_encrypted_key);
  add ("/export/pkcs12", test_pkcs12);
  add ("/export/pkcs12/with-root", test_pkcs12_with_root);
  add ("/export/self-signed", test_self_signed);
  add ("/export/wrong-key", test_wrong_key);
  add ("/export/no-key", test_no_key);
  add ("/export/passphrase", test_passphrase);

  return g_test_run ();
}
