/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-verification.h"

/*
 * What OpenSSL's codes mean, each a sentence about one certificate, whose
 * title stands for %s. Codes that only arise from checks that are not asked
 * for (CRLs, OCSP, DANE, host names, Suite B, transparency) have none and get
 * the general sentence.
 */
static const struct
{
  int code;
  const char *sentence;
} sentences[] = {
  { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
    N_ ("The CA certificate that issued “%s” is not there.") },
  { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
    N_ ("The CA certificate that issued “%s” is not there.") },
  { X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
    N_ ("The CA certificate that issued “%s” is not there.") },
  { X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, N_ ("The signature of “%s” is damaged.") },
  { X509_V_ERR_CERT_SIGNATURE_FAILURE,
    N_ ("The signature of “%s” is wrong: it was changed after it was signed, or another CA of the "
        "same name signed it.") },
  { X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY,
    N_ ("The public key of the CA that issued “%s” is of a kind that cannot be read.") },
  { X509_V_ERR_NO_ISSUER_PUBLIC_KEY,
    N_ ("The CA that issued “%s” has no public key in its certificate.") },
  { X509_V_ERR_CERT_NOT_YET_VALID, N_ ("“%s” is not valid yet.") },
  { X509_V_ERR_CERT_HAS_EXPIRED, N_ ("“%s” has expired.") },
  { X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD,
    N_ ("The date from which “%s” is valid cannot be read.") },
  { X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD,
    N_ ("The date until which “%s” is valid cannot be read.") },
  { X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, N_ ("“%s” is signed by itself, not by a CA.") },
  { X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
    N_ ("The chain ends at “%s”, a root that is not trusted.") },
  { X509_V_ERR_CERT_CHAIN_TOO_LONG, N_ ("The chain above “%s” is too long.") },
  { X509_V_ERR_PATH_LENGTH_EXCEEDED,
    N_ ("There are more CAs below “%s” than it permits (its path length constraint).") },
  { X509_V_ERR_INVALID_PURPOSE,
    N_ ("“%s” does not permit client authentication (key usage, extended key usage or Netscape "
        "certificate type).") },
  { X509_V_ERR_CERT_UNTRUSTED, N_ ("“%s” is not trusted for client authentication.") },
  { X509_V_ERR_CERT_REJECTED, N_ ("“%s” is marked as rejected for client authentication.") },
  { X509_V_ERR_CERT_REVOKED, N_ ("“%s” has been revoked.") },
  { X509_V_ERR_SUBJECT_ISSUER_MISMATCH,
    N_ ("“%s” was issued under another name than its CA has.") },
  { X509_V_ERR_AKID_SKID_MISMATCH, N_ ("“%s” names another key of its CA than the one that is "
                                       "there (authority key identifier).") },
  { X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH,
    N_ ("“%s” names another certificate of its CA than the one that is there (authority key "
        "identifier).") },
  { X509_V_ERR_KEYUSAGE_NO_CERTSIGN,
    N_ ("The CA that issued “%s” is not permitted to sign certificates (key usage).") },
  { X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE,
    N_ ("“%s” does not permit digital signatures (key usage).") },
  { X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION,
    N_ ("“%s” has an extension that is marked critical and is not generally understood.") },
  { X509_V_ERR_INVALID_NON_CA, N_ ("“%s” has the marks of a CA, though it is none.") },
  { X509_V_ERR_INVALID_CA,
    N_ ("“%s” stands as a CA in the chain, but is not marked as one (basic constraints).") },
  { X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED,
    N_ ("There are more proxy certificates below “%s” than it permits.") },
  { X509_V_ERR_PROXY_CERTIFICATES_NOT_ALLOWED,
    N_ ("“%s” is a proxy certificate, which servers do not accept.") },
  { X509_V_ERR_PROXY_SUBJECT_NAME_VIOLATION,
    N_ ("“%s” is a proxy certificate whose name does not fit its issuer.") },
  { X509_V_ERR_INVALID_EXTENSION, N_ ("An extension of “%s” is damaged or contradicts another.") },
  { X509_V_ERR_INVALID_POLICY_EXTENSION, N_ ("The certificate policies of “%s” are damaged.") },
  { X509_V_ERR_NO_EXPLICIT_POLICY,
    N_ ("A CA demands a certificate policy that “%s” does not have.") },
  { X509_V_ERR_UNSUPPORTED_EXTENSION_FEATURE,
    N_ ("An extension of “%s” uses something that is not generally supported.") },
  { X509_V_ERR_UNNESTED_RESOURCE, N_ ("“%s” claims network addresses that its CA does not have.") },
  { X509_V_ERR_PERMITTED_VIOLATION,
    N_ ("A name in “%s” is not among those that its CA may issue for (name constraints).") },
  { X509_V_ERR_EXCLUDED_VIOLATION,
    N_ ("A name in “%s” is one that its CA is forbidden to issue for (name constraints).") },
  { X509_V_ERR_SUBTREE_MINMAX,
    N_ ("The name constraints above “%s” use distances, which are not supported.") },
  { X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE,
    N_ ("The name constraints above “%s” are of a kind that is not supported.") },
  { X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX,
    N_ ("The name constraints above “%s” are malformed.") },
  { X509_V_ERR_UNSUPPORTED_NAME_SYNTAX,
    N_ ("A name in “%s” is malformed, so the name constraints of its CA cannot be checked.") },
  { X509_V_ERR_PATH_LOOP, N_ ("The chain above “%s” runs in a circle.") },
  { X509_V_ERR_EE_KEY_TOO_SMALL, N_ ("The key of “%s” is too weak.") },
  { X509_V_ERR_CA_KEY_TOO_SMALL, N_ ("The key of the CA “%s” is too weak.") },
  { X509_V_ERR_CA_MD_TOO_WEAK, N_ ("“%s” is signed with a hash that is too weak.") },
  { X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM,
    N_ ("“%s” is signed with an algorithm that is not supported.") },
  { X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH,
    N_ ("“%s” claims to be signed with another kind of key than its CA has.") },
  { X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY,
    N_ ("“%s” names two different signature algorithms.") },
  { X509_V_ERR_PATHLEN_INVALID_FOR_NON_CA,
    N_ ("“%s” has a path length constraint, though it is not a CA.") },
  { X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN,
    N_ ("“%s” has a path length constraint, though it may not sign certificates.") },
  { X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA,
    N_ ("“%s” may sign certificates (key usage), though it is not a CA.") },
  { X509_V_ERR_ISSUER_NAME_EMPTY, N_ ("“%s” does not name its issuer.") },
  { X509_V_ERR_SUBJECT_NAME_EMPTY, N_ ("“%s” is a CA without a name.") },
  { X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER,
    N_ ("“%s” does not name the key of its CA (authority key identifier).") },
  { X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER, N_ ("The CA “%s” has no subject key identifier.") },
  { X509_V_ERR_EMPTY_SUBJECT_ALT_NAME, N_ ("“%s” has an empty list of alternative names.") },
  { X509_V_ERR_EMPTY_SUBJECT_SAN_NOT_CRITICAL,
    N_ ("“%s” has no subject, and its alternative names are not marked critical.") },
  { X509_V_ERR_CA_BCONS_NOT_CRITICAL,
    N_ ("The mark as a CA in “%s” (basic constraints) is not critical.") },
  { X509_V_ERR_AUTHORITY_KEY_IDENTIFIER_CRITICAL,
    N_ ("The authority key identifier of “%s” is marked critical, which it must not be.") },
  { X509_V_ERR_SUBJECT_KEY_IDENTIFIER_CRITICAL,
    N_ ("The subject key identifier of “%s” is marked critical, which it must not be.") },
  { X509_V_ERR_CA_CERT_MISSING_KEY_USAGE, N_ ("The CA “%s” has no key usage.") },
  { X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3,
    N_ ("“%s” has extensions, but says that it is of a version without them.") },
  { X509_V_ERR_EC_KEY_EXPLICIT_PARAMS,
    N_ ("The key of “%s” spells its curve out instead of naming it, which is not accepted.") },
};

/* What a verification needs to know beside OpenSSL's own. */
typedef struct
{
  GPtrArray *certificates;
  GArray *objections;
  gboolean for_server;
} Path;

/* After these OpenSSL has no path that it could go on with. */
static gboolean
ends_the_path (int code)
{
  switch (code)
    {
    case X509_V_ERR_UNSPECIFIED:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_OUT_OF_MEM:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
    case X509_V_ERR_PATH_LOOP:
    case X509_V_ERR_INVALID_CALL:
    case X509_V_ERR_STORE_LOOKUP:
      return TRUE;
    default:
      return FALSE;
    }
}

/* OpenSSL only says that it found no issuer; ours is there, so why not that one? */
static int
explain_missing_issuer (GPtrArray *certificates, int code, guint depth)
{
  if (!ends_the_path (code) || depth + 1 >= certificates->len)
    return code;
  X509 *subject = cw_certificate_peek_x509 (g_ptr_array_index (certificates, depth));
  X509 *issuer = cw_certificate_peek_x509 (g_ptr_array_index (certificates, depth + 1));
  int reason = X509_check_issued (issuer, subject);
  return reason != X509_V_OK ? reason : code;
}

char *
cw_verification_find_unknown_extension (CwCertificate *certificate)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (certificate), NULL);

  X509 *x509 = cw_certificate_peek_x509 (certificate);
  for (int i = 0; i < X509_get_ext_count (x509); i++)
    {
      X509_EXTENSION *extension = X509_get_ext (x509, i);
      if (X509_EXTENSION_get_critical (extension) && !X509_supported_extension (extension))
        return cw_oid_from_object (X509_EXTENSION_get_object (extension));
    }
  return NULL;
}

/* A critical key identifier is only one more unknown extension to OpenSSL. */
static int
explain_critical_extension (GPtrArray *certificates, int code, guint depth)
{
  if (code != X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION || depth >= certificates->len)
    return code;
  g_autofree char *oid =
      cw_verification_find_unknown_extension (g_ptr_array_index (certificates, depth));
  int nid = oid != NULL ? OBJ_txt2nid (oid) : NID_undef;
  if (nid == NID_authority_key_identifier)
    return X509_V_ERR_AUTHORITY_KEY_IDENTIFIER_CRITICAL;
  return nid == NID_subject_key_identifier ? X509_V_ERR_SUBJECT_KEY_IDENTIFIER_CRITICAL : code;
}

static int
collect_objection_cb (int accepted, X509_STORE_CTX *context)
{
  if (accepted)
    return 1;

  Path *path = X509_STORE_CTX_get_app_data (context);
  int code = X509_STORE_CTX_get_error (context);
  guint depth = (guint) MAX (X509_STORE_CTX_get_error_depth (context), 0);
  gboolean ends = ends_the_path (code);
  code = explain_missing_issuer (path->certificates, code, depth);
  code = explain_critical_extension (path->certificates, code, depth);
  CwVerification objection = { code, depth, path->for_server };
  g_array_append_val (path->objections, objection);
  return !ends;
}

/* Names that are alike must not lead OpenSSL off the path that it is to judge. */
static int
check_issued_cb (X509_STORE_CTX *context, X509 *subject, X509 *issuer)
{
  Path *path = X509_STORE_CTX_get_app_data (context);
  for (guint i = 0; i + 1 < path->certificates->len; i++)
    if (cw_certificate_peek_x509 (g_ptr_array_index (path->certificates, i)) == subject)
      return cw_certificate_peek_x509 (g_ptr_array_index (path->certificates, i + 1)) == issuer &&
             X509_check_issued (issuer, subject) == X509_V_OK;
  return 0;
}

static int
accept_signatures_cb (X509_STORE_CTX *context)
{
  return 1;
}

static X509_STORE_CTX *
prepare_context (X509_STORE *trust,
                 X509 *leaf,
                 STACK_OF (X509) * untrusted,
                 GDateTime *at,
                 CwVerificationFlags flags)
{
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  X509_STORE_set_check_issued (trust, check_issued_cb);
  if (context == NULL || X509_STORE_CTX_init (context, trust, leaf, untrusted) != 1)
    return NULL;

  X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param (context);
  X509_VERIFY_PARAM_set_purpose (param, (flags & CW_VERIFICATION_SERVER) != 0
                                            ? X509_PURPOSE_SSL_SERVER
                                            : X509_PURPOSE_SSL_CLIENT);
  X509_VERIFY_PARAM_set_flags (param, X509_V_FLAG_PARTIAL_CHAIN);
  if ((flags & CW_VERIFICATION_STRICT) != 0)
    X509_VERIFY_PARAM_set_flags (param, X509_V_FLAG_X509_STRICT);
  if ((flags & CW_VERIFICATION_KNOWN_SIGNATURES) != 0)
    X509_STORE_CTX_set_verify (context, accept_signatures_cb);
  /* A given time would make OpenSSL look at the dates all the same. */
  if ((flags & CW_VERIFICATION_DATES) == 0)
    X509_VERIFY_PARAM_set_flags (param, X509_V_FLAG_NO_CHECK_TIME);
  else if (at != NULL)
    X509_VERIFY_PARAM_set_time (param, (time_t) g_date_time_to_unix (at));
  return g_steal_pointer (&context);
}

/* That a certificate is no CA's also makes it unfit for the purpose: once is enough. */
static void
drop_consequences (GArray *objections)
{
  for (guint i = objections->len; i > 1; i--)
    {
      CwVerification *one = &g_array_index (objections, CwVerification, i - 1);
      CwVerification *before = &g_array_index (objections, CwVerification, i - 2);
      if (one->depth == before->depth &&
          (one->code == before->code ||
           (one->code == X509_V_ERR_INVALID_PURPOSE && before->code == X509_V_ERR_INVALID_CA)))
        g_array_remove_index (objections, i - 1);
    }
}

static void
verify (Path *path, GDateTime *at, CwVerificationFlags flags)
{
  g_autoptr (X509_STORE) trust = X509_STORE_new ();
  STACK_OF (X509) *untrusted = sk_X509_new_null (); /* borrows its elements */
  GPtrArray *certificates = path->certificates;
  X509 *leaf = cw_certificate_peek_x509 (g_ptr_array_index (certificates, 0));
  X509 *last = cw_certificate_peek_x509 (g_ptr_array_index (certificates, certificates->len - 1));
  X509_STORE_add_cert (trust, last);
  for (guint i = 1; i + 1 < certificates->len; i++)
    sk_X509_push (untrusted, cw_certificate_peek_x509 (g_ptr_array_index (certificates, i)));

  gboolean ran = FALSE;
  g_autoptr (X509_STORE_CTX) context = prepare_context (trust, leaf, untrusted, at, flags);
  if (context != NULL)
    {
      X509_STORE_CTX_set_app_data (context, path);
      X509_STORE_CTX_set_verify_cb (context, collect_objection_cb);
      ran = X509_verify_cert (context) == 1;
    }
  if (!ran && path->objections->len == 0)
    {
      CwVerification unknown = { X509_V_ERR_UNSPECIFIED, 0, path->for_server };
      g_array_append_val (path->objections, unknown);
    }
  sk_X509_free (untrusted);
}

GArray *
cw_verification_run (GPtrArray *certificates, GDateTime *at, CwVerificationFlags flags)
{
  g_return_val_if_fail (certificates != NULL && certificates->len > 0, NULL);
  /* OpenSSL looks at the dates where it looks at the signatures. */
  g_return_val_if_fail ((flags & CW_VERIFICATION_DATES) == 0 ||
                            (flags & CW_VERIFICATION_KNOWN_SIGNATURES) == 0,
                        NULL);

  Path path = { certificates, g_array_new (FALSE, FALSE, sizeof (CwVerification)),
                (flags & CW_VERIFICATION_SERVER) != 0 };
  ERR_clear_error ();
  verify (&path, at, flags);
  ERR_clear_error ();
  drop_consequences (path.objections);
  return path.objections;
}

const char *
cw_verification_find_sentence (int code)
{
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (sentences[i].code == code)
      return sentences[i].sentence;
  return NULL;
}

char *
cw_verification_describe (const CwVerification *result, GPtrArray *certificates)
{
  g_return_val_if_fail (result != NULL, NULL);
  g_return_val_if_fail (certificates != NULL && certificates->len > 0, NULL);

  guint i = MIN (result->depth, certificates->len - 1);
  const char *sentence = cw_verification_find_sentence (result->code);
  if (result->for_server && result->code == X509_V_ERR_INVALID_PURPOSE)
    sentence = N_ ("“%s” does not permit server authentication (key usage, extended key usage or "
                   "Netscape certificate type).");
  if (sentence == NULL)
    /* Translators: a certificate's title, in a sentence for failures that are too rare for their
     * own */
    sentence = N_ ("“%s” does not pass the check that a server makes.");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return g_strdup_printf (_ (sentence),
                          cw_certificate_get_title (g_ptr_array_index (certificates, i)));
#pragma GCC diagnostic pop
}

void
cw_verification_set_error (const CwVerification *result, GPtrArray *certificates, GError **error)
{
  g_return_if_fail (result != NULL);
  g_return_if_fail (certificates != NULL && certificates->len > 0);

  g_autofree char *sentence = cw_verification_describe (result, certificates);

  /* The details come from the queue, so OpenSSL's words go there first. */
  ERR_clear_error ();
  ERR_raise_data (ERR_LIB_X509, ERR_R_OPERATION_FAIL, "%s (X509_V_ERR %d, depth %u)",
                  X509_verify_cert_error_string (result->code), result->code, result->depth);
  cw_error_set_openssl (error, CW_ERROR_MISMATCH, "%s", sentence);
}
