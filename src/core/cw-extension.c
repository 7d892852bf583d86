/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <openssl/sha.h>

#include "cw-extension.h"
#include "cw-usage.h"

/* A bit of CwKeyUsage has the number of RFC 5280, 4.2.1.3. */
#define N_KEY_USAGES 7

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_OCTET_STRING, ASN1_OCTET_STRING_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AUTHORITY_KEYID, AUTHORITY_KEYID_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free)

static gboolean
add (CwExtensions **extensions, int nid, gpointer value, gboolean critical)
{
  return value != NULL &&
         X509V3_add1_i2d (extensions, nid, value, critical, X509V3_ADD_DEFAULT) == 1;
}

static gboolean
add_usages (CwExtensions **extensions, CwRequest *request)
{
  const char *const *oids = cw_request_get_usages (request);
  g_autoptr (EXTENDED_KEY_USAGE) usages = NULL;

  if (*oids == NULL)
    return TRUE;

  usages = EXTENDED_KEY_USAGE_new ();
  for (; *oids != NULL; oids++)
    {
      g_autoptr (ASN1_OBJECT) usage = OBJ_txt2obj (*oids, 1);

      if (usages == NULL || usage == NULL || sk_ASN1_OBJECT_push (usages, usage) <= 0)
        return FALSE;
      g_steal_pointer (&usage);
    }

  return add (extensions, NID_ext_key_usage, usages, FALSE);
}

static gboolean
add_alt_names (CwExtensions **extensions, CwRequest *request, GError **error)
{
  GListModel *all = cw_request_get_alt_names (request);
  guint n_names = g_list_model_get_n_items (all);
  /* RFC 5280, 4.2.1.6: critical when the subject is empty, since it then is the only name. */
  gboolean critical = cw_subject_get_n_attributes (cw_request_get_subject (request)) == 0;
  g_autoptr (GENERAL_NAMES) names = NULL;

  if (n_names == 0)
    return TRUE;

  names = GENERAL_NAMES_new ();
  for (guint i = 0; i < n_names; i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (all, i);
      GENERAL_NAME *general = cw_alt_name_to_general_name (name, error);

      if (general == NULL)
        return FALSE;
      if (names == NULL || sk_GENERAL_NAME_push (names, general) <= 0)
        {
          GENERAL_NAME_free (general);
          return FALSE;
        }
    }

  return add (extensions, NID_subject_alt_name, names, critical);
}

/* RFC 5280, 4.2.1.2, (1): SHA-1 of the key's bits, which keeps nothing secret here. */
static ASN1_OCTET_STRING *
make_key_id (EVP_PKEY *pkey)
{
  g_autoptr (ASN1_OCTET_STRING) id = ASN1_OCTET_STRING_new ();
  unsigned char digest[SHA_DIGEST_LENGTH];
  X509_PUBKEY *spki = NULL;
  const unsigned char *bits;
  int length;
  gboolean done;

  done = id != NULL && X509_PUBKEY_set (&spki, pkey) == 1 &&
         X509_PUBKEY_get0_param (NULL, &bits, &length, NULL, spki) == 1 &&
         EVP_Digest (bits, (gsize) length, digest, NULL, EVP_sha1 (), NULL) == 1 &&
         ASN1_OCTET_STRING_set (id, digest, sizeof digest) == 1;
  X509_PUBKEY_free (spki);

  return done ? g_steal_pointer (&id) : NULL;
}

CwKeyUsage
cw_key_usage_for (CwRequest *request, EVP_PKEY *pkey)
{
  /* For the key exchange that TLS 1.2 servers with an RSA key may use. */
  if (EVP_PKEY_is_a (pkey, "RSA") && cw_request_has_usage (request, CW_USAGE_SERVER_AUTH))
    return CW_KEY_USAGE_DIGITAL_SIGNATURE | CW_KEY_USAGE_KEY_ENCIPHERMENT;

  return CW_KEY_USAGE_DIGITAL_SIGNATURE;
}

gboolean
cw_extensions_add_key_usage (CwExtensions **extensions, CwKeyUsage usage)
{
  g_autoptr (ASN1_BIT_STRING) bits = ASN1_BIT_STRING_new ();

  for (int i = 0; i < N_KEY_USAGES; i++)
    if ((usage & 1u << i) != 0 && (bits == NULL || ASN1_BIT_STRING_set_bit (bits, i, 1) != 1))
      return FALSE;

  return add (extensions, NID_key_usage, bits, TRUE);
}

gboolean
cw_extensions_add_requested (CwExtensions **extensions,
                             CwRequest *request,
                             EVP_PKEY *pkey,
                             GError **error)
{
  return cw_extensions_add_key_usage (extensions, cw_key_usage_for (request, pkey)) &&
         add_usages (extensions, request) && add_alt_names (extensions, request, error);
}

gboolean
cw_extensions_add_basic_constraints (CwExtensions **extensions, gboolean is_ca)
{
  g_autoptr (BASIC_CONSTRAINTS) constraints = BASIC_CONSTRAINTS_new ();

  if (constraints == NULL)
    return FALSE;
  if (is_ca)
    {
      constraints->ca = 0xff; /* written as it stands, and DER has no other TRUE (X.690, 11.1) */
      constraints->pathlen = ASN1_INTEGER_new ();
      if (constraints->pathlen == NULL || ASN1_INTEGER_set (constraints->pathlen, 0) != 1)
        return FALSE;
    }

  return add (extensions, NID_basic_constraints, constraints, TRUE);
}

gboolean
cw_extensions_add_subject_key_id (CwExtensions **extensions, EVP_PKEY *pkey)
{
  g_autoptr (ASN1_OCTET_STRING) id = make_key_id (pkey);

  return add (extensions, NID_subject_key_identifier, id, FALSE);
}

gboolean
cw_extensions_add_authority_key_id (CwExtensions **extensions, X509 *issuer, EVP_PKEY *pkey)
{
  g_autoptr (AUTHORITY_KEYID) id = AUTHORITY_KEYID_new ();
  const ASN1_OCTET_STRING *known = issuer != NULL ? X509_get0_subject_key_id (issuer) : NULL;

  if (id == NULL)
    return FALSE;
  id->keyid = known != NULL ? ASN1_OCTET_STRING_dup (known) : make_key_id (pkey);

  return id->keyid != NULL && add (extensions, NID_authority_key_identifier, id, FALSE);
}
