/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>

#include "cw-bundle.h"
#include "cw-der.h"
#include "cw-error.h"
#include "cw-openssl.h"

#define OID_PBMAC1  "1.2.840.113549.1.5.26"
#define OPENSSL_3_4 0x30400000UL
#define MAX_NESTING 4

typedef STACK_OF (PKCS7) Pkcs7Stack;
typedef STACK_OF (PKCS12_SAFEBAG) BagStack;

static void
pkcs7_stack_free (Pkcs7Stack *stack)
{
  sk_PKCS7_pop_free (stack, PKCS7_free);
}

static void
bag_stack_free (BagStack *stack)
{
  sk_PKCS12_SAFEBAG_pop_free (stack, PKCS12_SAFEBAG_free);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pkcs7Stack, pkcs7_stack_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BagStack, bag_stack_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CMS_ContentInfo, CMS_ContentInfo_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PBE2PARAM, PBE2PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)

/* A library context of its own, so that old ciphers stay unknown to all others. */
typedef struct
{
  OSSL_LIB_CTX *context;
  OSSL_PROVIDER *legacy;
  OSSL_PROVIDER *standard;
} OldCiphers;

static void
old_ciphers_clear (OldCiphers *self)
{
  if (self->legacy != NULL)
    OSSL_PROVIDER_unload (self->legacy);
  if (self->standard != NULL)
    OSSL_PROVIDER_unload (self->standard);
  if (self->context != NULL)
    OSSL_LIB_CTX_free (self->context);
  *self = (OldCiphers){ 0 };
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OldCiphers, old_ciphers_clear)

static gboolean
old_ciphers_load (OldCiphers *self)
{
  self->context = OSSL_LIB_CTX_new ();
  if (self->context == NULL)
    return FALSE;
  self->standard = OSSL_PROVIDER_load (self->context, "default");
  self->legacy = OSSL_PROVIDER_load (self->context, "legacy");
  return self->standard != NULL && self->legacy != NULL;
}

/* What opens the parts of a PKCS#12; the text is borrowed. */
typedef struct
{
  const char *text; /* NULL is not the same as "" here: RFC 7292, B.1 */
  int length;
  OSSL_LIB_CTX *context;
} Opener;

static CwBundle *
bundle_new (void)
{
  CwBundle *self = g_new0 (CwBundle, 1);
  self->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) cw_key_unref);
  self->crls = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return self;
}

void
cw_bundle_free (CwBundle *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->certificates);
  g_ptr_array_unref (self->keys);
  g_ptr_array_unref (self->crls);
  g_free (self);
}

static void
add_certificate (CwBundle *self, X509 *x509)
{
  guint8 *der = NULL;
  const int size = i2d_X509 (x509, &der);
  GBytes *bytes = cw_der_take (der, size);
  if (bytes != NULL)
    g_ptr_array_add (self->certificates, bytes);
}

static void
add_crl (CwBundle *self, X509_CRL *crl)
{
  guint8 *der = NULL;
  const int size = i2d_X509_CRL (crl, &der);
  GBytes *bytes = cw_der_take (der, size);
  if (bytes != NULL)
    g_ptr_array_add (self->crls, bytes);
}

static gboolean
check_not_empty (CwBundle *self, GError **error)
{
  if (self->certificates->len > 0 || self->keys->len > 0 || self->crls->len > 0)
    return TRUE;
  g_set_error_literal (error, CW_ERROR, CW_ERROR_EMPTY,
                       _ ("There are no certificates and no keys in it."));
  return FALSE;
}

static void
set_no_carrier (GError **error)
{
  g_set_error_literal (error, CW_ERROR, CW_ERROR_UNSUPPORTED,
                       _ ("It is a PKCS#7 message, but not one that carries certificates. Ask "
                          "for the certificate as PEM."));
}

static void
add_from_cms (CwBundle *self, CMS_ContentInfo *cms)
{
  STACK_OF (X509) *certificates = CMS_get1_certs (cms);
  for (int i = 0; i < sk_X509_num (certificates); i++)
    add_certificate (self, sk_X509_value (certificates, i));
  sk_X509_pop_free (certificates, X509_free);

  STACK_OF (X509_CRL) *crls = CMS_get1_crls (cms);
  for (int i = 0; i < sk_X509_CRL_num (crls); i++)
    add_crl (self, sk_X509_CRL_value (crls, i));
  sk_X509_CRL_pop_free (crls, X509_CRL_free);
}

/*
 * What RFC 5652 added to RFC 2315: signers who are named by the identifier of
 * their key, recipients with keys on a curve.
 */
static CwBundle *
bundle_new_from_cms (GBytes *der, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  ERR_clear_error ();
  g_autoptr (CMS_ContentInfo) cms = d2i_CMS_ContentInfo (NULL, &data, (long) size);
  if (cms == NULL)
    {
      cw_error_set_openssl (error, CW_ERROR_UNREADABLE,
                            _ ("The PKCS#7 file is damaged. Save it again from where it came."));
      return NULL;
    }
  if (OBJ_obj2nid (CMS_get0_type (cms)) != NID_pkcs7_signed)
    {
      set_no_carrier (error);
      return NULL;
    }
  g_autoptr (CwBundle) self = bundle_new ();
  add_from_cms (self, cms);
  return check_not_empty (self, error) ? g_steal_pointer (&self) : NULL;
}

CwBundle *
cw_bundle_new_from_pkcs7 (GBytes *der, GError **error)
{
  g_return_val_if_fail (der != NULL, NULL);

  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  ERR_clear_error ();
  g_autoptr (PKCS7) pkcs7 = d2i_PKCS7 (NULL, &data, (long) size);
  if (pkcs7 == NULL)
    return bundle_new_from_cms (der, error);
  if (!PKCS7_type_is_signed (pkcs7) || pkcs7->d.sign == NULL)
    {
      set_no_carrier (error);
      return NULL;
    }

  g_autoptr (CwBundle) self = bundle_new ();
  for (int i = 0; i < sk_X509_num (pkcs7->d.sign->cert); i++)
    add_certificate (self, sk_X509_value (pkcs7->d.sign->cert, i));
  for (int i = 0; i < sk_X509_CRL_num (pkcs7->d.sign->crl); i++)
    add_crl (self, sk_X509_CRL_value (pkcs7->d.sign->crl, i));
  if (!check_not_empty (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

typedef enum
{
  CIPHER_CURRENT,
  CIPHER_OLD,    /* weak, but still known to every OpenSSL */
  CIPHER_LEGACY, /* needs the legacy provider */
} CipherAge;

static CipherAge
get_cipher_age (const X509_ALGOR *algorithm)
{
  g_autoptr (PBE2PARAM) scheme = NULL;
  int nid = OBJ_obj2nid (algorithm->algorithm);
  if (nid == NID_pbes2)
    scheme = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);
  if (scheme != NULL)
    nid = OBJ_obj2nid (scheme->encryption->algorithm);
  switch (nid)
    {
    case NID_pbe_WithSHA1And40BitRC2_CBC:
    case NID_pbe_WithSHA1And128BitRC2_CBC:
    case NID_pbe_WithSHA1And40BitRC4:
    case NID_pbe_WithSHA1And128BitRC4:
    case NID_pbeWithMD5AndDES_CBC:
    case NID_pbeWithSHA1AndDES_CBC:
    case NID_pbeWithMD5AndRC2_CBC:
    case NID_pbeWithSHA1AndRC2_CBC:
    case NID_des_cbc:
    case NID_rc2_cbc:
    case NID_rc4:
      return CIPHER_LEGACY;
    case NID_des_ede3_cbc:
    case NID_pbe_WithSHA1And3_Key_TripleDES_CBC:
    case NID_pbe_WithSHA1And2_Key_TripleDES_CBC:
      return CIPHER_OLD;
    default:
      return CIPHER_CURRENT;
    }
}

/*
 * The oldest that any of its parts is encrypted with. A key's cipher within an
 * encrypted part is not seen, but then that part's own is as old.
 */
static CipherAge
find_oldest_cipher (Pkcs7Stack *safes)
{
  CipherAge oldest = CIPHER_CURRENT;
  for (int i = 0; i < sk_PKCS7_num (safes); i++)
    {
      PKCS7 *safe = sk_PKCS7_value (safes, i);
      if (PKCS7_type_is_encrypted (safe) && safe->d.encrypted != NULL)
        oldest = MAX (oldest, get_cipher_age (safe->d.encrypted->enc_data->algorithm));
      g_autoptr (BagStack) bags = PKCS7_type_is_data (safe) ? PKCS12_unpack_p7data (safe) : NULL;
      for (int j = 0; j < sk_PKCS12_SAFEBAG_num (bags); j++)
        {
          const X509_SIG *shrouded = PKCS12_SAFEBAG_get0_pkcs8 (sk_PKCS12_SAFEBAG_value (bags, j));
          const X509_ALGOR *algorithm = NULL;
          if (shrouded != NULL)
            X509_SIG_get0 (shrouded, &algorithm, NULL);
          if (algorithm != NULL)
            oldest = MAX (oldest, get_cipher_age (algorithm));
        }
    }
  return oldest;
}

static PKCS12 *
parse_pkcs12 (GBytes *der, OSSL_LIB_CTX *context)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  PKCS12 *pkcs12 = PKCS12_init_ex (NID_pkcs7_data, context, NULL);
  /* On failure it frees what it was given. */
  return pkcs12 != NULL ? d2i_PKCS12 (&pkcs12, &data, (long) size) : NULL;
}

static gboolean
add_key (CwBundle *self, const PKCS8_PRIV_KEY_INFO *info, GError **error)
{
  g_autoptr (EVP_PKEY) pkey = info != NULL ? EVP_PKCS82PKEY (info) : NULL;
  if (pkey == NULL)
    {
      cw_error_set_openssl (
          error, CW_ERROR_UNSUPPORTED,
          _ ("The private key in it is damaged, or of a kind that is not known. Ask for the "
             "file again, or make a new key and request."));
      return FALSE;
    }
  CwKey *key = cw_key_new_checked (pkey, error);
  if (key != NULL)
    g_ptr_array_add (self->keys, key);
  return key != NULL;
}

static void
set_unsupported_encryption (GError **error)
{
  cw_error_set_openssl (error, CW_ERROR_UNSUPPORTED,
                        _ ("It is encrypted in a way that this computer’s OpenSSL does not know: "
                           "it is not the passphrase. Ask for the file again with AES, or as "
                           "PEM."));
}

static void
set_decrypt_error (gboolean verified, GError **error)
{
  if (cw_openssl_is_unsupported_encryption ())
    set_unsupported_encryption (error);
  else if (verified)
    cw_error_set_openssl (
        error, CW_ERROR_UNREADABLE,
        _ ("The passphrase is right, but what it protects is damaged or encrypted "
           "in a way that is not supported. Ask for the file again."));
  else
    cw_error_set_openssl (error, CW_ERROR_PASSPHRASE_WRONG,
                          _ ("The passphrase does not open it. The file has no check value (MAC), "
                             "so it may also be damaged: nobody can tell which."));
}

static gboolean
check_cost (gboolean bearable, GError **error)
{
  if (!bearable)
    g_set_error_literal (error, CW_ERROR, CW_ERROR_UNSUPPORTED,
                         _ ("It asks for so much computing to check its passphrase that it was "
                            "not tried. Ask for the file again, or for its parts as PEM."));
  return bearable;
}

static gboolean
add_shrouded_key (CwBundle *self,
                  const Opener *opener,
                  gboolean verified,
                  const PKCS12_SAFEBAG *bag,
                  GError **error)
{
  const X509_ALGOR *algorithm = NULL;
  X509_SIG_get0 (PKCS12_SAFEBAG_get0_pkcs8 (bag), &algorithm, NULL);
  if (!check_cost (cw_pbe_is_bearable (algorithm), error))
    return FALSE;
  g_autoptr (PKCS8_PRIV_KEY_INFO) info =
      PKCS12_decrypt_skey_ex (bag, opener->text, opener->length, opener->context, NULL);
  if (info == NULL)
    {
      set_decrypt_error (verified, error);
      return FALSE;
    }
  return add_key (self, info, error);
}

static gboolean
add_bags (CwBundle *self,
          const Opener *opener,
          gboolean verified,
          const BagStack *bags,
          guint depth,
          GError **error)
{
  for (int i = 0; i < sk_PKCS12_SAFEBAG_num (bags); i++)
    {
      const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value (bags, i);
      gboolean added = TRUE;
      switch (PKCS12_SAFEBAG_get_nid (bag))
        {
        case NID_certBag:
          {
            g_autoptr (X509) x509 = PKCS12_SAFEBAG_get1_cert (bag);
            if (x509 != NULL)
              add_certificate (self, x509);
            break;
          }
        case NID_keyBag:
          added = add_key (self, PKCS12_SAFEBAG_get0_p8inf (bag), error);
          break;
        case NID_pkcs8ShroudedKeyBag:
          added = add_shrouded_key (self, opener, verified, bag, error);
          break;
        case NID_safeContentsBag:
          if (depth < MAX_NESTING)
            added = add_bags (self, opener, verified, PKCS12_SAFEBAG_get0_safes (bag), depth + 1,
                              error);
          break;
        case NID_crlBag:
          {
            g_autoptr (X509_CRL) crl = PKCS12_SAFEBAG_get1_crl (bag);
            if (crl != NULL)
              add_crl (self, crl);
            break;
          }
        default:
          break;
        }
      if (!added)
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_safe (CwBundle *self, const Opener *opener, gboolean verified, PKCS7 *safe, GError **error)
{
  if (PKCS7_type_is_data (safe))
    {
      g_autoptr (BagStack) bags = PKCS12_unpack_p7data (safe);
      return bags == NULL || add_bags (self, opener, verified, bags, 0, error);
    }
  if (!PKCS7_type_is_encrypted (safe))
    {
      g_set_error_literal (
          error, CW_ERROR, CW_ERROR_UNSUPPORTED,
          _ ("It is encrypted for a key, not with a passphrase. Ask for a file that "
             "is protected with a passphrase."));
      return FALSE;
    }
  if (safe->d.encrypted != NULL &&
      !check_cost (cw_pbe_is_bearable (safe->d.encrypted->enc_data->algorithm), error))
    return FALSE;
  g_autoptr (BagStack) bags = PKCS12_unpack_p7encdata (safe, opener->text, opener->length);
  if (bags == NULL)
    {
      set_decrypt_error (verified, error);
      return FALSE;
    }
  return add_bags (self, opener, verified, bags, 0, error);
}

static CwBundle *
open_safes (Pkcs7Stack *safes, const Opener *opener, gboolean verified, GError **error)
{
  g_autoptr (CwBundle) self = bundle_new ();
  for (int i = 0; i < sk_PKCS7_num (safes); i++)
    {
      ERR_clear_error ();
      if (!add_safe (self, opener, verified, sk_PKCS7_value (safes, i), error))
        return NULL;
    }
  ERR_clear_error ();
  if (!check_not_empty (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* The one thing that would be mistaken for a wrong passphrase, or take for ever. */
static gboolean
check_mac_kind (PKCS12 *pkcs12, GError **error)
{
  const X509_ALGOR *algorithm = NULL;
  const ASN1_INTEGER *iterations = NULL;
  const ASN1_OBJECT *object = NULL;
  PKCS12_get0_mac (NULL, &algorithm, NULL, &iterations, pkcs12);
  if (algorithm != NULL)
    X509_ALGOR_get0 (&object, NULL, NULL, algorithm);
  g_autofree char *oid = object != NULL ? cw_oid_from_object (object) : NULL;

  if (g_strcmp0 (oid, OID_PBMAC1) == 0 && OpenSSL_version_num () < OPENSSL_3_4)
    {
      g_set_error_literal (error, CW_ERROR, CW_ERROR_UNSUPPORTED,
                           _ ("Its check value is of a new kind (PBMAC1), which this computer’s "
                              "OpenSSL cannot read yet. Ask for the file without it, or as PEM."));
      return FALSE;
    }
  return check_cost ((algorithm == NULL || cw_pbe_is_bearable (algorithm)) &&
                         (iterations == NULL || cw_iterations_are_bearable (iterations)),
                     error);
}

static CwBundle *
open_with (PKCS12 *pkcs12, Pkcs7Stack *safes, const Opener *opener, GError **error)
{
  ERR_clear_error ();
  gboolean has_mac = PKCS12_mac_present (pkcs12) == 1;
  if (has_mac && PKCS12_verify_mac (pkcs12, opener->text, opener->length) != 1)
    {
      /* A check value that does not match is no error to OpenSSL, one that cannot be made is. */
      if (ERR_peek_error () != 0)
        set_unsupported_encryption (error);
      else
        cw_error_set_openssl (error, CW_ERROR_PASSPHRASE_WRONG,
                              _ ("The passphrase is wrong. Upper and lower case count."));
      return NULL;
    }
  return open_safes (safes, opener, has_mac, error);
}

static CwBundle *
open_without_passphrase (PKCS12 *pkcs12, Pkcs7Stack *safes, OSSL_LIB_CTX *context, GError **error)
{
  const Opener openers[] = { { NULL, 0, context }, { "", 0, context } };
  for (guint i = 0; i < G_N_ELEMENTS (openers); i++)
    {
      g_autoptr (GError) why = NULL;
      CwBundle *self = open_with (pkcs12, safes, &openers[i], &why);
      if (self != NULL)
        return self;
      if (!g_error_matches (why, CW_ERROR, CW_ERROR_PASSPHRASE_WRONG))
        {
          g_propagate_error (error, g_steal_pointer (&why));
          return NULL;
        }
    }
  g_set_error_literal (error, CW_ERROR, CW_ERROR_PASSPHRASE_NEEDED,
                       _ ("It is protected with a passphrase."));
  return NULL;
}

static void
set_damaged (GError **error)
{
  cw_error_set_openssl (error, CW_ERROR_UNREADABLE,
                        _ ("The PKCS#12 file is damaged: it is not the passphrase. Save it again "
                           "from where it came."));
}

/* A PKCS#12 and its parts, which belong to one library context. */
typedef struct
{
  PKCS12 *pkcs12;
  Pkcs7Stack *safes;
} Parsed;

static void
parsed_clear (Parsed *self)
{
  g_clear_pointer (&self->safes, pkcs7_stack_free);
  g_clear_pointer (&self->pkcs12, PKCS12_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parsed, parsed_clear)

static gboolean
parse (Parsed *self, GBytes *der, OSSL_LIB_CTX *context, GError **error)
{
  parsed_clear (self);
  self->pkcs12 = parse_pkcs12 (der, context);
  self->safes = self->pkcs12 != NULL ? PKCS12_unpack_authsafes (self->pkcs12) : NULL;
  if (self->safes == NULL)
    set_damaged (error);
  return self->safes != NULL;
}

static gboolean
parse_with_old_ciphers (Parsed *self, GBytes *der, OldCiphers *old, GError **error)
{
  if (old_ciphers_load (old))
    return parse (self, der, old->context, error);
  cw_error_set_openssl (error, CW_ERROR_UNSUPPORTED,
                        _ ("It is encrypted with an old cipher (RC2 or DES) that this computer’s "
                           "OpenSSL no longer reads: it is not the passphrase. Ask for the file "
                           "again with AES, or as PEM."));
  return FALSE;
}

CwBundle *
cw_bundle_new_from_pkcs12 (GBytes *der, CwSecret *passphrase, GError **error)
{
  g_return_val_if_fail (der != NULL, NULL);

  ERR_clear_error ();
  g_auto (OldCiphers) old = { 0 };
  g_auto (Parsed) parsed = { 0 };
  if (!parse (&parsed, der, NULL, error) || !check_mac_kind (parsed.pkcs12, error))
    return NULL;
  CipherAge age = find_oldest_cipher (parsed.safes);
  if (age == CIPHER_LEGACY && !parse_with_old_ciphers (&parsed, der, &old, error))
    return NULL;

  CwBundle *self;
  if (passphrase == NULL)
    self = open_without_passphrase (parsed.pkcs12, parsed.safes, old.context, error);
  else
    self = open_with (parsed.pkcs12, parsed.safes,
                      &(Opener){ cw_secret_peek (passphrase),
                                 (int) MIN (cw_secret_get_length (passphrase), G_MAXINT),
                                 old.context },
                      error);
  if (self == NULL)
    return NULL;
  self->old_cipher = age != CIPHER_CURRENT;
  self->no_mac = PKCS12_mac_present (parsed.pkcs12) != 1;
  return self;
}
