/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "cw-error.h"
#include "cw-key.h"
#include "cw-openssl.h"

/* Some seconds' work; a hostile file could ask for days of it. The fuzzers have less time. */
#ifndef MAX_ITERATIONS
#define MAX_ITERATIONS 10000000
#endif

struct _CwKey
{
  gatomicrefcount ref_count;
  EVP_PKEY *pkey;
  CwKeyKind kind;
  char *title;       /* only of CW_KEY_KIND_OTHER */
  char *fingerprint; /* made when first asked for; atomic */
};

typedef struct
{
  const char *id;
  const char *title;
  const char *algorithm; /* as EVP_PKEY_is_a() knows it */
  const char *group;     /* as OpenSSL calls the curve; NULL for none */
  int bits;              /* 0 where there is only one size */
} KindInfo;

static const KindInfo kinds[] = {
  [CW_KEY_KIND_RSA_2048] = { "rsa-2048", "RSA 2048", "RSA", NULL, 2048 },
  [CW_KEY_KIND_RSA_3072] = { "rsa-3072", "RSA 3072", "RSA", NULL, 3072 },
  [CW_KEY_KIND_RSA_4096] = { "rsa-4096", "RSA 4096", "RSA", NULL, 4096 },
  [CW_KEY_KIND_EC_P256] = { "ec-p256", "EC P-256", "EC", "prime256v1", 256 },
  [CW_KEY_KIND_EC_P384] = { "ec-p384", "EC P-384", "EC", "secp384r1", 384 },
  [CW_KEY_KIND_EC_P521] = { "ec-p521", "EC P-521", "EC", "secp521r1", 521 },
  [CW_KEY_KIND_ED25519] = { "ed25519", "Ed25519", "ED25519", NULL, 0 },
};

/* What can sign a request. The rest (DH, X25519, SM2, …) is refused when it is read. */
static const char *const signing_algorithms[] = { "RSA",   "RSA-PSS", "EC", "ED25519",
                                                  "ED448", "DSA",     NULL };

/* What OpenSSL's passphrase callback is given, and what it notes. */
typedef struct
{
  CwSecret *passphrase;
  gboolean asked;
} Answer;

typedef unsigned char CwDer;

typedef struct
{
  char *name;
  CwDer *data;
  long length;
} KeyBlock;

static void
key_block_clear (KeyBlock *block)
{
  OPENSSL_secure_clear_free (block->name, block->name != NULL ? strlen (block->name) : 0);
  OPENSSL_secure_clear_free (block->data, (gsize) block->length);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KeyBlock, key_block_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_KEYMGMT, EVP_KEYMGMT_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PBE2PARAM, PBE2PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PBEPARAM, PBEPARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PBKDF2PARAM, PBKDF2PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SCRYPT_PARAMS, SCRYPT_PARAMS_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_SIG, X509_SIG_free)

G_DEFINE_BOXED_TYPE (CwKey, cw_key, cw_key_ref, cw_key_unref)

static gboolean
get_group (EVP_PKEY *pkey, char *group, gsize size)
{
  gboolean found;

  ERR_set_mark ();
  found = EVP_PKEY_get_group_name (pkey, group, size, NULL) == 1 && *group != '\0';
  ERR_pop_to_mark ();

  return found;
}

static CwKeyKind
find_kind (EVP_PKEY *pkey)
{
  char group[80];
  gboolean has_group = EVP_PKEY_is_a (pkey, "EC") && get_group (pkey, group, sizeof group);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (!EVP_PKEY_is_a (pkey, kinds[i].algorithm))
        continue;
      if (kinds[i].group != NULL ? has_group && g_str_equal (kinds[i].group, group)
                                 : kinds[i].bits == 0 || kinds[i].bits == EVP_PKEY_get_bits (pkey))
        return (CwKeyKind) i;
    }

  return CW_KEY_KIND_OTHER;
}

static char *
describe_other (EVP_PKEY *pkey)
{
  const char *name = EVP_PKEY_get0_type_name (pkey);
  char group[80];

  if (EVP_PKEY_is_a (pkey, "EC"))
    return g_strdup_printf ("EC %s", get_group (pkey, group, sizeof group)
                                         ? group
                                         : C_ ("curve", "with a curve of its own"));
  if (EVP_PKEY_is_a (pkey, "ED448"))
    return g_strdup ("Ed448");
  if (EVP_PKEY_is_a (pkey, "X25519") || EVP_PKEY_is_a (pkey, "X448"))
    return g_strdup (name);

  return g_strdup_printf ("%s %d", name != NULL ? name : C_ ("key", "Unknown"),
                          EVP_PKEY_get_bits (pkey));
}

/* Takes @pkey. */
static CwKey *
key_new_taking (EVP_PKEY *pkey, CwKeyKind kind)
{
  CwKey *self = g_new0 (CwKey, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->pkey = pkey;
  self->kind = kind;
  if (kind == CW_KEY_KIND_OTHER)
    self->title = describe_other (pkey);

  return self;
}

static int
keygen_cb (EVP_PKEY_CTX *context)
{
  return !g_cancellable_is_cancelled (EVP_PKEY_CTX_get_app_data (context));
}

static gboolean
prepare_keygen (EVP_PKEY_CTX *context, const KindInfo *info)
{
  if (context == NULL || EVP_PKEY_keygen_init (context) <= 0)
    return FALSE;
  if (info->group != NULL)
    return EVP_PKEY_CTX_set_group_name (context, info->group) > 0;
  if (g_str_equal (info->algorithm, "RSA"))
    return EVP_PKEY_CTX_set_rsa_keygen_bits (context, info->bits) > 0;

  return TRUE;
}

static int
passphrase_cb (char *buffer, int size, int writing, void *user_data)
{
  Answer *answer = user_data;
  gsize length;

  answer->asked = TRUE;
  if (answer->passphrase == NULL)
    return -1;

  length = cw_secret_get_length (answer->passphrase);
  if (length > (gsize) size)
    return -1;
  memcpy (buffer, cw_secret_peek (answer->passphrase), length);

  return (int) length;
}

gboolean
cw_openssl_is_unsupported_encryption (void)
{
  unsigned long code = ERR_peek_error ();
  int reason = ERR_GET_REASON (code);

  if (reason == ERR_R_UNSUPPORTED)
    return TRUE;

  switch (ERR_GET_LIB (code))
    {
    case ERR_LIB_PEM:
      return reason == PEM_R_UNSUPPORTED_CIPHER || reason == PEM_R_UNSUPPORTED_ENCRYPTION;
    case ERR_LIB_EVP:
      return reason == EVP_R_UNSUPPORTED_ALGORITHM || reason == EVP_R_UNKNOWN_PBE_ALGORITHM ||
             reason == EVP_R_UNKNOWN_CIPHER || reason == EVP_R_UNSUPPORTED_CIPHER;
    default:
      return FALSE;
    }
}

static void
set_passphrase_needed (GError **error)
{
  cw_error_set_openssl (error, CW_ERROR_PASSPHRASE_NEEDED,
                        _ ("The private key is encrypted. Its passphrase is needed to open it."));
}

static void
set_decryption_error (GError **error)
{
  if (cw_openssl_is_unsupported_encryption ())
    cw_error_set_openssl (error, CW_ERROR_UNSUPPORTED,
                          _ ("The private key is encrypted with a method that is too old to be "
                             "opened here. Encrypt it anew where it was made, with AES."));
  else
    cw_error_set_openssl (error, CW_ERROR_PASSPHRASE_WRONG,
                          _ ("The passphrase does not open the private key. Check it and type it "
                             "again."));
}

static void
set_damaged (GError **error)
{
  cw_error_set_openssl (error, CW_ERROR_UNREADABLE,
                        _ ("The private key is damaged and cannot be read. Get a new copy of it "
                           "from where it was made."));
}

static gboolean
read_block (CwSecret *pem, Answer *answer, KeyBlock *block, GError **error)
{
  g_autoptr (BIO) bio = NULL;

  if (cw_secret_get_length (pem) > G_MAXINT)
    {
      g_set_error_literal (error, CW_ERROR, CW_ERROR_UNREADABLE,
                           _ ("This is too long to be a private key."));
      return FALSE;
    }

  bio = BIO_new_mem_buf (cw_secret_peek (pem), (int) cw_secret_get_length (pem));
  if (bio != NULL &&
      PEM_bytes_read_bio_secmem (&block->data, &block->length, &block->name, PEM_STRING_EVP_PKEY,
                                 bio, passphrase_cb, answer) == 1)
    return TRUE;

  if (answer->asked && answer->passphrase == NULL)
    set_passphrase_needed (error);
  else if (answer->asked)
    set_decryption_error (error);
  else if (ERR_GET_REASON (ERR_peek_last_error ()) == PEM_R_NO_START_LINE)
    cw_error_set_openssl (error, CW_ERROR_UNREADABLE,
                          _ ("There is no private key in this text. A private key starts with a "
                             "line such as “-----BEGIN PRIVATE KEY-----”."));
  else if (cw_openssl_is_unsupported_encryption ())
    set_decryption_error (error);
  else
    set_damaged (error);

  return FALSE;
}

static EVP_PKEY *
decode_info (PKCS8_PRIV_KEY_INFO *info, GError **error)
{
  const ASN1_OBJECT *algorithm = NULL;
  EVP_PKEY *pkey = EVP_PKCS82PKEY (info);

  if (pkey != NULL)
    return pkey;

  if (PKCS8_pkey_get0 (&algorithm, NULL, NULL, NULL, info) == 1)
    {
      g_autofree char *oid = cw_oid_from_object (algorithm);
      g_autoptr (EVP_KEYMGMT) known = EVP_KEYMGMT_fetch (NULL, oid, NULL);

      if (known == NULL)
        {
          cw_error_set_openssl (
              error, CW_ERROR_UNSUPPORTED,
              /* Translators: %s is an object identifier, as in 1.2.840.10045.2.1 */
              _ ("The private key is of a kind that is not known here (%s). Use "
                 "an RSA, EC or Ed25519 key."),
              oid);
          return NULL;
        }
    }

  set_damaged (error);

  return NULL;
}

gboolean
cw_iterations_are_bearable (const ASN1_INTEGER *iterations)
{
  gint64 n;

  g_return_val_if_fail (iterations != NULL, FALSE);

  return ASN1_INTEGER_get_int64 (&n, iterations) == 1 && n <= MAX_ITERATIONS;
}

/* OpenSSL bounds scrypt's memory, but not how often it goes through it. */
static gboolean
is_bearable_scrypt (const SCRYPT_PARAMS *scrypt)
{
  guint64 n, r, p;

  return ASN1_INTEGER_get_uint64 (&n, scrypt->costParameter) == 1 &&
         ASN1_INTEGER_get_uint64 (&r, scrypt->blockSize) == 1 &&
         ASN1_INTEGER_get_uint64 (&p, scrypt->parallelizationParameter) == 1 &&
         g_uint64_checked_mul (&n, n, r) && g_uint64_checked_mul (&n, n, p) && n <= MAX_ITERATIONS;
}

static gboolean
is_bearable_derivation (const X509_ALGOR *algorithm)
{
  g_autoptr (PBKDF2PARAM) pbkdf2 = NULL;
  g_autoptr (SCRYPT_PARAMS) scrypt = NULL;

  switch (OBJ_obj2nid (algorithm->algorithm))
    {
    case NID_id_pbkdf2:
      pbkdf2 = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBKDF2PARAM), algorithm->parameter);
      return pbkdf2 == NULL || cw_iterations_are_bearable (pbkdf2->iter);
    case NID_id_scrypt:
      scrypt = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (SCRYPT_PARAMS), algorithm->parameter);
      return scrypt == NULL || is_bearable_scrypt (scrypt);
    default:
      return TRUE;
    }
}

/* What is damaged is not refused here: whoever decrypts with it says so. */
gboolean
cw_pbe_is_bearable (const X509_ALGOR *algorithm)
{
  g_autoptr (PBE2PARAM) two = NULL;
  g_autoptr (PBEPARAM) one = NULL;
  gboolean bearable;

  g_return_val_if_fail (algorithm != NULL, FALSE);

  ERR_set_mark ();
  /* PBES2 and PBMAC1 begin with how the key is derived, all others with a salt. */
  two = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);
  one = two == NULL ? ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBEPARAM), algorithm->parameter)
                    : NULL;
  bearable = two != NULL ? is_bearable_derivation (two->keyfunc)
                         : one == NULL || cw_iterations_are_bearable (one->iter);
  ERR_pop_to_mark ();

  return bearable;
}

static PKCS8_PRIV_KEY_INFO *
decrypt_info (const KeyBlock *block, CwSecret *passphrase, GError **error)
{
  const CwDer *data = block->data;
  g_autoptr (X509_SIG) encrypted = d2i_X509_SIG (NULL, &data, block->length);
  const X509_ALGOR *algorithm = NULL;
  PKCS8_PRIV_KEY_INFO *info;

  if (encrypted == NULL)
    {
      set_damaged (error);
      return NULL;
    }
  if (passphrase == NULL)
    {
      set_passphrase_needed (error);
      return NULL;
    }
  if (cw_secret_get_length (passphrase) > G_MAXINT)
    {
      set_decryption_error (error);
      return NULL;
    }
  X509_SIG_get0 (encrypted, &algorithm, NULL);
  if (!cw_pbe_is_bearable (algorithm))
    {
      g_set_error_literal (error, CW_ERROR, CW_ERROR_UNSUPPORTED,
                           _ ("The private key’s encryption asks for so much computing that the "
                              "passphrase was not tried. Encrypt it anew where it was made, with "
                              "fewer iterations."));
      return NULL;
    }

  info = PKCS8_decrypt (encrypted, cw_secret_peek (passphrase),
                        (int) cw_secret_get_length (passphrase));
  if (info == NULL)
    set_decryption_error (error);

  return info;
}

static EVP_PKEY *
decode_traditional (const KeyBlock *block, const Answer *answer, GError **error)
{
  const CwDer *data = block->data;
  EVP_PKEY *pkey = NULL;

  if (g_str_has_prefix (block->name, "RSA "))
    pkey = d2i_PrivateKey (EVP_PKEY_RSA, NULL, &data, block->length);
  else if (g_str_has_prefix (block->name, "EC "))
    pkey = d2i_PrivateKey (EVP_PKEY_EC, NULL, &data, block->length);
  else
    pkey = d2i_AutoPrivateKey (NULL, &data, block->length);
  if (pkey != NULL)
    return pkey;

  /* A wrong passphrase has one chance in 256 of giving rubbish instead of an error. */
  if (answer->asked)
    cw_error_set_openssl (error, CW_ERROR_PASSPHRASE_WRONG,
                          _ ("The passphrase does not open the private key. Check it and type it "
                             "again."));
  else
    set_damaged (error);

  return NULL;
}

/* OneAsymmetricKey of RFC 5958: version 1, in place of the 0 of PKCS#8. */
static gboolean
is_version_2 (const KeyBlock *block)
{
  const CwDer *data = block->data;
  long length;
  int tag, class;

  return (ASN1_get_object (&data, &length, &tag, &class, block->length) & 0x80) == 0 &&
         tag == V_ASN1_SEQUENCE && length > 3 && data[0] == V_ASN1_INTEGER && data[1] == 1 &&
         data[2] == 1;
}

static EVP_PKEY *
decode_block (const KeyBlock *block, const Answer *answer, GError **error)
{
  g_autoptr (PKCS8_PRIV_KEY_INFO) info = NULL;

  if (g_str_equal (block->name, PEM_STRING_PKCS8))
    {
      info = decrypt_info (block, answer->passphrase, error);
      return info != NULL ? decode_info (info, error) : NULL;
    }
  if (g_str_equal (block->name, PEM_STRING_PKCS8INF))
    {
      const CwDer *data = block->data;

      info = d2i_PKCS8_PRIV_KEY_INFO (NULL, &data, block->length);
      if (info != NULL)
        return decode_info (info, error);
      if (is_version_2 (block))
        cw_error_set_openssl (error, CW_ERROR_UNSUPPORTED,
                              _ ("The private key is written in a newer form (PKCS#8 version 2, "
                                 "RFC 5958), which this computer’s OpenSSL cannot read. Export it "
                                 "again in the older form, without its public key."));
      else
        set_damaged (error);
      return NULL;
    }

  return decode_traditional (block, answer, error);
}

gboolean
cw_pkey_has_explicit_curve (EVP_PKEY *pkey)
{
  int explicit_curve = 0;
  char encoding[32] = "";

  if (!EVP_PKEY_is_a (pkey, "EC"))
    return FALSE;

  ERR_set_mark ();
  if (EVP_PKEY_get_int_param (pkey, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
                              &explicit_curve) != 1)
    explicit_curve = 0;
  if (EVP_PKEY_get_utf8_string_param (pkey, OSSL_PKEY_PARAM_EC_ENCODING, encoding, sizeof encoding,
                                      NULL) == 1 &&
      g_str_equal (encoding, OSSL_PKEY_EC_ENCODING_EXPLICIT))
    explicit_curve = 1;
  ERR_pop_to_mark ();

  return explicit_curve != 0;
}

gboolean
cw_pkey_can_sign (EVP_PKEY *pkey)
{
  for (guint i = 0; signing_algorithms[i] != NULL; i++)
    if (EVP_PKEY_is_a (pkey, signing_algorithms[i]))
      return TRUE;

  return FALSE;
}

/* A key whose halves do not fit would be noticed only when the CA refuses its request. */
static gboolean
halves_fit (EVP_PKEY *pkey)
{
  static const unsigned char message[] = "certwright";
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autofree unsigned char *signature = NULL;
  gsize length = 0;

  if (context == NULL || EVP_DigestSignInit (context, NULL, NULL, NULL, pkey) != 1 ||
      EVP_DigestSign (context, NULL, &length, message, sizeof message) != 1)
    return FALSE;
  signature = g_malloc (length);
  if (EVP_DigestSign (context, signature, &length, message, sizeof message) != 1)
    return FALSE;

  return EVP_MD_CTX_reset (context) == 1 &&
         EVP_DigestVerifyInit (context, NULL, NULL, NULL, pkey) == 1 &&
         EVP_DigestVerify (context, signature, length, message, sizeof message) == 1;
}

static gboolean
check_usable (EVP_PKEY *pkey, GError **error)
{
  g_autofree char *title = cw_pkey_get_title (pkey);

  if (cw_pkey_has_explicit_curve (pkey))
    {
      g_set_error_literal (
          error, CW_ERROR, CW_ERROR_UNSUPPORTED,
          _ ("The private key spells out its curve instead of naming it, which no server accepts. "
             "Convert it with “openssl ec -param_enc named_curve”, or make a new key."));
      return FALSE;
    }
  if (!cw_pkey_can_sign (pkey))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED,
                   /* Translators: %s is a kind of key, as in "X25519" */
                   _ ("A key of the kind “%s” cannot sign, so no certificate can be asked for with "
                      "it. Use an RSA, EC or Ed25519 key."),
                   title);
      return FALSE;
    }
  if (!halves_fit (pkey))
    {
      cw_error_set_openssl (error, CW_ERROR_UNREADABLE,
                            _ ("The private key is damaged: what it signs does not fit its public "
                               "half. Get a new copy of it from where it was made."));
      return FALSE;
    }

  return TRUE;
}

const char *
cw_key_kind_get_id (CwKeyKind kind)
{
  return (guint) kind < G_N_ELEMENTS (kinds) ? kinds[kind].id : "other";
}

gboolean
cw_key_kind_from_id (const char *id, CwKeyKind *kind)
{
  g_return_val_if_fail (kind != NULL, FALSE);

  for (guint i = 0; id != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].id, id))
      {
        *kind = (CwKeyKind) i;
        return TRUE;
      }

  return FALSE;
}

const char *
cw_key_kind_get_title (CwKeyKind kind)
{
  return (guint) kind < G_N_ELEMENTS (kinds) ? kinds[kind].title : _ ("Another kind of key");
}

CwKey *
cw_key_ref (CwKey *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
cw_key_unref (CwKey *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  EVP_PKEY_free (self->pkey);
  g_free (self->title);
  g_free (self->fingerprint);
  g_free (self);
}

CwKey *
cw_key_generate (CwKeyKind kind, GCancellable *cancellable, GError **error)
{
  g_autoptr (EVP_PKEY_CTX) context = NULL;
  g_autoptr (EVP_PKEY) pkey = NULL;

  g_return_val_if_fail ((guint) kind <= CW_KEY_KIND_OTHER, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (kind == CW_KEY_KIND_OTHER)
    {
      g_set_error_literal (error, CW_ERROR, CW_ERROR_UNSUPPORTED,
                           _ ("The request asks for a kind of key that cannot be made here. Choose "
                              "another kind of key."));
      return NULL;
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  ERR_clear_error ();
  context = EVP_PKEY_CTX_new_from_name (NULL, kinds[kind].algorithm, NULL);
  if (prepare_keygen (context, &kinds[kind]))
    {
      if (cancellable != NULL)
        {
          EVP_PKEY_CTX_set_app_data (context, cancellable);
          EVP_PKEY_CTX_set_cb (context, keygen_cb);
        }
      EVP_PKEY_generate (context, &pkey);
    }

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      ERR_clear_error ();
      return NULL;
    }
  if (pkey == NULL)
    {
      cw_error_set_openssl (
          error, CW_ERROR_FAILED,
          /* Translators: %s is a kind of key, as in "RSA 3072" */
          _ ("The key (%s) could not be made. Try again, or choose another kind."),
          kinds[kind].title);
      return NULL;
    }

  return key_new_taking (g_steal_pointer (&pkey), kind);
}

CwKey *
cw_key_new_from_pem (CwSecret *pem, CwSecret *passphrase, GError **error)
{
  Answer answer = { .passphrase = passphrase };
  g_auto (KeyBlock) block = { NULL, NULL, 0 };
  g_autoptr (EVP_PKEY) pkey = NULL;

  g_return_val_if_fail (pem != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  ERR_clear_error ();
  if (!read_block (pem, &answer, &block, error))
    return NULL;

  pkey = decode_block (&block, &answer, error);

  return pkey != NULL ? cw_key_new_checked (pkey, error) : NULL;
}

CwSecret *
cw_key_to_pem (CwKey *self, GError **error)
{
  g_autoptr (BIO) bio = NULL;
  char *text = NULL;
  long length;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  ERR_clear_error ();
  bio = BIO_new (BIO_s_secmem ());
  if (bio == NULL ||
      PEM_write_bio_PKCS8PrivateKey (bio, self->pkey, NULL, NULL, 0, NULL, NULL) != 1)
    {
      cw_error_set_openssl (error, CW_ERROR_FAILED,
                            /* Translators: %s is a kind of key, as in "RSA 3072" */
                            _ ("The private key (%s) could not be written as text."),
                            cw_key_get_title (self));
      return NULL;
    }
  length = BIO_get_mem_data (bio, &text);

  return cw_secret_new (text, length);
}

CwKeyKind
cw_key_get_kind (CwKey *self)
{
  g_return_val_if_fail (self != NULL, CW_KEY_KIND_OTHER);

  return self->kind;
}

const char *
cw_key_get_title (CwKey *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->title != NULL ? self->title : cw_key_kind_get_title (self->kind);
}

const char *
cw_key_get_fingerprint (CwKey *self)
{
  const char *fingerprint;
  char *new_fingerprint;

  g_return_val_if_fail (self != NULL, NULL);

  fingerprint = g_atomic_pointer_get (&self->fingerprint);
  if (fingerprint != NULL)
    return fingerprint;

  /* Two threads may both make it; the first one's stays. */
  new_fingerprint = cw_pkey_get_fingerprint (self->pkey);
  if (!g_atomic_pointer_compare_and_exchange (&self->fingerprint, NULL, new_fingerprint))
    g_free (new_fingerprint);

  return g_atomic_pointer_get (&self->fingerprint);
}

EVP_PKEY *
cw_key_peek_pkey (CwKey *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->pkey;
}

CwKey *
cw_key_new_for_pkey (EVP_PKEY *pkey)
{
  g_return_val_if_fail (pkey != NULL, NULL);

  EVP_PKEY_up_ref (pkey);

  return key_new_taking (pkey, find_kind (pkey));
}

CwKey *
cw_key_new_checked (EVP_PKEY *pkey, GError **error)
{
  g_return_val_if_fail (pkey != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return check_usable (pkey, error) ? cw_key_new_for_pkey (pkey) : NULL;
}

char *
cw_pkey_get_title (EVP_PKEY *pkey)
{
  CwKeyKind kind;

  g_return_val_if_fail (pkey != NULL, NULL);

  kind = find_kind (pkey);

  return kind == CW_KEY_KIND_OTHER ? describe_other (pkey)
                                   : g_strdup (cw_key_kind_get_title (kind));
}

char *
cw_pkey_get_fingerprint (EVP_PKEY *pkey)
{
  unsigned char *der = NULL;
  char *fingerprint;
  int length;

  g_return_val_if_fail (pkey != NULL, NULL);

  length = i2d_PUBKEY (pkey, &der);
  /* Somebody else's odd key belongs to nothing here, and is no reason to end. */
  if (length <= 0)
    return g_strdup ("");
  fingerprint = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, (gsize) length);
  OPENSSL_free (der);

  return fingerprint;
}
