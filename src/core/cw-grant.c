/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-extension.h"
#include "cw-grant.h"
#include "cw-openssl.h"
#include "cw-text.h"
#include "cw-usage.h"

/* Of a key: below that, servers of today refuse it (see SSL_CTX_set_security_level(3)). */
#define SECURITY_BITS 112

/* Who has it may answer for the CA whether certificates are still good. */
#define OID_OCSP_SIGNING "1.3.6.1.5.5.7.3.9"

struct _CwGrant
{
  GObject parent_instance;

  GBytes *csr;
  CwRequest *asked; /* never changes, and neither does what is ignored */
  GPtrArray *ignored;
  CwRequest *request;
  char *key_title;
  char *key_fingerprint;
};

/*
 * Extensions (RFC 5280, 4.2.1) and attributes (RFC 2985, and what Windows adds) that a request
 * may have and that are not granted. Those that are not here are not granted either.
 */
static const struct
{
  const char *oid;
  const char *title;
  const char *reason;
  gboolean hostile;
} refusals[] = {
  { "2.5.29.30", N_ ("Limits for the names of other certificates (name constraints)"),
    N_ ("Only a CA’s certificate has them, and this one will not be a CA’s."), TRUE },
  { "2.5.29.36", N_ ("Limits for the policies of other certificates"),
    N_ ("Only a CA’s certificate has them, and this one will not be a CA’s."), TRUE },
  { "2.5.29.54", N_ ("Limits for the policies of other certificates"),
    N_ ("Only a CA’s certificate has them, and this one will not be a CA’s."), TRUE },
  { "2.5.29.33", N_ ("Translations between policies"),
    N_ ("Only a CA’s certificate has them, and this one will not be a CA’s."), TRUE },
  { "2.5.29.32", N_ ("Certificate policies"), N_ ("What a CA promises is not for others to say."),
    FALSE },
  { "2.5.29.14", N_ ("An identifier for its key"),
    N_ ("The certificate gets the usual one, which is made from the key."), FALSE },
  { "2.5.29.35", N_ ("An identifier for the CA’s key"),
    N_ ("The certificate gets that of this CA."), FALSE },
  { "2.5.29.18", N_ ("Other names of the CA"),
    N_ ("What the CA is called is not for others to say."), FALSE },
  { "2.5.29.31", N_ ("Where the CA’s revocation list is found"),
    N_ ("Where that is, is not for others to say."), FALSE },
  { "2.5.29.46", N_ ("Where the CA’s revocation list is found"),
    N_ ("Where that is, is not for others to say."), FALSE },
  { "1.3.6.1.5.5.7.1.1", N_ ("Where the CA is found"),
    N_ ("Where that is, is not for others to say."), FALSE },
  { "1.3.6.1.5.5.7.1.24", N_ ("That servers must prove that it is not revoked (must-staple)"),
    N_ ("This CA has no service that confirms it, so that the server would be refused."), FALSE },
  { "2.16.840.1.113730.1.1", N_ ("An old kind of usage (Netscape)"),
    N_ ("The extended key usage takes its place."), FALSE },
  { "2.16.840.1.113730.1.13", N_ ("A comment"), N_ ("Nothing reads it."), FALSE },
  { "1.3.6.1.4.1.311.20.2", N_ ("A template of Windows’ CA"), N_ ("This CA has no templates."),
    FALSE },
  { "1.3.6.1.4.1.311.21.7", N_ ("A template of Windows’ CA"), N_ ("This CA has no templates."),
    FALSE },
  { "1.3.6.1.4.1.311.21.10", N_ ("Usages as Windows writes them"),
    N_ ("The extended key usage takes its place."), FALSE },
  { "1.2.840.113549.1.9.15", N_ ("Which ciphers its e-mail program knows"),
    N_ ("Nothing reads it."), FALSE },
  { "1.2.840.113549.1.9.7", N_ ("A challenge password"),
    N_ ("It is for revoking by telephone, which needs none here."), FALSE },
  { "1.2.840.113549.1.9.2", N_ ("An unstructured name"), N_ ("Nothing reads it."), FALSE },
  { "1.3.6.1.4.1.311.13.2.2", N_ ("How Windows keeps the key"), N_ ("Nothing reads it."), FALSE },
  { "1.3.6.1.4.1.311.13.2.3", N_ ("The version of Windows"), N_ ("Nothing reads it."), FALSE },
  { "1.3.6.1.4.1.311.21.20", N_ ("Who asked on which computer"), N_ ("Nothing reads it."), FALSE },
};

/* RFC 5280, 4.2.1.3: by their bits. */
static const char *const key_usages[] = {
  "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
  "keyCertSign",      "cRLSign",        "encipherOnly",    "decipherOnly",
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_OCTET_STRING, ASN1_OCTET_STRING_free)

G_DEFINE_FINAL_TYPE (CwGrant, cw_grant, G_TYPE_OBJECT)

static void
ignored_free (gpointer data)
{
  CwIgnored *ignored = data;

  g_free (ignored->oid);
  g_free (ignored->title);
  g_free (ignored->reason);
  g_free (ignored);
}

/* Takes @oid and @title. */
static void
ignore (CwGrant *self, char *oid, char *title, const char *reason, gboolean hostile)
{
  CwIgnored *ignored = g_new0 (CwIgnored, 1);

  ignored->oid = oid;
  ignored->title = title;
  ignored->reason = g_strdup (reason);
  ignored->hostile = hostile;
  g_ptr_array_add (self->ignored, ignored);
}

static gboolean
set_too_large (GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE,
               /* Translators: a number, as in 100 */
               ngettext ("The request asks for too much: at most %d name, usage or extension is "
                         "looked at. Ask for a smaller one, or for several.",
                         "The request asks for too much: at most %d names, usages or extensions "
                         "are looked at. Ask for a smaller one, or for several.",
                         CW_GRANT_MAX_NAMES),
               CW_GRANT_MAX_NAMES);

  return FALSE;
}

static gboolean
set_deceptive (GError **error)
{
  g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID,
                       _ ("The request’s name has characters in it that cannot be seen, or that "
                          "are none. It is not signed, because what is read and what is signed "
                          "would differ."));

  return FALSE;
}

static gboolean
set_ambiguous (GError **error)
{
  g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID,
                       _ ("The request asks for the same thing twice, so that it is not clear "
                          "what is asked for. Have it made again."));

  return FALSE;
}

/* With 1 as exponent every signature would fit, also that of the request. */
static gboolean
is_degenerate (EVP_PKEY *pkey)
{
  g_autoptr (BIGNUM) exponent = NULL;
  BIGNUM *read = NULL;

  if (!EVP_PKEY_is_a (pkey, "RSA") && !EVP_PKEY_is_a (pkey, "RSA-PSS"))
    return FALSE;
  if (EVP_PKEY_get_bn_param (pkey, "e", &read) != 1)
    return TRUE;

  exponent = read;

  return BN_is_one (exponent) || !BN_is_odd (exponent);
}

static gboolean
check_key (EVP_PKEY *pkey, GError **error)
{
  g_autofree char *title = cw_pkey_get_title (pkey);

  if (!cw_pkey_can_sign (pkey))
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                 /* Translators: %s is a kind of key, as in "X25519" */
                 _ ("The request is for a key of the kind “%s”, which servers do not take. It "
                    "needs an RSA, EC or Ed25519 key."),
                 title);
  else if (EVP_PKEY_get_security_bits (pkey) < SECURITY_BITS || is_degenerate (pkey))
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                 /* Translators: %s is a kind of key, as in "RSA 1024" */
                 _ ("The request’s key (%s) is too weak: servers of today refuse it. It needs RSA "
                    "of 2048 bits or more, or EC P-256."),
                 title);
  else if (cw_pkey_has_explicit_curve (pkey))
    g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID,
                         _ ("The request’s key spells out its curve instead of naming it, which no "
                            "server accepts. It needs a new key."));
  else
    return TRUE;

  return FALSE;
}

/* What is shown must be what is signed. */
static gboolean
check_attribute_value (const ASN1_STRING *value, GError **error)
{
  unsigned char *utf8 = NULL;
  int length = ASN1_STRING_to_UTF8 (&utf8, value);
  gboolean clear;

  if (length < 0)
    return set_deceptive (error);

  clear = g_utf8_validate_len ((const char *) utf8, (gsize) length, NULL) &&
          !cw_text_has_unseen ((const char *) utf8);
  OPENSSL_free (utf8);

  return clear || set_deceptive (error);
}

static gboolean
check_subject (const X509_NAME *name, GError **error)
{
  if (X509_NAME_entry_count (name) > CW_GRANT_MAX_NAMES)
    return set_too_large (error);

  for (int i = 0; i < X509_NAME_entry_count (name); i++)
    if (!check_attribute_value (X509_NAME_ENTRY_get_data (X509_NAME_get_entry (name, i)), error))
      return FALSE;

  return TRUE;
}

static gboolean
is_extension_list (const ASN1_OBJECT *object)
{
  int nid = OBJ_obj2nid (object);

  return nid == NID_ext_req || nid == NID_ms_ext_req;
}

/* One list of extensions with one value, and as many attributes as anybody has use for. */
static gboolean
check_attributes (X509_REQ *req, const CwExtensions *extensions, GError **error)
{
  int n_attributes = X509_REQ_get_attr_count (req);
  guint n_lists = 0;

  if (n_attributes > CW_GRANT_MAX_NAMES)
    return set_too_large (error);

  for (int i = 0; i < n_attributes; i++)
    {
      X509_ATTRIBUTE *attribute = X509_REQ_get_attr (req, i);

      if (is_extension_list (X509_ATTRIBUTE_get0_object (attribute)))
        n_lists += (guint) X509_ATTRIBUTE_count (attribute);
    }

  if (n_lists > 1)
    return set_ambiguous (error);
  if (n_lists == 1 && extensions == NULL)
    {
      cw_error_set_openssl (error, CW_ERROR_UNREADABLE,
                            _ ("The certificate request is damaged and cannot be read."));
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_extensions (const CwExtensions *extensions, GError **error)
{
  if (sk_X509_EXTENSION_num (extensions) > CW_GRANT_MAX_NAMES)
    return set_too_large (error);

  for (int i = 0; i < sk_X509_EXTENSION_num (extensions); i++)
    {
      X509_EXTENSION *extension = sk_X509_EXTENSION_value (extensions, i);

      if (X509v3_get_ext_by_OBJ (extensions, X509_EXTENSION_get_object (extension), i) >= 0)
        return set_ambiguous (error);
    }

  return TRUE;
}

/* Before anything is made of them, and shown. */
static gboolean
check_counts (const CwExtensions *extensions, GError **error)
{
  g_autoptr (GENERAL_NAMES) names = X509V3_get_d2i (extensions, NID_subject_alt_name, NULL, NULL);
  g_autoptr (EXTENDED_KEY_USAGE) usages =
      X509V3_get_d2i (extensions, NID_ext_key_usage, NULL, NULL);

  if (sk_GENERAL_NAME_num (names) > CW_GRANT_MAX_NAMES ||
      sk_ASN1_OBJECT_num (usages) > CW_GRANT_MAX_NAMES)
    return set_too_large (error);

  return TRUE;
}

/* What will be signed is what was asked for, but for the case of a host name's letters. */
static gboolean
is_granted_as_asked (CwAltName *name, const GENERAL_NAME *asked)
{
  GENERAL_NAME *granted = cw_alt_name_to_general_name (name, NULL);
  const ASN1_STRING *a, *b;
  gboolean same;

  if (granted == NULL)
    return FALSE;

  same = GENERAL_NAME_cmp (granted, (GENERAL_NAME *) asked) == 0;
  if (!same && granted->type == asked->type && (asked->type == GEN_DNS || asked->type == GEN_EMAIL))
    {
      a = granted->d.ia5;
      b = asked->d.ia5;
      same = ASN1_STRING_length (a) == ASN1_STRING_length (b) &&
             g_ascii_strncasecmp ((const char *) ASN1_STRING_get0_data (a),
                                  (const char *) ASN1_STRING_get0_data (b),
                                  (gsize) ASN1_STRING_length (a)) == 0;
    }
  GENERAL_NAME_free (granted);

  return same;
}

/* What is text in it. */
static const ASN1_STRING *
peek_string (const GENERAL_NAME *name)
{
  switch (name->type)
    {
    case GEN_DNS:
    case GEN_EMAIL:
    case GEN_URI:
      return name->d.ia5;
    case GEN_OTHERNAME:
      return name->d.otherName->value->type == V_ASN1_UTF8STRING
                 ? name->d.otherName->value->value.utf8string
                 : NULL;
    default:
      return NULL;
    }
}

static gboolean
is_deceptive (const GENERAL_NAME *name)
{
  const ASN1_STRING *string = peek_string (name);
  const char *text;
  gsize length;

  if (string == NULL)
    return FALSE;

  text = (const char *) ASN1_STRING_get0_data (string);
  length = (gsize) ASN1_STRING_length (string);

  return !g_utf8_validate_len (text, length, NULL) || cw_text_has_unseen (text);
}

static void
refuse_alt_name (CwGrant *self, CwAltName *name, gboolean deceptive)
{
  g_autofree char *value = cw_text_clean (cw_alt_name_get_value (name));
  const char *kind = cw_alt_name_kind_get_title (cw_alt_name_get_kind (name));
  g_autoptr (GError) error = NULL;
  char *title;

  /* Translators: a kind of name, as in "Host name", and the name */
  title = g_strdup_printf (C_ ("alternative name", "%s “%s”"), kind, value);
  if (deceptive)
    ignore (self, NULL, title,
            _ ("It has characters in it that cannot be seen, or that are none: what is read and "
               "what is signed would differ."),
            TRUE);
  else if (!cw_alt_name_check (name, &error))
    ignore (self, NULL, title, error->message, FALSE);
  else
    ignore (self, NULL, title, _ ("It is not written as names are written in a certificate."),
            FALSE);
}

static void
take_alt_name (CwGrant *self, const GENERAL_NAME *asked)
{
  g_autoptr (CwAltName) name = cw_alt_name_new_for_general_name (asked);

  if (is_granted_as_asked (name, asked))
    cw_request_add_alt_name (self->request, name);
  else
    refuse_alt_name (self, name, is_deceptive (asked));
}

static gboolean
take_alt_names (CwGrant *self, X509_EXTENSION *extension)
{
  g_autoptr (GENERAL_NAMES) names = X509V3_EXT_d2i (extension);

  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    take_alt_name (self, sk_GENERAL_NAME_value (names, i));

  return names != NULL;
}

static gboolean
is_usage_of_ca (const char *oid)
{
  return g_str_equal (oid, OID_OCSP_SIGNING) || g_str_equal (oid, CW_USAGE_ANY);
}

static gboolean
take_usages (CwGrant *self, X509_EXTENSION *extension)
{
  g_autoptr (EXTENDED_KEY_USAGE) usages = X509V3_EXT_d2i (extension);

  for (int i = 0; i < sk_ASN1_OBJECT_num (usages); i++)
    {
      g_autofree char *oid = cw_oid_from_object (sk_ASN1_OBJECT_value (usages, i));

      if (!cw_oid_check (oid, NULL) || is_usage_of_ca (oid))
        ignore (self, g_strdup (oid), cw_text_clean (cw_usage_get_title (oid)),
                _ ("That would be more than a client or a server needs."), TRUE);
      else
        cw_request_set_usage (self->request, oid, TRUE);
    }

  return usages != NULL;
}

/* Asking for what every leaf gets asks for nothing. */
static gboolean
take_basic_constraints (CwGrant *self, X509_EXTENSION *extension)
{
  g_autoptr (BASIC_CONSTRAINTS) constraints = X509V3_EXT_d2i (extension);

  if (constraints != NULL && constraints->ca)
    ignore (self, cw_oid_from_object (X509_EXTENSION_get_object (extension)),
            g_strdup (_ ("To be a CA (basic constraints)")),
            _ ("It could sign certificates for any name, which everybody would accept who accepts "
               "this CA’s. Certwright never grants that."),
            TRUE);

  return constraints != NULL;
}

static gboolean
take_key_usage (CwGrant *self, X509_EXTENSION *extension, EVP_PKEY *pkey)
{
  g_autoptr (ASN1_BIT_STRING) bits = X509V3_EXT_d2i (extension);
  CwKeyUsage granted = cw_key_usage_for (self->asked, pkey);

  for (int i = 0; bits != NULL && i < (int) G_N_ELEMENTS (key_usages); i++)
    {
      gboolean of_ca = ((CW_KEY_USAGE_KEY_CERT_SIGN | CW_KEY_USAGE_CRL_SIGN) & 1u << i) != 0;

      if (ASN1_BIT_STRING_get_bit (bits, i) && !(granted & 1u << i))
        ignore (self, cw_oid_from_object (X509_EXTENSION_get_object (extension)),
                /* Translators: %s is a word of certificates, as in "nonRepudiation" */
                g_strdup_printf (_ ("The key usage “%s”"), key_usages[i]),
                of_ca ? _ ("Only a CA’s key may be used for that.")
                      : _ ("A client or a server does not need it."),
                of_ca);
    }

  return bits != NULL;
}

/* An extension that is not known here by what OpenSSL calls it, or by its number. */
static char *
make_title (const char *oid)
{
  ASN1_OBJECT *object = OBJ_txt2obj (oid, 1);
  int nid = OBJ_obj2nid (object);
  g_autofree char *shown = cw_text_clean (oid);

  ASN1_OBJECT_free (object);
  if (nid != NID_undef)
    return g_strdup (OBJ_nid2ln (nid));

  /* Translators: %s is a dotted number, as in 1.2.3.4 */
  return g_strdup_printf (_ ("Something with the number %s"), shown);
}

static void
refuse (CwGrant *self, const ASN1_OBJECT *object)
{
  g_autofree char *oid = cw_oid_from_object (object);
  char *title;

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_str_equal (refusals[i].oid, oid))
      {
        ignore (self, g_steal_pointer (&oid), g_strdup (_ (refusals[i].title)),
                _ (refusals[i].reason), refusals[i].hostile);
        return;
      }

  title = make_title (oid);
  ignore (self, g_steal_pointer (&oid), title, _ ("Certwright does not know what it grants."),
          FALSE);
}

static void
refuse_damaged (CwGrant *self, const ASN1_OBJECT *object)
{
  g_autofree char *oid = cw_oid_from_object (object);
  char *title = make_title (oid);

  ignore (self, g_steal_pointer (&oid), title, _ ("It is damaged and cannot be read."), TRUE);
}

/* The identifier that every certificate gets is often asked for. */
static gboolean
is_own_key_id (X509_EXTENSION *extension, EVP_PKEY *pkey)
{
  g_autoptr (ASN1_OCTET_STRING) asked = NULL;
  g_autoptr (ASN1_OCTET_STRING) made = NULL;
  g_autoptr (CwExtensions) extensions = NULL;

  if (OBJ_obj2nid (X509_EXTENSION_get_object (extension)) != NID_subject_key_identifier)
    return FALSE;

  asked = X509V3_EXT_d2i (extension);
  if (asked == NULL || !cw_extensions_add_subject_key_id (&extensions, pkey))
    return FALSE;
  made = X509V3_EXT_d2i (sk_X509_EXTENSION_value (extensions, 0));

  return made != NULL && ASN1_OCTET_STRING_cmp (asked, made) == 0;
}

static void
take_extension (CwGrant *self, X509_EXTENSION *extension, EVP_PKEY *pkey)
{
  const ASN1_OBJECT *object = X509_EXTENSION_get_object (extension);
  gboolean read = TRUE;

  switch (OBJ_obj2nid (object))
    {
    case NID_subject_alt_name:
      read = take_alt_names (self, extension);
      break;
    case NID_ext_key_usage:
      read = take_usages (self, extension);
      break;
    case NID_basic_constraints:
      read = take_basic_constraints (self, extension);
      break;
    case NID_key_usage:
      read = take_key_usage (self, extension, pkey);
      break;
    default:
      if (!is_own_key_id (extension, pkey))
        refuse (self, object);
    }
  if (!read)
    refuse_damaged (self, object);
}

static void
take_attribute (CwGrant *self,
                X509_ATTRIBUTE *attribute,
                const CwExtensions *extensions,
                EVP_PKEY *pkey)
{
  const ASN1_OBJECT *object = X509_ATTRIBUTE_get0_object (attribute);

  if (!is_extension_list (object))
    refuse (self, object);
  else
    for (int i = 0; i < sk_X509_EXTENSION_num (extensions); i++)
      take_extension (self, sk_X509_EXTENSION_value (extensions, i), pkey);
}

static void
take_subject (CwGrant *self)
{
  CwSubject *asked = cw_request_get_subject (self->asked);

  for (guint i = 0; i < cw_subject_get_n_attributes (asked); i++)
    cw_subject_append (cw_request_get_subject (self->request),
                       cw_subject_get_attribute_type (asked, i),
                       cw_subject_get_attribute_value (asked, i));
}

static void
take (CwGrant *self, X509_REQ *req, const CwExtensions *extensions)
{
  EVP_PKEY *pkey = X509_REQ_get0_pubkey (req);

  take_subject (self);
  cw_request_set_usage (self->request, CW_USAGE_CLIENT_AUTH, FALSE);
  for (int i = 0; i < X509_REQ_get_attr_count (req); i++)
    take_attribute (self, X509_REQ_get_attr (req, i), extensions, pkey);
  if (*cw_request_get_usages (self->request) == NULL)
    cw_request_set_usage (self->request, CW_USAGE_CLIENT_AUTH, TRUE);

  self->key_title = cw_pkey_get_title (pkey);
  self->key_fingerprint = cw_pkey_get_fingerprint (pkey);
}

static gboolean
check_request (X509_REQ *req, const CwExtensions *extensions, GError **error)
{
  return check_key (X509_REQ_get0_pubkey (req), error) &&
         check_attributes (req, extensions, error) && check_extensions (extensions, error) &&
         check_counts (extensions, error) && check_subject (X509_REQ_get_subject_name (req), error);
}

static void
cw_grant_finalize (GObject *object)
{
  CwGrant *self = CW_GRANT (object);

  g_clear_pointer (&self->csr, g_bytes_unref);
  g_clear_object (&self->asked);
  g_clear_object (&self->request);
  g_clear_pointer (&self->ignored, g_ptr_array_unref);
  g_clear_pointer (&self->key_title, g_free);
  g_clear_pointer (&self->key_fingerprint, g_free);

  G_OBJECT_CLASS (cw_grant_parent_class)->finalize (object);
}

static void
cw_grant_class_init (CwGrantClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_grant_finalize;
}

static void
cw_grant_init (CwGrant *self)
{
  self->request = cw_request_new ();
}

CwGrant *
cw_grant_new_from_csr (GBytes *csr, GError **error)
{
  g_autoptr (CwGrant) self = NULL;
  g_autoptr (X509_REQ) req = NULL;
  g_autoptr (CwExtensions) extensions = NULL;

  g_return_val_if_fail (csr != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (g_bytes_get_size (csr) > CW_GRANT_MAX_SIZE)
    {
      set_too_large (error);
      return NULL;
    }
  req = cw_csr_parse (csr, error);
  if (req == NULL)
    return NULL;
  extensions = X509_REQ_get_extensions (req);
  if (!check_request (req, extensions, error))
    {
      ERR_clear_error ();
      return NULL;
    }

  self = g_object_new (CW_TYPE_GRANT, NULL);
  self->csr = g_bytes_ref (csr);
  self->ignored = g_ptr_array_new_with_free_func (ignored_free);
  self->asked = cw_request_new_from_csr (csr, error);
  if (self->asked == NULL)
    return NULL;
  take (self, req, extensions);
  ERR_clear_error ();

  return g_steal_pointer (&self);
}

CwGrant *
cw_grant_copy (CwGrant *self)
{
  CwGrant *copy;

  g_return_val_if_fail (CW_IS_GRANT (self), NULL);

  copy = g_object_new (CW_TYPE_GRANT, NULL);
  copy->csr = g_bytes_ref (self->csr);
  copy->asked = g_object_ref (self->asked);
  copy->ignored = g_ptr_array_ref (self->ignored);
  cw_request_copy (self->request, copy->request);
  copy->key_title = g_strdup (self->key_title);
  copy->key_fingerprint = g_strdup (self->key_fingerprint);

  return copy;
}

CwRequest *
cw_grant_get_asked (CwGrant *self)
{
  g_return_val_if_fail (CW_IS_GRANT (self), NULL);

  return self->asked;
}

CwRequest *
cw_grant_get_request (CwGrant *self)
{
  g_return_val_if_fail (CW_IS_GRANT (self), NULL);

  return self->request;
}

void
cw_grant_set_purpose (CwGrant *self, const char *usage)
{
  g_return_if_fail (CW_IS_GRANT (self));
  g_return_if_fail (usage != NULL);

  while (*cw_request_get_usages (self->request) != NULL)
    cw_request_set_usage (self->request, *cw_request_get_usages (self->request), FALSE);
  cw_request_set_usage (self->request, usage, TRUE);
  cw_request_add_host_name (self->request);
}

GPtrArray *
cw_grant_get_ignored (CwGrant *self)
{
  g_return_val_if_fail (CW_IS_GRANT (self), NULL);

  return self->ignored;
}

const char *
cw_grant_get_key_title (CwGrant *self)
{
  g_return_val_if_fail (CW_IS_GRANT (self), NULL);

  return self->key_title;
}

const char *
cw_grant_get_key_fingerprint (CwGrant *self)
{
  g_return_val_if_fail (CW_IS_GRANT (self), NULL);

  return self->key_fingerprint;
}

GBytes *
cw_grant_get_csr (CwGrant *self)
{
  g_return_val_if_fail (CW_IS_GRANT (self), NULL);

  return self->csr;
}

gboolean
cw_grant_check (CwGrant *self, GError **error)
{
  const char *const *usages;

  g_return_val_if_fail (CW_IS_GRANT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!cw_request_check (self->request, error))
    return FALSE;
  if (g_list_model_get_n_items (cw_request_get_alt_names (self->request)) > CW_GRANT_MAX_NAMES)
    return set_too_large (error);

  usages = cw_request_get_usages (self->request);
  if (*usages == NULL)
    {
      g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID,
                           _ ("The certificate could be used for anything. Choose at least one "
                              "usage."));
      return FALSE;
    }
  for (; *usages != NULL; usages++)
    if (is_usage_of_ca (*usages))
      {
        g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                     /* Translators: %s is a usage, as in "Anything (any extended key usage)" */
                     _ ("“%s” is never granted. Remove it."), cw_usage_get_title (*usages));
        return FALSE;
      }

  return TRUE;
}
