/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests from elsewhere: nothing in them passes unseen.
 */

#include "config.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "cw-authority.h"
#include "cw-error.h"
#include "cw-extension.h"
#include "cw-openssl.h"
#include "cw-usage.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM, OSSL_PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)

/**
 * Spec:
 * @name, @length: the common name, with whatever is in it; -1 up to its end
 * @extensions: (nullable): names and values in turn, as in openssl's configuration
 * @add: (nullable): adds extensions of its own
 * @tweak: (nullable): before it is signed
 * @key: (nullable): whose request it is; NULL for an EC P-256 key
 */
typedef struct
{
  const char *name;
  int length;
  const char *const *extensions;
  void (*add) (CwExtensions **extensions);
  void (*tweak) (X509_REQ *req);
  EVP_PKEY *key;
} Spec;

static CwAuthority *authority;
static EVP_PKEY *p256;

static CwAuthority *
make_authority (void)
{
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (CwCertificate) certificate = NULL;

  cw_subject_append (cw_request_get_subject (request), "CN", "Test CA");
  certificate = cw_authority_create_certificate (request, key, NULL);
  return cw_authority_new (certificate, key, NULL);
}

static CwExtensions *
make_extensions (const Spec *spec)
{
  g_autoptr (CwExtensions) extensions = sk_X509_EXTENSION_new_null ();
  X509V3_CTX context;

  X509V3_set_ctx_nodb (&context);
  for (guint i = 0; spec->extensions != NULL && spec->extensions[i] != NULL; i += 2)
    {
      X509_EXTENSION *extension =
          X509V3_EXT_nconf (NULL, &context, spec->extensions[i], spec->extensions[i + 1]);

      if (extension == NULL)
        g_error ("%s: %s", spec->extensions[i], ERR_reason_error_string (ERR_get_error ()));
      sk_X509_EXTENSION_push (extensions, extension);
    }
  if (spec->add != NULL)
    spec->add (&extensions);
  return g_steal_pointer (&extensions);
}

static GBytes *
make_csr (const Spec *spec)
{
  EVP_PKEY *key = spec->key != NULL ? spec->key : p256;
  g_autoptr (CwExtensions) extensions = make_extensions (spec);
  g_autoptr (X509_REQ) req = X509_REQ_new ();
  unsigned char *der = NULL;
  int length;
  GBytes *csr;

  X509_REQ_set_version (req, X509_REQ_VERSION_1);
  g_assert_true (X509_NAME_add_entry_by_txt (X509_REQ_get_subject_name (req), "CN",
                                             V_ASN1_UTF8STRING, (const unsigned char *) spec->name,
                                             spec->length != 0 ? spec->length : -1, -1, 0));
  X509_REQ_set_pubkey (req, key);
  if (sk_X509_EXTENSION_num (extensions) > 0)
    X509_REQ_add_extensions (req, extensions);
  if (spec->tweak != NULL)
    spec->tweak (req);
  if (X509_REQ_sign (req, key, EVP_sha256 ()) <= 0)
    X509_REQ_sign (req, p256, EVP_sha256 ());

  length = i2d_X509_REQ (req, &der);
  csr = g_bytes_new (der, (gsize) length);
  OPENSSL_free (der);
  ERR_clear_error ();
  return csr;
}

static CwGrant *
make_grant (const Spec *spec)
{
  g_autoptr (GBytes) csr = make_csr (spec);
  g_autoptr (GError) error = NULL;
  CwGrant *grant = cw_grant_new_from_csr (csr, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ERR_peek_error (), ==, 0);
  return grant;
}

static void
assert_refused (const Spec *spec, int code, const char *words)
{
  g_autoptr (GBytes) csr = make_csr (spec);
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_grant_new_from_csr (csr, &error));
  g_assert_error (error, CW_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_cmpuint (ERR_peek_error (), ==, 0);
}

static const CwIgnored *
find_ignored (CwGrant *grant, const char *words)
{
  GPtrArray *all = cw_grant_get_ignored (grant);

  for (guint i = 0; i < all->len; i++)
    {
      const CwIgnored *ignored = g_ptr_array_index (all, i);

      if (strstr (ignored->title, words) != NULL)
        return ignored;
    }
  return NULL;
}

/* What each certificate has that is signed here, and nothing else. */
static CwCertificate *
sign (CwGrant *grant)
{
  static const int permitted[] = { NID_basic_constraints,      NID_key_usage,
                                   NID_ext_key_usage,          NID_subject_alt_name,
                                   NID_subject_key_identifier, NID_authority_key_identifier };
  g_autoptr (GError) error = NULL;
  CwCertificate *certificate = cw_authority_sign (authority, grant, &error);
  gboolean present;
  X509 *x509;

  g_assert_no_error (error);
  x509 = cw_certificate_peek_x509 (certificate);
  for (int i = 0; i < X509_get_ext_count (x509); i++)
    {
      int nid = OBJ_obj2nid (X509_EXTENSION_get_object (X509_get_ext (x509, i)));
      gboolean known = FALSE;

      for (guint j = 0; j < G_N_ELEMENTS (permitted); j++)
        known |= permitted[j] == nid;
      g_assert_true (known);
    }
  g_assert_false (cw_certificate_is_ca (certificate));
  g_assert_cmpint (cw_certificate_get_key_usage (certificate, &present) &
                       ~(CW_KEY_USAGE_DIGITAL_SIGNATURE | CW_KEY_USAGE_KEY_ENCIPHERMENT),
                   ==, 0);
  g_assert_true (present);
  return certificate;
}

/* Shown as what is not granted, and not in the certificate. */
static void
assert_ignored (const Spec *spec, const char *words, gboolean hostile)
{
  g_autoptr (CwGrant) grant = make_grant (spec);
  const CwIgnored *ignored = find_ignored (grant, words);
  g_autoptr (CwCertificate) certificate = NULL;

  g_assert_nonnull (ignored);
  g_assert_cmpuint (cw_grant_get_ignored (grant)->len, ==, 1);
  g_assert_cmpint (ignored->hostile, ==, hostile);
  g_assert_cmpstr (ignored->reason, !=, "");
  certificate = sign (grant);
}

static guint
count_alt_names (CwRequest *request)
{
  return g_list_model_get_n_items (cw_request_get_alt_names (request));
}

static void
test_plain (void)
{
  const char *const extensions[] = { "basicConstraints",
                                     "CA:FALSE",
                                     "keyUsage",
                                     "digitalSignature",
                                     "extendedKeyUsage",
                                     "clientAuth,serverAuth,1.2.3.4",
                                     "subjectAltName",
                                     "DNS:Host.Example.COM,email:a@example.com,IP:192.0.2.1",
                                     NULL };
  g_autoptr (CwGrant) grant = make_grant (&(Spec){ .name = "steve", .extensions = extensions });
  CwRequest *granted = cw_grant_get_request (grant);
  g_autoptr (CwCertificate) certificate = NULL;

  g_assert_cmpuint (cw_grant_get_ignored (grant)->len, ==, 0);
  g_assert_true (cw_subject_equal (cw_request_get_subject (granted),
                                   cw_request_get_subject (cw_grant_get_asked (grant))));
  g_assert_cmpuint (count_alt_names (granted), ==, 3);
  g_assert_true (g_strv_equal (cw_request_get_usages (granted),
                               cw_request_get_usages (cw_grant_get_asked (grant))));
  g_assert_cmpstr (cw_grant_get_key_title (grant), ==, "EC P-256");

  certificate = sign (grant);
  g_assert_cmpuint (g_list_model_get_n_items (cw_certificate_get_alt_names (certificate)), ==, 3);
  g_assert_true (cw_certificate_has_usage (certificate, "1.2.3.4"));
  g_assert_cmpstr (cw_certificate_get_key_fingerprint (certificate), ==,
                   cw_grant_get_key_fingerprint (grant));
}

/* Struck and added, in the grant and not in what was asked. */
static void
test_changed (void)
{
  const char *const extensions[] = { "subjectAltName", "DNS:a.example.com,DNS:b.example.com",
                                     NULL };
  g_autoptr (CwGrant) grant = make_grant (&(Spec){ .name = "steve", .extensions = extensions });
  CwRequest *granted = cw_grant_get_request (grant);
  g_autoptr (CwAltName) added = cw_alt_name_new (CW_ALT_NAME_IP, "192.0.2.7");
  g_autoptr (CwGrant) copy = NULL;
  g_autoptr (CwCertificate) certificate = NULL;
  GListModel *names;

  /* Whoever asks for no usage gets that of a client. */
  g_assert_true (cw_request_has_usage (granted, CW_USAGE_CLIENT_AUTH));
  cw_grant_set_purpose (grant, CW_USAGE_SERVER_AUTH);
  cw_request_remove_alt_name (granted, 0);
  cw_request_add_alt_name (granted, added);
  copy = cw_grant_copy (grant);
  cw_request_remove_alt_name (granted, 0);
  g_assert_cmpuint (count_alt_names (cw_grant_get_asked (grant)), ==, 2);

  certificate = sign (copy);
  names = cw_certificate_get_alt_names (certificate);
  g_assert_cmpuint (g_list_model_get_n_items (names), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);

      g_assert_cmpstr (cw_alt_name_get_value (name), ==, i == 0 ? "b.example.com" : "192.0.2.7");
    }
  g_assert_true (cw_certificate_has_usage (certificate, CW_USAGE_SERVER_AUTH));
  g_assert_false (cw_certificate_has_usage (certificate, CW_USAGE_CLIENT_AUTH));
}

typedef struct
{
  const char *id;
  const char *name;
  const char *value;
  const char *title;
  gboolean hostile;
} Ignored;

static const Ignored ignored_extensions[] = {
  { "ca", "basicConstraints", "critical,CA:TRUE", "To be a CA", TRUE },
  { "path-length", "basicConstraints", "CA:TRUE,pathlen:5", "To be a CA", TRUE },
  { "cert-sign", "keyUsage", "digitalSignature,keyCertSign", "keyCertSign", TRUE },
  { "crl-sign", "keyUsage", "digitalSignature,cRLSign", "cRLSign", TRUE },
  { "decipher-only", "keyUsage", "digitalSignature,decipherOnly", "decipherOnly", FALSE },
  { "encipherment", "keyUsage", "digitalSignature,keyEncipherment", "keyEncipherment", FALSE },
  { "name-constraints", "nameConstraints", "permitted;DNS:example.com", "name constraints", TRUE },
  { "policies", "certificatePolicies", "DER:30:05:30:03:06:01:2a", "policies", FALSE },
  { "policy-constraints", "policyConstraints", "requireExplicitPolicy:3", "policies", TRUE },
  { "crl-points", "crlDistributionPoints", "URI:http://a.example/crl", "revocation list", FALSE },
  { "info-access", "authorityInfoAccess", "OCSP;URI:http://a.example/", "CA is found", FALSE },
  { "must-staple", "tlsfeature", "status_request", "must-staple", FALSE },
  { "key-id", "subjectKeyIdentifier", "01:02:03", "identifier", FALSE },
  { "netscape", "nsComment", "hello", "comment", FALSE },
  { "unknown", "1.2.3.4.5", "critical,ASN1:UTF8:hello", "1.2.3.4.5", FALSE },
  { "unknown-known", "noCheck", "ignored", "OCSP No Check", FALSE },
  { "ocsp-signing", "extendedKeyUsage", "clientAuth,OCSPSigning", "OCSP signing", TRUE },
  { "any-usage", "extendedKeyUsage", "clientAuth,anyExtendedKeyUsage", "any extended", TRUE },
  { "dir-name", "subjectAltName", "DNS:a.example.com,RID:1.2.3.4", "1.2.3.4", FALSE },
  { "no-host", "subjectAltName", "DNS:a.example.com,DNS:a_b.example.com", "a_b", FALSE },
  { "not-punycode", "subjectAltName", "DER:30:0A:82:08:c3:bc:2e:78:2e:6f:72:67", "ü.x.org", FALSE },
  { "hidden-upn", "subjectAltName", "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:a\u202eb@x.org", "Us",
    TRUE },
  { "damaged-names", "subjectAltName", "DER:30:05:82:00", "Subject Alternative Name", TRUE },
  { "damaged-usages", "extendedKeyUsage", "DER:04:00", "Extended Key Usage", TRUE },
  { "damaged-constraints", "basicConstraints", "DER:04:00", "Basic Constraints", TRUE },
};

static void
test_ignored (gconstpointer data)
{
  const Ignored *test = data;
  const char *const extensions[] = { test->name, test->value, NULL };

  assert_ignored (&(Spec){ .name = "steve", .extensions = extensions }, test->title, test->hostile);
}

static void
add_nul_name (CwExtensions **extensions)
{
  static const char text[] = "bank.example\0.evil.example";
  GENERAL_NAMES *names = GENERAL_NAMES_new ();
  GENERAL_NAME *name = GENERAL_NAME_new ();
  ASN1_IA5STRING *string = ASN1_IA5STRING_new ();

  ASN1_STRING_set (string, text, sizeof text - 1);
  GENERAL_NAME_set0_value (name, GEN_DNS, string);
  sk_GENERAL_NAME_push (names, name);
  X509V3_add1_i2d (extensions, NID_subject_alt_name, names, 0, 0);
  GENERAL_NAMES_free (names);
}

static void
test_nul_in_names (void)
{
  g_autoptr (CwGrant) grant = make_grant (&(Spec){ .name = "steve", .add = add_nul_name });

  assert_ignored (&(Spec){ .name = "steve", .add = add_nul_name }, "bank.example", TRUE);
  g_assert_cmpuint (count_alt_names (cw_grant_get_request (grant)), ==, 0);

  assert_refused (&(Spec){ .name = "bank\0.evil", .length = 10 }, CW_ERROR_INVALID,
                  "cannot be seen");
  assert_refused (&(Spec){ .name = "bank\u202egro" }, CW_ERROR_INVALID, "cannot be seen");
}

/* What would look like another name is refused, and what people write is not. */
static void
test_unseen (void)
{
  static const char *const refused[] = {
    "ad\u200dmin",     "ad\u200cmin",    "admin\u200d",       "\u200cadmin", "αβ\u200dγ",
    "ад\u200dмин",     "0\u200d1",       "می\u200dخواهم",     "می\u200c",    "a\u200cخ",
    "admin\u3164",     "admin\u115f",    "ad\u1160min",       "admin\uffa0", "admin\u2800",
    "ad\u034fmin",     "admin\ufe0f",    "admin\U000e0100",   "ad\u00a0min", "ad\u2003min",
    "ad\u3000min",     "ad\u00admin",    "ad\u2060min",       "ad\u180bmin", "admin\U000e0061",
    "ad\U000e0fffmin", "क्\u200d\u200dष", "ad\u200d\u0301min",
  };
  static const char *const granted[] = {
    "Zürich – Genève", "Zu\u0308rich", "می\u200cخواهم", "مِ\u200cخ",
    "क्\u200dष",        "ක්\u200dර",     "日本 語",       "a  b 🙂",
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *upn =
          g_strdup_printf ("otherName:1.3.6.1.4.1.311.20.2.3;UTF8:%s@x.org", refused[i]);
      const char *const extensions[] = { "subjectAltName", upn, NULL };

      g_test_message ("refused %u", i);
      assert_refused (&(Spec){ .name = refused[i] }, CW_ERROR_INVALID, "cannot be seen");
      assert_ignored (&(Spec){ .name = "steve", .extensions = extensions }, "@x.org", TRUE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (granted); i++)
    {
      g_autoptr (CwGrant) grant = make_grant (&(Spec){ .name = granted[i] });
      g_autoptr (CwCertificate) certificate = sign (grant);

      g_assert_cmpstr (cw_subject_get (cw_certificate_get_subject (certificate), "CN"), ==,
                       granted[i]);
    }
}

static void
add_names (CwExtensions **extensions, guint n_names)
{
  GENERAL_NAMES *names = GENERAL_NAMES_new ();

  for (guint i = 0; i < n_names; i++)
    {
      GENERAL_NAME *name = GENERAL_NAME_new ();
      ASN1_IA5STRING *string = ASN1_IA5STRING_new ();
      g_autofree char *text = g_strdup_printf ("h%u.example", i);

      ASN1_STRING_set (string, text, -1);
      GENERAL_NAME_set0_value (name, GEN_DNS, string);
      sk_GENERAL_NAME_push (names, name);
    }
  X509V3_add1_i2d (extensions, NID_subject_alt_name, names, 0, 0);
  GENERAL_NAMES_free (names);
}

static void
add_as_many_names (CwExtensions **extensions)
{
  add_names (extensions, CW_GRANT_MAX_NAMES);
}

static void
add_one_name_more (CwExtensions **extensions)
{
  add_names (extensions, CW_GRANT_MAX_NAMES + 1);
}

static void
add_10000_names (CwExtensions **extensions)
{
  add_names (extensions, 10000);
}

static void
test_many_names (void)
{
  g_autoptr (CwGrant) grant = make_grant (&(Spec){ .name = "steve", .add = add_as_many_names });
  g_autoptr (CwAltName) added = cw_alt_name_new (CW_ALT_NAME_IP, "192.0.2.7");
  g_autoptr (CwCertificate) certificate = sign (grant);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (cw_certificate_get_alt_names (certificate)), ==,
                    CW_GRANT_MAX_NAMES);
  cw_request_add_alt_name (cw_grant_get_request (grant), added);
  g_assert_null (cw_authority_sign (authority, grant, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_TOO_LARGE);

  assert_refused (&(Spec){ .name = "steve", .add = add_one_name_more }, CW_ERROR_TOO_LARGE, "100");
  assert_refused (&(Spec){ .name = "steve", .add = add_10000_names }, CW_ERROR_TOO_LARGE, "100");
}

static void
add_many_usages (CwExtensions **extensions)
{
  EXTENDED_KEY_USAGE *usages = EXTENDED_KEY_USAGE_new ();

  for (guint i = 0; i <= CW_GRANT_MAX_NAMES; i++)
    {
      g_autofree char *oid = g_strdup_printf ("1.2.3.%u", i);

      sk_ASN1_OBJECT_push (usages, OBJ_txt2obj (oid, 1));
    }
  X509V3_add1_i2d (extensions, NID_ext_key_usage, usages, 0, 0);
  EXTENDED_KEY_USAGE_free (usages);
}

static void
add_many_extensions (CwExtensions **extensions)
{
  for (guint i = 0; i <= CW_GRANT_MAX_NAMES; i++)
    {
      g_autofree char *oid = g_strdup_printf ("1.2.3.%u", i);

      sk_X509_EXTENSION_push (*extensions, X509V3_EXT_nconf (NULL, NULL, oid, "DER:05:00"));
    }
}

static void
add_many_attributes (X509_REQ *req)
{
  for (guint i = 0; i <= CW_GRANT_MAX_NAMES; i++)
    {
      g_autofree char *oid = g_strdup_printf ("1.2.3.%u", i);

      g_assert_true (
          X509_REQ_add1_attr_by_txt (req, oid, MBSTRING_ASC, (const unsigned char *) "x", 1));
    }
}

static void
add_many_name_parts (X509_REQ *req)
{
  for (guint i = 0; i <= CW_GRANT_MAX_NAMES; i++)
    X509_NAME_add_entry_by_txt (X509_REQ_get_subject_name (req), "OU", MBSTRING_ASC,
                                (const unsigned char *) "x", 1, -1, 0);
}

static void
add_extension_twice (CwExtensions **extensions)
{
  add_names (extensions, 1);
  sk_X509_EXTENSION_push (*extensions,
                          X509_EXTENSION_dup (sk_X509_EXTENSION_value (*extensions, 0)));
}

static void
add_second_list (X509_REQ *req)
{
  g_autoptr (CwExtensions) extensions = sk_X509_EXTENSION_new_null ();

  add_names (&extensions, 1);
  X509_REQ_add_extensions_nid (req, extensions, NID_ext_req);
  X509_REQ_add_extensions_nid (req, extensions, NID_ms_ext_req);
}

static void
add_odd_list (X509_REQ *req)
{
  X509_REQ_add1_attr_by_NID (req, NID_ext_req, V_ASN1_UTF8STRING, (const unsigned char *) "hello",
                             5);
}

static void
add_odd_content (X509_REQ *req)
{
  X509_REQ_add1_attr_by_NID (req, NID_ext_req, V_ASN1_SEQUENCE,
                             (const unsigned char *) "\x30\x03\x04\x01\x00", 5);
}

static void
test_too_much (void)
{
  assert_refused (&(Spec){ .name = "steve", .add = add_many_usages }, CW_ERROR_TOO_LARGE, "100");
  assert_refused (&(Spec){ .name = "steve", .add = add_many_extensions }, CW_ERROR_TOO_LARGE,
                  "100");
  assert_refused (&(Spec){ .name = "steve", .tweak = add_many_attributes }, CW_ERROR_TOO_LARGE,
                  "100");
  assert_refused (&(Spec){ .name = "steve", .tweak = add_many_name_parts }, CW_ERROR_TOO_LARGE,
                  "100");
}

static void
test_ambiguous (void)
{
  assert_refused (&(Spec){ .name = "steve", .add = add_extension_twice }, CW_ERROR_INVALID,
                  "twice");
  assert_refused (&(Spec){ .name = "steve", .tweak = add_second_list }, CW_ERROR_INVALID, "twice");
  assert_refused (&(Spec){ .name = "steve", .tweak = add_odd_list }, CW_ERROR_UNREADABLE,
                  "damaged");
  assert_refused (&(Spec){ .name = "steve", .tweak = add_odd_content }, CW_ERROR_UNREADABLE,
                  "damaged");
}

static void
add_attributes (X509_REQ *req)
{
  X509_REQ_add1_attr_by_txt (req, "challengePassword", MBSTRING_ASC,
                             (const unsigned char *) "secret", -1);
}

static void
add_unknown_attribute (X509_REQ *req)
{
  X509_REQ_add1_attr_by_txt (req, "1.2.3.4.5", MBSTRING_ASC, (const unsigned char *) "hello", -1);
}

static void
test_attributes (void)
{
  assert_ignored (&(Spec){ .name = "steve", .tweak = add_attributes }, "challenge password", FALSE);
  assert_ignored (&(Spec){ .name = "steve", .tweak = add_unknown_attribute }, "1.2.3.4.5", FALSE);
}

/* One bit of the signature, of what is signed, of the key. */
static void
test_wrong_signature (void)
{
  g_autoptr (GBytes) csr = make_csr (&(Spec){ .name = "steve" });
  gsize size;
  const guint8 *data = g_bytes_get_data (csr, &size);
  gsize places[] = { size - 1, 30 };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GError) error = NULL;

      copy[places[i]] ^= 1;
      changed = g_bytes_new (copy, size);
      g_assert_null (cw_grant_new_from_csr (changed, &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
    }
}

static EVP_PKEY *
make_degenerate_key (const char *exponent_text)
{
  g_autoptr (EVP_PKEY) rsa = EVP_RSA_gen (2048);
  g_autoptr (OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new ();
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "RSA", NULL);
  g_autoptr (OSSL_PARAM) params = NULL;
  g_autoptr (BIGNUM) n = NULL;
  g_autoptr (BIGNUM) e = NULL;
  EVP_PKEY *key = NULL;

  EVP_PKEY_get_bn_param (rsa, OSSL_PKEY_PARAM_RSA_N, &n);
  BN_dec2bn (&e, exponent_text);
  OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_N, n);
  OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_E, e);
  params = OSSL_PARAM_BLD_to_param (builder);
  EVP_PKEY_fromdata_init (context);
  g_assert_cmpint (EVP_PKEY_fromdata (context, &key, EVP_PKEY_PUBLIC_KEY, params), ==, 1);
  return key;
}

static EVP_PKEY *
make_explicit_key (void)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");

  EVP_PKEY_set_utf8_string_param (key, OSSL_PKEY_PARAM_EC_ENCODING, OSSL_PKEY_EC_ENCODING_EXPLICIT);
  return key;
}

static void
test_bad_keys (void)
{
  g_autoptr (EVP_PKEY) weak = EVP_RSA_gen (1024);
  g_autoptr (EVP_PKEY) small = EVP_EC_gen ("secp192r1");
  g_autoptr (EVP_PKEY) one = make_degenerate_key ("1");
  g_autoptr (EVP_PKEY) even = make_degenerate_key ("65536");
  g_autoptr (EVP_PKEY) spelt_out = make_explicit_key ();
  g_autoptr (EVP_PKEY) cannot_sign = EVP_PKEY_Q_keygen (NULL, NULL, "X25519");

  assert_refused (&(Spec){ .name = "steve", .key = weak }, CW_ERROR_INVALID, "RSA 1024");
  if (small != NULL)
    assert_refused (&(Spec){ .name = "steve", .key = small }, CW_ERROR_INVALID, "too weak");
  assert_refused (&(Spec){ .name = "steve", .key = one }, CW_ERROR_INVALID, "too weak");
  assert_refused (&(Spec){ .name = "steve", .key = even }, CW_ERROR_INVALID, "too weak");
  assert_refused (&(Spec){ .name = "steve", .key = spelt_out }, CW_ERROR_INVALID, "spells out");
  assert_refused (&(Spec){ .name = "steve", .key = cannot_sign }, CW_ERROR_INVALID, "X25519");
}

/* An RSA key of a server may have what a client's needs not. */
static void
test_key_encipherment (void)
{
  const char *const extensions[] = { "keyUsage", "digitalSignature,keyEncipherment",
                                     "extendedKeyUsage", "serverAuth", NULL };
  g_autoptr (EVP_PKEY) rsa = EVP_RSA_gen (2048);
  g_autoptr (CwGrant) grant =
      make_grant (&(Spec){ .name = "www.example.com", .extensions = extensions, .key = rsa });
  g_autoptr (CwCertificate) certificate = sign (grant);

  g_assert_cmpuint (cw_grant_get_ignored (grant)->len, ==, 0);
  g_assert_cmpint (cw_certificate_get_key_usage (certificate, NULL), ==,
                   CW_KEY_USAGE_DIGITAL_SIGNATURE | CW_KEY_USAGE_KEY_ENCIPHERMENT);
}

/* The identifier that the certificate gets anyway is not worth a word. */
static void
add_own_key_id (CwExtensions **extensions)
{
  g_assert_true (cw_extensions_add_subject_key_id (extensions, p256));
}

static void
test_own_key_id (void)
{
  g_autoptr (CwGrant) grant = make_grant (&(Spec){ .name = "steve", .add = add_own_key_id });

  g_assert_cmpuint (cw_grant_get_ignored (grant)->len, ==, 0);
}

static void
test_garbage (void)
{
  g_autofree char *zeros = g_malloc0 (CW_GRANT_MAX_SIZE + 1);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) large = g_bytes_new (zeros, CW_GRANT_MAX_SIZE + 1);
  g_autoptr (GBytes) as_large = g_bytes_new (zeros, CW_GRANT_MAX_SIZE);
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_grant_new_from_csr (empty, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
  g_clear_error (&error);
  g_assert_null (cw_grant_new_from_csr (as_large, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
  g_clear_error (&error);
  g_assert_null (cw_grant_new_from_csr (large, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_TOO_LARGE);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  authority = make_authority ();
  p256 = EVP_EC_gen ("P-256");

  g_test_add_func ("/grant/plain", test_plain);
  g_test_add_func ("/grant/changed", test_changed);
  for (guint i = 0; i < G_N_ELEMENTS (ignored_extensions); i++)
    {
      g_autofree char *path = g_strconcat ("/grant/ignored/", ignored_extensions[i].id, NULL);

      g_test_add_data_func (path, &ignored_extensions[i], test_ignored);
    }
  g_test_add_func ("/grant/nul-in-names", test_nul_in_names);
  g_test_add_func ("/grant/unseen", test_unseen);
  g_test_add_func ("/grant/many-names", test_many_names);
  g_test_add_func ("/grant/too-much", test_too_much);
  g_test_add_func ("/grant/ambiguous", test_ambiguous);
  g_test_add_func ("/grant/attributes", test_attributes);
  g_test_add_func ("/grant/wrong-signature", test_wrong_signature);
  g_test_add_func ("/grant/bad-keys", test_bad_keys);
  g_test_add_func ("/grant/key-encipherment", test_key_encipherment);
  g_test_add_func ("/grant/own-key-id", test_own_key_id);
  g_test_add_func ("/grant/garbage", test_garbage);
  result = g_test_run ();

  EVP_PKEY_free (p256);
  g_object_unref (authority);
  return result;
}
