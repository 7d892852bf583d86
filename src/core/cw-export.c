/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-bundle.h"
#include "cw-der.h"
#include "cw-error.h"
#include "cw-export.h"
#include "cw-openssl.h"
#include "cw-reply.h"
#include "cw-request.h"

/* What a guess of the passphrase costs; every reader we know takes it in its stride. */
#define ITERATIONS 100000

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_ALGOR, X509_ALGOR_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_SIG, X509_SIG_free)

static CwKey *
read_key (CwSecret *pem, CwChain *chain, GError **error)
{
  g_autoptr (CwKey) key = cw_key_new_from_pem (pem, NULL, error);
  if (key == NULL)
    return NULL;

  CwCertificate *leaf = chain != NULL ? cw_chain_get_leaf (chain) : NULL;
  if (leaf != NULL &&
      !g_str_equal (cw_certificate_get_key_fingerprint (leaf), cw_key_get_fingerprint (key)))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
                   /* Translators: %s is the certificate's name */
                   _ ("The private key does not belong to the certificate “%s”, so nothing was "
                      "exported. Choose the key and the certificate that belong together."),
                   cw_certificate_get_title (leaf));
      return NULL;
    }
  return g_steal_pointer (&key);
}

static gboolean
check_passphrase (CwSecret *passphrase, GError **error)
{
  const char *text = cw_secret_peek (passphrase);
  if (*text == '\0')
    {
      g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID,
                           _ ("The passphrase is empty, which would protect nothing. Choose one."));
      return FALSE;
    }
  /* Others read it as UTF-8; what is not would open with some programs only. */
  if (!g_utf8_validate (text, (gssize) cw_secret_get_length (passphrase), NULL))
    {
      g_set_error_literal (
          error, CW_ERROR, CW_ERROR_INVALID,
          _ ("The passphrase is not UTF-8 text, so other programs could not open what was "
             "exported. Choose one of ordinary characters."));
      return FALSE;
    }
  return TRUE;
}

static void
set_not_read_back (GError **error)
{
  g_set_error_literal (error, CW_ERROR, CW_ERROR_MISMATCH,
                       _ ("What was written does not read back as what went in, so it was not "
                          "exported. Report it."));
}

static void
set_failed (GError **error)
{
  cw_error_set_openssl (error, CW_ERROR_FAILED, _ ("The private key could not be encrypted."));
}

/* The certificates to write, the leaf first. */
static GPtrArray *
collect_certificates (CwChain *chain, gboolean with_root)
{
  GPtrArray *all = cw_chain_get_certificates (chain);
  GPtrArray *chosen = g_ptr_array_new ();
  for (guint i = 0; i < all->len; i++)
    if (i == 0 || with_root || !cw_certificate_is_self_signed (g_ptr_array_index (all, i)))
      g_ptr_array_add (chosen, g_ptr_array_index (all, i));
  return chosen;
}

static gboolean
is_same_key (CwKey *key, CwKey *back)
{
  return back != NULL && EVP_PKEY_eq (cw_key_peek_pkey (key), cw_key_peek_pkey (back)) == 1;
}

/* A PKCS#12 says of none where it belongs. */
static gboolean
has_same_certificates (GPtrArray *written, GPtrArray *ders)
{
  if (ders == NULL || written->len != ders->len)
    return FALSE;
  for (guint i = 0; i < written->len; i++)
    {
      gboolean found = FALSE;
      for (guint j = 0; j < ders->len && !found; j++)
        found = g_bytes_equal (cw_certificate_get_der (g_ptr_array_index (written, i)),
                               g_ptr_array_index (ders, j));
      if (!found)
        return FALSE;
    }
  return TRUE;
}

/* In their order: servers and programs take the first one for the leaf. */
static gboolean
has_certificates (const char *pem, GPtrArray *certificates)
{
  g_autoptr (GPtrArray) read = cw_certificates_from_pem (pem, NULL);
  if (read == NULL || read->len != certificates->len)
    return FALSE;
  for (guint i = 0; i < read->len; i++)
    if (!g_bytes_equal (cw_certificate_get_der (g_ptr_array_index (read, i)),
                        cw_certificate_get_der (g_ptr_array_index (certificates, i))))
      return FALSE;
  return TRUE;
}

static gboolean
check_pem (CwSecret *text, CwKey *key, GPtrArray *certificates)
{
  g_autoptr (CwKey) back = cw_key_new_from_pem (text, NULL, NULL);
  return is_same_key (key, back) && has_certificates (cw_secret_peek (text), certificates);
}

CwSecret *
cw_export_pem (CwSecret *key, CwChain *chain, gboolean with_root, GError **error)
{
  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (CW_IS_CHAIN (chain), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  g_autoptr (CwKey) read = read_key (key, chain, error);
  g_autoptr (CwSecret) pem = read != NULL ? cw_key_to_pem (read, error) : NULL;
  if (pem == NULL)
    return NULL;

  g_autoptr (GPtrArray) certificates = collect_certificates (chain, with_root);
  g_autofree char *chain_pem = cw_certificates_to_pem (certificates);
  CwSecretBuilder *builder = cw_secret_builder_new ();
  cw_secret_builder_append (builder, cw_secret_peek (pem), (gssize) cw_secret_get_length (pem));
  cw_secret_builder_append (builder, chain_pem, -1);
  g_autoptr (CwSecret) text = cw_secret_builder_end (builder);
  if (check_pem (text, read, certificates))
    return g_steal_pointer (&text);
  set_not_read_back (error);
  return NULL;
}

static X509_SIG *
encrypt_key (CwKey *key, CwSecret *passphrase)
{
  g_autoptr (PKCS8_PRIV_KEY_INFO) info = EVP_PKEY2PKCS8 (cw_key_peek_pkey (key));
  g_autoptr (X509_ALGOR) algorithm =
      PKCS5_pbe2_set_iv (EVP_aes_256_cbc (), ITERATIONS, NULL, 0, NULL, NID_hmacWithSHA256);
  if (info == NULL || algorithm == NULL)
    return NULL;

  X509_SIG *encrypted = PKCS8_set0_pbe (cw_secret_peek (passphrase),
                                        (int) cw_secret_get_length (passphrase), info, algorithm);
  if (encrypted != NULL)
    g_steal_pointer (&algorithm); /* it is the result's now */
  return encrypted;
}

CwSecret *
cw_export_encrypted_key (CwSecret *key, CwSecret *passphrase, GError **error)
{
  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (passphrase != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  g_autoptr (CwKey) read = read_key (key, NULL, error);
  if (read == NULL || !check_passphrase (passphrase, error))
    return NULL;

  ERR_clear_error ();
  g_autoptr (X509_SIG) encrypted = encrypt_key (read, passphrase);
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  if (encrypted == NULL || bio == NULL || PEM_write_bio_PKCS8 (bio, encrypted) != 1)
    {
      set_failed (error);
      return NULL;
    }

  char *data = NULL;
  long size = BIO_get_mem_data (bio, &data);
  g_autoptr (CwSecret) text = cw_secret_new (data, size);
  g_autoptr (CwKey) back = cw_key_new_from_pem (text, passphrase, NULL);
  if (is_same_key (read, back))
    return g_steal_pointer (&text);
  set_not_read_back (error);
  return NULL;
}

char *
cw_export_chain (CwChain *chain, gboolean with_root, GError **error)
{
  g_return_val_if_fail (CW_IS_CHAIN (chain), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  g_autoptr (GPtrArray) certificates = collect_certificates (chain, with_root);
  g_autofree char *pem = cw_certificates_to_pem (certificates);
  if (has_certificates (pem, certificates))
    return g_steal_pointer (&pem);
  set_not_read_back (error);
  return NULL;
}

/* What a PKCS#12 is encrypted with. */
typedef struct
{
  int cipher;
  const EVP_MD *(*mac) (void);
} Strength;

static const Strength modern = { NID_aes_256_cbc, EVP_sha256 };
static const Strength old = { NID_pbe_WithSHA1And3_Key_TripleDES_CBC, EVP_sha1 };

static PKCS12 *
make_pkcs12 (CwKey *key,
             GPtrArray *certificates,
             const char *name,
             CwSecret *passphrase,
             const Strength *strength)
{
  g_autoptr (CwX509Stack) others = sk_X509_new_null ();
  for (guint i = 1; i < certificates->len; i++)
    {
      X509 *x509 = cw_certificate_peek_x509 (g_ptr_array_index (certificates, i));
      if (sk_X509_push (others, x509) > 0)
        X509_up_ref (x509);
    }

  /* Without a MAC first: the one that it would make is not said to stay SHA-256. */
  g_autoptr (PKCS12) pkcs12 =
      PKCS12_create (cw_secret_peek (passphrase), name, cw_key_peek_pkey (key),
                     cw_certificate_peek_x509 (g_ptr_array_index (certificates, 0)), others,
                     strength->cipher, strength->cipher, ITERATIONS, -1, 0);
  if (pkcs12 == NULL ||
      PKCS12_set_mac (pkcs12, cw_secret_peek (passphrase), (int) cw_secret_get_length (passphrase),
                      NULL, 0, ITERATIONS, strength->mac ()) != 1)
    return NULL;
  return g_steal_pointer (&pkcs12);
}

static GBytes *
encode_pkcs12 (PKCS12 *pkcs12)
{
  guint8 *der = NULL;
  const int size = i2d_PKCS12 (pkcs12, &der);

  return cw_der_take (der, size);
}

static GBytes *
export_pkcs12 (CwSecret *key,
               CwChain *chain,
               gboolean with_root,
               const char *name,
               CwSecret *passphrase,
               const Strength *strength,
               GError **error)
{
  g_autoptr (CwKey) read = read_key (key, chain, error);
  if (read == NULL || !check_passphrase (passphrase, error))
    return NULL;

  ERR_clear_error ();
  g_autoptr (GPtrArray) certificates = collect_certificates (chain, with_root);
  g_autoptr (PKCS12) pkcs12 = make_pkcs12 (read, certificates, name, passphrase, strength);
  g_autoptr (GBytes) der = pkcs12 != NULL ? encode_pkcs12 (pkcs12) : NULL;
  if (der == NULL)
    {
      set_failed (error);
      return NULL;
    }

  g_autoptr (CwBundle) back = cw_bundle_new_from_pkcs12 (der, passphrase, NULL);
  if (back != NULL && back->keys->len == 1 &&
      is_same_key (read, g_ptr_array_index (back->keys, 0)) &&
      has_same_certificates (certificates, back->certificates))
    return g_steal_pointer (&der);
  set_not_read_back (error);
  return NULL;
}

GBytes *
cw_export_pkcs12 (CwSecret *key,
                  CwChain *chain,
                  gboolean with_root,
                  const char *name,
                  CwSecret *passphrase,
                  GError **error)
{
  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (CW_IS_CHAIN (chain), NULL);
  g_return_val_if_fail (passphrase != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return export_pkcs12 (key, chain, with_root, name, passphrase, &modern, error);
}

GBytes *
cw_export_pkcs12_old (CwSecret *key,
                      CwChain *chain,
                      gboolean with_root,
                      const char *name,
                      CwSecret *passphrase,
                      GError **error)
{
  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (CW_IS_CHAIN (chain), NULL);
  g_return_val_if_fail (passphrase != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return export_pkcs12 (key, chain, with_root, name, passphrase, &old, error);
}

static gboolean
is_request (const char *pem, GBytes *csr)
{
  g_autoptr (CwReply) reply = cw_reply_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static (pem, strlen (pem));

  cw_reply_add_bytes (reply, bytes, "");
  g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), 0);
  return item != NULL && cw_reply_item_get_request (item) != NULL &&
         g_bytes_equal (cw_reply_item_get_request (item), csr);
}

char *
cw_export_request (GBytes *csr, GError **error)
{
  g_return_val_if_fail (csr != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  g_autofree char *pem = cw_csr_to_pem (csr);
  if (pem != NULL && is_request (pem, csr))
    return g_steal_pointer (&pem);
  set_not_read_back (error);
  return NULL;
}

gboolean
cw_export_has_key (CwExportKind kind)
{
  return kind != CW_EXPORT_CHAIN && kind != CW_EXPORT_REQUEST;
}

gboolean
cw_export_has_passphrase (CwExportKind kind)
{
  return cw_export_has_key (kind) && kind != CW_EXPORT_PEM;
}

gboolean
cw_export_has_chain (CwExportKind kind)
{
  return kind != CW_EXPORT_ENCRYPTED_KEY && kind != CW_EXPORT_REQUEST;
}

static GBytes *
take_secret (CwSecret *secret)
{
  g_autoptr (CwSecret) taken = secret;
  return taken != NULL ? cw_secret_to_bytes (taken) : NULL;
}

static GBytes *
take_text (char *text)
{
  return text != NULL ? g_bytes_new_take (text, strlen (text)) : NULL;
}

GBytes *
cw_export (CwExportKind kind, const CwExportContent *content, GError **error)
{
  g_return_val_if_fail (content != NULL, NULL);

  switch (kind)
    {
    case CW_EXPORT_PKCS12:
      return cw_export_pkcs12 (content->key, content->chain, content->with_root, content->name,
                               content->passphrase, error);
    case CW_EXPORT_PKCS12_OLD:
      return cw_export_pkcs12_old (content->key, content->chain, content->with_root, content->name,
                                   content->passphrase, error);
    case CW_EXPORT_ENCRYPTED_KEY:
      return take_secret (cw_export_encrypted_key (content->key, content->passphrase, error));
    case CW_EXPORT_PEM:
      return take_secret (cw_export_pem (content->key, content->chain, content->with_root, error));
    case CW_EXPORT_CHAIN:
      return take_text (cw_export_chain (content->chain, content->with_root, error));
    case CW_EXPORT_REQUEST:
      return take_text (cw_export_request (content->csr, error));
    default:
      g_return_val_if_reached (NULL);
    }
}
