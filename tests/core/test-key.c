/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <dlfcn.h>

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "cw-error.h"
#include "cw-openssl.h"

static const struct
{
  CwKeyKind kind;
  const char *id;
  const char *title;
} kinds[] = {
  { CW_KEY_KIND_RSA_2048, "rsa-2048", "RSA 2048" },
  { CW_KEY_KIND_RSA_3072, "rsa-3072", "RSA 3072" },
  { CW_KEY_KIND_RSA_4096, "rsa-4096", "RSA 4096" },
  { CW_KEY_KIND_EC_P256, "ec-p256", "EC P-256" },
  { CW_KEY_KIND_EC_P384, "ec-p384", "EC P-384" },
  { CW_KEY_KIND_EC_P521, "ec-p521", "EC P-521" },
  { CW_KEY_KIND_ED25519, "ed25519", "Ed25519" },
};

/* Test material may lie in ordinary memory. */
static CwSecret *
take_bio (BIO *bio)
{
  char *text;
  long length = BIO_get_mem_data (bio, &text);

  return cw_secret_new (text, length);
}

static CwSecret *
write_pkcs8 (EVP_PKEY *pkey, const EVP_CIPHER *cipher, const char *passphrase)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());

  g_assert_cmpint (PEM_write_bio_PKCS8PrivateKey (
                       bio, pkey, cipher, passphrase,
                       passphrase != NULL ? (int) strlen (passphrase) : 0, NULL, NULL),
                   ==, 1);

  return take_bio (bio);
}

static CwSecret *
write_traditional (EVP_PKEY *pkey, const EVP_CIPHER *cipher, const char *passphrase)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());

  g_assert_cmpint (PEM_write_bio_PrivateKey_traditional (
                       bio, pkey, cipher, (const unsigned char *) passphrase,
                       passphrase != NULL ? (int) strlen (passphrase) : 0, NULL, NULL),
                   ==, 1);

  return take_bio (bio);
}

static void
assert_reads (CwSecret *pem, const char *passphrase, EVP_PKEY *expected)
{
  g_autoptr (CwSecret) secret = passphrase != NULL ? cw_secret_new (passphrase, -1) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwKey) key = cw_key_new_from_pem (pem, secret, &error);

  g_assert_no_error (error);
  g_assert_nonnull (key);
  g_assert_cmpint (EVP_PKEY_eq (cw_key_peek_pkey (key), expected), ==, 1);
}

static void
assert_fails (CwSecret *pem, const char *passphrase, CwErrorCode code)
{
  g_autoptr (CwSecret) secret = passphrase != NULL ? cw_secret_new (passphrase, -1) : NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_key_new_from_pem (pem, secret, &error));
  g_assert_error (error, CW_ERROR, (int) code);
  g_assert_cmpint (strlen (error->message), >, 0);
  g_assert_cmpuint (ERR_peek_error (), ==, 0);
}

static void
assert_text_fails (const char *text, CwErrorCode code)
{
  g_autoptr (CwSecret) pem = cw_secret_new (text, -1);

  assert_fails (pem, NULL, code);
}

static void
test_key_kinds (void)
{
  CwKeyKind kind = CW_KEY_KIND_ED25519;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_assert_cmpstr (cw_key_kind_get_id (kinds[i].kind), ==, kinds[i].id);
      g_assert_cmpstr (cw_key_kind_get_title (kinds[i].kind), ==, kinds[i].title);
      g_assert_true (cw_key_kind_from_id (kinds[i].id, &kind));
      g_assert_cmpint (kind, ==, kinds[i].kind);
    }
  g_assert_cmpstr (cw_key_kind_get_id (CW_KEY_KIND_OTHER), ==, "other");
  g_assert_false (cw_key_kind_from_id ("other", &kind));
  g_assert_false (cw_key_kind_from_id ("rsa-1024", &kind));
  g_assert_false (cw_key_kind_from_id (NULL, &kind));
  g_assert_cmpint (kind, ==, CW_KEY_KIND_ED25519);
}

static void
test_key_generate (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (CwKey) key = cw_key_generate (kinds[i].kind, cancellable, &error);
      g_autoptr (CwSecret) pem = NULL;
      g_autoptr (CwKey) again = NULL;
      g_autofree char *title = NULL;

      g_assert_no_error (error);
      g_assert_cmpint (cw_key_get_kind (key), ==, kinds[i].kind);
      g_assert_cmpstr (cw_key_get_title (key), ==, kinds[i].title);
      title = cw_pkey_get_title (cw_key_peek_pkey (key));
      g_assert_cmpstr (title, ==, kinds[i].title);

      pem = cw_key_to_pem (key, &error);
      g_assert_no_error (error);
      g_assert_true (g_str_has_prefix (cw_secret_peek (pem), "-----BEGIN PRIVATE KEY-----\n"));
      again = cw_key_new_from_pem (pem, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (cw_key_get_kind (again), ==, kinds[i].kind);
      g_assert_cmpstr (cw_key_get_fingerprint (again), ==, cw_key_get_fingerprint (key));
      g_assert_cmpint (EVP_PKEY_eq (cw_key_peek_pkey (again), cw_key_peek_pkey (key)), ==, 1);
    }
}

static void
test_key_differs (void)
{
  g_autoptr (CwKey) a = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (CwKey) b = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);

  g_assert_cmpstr (cw_key_get_fingerprint (a), !=, cw_key_get_fingerprint (b));
}

static void
test_key_secure_heap (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize before = CRYPTO_secure_used ();
      CwKey *key = cw_key_generate (kinds[i].kind, NULL, NULL);
      CwSecret *pem = cw_key_to_pem (key, NULL);

      g_assert_true (CRYPTO_secure_allocated (cw_secret_peek (pem)));
      cw_secret_unref (pem);
      g_assert_cmpuint (CRYPTO_secure_used (), >, before);
      cw_key_unref (key);
      g_assert_cmpuint (CRYPTO_secure_used (), ==, before);
    }
}

static void
test_key_refs (void)
{
  g_autoptr (EVP_PKEY) pkey = EVP_EC_gen ("P-256");
  CwKey *key = cw_key_new_for_pkey (pkey);
  gsize used = CRYPTO_secure_used ();
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, CW_TYPE_KEY);
  g_value_take_boxed (&value, cw_key_ref (key));
  cw_key_unref (key);
  g_assert_true (g_value_get_boxed (&value) == key);
  g_assert_true (cw_key_peek_pkey (key) == pkey);
  g_value_reset (&value);

  /* It had a reference of its own, and only that one has gone. */
  g_assert_cmpuint (CRYPTO_secure_used (), ==, used);
  g_assert_cmpint (EVP_PKEY_get_bits (pkey), ==, 256);
}

static void
test_key_cancelled_before (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (cw_key_generate (CW_KEY_KIND_RSA_4096, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_key_generate_other (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_key_generate (CW_KEY_KIND_OTHER, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED);
}

static gpointer
generate_until_cancelled (gpointer data)
{
  GError *error = NULL;

  /* One key may be ready before it hears of it; a hundred are not. */
  for (guint i = 0; i < 100 && error == NULL; i++)
    {
      g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_RSA_4096, data, &error);

      g_assert_true ((key == NULL) == (error != NULL));
    }

  return error;
}

static void
test_key_cancelled_meanwhile (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("generate", generate_until_cancelled, cancellable);

  g_usleep (50 * 1000);
  g_cancellable_cancel (cancellable);
  error = g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gpointer
get_fingerprint (gpointer key)
{
  return (gpointer) cw_key_get_fingerprint (key);
}

/* While set, cancelled by the third sign of life of the generation. */
static GCancellable *spied_cancellable;
static EVP_PKEY_gen_cb *spied_cb;
static guint n_calls;
static guint n_calls_cancelled;

static int
spy_cb (EVP_PKEY_CTX *context)
{
  if (++n_calls == 3)
    g_cancellable_cancel (spied_cancellable);
  if (g_cancellable_is_cancelled (spied_cancellable))
    n_calls_cancelled++;

  return spied_cb (context);
}

/* Stands before libcrypto's, to listen in on the callback that is given to it. */
void
EVP_PKEY_CTX_set_cb (EVP_PKEY_CTX *context, EVP_PKEY_gen_cb *callback)
{
  void (*real) (EVP_PKEY_CTX *, EVP_PKEY_gen_cb *) =
      (void (*) (EVP_PKEY_CTX *, EVP_PKEY_gen_cb *)) dlsym (RTLD_NEXT, "EVP_PKEY_CTX_set_cb");

  spied_cb = callback;
  real (context, spied_cancellable != NULL ? spy_cb : callback);
}

/*
 * It ends within the search for the prime during which it hears of it (tens of
 * calls for the first, small one), and not when the key is ready, which takes
 * thousands.
 */
static void
test_key_cancelled_at_once (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  spied_cancellable = cancellable;
  g_assert_null (cw_key_generate (CW_KEY_KIND_RSA_4096, cancellable, &error));
  spied_cancellable = NULL;
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (n_calls_cancelled, >=, 1);
  g_assert_cmpuint (n_calls_cancelled, <=, 1000);
  g_assert_cmpuint (ERR_peek_error (), ==, 0);
}

/* A key's text has no place in ordinary memory, not even when there is no other. */
static void
test_key_full_heap (void)
{
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (GPtrArray) blocks = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) generate_error = NULL;
  gpointer block;

  for (gsize size = 65536; size >= 16; size /= 2)
    while ((block = OPENSSL_secure_malloc (size)) != NULL)
      g_ptr_array_add (blocks, block);

  g_assert_null (cw_key_to_pem (key, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_FAILED);
  g_assert_null (cw_key_generate (CW_KEY_KIND_EC_P256, NULL, &generate_error));
  g_assert_error (generate_error, CW_ERROR, CW_ERROR_FAILED);

  for (guint i = 0; i < blocks->len; i++)
    OPENSSL_secure_free (g_ptr_array_index (blocks, i));
}

static void
test_key_fingerprint_threads (void)
{
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  GThread *threads[8];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("fingerprint", get_fingerprint, key);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (g_thread_join (threads[i]) == cw_key_get_fingerprint (key));
}

/* The example of RFC 8410, 10.3; the fingerprint is what the openssl command gives. */
static void
test_key_fingerprint (void)
{
  g_autoptr (CwSecret) pem =
      cw_secret_new ("-----BEGIN PRIVATE KEY-----\n"
                     "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
                     "-----END PRIVATE KEY-----\n",
                     -1);
  g_autoptr (CwKey) key = cw_key_new_from_pem (pem, NULL, NULL);
  g_autofree char *direct = cw_pkey_get_fingerprint (cw_key_peek_pkey (key));

  g_assert_cmpint (cw_key_get_kind (key), ==, CW_KEY_KIND_ED25519);
  g_assert_cmpstr (cw_key_get_fingerprint (key), ==,
                   "a1e9156054e04fac899ae9f275132cdc07a5dbc4ea2c2ad3a1ffc6e0d253681f");
  g_assert_cmpstr (direct, ==, cw_key_get_fingerprint (key));
}

static void
test_key_forms (void)
{
  g_autoptr (EVP_PKEY) rsa = EVP_RSA_gen (2048);
  g_autoptr (EVP_PKEY) ec = EVP_EC_gen ("P-384");
  EVP_PKEY *pkeys[] = { rsa, ec };

  for (guint i = 0; i < G_N_ELEMENTS (pkeys); i++)
    {
      g_autoptr (CwSecret) pkcs8 = write_pkcs8 (pkeys[i], NULL, NULL);
      g_autoptr (CwSecret) locked = write_pkcs8 (pkeys[i], EVP_aes_256_cbc (), "pass phrase");
      g_autoptr (CwSecret) old = write_traditional (pkeys[i], NULL, NULL);
      g_autoptr (CwSecret) old_locked =
          write_traditional (pkeys[i], EVP_aes_128_cbc (), "pass phrase");

      assert_reads (pkcs8, NULL, pkeys[i]);
      /* A passphrase that is not needed does no harm. */
      assert_reads (pkcs8, "pass phrase", pkeys[i]);
      assert_reads (old, NULL, pkeys[i]);
      assert_reads (locked, "pass phrase", pkeys[i]);
      assert_reads (old_locked, "pass phrase", pkeys[i]);
      assert_fails (locked, NULL, CW_ERROR_PASSPHRASE_NEEDED);
      assert_fails (old_locked, NULL, CW_ERROR_PASSPHRASE_NEEDED);
      assert_fails (locked, "", CW_ERROR_PASSPHRASE_WRONG);
      assert_fails (old_locked, "", CW_ERROR_PASSPHRASE_WRONG);
    }
}

/* Of 600 wrong passphrases some give a padding that looks right: rubbish, and never a key. */
static void
test_key_wrong_passphrases (void)
{
  g_autoptr (EVP_PKEY) ec = EVP_EC_gen ("P-256");
  g_autoptr (CwSecret) old = write_traditional (ec, EVP_aes_128_cbc (), "pass phrase");
  g_autoptr (CwSecret) locked = write_pkcs8 (ec, EVP_aes_256_cbc (), "pass phrase");
  g_autofree char *too_long = g_strnfill (5000, 'x');

  for (guint i = 0; i < 600; i++)
    {
      g_autofree char *passphrase = g_strdup_printf ("wrong %u", i);

      assert_fails (old, passphrase, CW_ERROR_PASSPHRASE_WRONG);
      if (i < 300)
        assert_fails (locked, passphrase, CW_ERROR_PASSPHRASE_WRONG);
    }
  assert_fails (old, too_long, CW_ERROR_PASSPHRASE_WRONG);
  assert_fails (locked, too_long, CW_ERROR_PASSPHRASE_WRONG);
}

static void
test_key_surroundings (void)
{
  g_autoptr (EVP_PKEY) ec = EVP_EC_gen ("P-256");
  g_autoptr (CwSecret) pem = write_pkcs8 (ec, NULL, NULL);
  g_auto (GStrv) lines = g_strsplit (cw_secret_peek (pem), "\n", -1);
  g_autofree char *crlf = g_strjoinv ("\r\n", lines);
  g_autofree char *noisy =
      g_strconcat ("Bag Attributes\n    friendlyName: me\n"
                   "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n",
                   cw_secret_peek (pem), "-----BEGIN CERTIFICATE-----\n", NULL);
  g_autoptr (CwSecret) crlf_pem = cw_secret_new (crlf, -1);
  g_autoptr (CwSecret) noisy_pem = cw_secret_new (noisy, -1);

  assert_reads (crlf_pem, NULL, ec);
  assert_reads (noisy_pem, NULL, ec);
}

static void
test_key_unreadable (void)
{
  g_autoptr (EVP_PKEY) ec = EVP_EC_gen ("P-256");
  g_autoptr (CwSecret) pem = write_pkcs8 (ec, NULL, NULL);
  g_autofree char *truncated = g_strndup (cw_secret_peek (pem), cw_secret_get_length (pem) / 2);

  assert_text_fails ("", CW_ERROR_UNREADABLE);
  assert_text_fails ("hello", CW_ERROR_UNREADABLE);
  assert_text_fails (truncated, CW_ERROR_UNREADABLE);
  assert_text_fails ("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
                     CW_ERROR_UNREADABLE);
  assert_text_fails ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                     CW_ERROR_UNREADABLE);
  assert_text_fails ("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
                     CW_ERROR_UNREADABLE);
  assert_text_fails (
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
      CW_ERROR_UNREADABLE);
  assert_text_fails ("-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
                     CW_ERROR_UNREADABLE);
  /* An Ed25519 key that is a byte short. */
  assert_text_fails ("-----BEGIN PRIVATE KEY-----\n"
                     "MC0CAQAwBQYDK2VwBCEEH9Tuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVg=\n"
                     "-----END PRIVATE KEY-----\n",
                     CW_ERROR_UNREADABLE);
}

static void
test_key_public_only (void)
{
  g_autoptr (EVP_PKEY) ec = EVP_EC_gen ("P-256");
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  g_autoptr (CwSecret) pem = NULL;

  PEM_write_bio_PUBKEY (bio, ec);
  pem = take_bio (bio);
  assert_fails (pem, NULL, CW_ERROR_UNREADABLE);
}

/* A private key that carries somebody else's public half. */
static void
test_key_halves (void)
{
  g_autoptr (EVP_PKEY) a = EVP_EC_gen ("P-256");
  g_autoptr (EVP_PKEY) b = EVP_EC_gen ("P-256");
  g_autoptr (CwSecret) pem = NULL;
  unsigned char *der = NULL, *point = NULL;
  int length = i2d_PrivateKey (a, &der);
  gsize point_length = EVP_PKEY_get1_encoded_public_key (b, &point);
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());

  /* SEC1 ends with the point. */
  memcpy (der + length - point_length, point, point_length);
  PEM_write_bio (bio, "EC PRIVATE KEY", "", der, length);
  pem = take_bio (bio);
  assert_fails (pem, NULL, CW_ERROR_UNREADABLE);
  OPENSSL_free (der);
  OPENSSL_free (point);
}

static void
test_key_unsupported (void)
{
  static const char *const algorithms[] = { "X25519", "X448", NULL };
  g_autoptr (EVP_PKEY) dh = NULL;
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "DH", NULL);
  g_autoptr (CwSecret) dh_pem = NULL;
  OSSL_PARAM params[] = {
    OSSL_PARAM_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, (char *) "ffdhe2048", 0),
    OSSL_PARAM_END,
  };

  for (guint i = 0; algorithms[i] != NULL; i++)
    {
      g_autoptr (EVP_PKEY) pkey = EVP_PKEY_Q_keygen (NULL, NULL, algorithms[i]);
      g_autoptr (CwSecret) pem = write_pkcs8 (pkey, NULL, NULL);

      assert_fails (pem, NULL, CW_ERROR_UNSUPPORTED);
    }

  EVP_PKEY_keygen_init (context);
  EVP_PKEY_CTX_set_params (context, params);
  g_assert_cmpint (EVP_PKEY_generate (context, &dh), ==, 1);
  dh_pem = write_pkcs8 (dh, NULL, NULL);
  assert_fails (dh_pem, NULL, CW_ERROR_UNSUPPORTED);

  /* PKCS#8 of an algorithm that nobody knows (1.2.3.4). */
  assert_text_fails ("-----BEGIN PRIVATE KEY-----\nMA8CAQAwBQYDKgMEBAMEAQA=\n"
                     "-----END PRIVATE KEY-----\n",
                     CW_ERROR_UNSUPPORTED);
  /* Encrypted with a cipher that nobody knows. */
  assert_text_fails ("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                     "DEK-Info: NO-SUCH-CIPHER,00112233445566778899AABBCCDDEEFF\n\nAAAA\n"
                     "-----END RSA PRIVATE KEY-----\n",
                     CW_ERROR_UNSUPPORTED);
}

/* DES and MD5 are in the legacy provider alone: a matter of the method, not of the passphrase. */
static void
test_key_old_encryption (void)
{
  g_autoptr (CwSecret) pem =
      cw_secret_new ("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                     "MFcwGwYJKoZIhvcNAQUDMA4ECDumyGrToNDxAgIIAAQ4w5Kg5KahCp5m7UxJOnyD\n"
                     "GM02hecVzmyzXReMxdoR0VG5mp2NFIEjER+p5eRAuLDw5TBifNTqBeA=\n"
                     "-----END ENCRYPTED PRIVATE KEY-----\n",
                     -1);

  assert_fails (pem, NULL, CW_ERROR_PASSPHRASE_NEEDED);
  assert_fails (pem, "pass phrase", CW_ERROR_UNSUPPORTED);
}

/* Takes @algorithm, and says that the key is encrypted with it. */
static CwSecret *
write_encrypted_with (X509_ALGOR *algorithm)
{
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_ED25519, NULL, NULL);
  PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8 (cw_key_peek_pkey (key));
  X509_SIG *encrypted = PKCS8_encrypt (-1, EVP_aes_256_cbc (), "pass", 4, NULL, 0, 1, info);
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  X509_ALGOR *place = NULL;

  g_assert_nonnull (algorithm);
  X509_SIG_getm (encrypted, &place, NULL);
  g_assert_cmpint (X509_ALGOR_copy (place, algorithm), ==, 1);
  g_assert_cmpint (PEM_write_bio_PKCS8 (bio, encrypted), ==, 1);
  X509_ALGOR_free (algorithm);
  X509_SIG_free (encrypted);
  PKCS8_PRIV_KEY_INFO_free (info);

  return take_bio (bio);
}

/* Such a file would take hours before it could say that the passphrase is wrong. */
static void
test_key_costly_encryption (void)
{
  const EVP_CIPHER *aes = EVP_aes_256_cbc ();
  g_autoptr (CwSecret) few = write_encrypted_with (PKCS5_pbe2_set (aes, 2, NULL, 0));
  g_autoptr (CwSecret) many = write_encrypted_with (PKCS5_pbe2_set (aes, G_MAXINT, NULL, 0));
  g_autoptr (CwSecret) old = write_encrypted_with (
      PKCS5_pbe_set (NID_pbe_WithSHA1And3_Key_TripleDES_CBC, G_MAXINT, NULL, 0));
  g_autoptr (CwSecret) scrypt =
      write_encrypted_with (PKCS5_pbe2_set_scrypt (aes, NULL, 0, NULL, 1 << 14, 8, 1 << 10));
  g_autoptr (CwSecret) light_scrypt =
      write_encrypted_with (PKCS5_pbe2_set_scrypt (aes, NULL, 0, NULL, 1 << 10, 8, 1));

  assert_fails (few, "pass", CW_ERROR_PASSPHRASE_WRONG);
  assert_fails (light_scrypt, "pass", CW_ERROR_PASSPHRASE_WRONG);
  assert_fails (many, "pass", CW_ERROR_UNSUPPORTED);
  assert_fails (many, NULL, CW_ERROR_PASSPHRASE_NEEDED);
  assert_fails (old, "pass", CW_ERROR_UNSUPPORTED);
  assert_fails (scrypt, "pass", CW_ERROR_UNSUPPORTED);
}

/* An Ed25519 key of RFC 5958 with its public key, as ring writes it (not for real use). */
static void
test_key_version_2 (void)
{
  static const char text[] = "-----BEGIN PRIVATE KEY-----\n"
                             "MFECAQEwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                             "gSEAO2onvM62pC1imj5tZdEvCZtlLsGlQ0HXcMNhVJIDCsQ=\n"
                             "-----END PRIVATE KEY-----\n";
  g_autoptr (CwSecret) pem = cw_secret_new (text, -1);
  g_autoptr (CwKey) key = cw_key_new_from_pem (pem, NULL, NULL);
  /* OpenSSL learnt to read them with 3.5. */
  if (key != NULL)
    g_assert_cmpint (cw_key_get_kind (key), ==, CW_KEY_KIND_ED25519);
  else
    assert_text_fails (text, CW_ERROR_UNSUPPORTED);
}

static EVP_PKEY *
make_explicit_curve (void)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  EVP_PKEY *pkey = NULL;
  OSSL_PARAM params[] = {
    OSSL_PARAM_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, (char *) "P-256", 0),
    OSSL_PARAM_utf8_string (OSSL_PKEY_PARAM_EC_ENCODING, (char *) "explicit", 0),
    OSSL_PARAM_END,
  };

  EVP_PKEY_keygen_init (context);
  EVP_PKEY_CTX_set_params (context, params);
  g_assert_cmpint (EVP_PKEY_generate (context, &pkey), ==, 1);

  return pkey;
}

static void
test_key_explicit_curve (void)
{
  g_autoptr (EVP_PKEY) pkey = make_explicit_curve ();
  g_autoptr (CwSecret) pkcs8 = write_pkcs8 (pkey, NULL, NULL);
  g_autoptr (CwSecret) old = write_traditional (pkey, NULL, NULL);

  assert_fails (pkcs8, NULL, CW_ERROR_UNSUPPORTED);
  assert_fails (old, NULL, CW_ERROR_UNSUPPORTED);
}

static void
assert_other (EVP_PKEY *pkey, const char *title)
{
  g_autoptr (CwSecret) pem = write_pkcs8 (pkey, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwKey) key = cw_key_new_from_pem (pem, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (cw_key_get_kind (key), ==, CW_KEY_KIND_OTHER);
  g_assert_cmpstr (cw_key_get_title (key), ==, title);
}

static EVP_PKEY *
make_dsa (void)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "DSA", NULL);
  g_autoptr (EVP_PKEY_CTX) key_context = NULL;
  g_autoptr (EVP_PKEY) parameters = NULL;
  EVP_PKEY *pkey = NULL;
  guint bits = 1024;
  OSSL_PARAM params[] = {
    OSSL_PARAM_uint (OSSL_PKEY_PARAM_FFC_PBITS, &bits),
    OSSL_PARAM_END,
  };

  EVP_PKEY_paramgen_init (context);
  EVP_PKEY_CTX_set_params (context, params);
  EVP_PKEY_paramgen (context, &parameters);
  key_context = EVP_PKEY_CTX_new_from_pkey (NULL, parameters, NULL);
  EVP_PKEY_keygen_init (key_context);
  g_assert_cmpint (EVP_PKEY_generate (key_context, &pkey), ==, 1);

  return pkey;
}

static EVP_PKEY *
make_rsa_pss (void)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "RSA-PSS", NULL);
  EVP_PKEY *pkey = NULL;

  EVP_PKEY_keygen_init (context);
  EVP_PKEY_CTX_set_rsa_keygen_bits (context, 2048);
  g_assert_cmpint (EVP_PKEY_generate (context, &pkey), ==, 1);

  return pkey;
}

static void
test_key_other (void)
{
  g_autoptr (EVP_PKEY) rsa_1024 = EVP_RSA_gen (1024);
  g_autoptr (EVP_PKEY) rsa_2056 = EVP_RSA_gen (2056);
  g_autoptr (EVP_PKEY) brainpool = EVP_EC_gen ("brainpoolP256r1");
  g_autoptr (EVP_PKEY) secp256k1 = EVP_EC_gen ("secp256k1");
  g_autoptr (EVP_PKEY) ed448 = EVP_PKEY_Q_keygen (NULL, NULL, "ED448");
  g_autoptr (EVP_PKEY) pss = make_rsa_pss ();
  g_autoptr (EVP_PKEY) dsa = make_dsa ();

  assert_other (rsa_1024, "RSA 1024");
  assert_other (rsa_2056, "RSA 2056");
  assert_other (brainpool, "EC brainpoolP256r1");
  assert_other (secp256k1, "EC secp256k1");
  assert_other (ed448, "Ed448");
  assert_other (pss, "RSA-PSS 2048");
  assert_other (dsa, "DSA 1024");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cw_secret_heap_init ();

  g_test_add_func ("/key/kinds", test_key_kinds);
  g_test_add_func ("/key/generate", test_key_generate);
  g_test_add_func ("/key/differs", test_key_differs);
  g_test_add_func ("/key/secure-heap", test_key_secure_heap);
  g_test_add_func ("/key/refs", test_key_refs);
  g_test_add_func ("/key/cancelled-before", test_key_cancelled_before);
  g_test_add_func ("/key/generate-other", test_key_generate_other);
  g_test_add_func ("/key/cancelled-meanwhile", test_key_cancelled_meanwhile);
  g_test_add_func ("/key/cancelled-at-once", test_key_cancelled_at_once);
  g_test_add_func ("/key/full-heap", test_key_full_heap);
  g_test_add_func ("/key/fingerprint", test_key_fingerprint);
  g_test_add_func ("/key/fingerprint-threads", test_key_fingerprint_threads);
  g_test_add_func ("/key/forms", test_key_forms);
  g_test_add_func ("/key/wrong-passphrases", test_key_wrong_passphrases);
  g_test_add_func ("/key/surroundings", test_key_surroundings);
  g_test_add_func ("/key/unreadable", test_key_unreadable);
  g_test_add_func ("/key/public-only", test_key_public_only);
  g_test_add_func ("/key/halves", test_key_halves);
  g_test_add_func ("/key/unsupported", test_key_unsupported);
  g_test_add_func ("/key/old-encryption", test_key_old_encryption);
  g_test_add_func ("/key/costly-encryption", test_key_costly_encryption);
  g_test_add_func ("/key/explicit-curve", test_key_explicit_curve);
  g_test_add_func ("/key/version-2", test_key_version_2);
  g_test_add_func ("/key/other", test_key_other);

  return g_test_run ();
}
