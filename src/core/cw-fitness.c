/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-chain-private.h"
#include "cw-date.h"
#include "cw-error.h"
#include "cw-finding-private.h"
#include "cw-openssl.h"
#include "cw-profile-private.h"
#include "cw-text.h"
#include "cw-usage.h"
#include "cw-verification.h"

/* Below these, OpenSSL's security levels 1 and 2 refuse a key (SSL_CTX_set_security_level(3)). */
#define SECURITY_BITS_LEVEL_1 80
#define SECURITY_BITS_LEVEL_2 112

static void
judge_client_auth (GListStore *findings, CwCertificate *leaf)
{
  if (cw_certificate_has_usage (leaf, CW_USAGE_CLIENT_AUTH))
    return;

  gboolean any = cw_certificate_has_usage (leaf, CW_USAGE_ANY);
  g_autofree char *letter = cw_finding_letter (
      leaf, _ ("Its extended key usage does not name client authentication (clientAuth, "
               "1.3.6.1.5.5.7.3.2), which it needs."));
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = any ? "any-usage-only" : "client-auth-missing",
          .severity = CW_SEVERITY_PROBLEM,
          .title = any ? _ ("It permits “any usage”, but does not name client authentication")
                       : _ ("It may not be used to prove who is calling (client authentication)"),
          .meaning =
              any ? _ ("Servers that use OpenSSL, nginx among them, do not take “any usage” for "
                       "client authentication and refuse the connection.")
                  : _ ("The server will refuse the connection. The CA probably used its template "
                       "for servers’ certificates."),
          .remedy = _ ("Ask the CA to issue the certificate again with the extended key usage "
                       "“clientAuth”."),
          .ca_text = letter,
      });
}

static void
judge_key_usage (GListStore *findings, CwCertificate *leaf)
{
  gboolean present;
  CwKeyUsage usage = cw_certificate_get_key_usage (leaf, &present);
  if (!present || (usage & CW_KEY_USAGE_DIGITAL_SIGNATURE) != 0)
    return;

  g_autofree char *letter =
      cw_finding_letter (leaf, _ ("Its key usage lacks digitalSignature, without which it cannot "
                                  "be used for client authentication."));
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "key-usage-no-signature",
          .severity = CW_SEVERITY_PROBLEM,
          .title = _ ("Its key may not be used for signatures"),
          .meaning = _ ("A caller proves who it is by a signature, so the server will refuse the "
                        "connection."),
          .remedy = _ ("Ask the CA to issue the certificate again with the key usage "
                       "“digitalSignature”."),
          .ca_text = letter,
      });
}

static void
append_not_yet_valid (GListStore *findings, CwCertificate *leaf, GDateTime *now)
{
  g_autofree char *start = cw_date_format (cw_certificate_get_not_before (leaf), now);
  g_autofree char *title = g_strdup_printf (_ ("Not valid before %s"), start);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "not-yet-valid",
          .severity = CW_SEVERITY_PROBLEM,
          .title = title,
          .meaning =
              _ ("Until then the server will refuse it. If it was issued today, a clock may be "
                 "wrong: this computer’s or the CA’s."),
          .remedy = _ ("Check this computer’s date and time. If they are right, wait until then."),
      });
}

static void
append_expired (GListStore *findings, CwCertificate *leaf, GDateTime *now)
{
  g_autofree char *end = cw_date_format (cw_certificate_get_not_after (leaf), now);
  g_autofree char *title = g_strdup_printf (_ ("Expired on %s"), end);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "expired",
          .severity = CW_SEVERITY_PROBLEM,
          .title = title,
          .meaning = _ ("The server will refuse it."),
          .remedy =
              _ ("Check this computer’s date and time. If they are right, ask the CA for a new "
                 "certificate."),
      });
}

static void
append_expires_soon (GListStore *findings, CwCertificate *leaf, GDateTime *now)
{
  g_autofree char *end = cw_date_format (cw_certificate_get_not_after (leaf), now);
  g_autofree char *title = g_strdup_printf (_ ("Valid only until %s"), end);
  cw_finding_append (findings,
                     &(CwFindingTexts){
                         .id = "expires-soon",
                         .severity = CW_SEVERITY_WARNING,
                         .title = title,
                         .meaning = _ ("It works today and will stop working before long."),
                         .remedy = _ ("Ask for its successor soon: CAs can take weeks."),
                     });
}

static void
judge_validity (GListStore *findings, CwCertificate *leaf, GDateTime *now)
{
  GDateTime *not_after = cw_certificate_get_not_after (leaf);
  g_autoptr (GDateTime) soon = g_date_time_add_days (now, CW_EXPIRES_SOON_DAYS);

  if (g_date_time_compare (now, cw_certificate_get_not_before (leaf)) < 0)
    append_not_yet_valid (findings, leaf, now);
  else if (g_date_time_compare (now, not_after) > 0)
    append_expired (findings, leaf, now);
  else if (soon != NULL && g_date_time_compare (soon, not_after) > 0)
    append_expires_soon (findings, leaf, now);
  else
    {
      g_autofree char *end = cw_date_format (not_after, now);
      g_autofree char *title = g_strdup_printf (_ ("Valid until %s"), end);
      cw_finding_append (findings, &(CwFindingTexts){ .id = "validity-good", .title = title });
    }
}

static void
judge_authority_dates (GListStore *findings, CwCertificate *authority, GDateTime *now)
{
  GDateTime *not_before = cw_certificate_get_not_before (authority);
  GDateTime *not_after = cw_certificate_get_not_after (authority);
  gboolean early = g_date_time_compare (now, not_before) < 0;
  if (!early && g_date_time_compare (now, not_after) <= 0)
    return;

  g_autofree char *date = cw_date_format (early ? not_before : not_after, now);
  g_autofree char *title = g_strdup_printf (early ? _ ("The CA “%s” is not valid before %s")
                                                  : _ ("The CA “%s” expired on %s"),
                                            cw_certificate_get_title (authority), date);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "chain-expired",
          .severity = CW_SEVERITY_PROBLEM,
          .title = title,
          .meaning = _ ("A server that checks the whole chain will refuse the connection."),
          .remedy =
              _ ("Ask the CA whether there is a newer certificate of the same CA, and add it to "
                 "these files."),
      });
}

/* Whether a finding of its own says already what OpenSSL objects to in the leaf. */
static gboolean
is_said_already (GListStore *findings, const CwVerification *result)
{
  static const char *const ids[] = { "client-auth-missing", "any-usage-only",
                                     "key-usage-no-signature", NULL };
  if (result->depth != 0 || result->code != X509_V_ERR_INVALID_PURPOSE)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (findings)); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (findings), i);
      if (g_strv_contains (ids, cw_finding_get_id (finding)))
        return TRUE;
    }
  return FALSE;
}

static void
append_chain_invalid (GListStore *findings, CwChain *chain, const CwVerification *result)
{
  g_autoptr (GError) error = NULL;
  cw_verification_set_error (result, cw_chain_get_certificates (chain), &error);
  g_autofree char *fault =
      g_strdup_printf (_ ("A server’s check of its chain fails: %s"), error->message);
  g_autofree char *letter = cw_finding_letter (cw_chain_get_leaf (chain), fault);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "chain-invalid",
          .severity = CW_SEVERITY_PROBLEM,
          .title = _ ("The chain does not pass the check that a server makes"),
          .meaning = error->message,
          .remedy =
              _ ("Make sure that all files of the CA’s reply are here. If they are, the CA has to "
                 "fix it."),
          .ca_text = letter,
      });
}

/* Whether @certificate says that the one above it is a root. */
static gboolean
names_root_as_issuer (CwCertificate *certificate)
{
  X509 *x509 = cw_certificate_peek_x509 (certificate);
  const GENERAL_NAMES *names = X509_get0_authority_issuer (x509);
  for (int i = 0; names != NULL && i < sk_GENERAL_NAME_num (names); i++)
    {
      int type;
      X509_NAME *name = GENERAL_NAME_get0_value (sk_GENERAL_NAME_value (names, i), &type);
      if (type == GEN_DIRNAME && X509_NAME_cmp (name, X509_get_issuer_name (x509)) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
append_chain_incomplete (GListStore *findings, CwChain *chain)
{
  GPtrArray *certificates = cw_chain_get_certificates (chain);
  g_autofree char *name = cw_subject_get_title (cw_chain_get_missing_issuer (chain));
  g_autofree char *issuer = cw_text_clean (name);
  gboolean alone =
      certificates->len == 1 && !names_root_as_issuer (g_ptr_array_index (certificates, 0));
  g_autofree char *title =
      g_strdup_printf (_ ("The certificate of the CA “%s” did not come along"), issuer);
  g_autofree char *meaning =
      alone ? g_strdup_printf (_ ("It works if the server knows “%s” itself. If “%s” is an "
                                  "intermediate CA, its certificate has to be sent together with "
                                  "yours, and it is missing."),
                               issuer, issuer)
            : g_strdup_printf (_ ("That is usual: the server has to know “%s” itself."), issuer);
  g_autofree char *remedy =
      g_strdup_printf (_ ("Ask the CA for its chain (“CA bundle”) with the certificate of “%s”, "
                          "and add it to these files."),
                       issuer);
  cw_finding_append (findings, &(CwFindingTexts){
                                   .id = "chain-incomplete",
                                   .severity = alone ? CW_SEVERITY_WARNING : CW_SEVERITY_NOTE,
                                   .title = title,
                                   .meaning = meaning,
                                   .remedy = alone ? remedy : NULL,
                               });
}

static void
append_self_signed (GListStore *findings)
{
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "self-signed",
          .severity = CW_SEVERITY_WARNING,
          .title = _ ("Signed by itself, not by a CA"),
          .meaning = _ ("A server accepts it only if this very certificate was entered there."),
          .remedy = _ ("If a CA was to sign it, ask for the certificate that the CA made from your "
                       "request."),
      });
}

static void
append_chain_complete (GListStore *findings, CwChain *chain)
{
  GPtrArray *certificates = cw_chain_get_certificates (chain);
  CwCertificate *root = g_ptr_array_index (certificates, certificates->len - 1);
  g_autofree char *title =
      g_strdup_printf (_ ("The chain is complete, up to “%s”"), cw_certificate_get_title (root));
  cw_finding_append (findings, &(CwFindingTexts){ .id = "chain-complete", .title = title });
}

/* Dates are findings of their own, so the path is verified without them. */
static void
judge_chain (GListStore *findings, CwChain *chain, GDateTime *now)
{
  GPtrArray *certificates = cw_chain_get_certificates (chain);
  for (guint i = 1; i < certificates->len; i++)
    judge_authority_dates (findings, g_ptr_array_index (certificates, i), now);

  GArray *objections = cw_chain_get_objections (chain);
  gboolean verified = objections->len == 0;
  CwVerification result = { 0 };
  if (!verified)
    result = g_array_index (objections, CwVerification, 0);
  if (!verified && !is_said_already (findings, &result))
    append_chain_invalid (findings, chain, &result);

  if (!cw_chain_is_complete (chain))
    append_chain_incomplete (findings, chain);
  else if (certificates->len == 1)
    append_self_signed (findings);
  else if (verified || is_said_already (findings, &result))
    append_chain_complete (findings, chain);
}

static void
judge_role (GListStore *findings, CwCertificate *leaf)
{
  if (!cw_certificate_is_ca (leaf))
    return;

  gboolean self_signed = cw_certificate_is_self_signed (leaf);
  g_autofree char *letter =
      cw_finding_letter (leaf, _ ("It is marked as a CA (basic constraints CA:TRUE), which a "
                                  "client certificate must not be."));
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "is-ca",
          .severity = self_signed ? CW_SEVERITY_NOTE : CW_SEVERITY_WARNING,
          .title = _ ("It is marked as a CA"),
          .meaning =
              _ ("A client certificate that could sign others is more than anybody needs, and "
                 "strict servers refuse it."),
          .remedy = self_signed ? NULL : _ ("Ask the CA to issue it without that mark."),
          .ca_text = self_signed ? NULL : letter,
      });
}

static void
judge_version (GListStore *findings, CwCertificate *leaf)
{
  if (X509_get_version (cw_certificate_peek_x509 (leaf)) >= X509_VERSION_3)
    return;

  g_autofree char *letter = cw_finding_letter (
      leaf, _ ("It is of an old version without extensions. It has to be an X.509 version 3 "
               "certificate with the extensions of the request."));
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "version-1",
          .severity = CW_SEVERITY_WARNING,
          .title = _ ("It is of an old version, without alternative names and usages"),
          .meaning =
              _ ("Many servers refuse such certificates. It often comes from “openssl x509 -req” "
                 "without an extension file."),
          .remedy = _ ("Ask the CA to issue it as version 3, with the request’s extensions."),
          .ca_text = letter,
      });
}

/* The hash of the signature; NULL if it is strong enough. */
static const char *
find_weak_hash (X509 *x509, gboolean *broken)
{
  int hash = NID_undef;
  X509_get_signature_info (x509, &hash, NULL, NULL, NULL);
  *broken = hash != NID_sha1;
  switch (hash)
    {
    case NID_sha1:
      return "SHA-1";
    case NID_md5:
    case NID_md5_sha1:
      return "MD5";
    case NID_md4:
      return "MD4";
    case NID_md2:
      return "MD2";
    default:
      return NULL;
    }
}

static void
judge_signature (GListStore *findings, CwCertificate *certificate, gboolean is_leaf)
{
  gboolean broken;
  const char *hash = find_weak_hash (cw_certificate_peek_x509 (certificate), &broken);
  if (hash == NULL)
    return;

  g_autofree char *title =
      is_leaf ? g_strdup_printf (_ ("Signed with %s, which is no longer safe"), hash)
              : g_strdup_printf (_ ("The CA “%s” is signed with %s, which is no longer safe"),
                                 cw_certificate_get_title (certificate), hash);
  g_autofree char *fault = g_strdup_printf (
      _ ("It, or a CA above it, is signed with %s, which servers refuse. It needs SHA-256."), hash);
  g_autofree char *letter = cw_finding_letter (certificate, fault);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "signature-weak",
          .severity = broken ? CW_SEVERITY_PROBLEM : CW_SEVERITY_WARNING,
          .title = title,
          .meaning = _ ("Servers of today refuse such signatures in their default settings."),
          .remedy = _ ("Ask the CA to sign with SHA-256."),
          .ca_text = letter,
      });
}

static void
judge_key (GListStore *findings, CwCertificate *certificate, gboolean is_leaf)
{
  EVP_PKEY *pkey = X509_get0_pubkey (cw_certificate_peek_x509 (certificate));
  int bits = pkey != NULL ? EVP_PKEY_get_security_bits (pkey) : 0;
  if (pkey == NULL || bits >= SECURITY_BITS_LEVEL_2)
    return;

  const char *kind = cw_certificate_get_key_title (certificate);
  g_autofree char *title = is_leaf ? g_strdup_printf (_ ("Its key is too weak: %s"), kind)
                                   : g_strdup_printf (_ ("The key of the CA “%s” is too weak: %s"),
                                                      cw_certificate_get_title (certificate), kind);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "key-weak",
          .severity = bits < SECURITY_BITS_LEVEL_1 ? CW_SEVERITY_PROBLEM : CW_SEVERITY_WARNING,
          .title = title,
          .meaning =
              _ ("Servers of today refuse RSA keys below 2048 bits, and others of that strength."),
          .remedy = is_leaf ? _ ("Start a new request with a stronger key.")
                            : _ ("Only the CA can fix that. Ask whether it has a newer one."),
      });
}

/* A root's own signature is never looked at by anybody. */
static void
judge_strength (GListStore *findings, CwChain *chain)
{
  GPtrArray *certificates = cw_chain_get_certificates (chain);
  for (guint i = 0; i < certificates->len; i++)
    {
      CwCertificate *certificate = g_ptr_array_index (certificates, i);
      if (i == 0 || !cw_certificate_is_self_signed (certificate))
        judge_signature (findings, certificate, i == 0);
      judge_key (findings, certificate, i == 0);
    }
}

static void
judge_profile (GListStore *findings, CwCertificate *leaf, CwProfile *profile)
{
  guint n_kinds = 0;
  const CwKeyKind *kinds = cw_profile_get_key_kinds (profile, &n_kinds);
  for (guint i = 0; i < n_kinds; i++)
    if (g_strcmp0 (cw_key_kind_get_title (kinds[i]), cw_certificate_get_key_title (leaf)) == 0)
      return;
  if (n_kinds == 0)
    return;

  g_autofree char *title = g_strdup_printf (
      /* Translators: a consumer and a kind of key, as in "PlaceOS" and "RSA 1024" */
      _ ("%s is not known to take keys of the kind %s"), cw_profile_get_short_name (profile),
      cw_certificate_get_key_title (leaf));
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "key-kind-unusual",
          .severity = CW_SEVERITY_WARNING,
          .title = title,
          .meaning = _ ("It may work all the same, but nobody has tried it."),
          .remedy =
              _ ("If it does not work, start a new request with the recommended kind of key."),
      });
}

void
cw_fitness_append (GListStore *findings, CwChain *chain, CwProfile *profile, GDateTime *now)
{
  g_return_if_fail (G_IS_LIST_STORE (findings));
  g_return_if_fail (CW_IS_CHAIN (chain));
  g_return_if_fail (now != NULL);

  CwCertificate *leaf = cw_chain_get_leaf (chain);
  judge_client_auth (findings, leaf);
  judge_key_usage (findings, leaf);
  judge_validity (findings, leaf, now);
  judge_chain (findings, chain, now);
  judge_role (findings, leaf);
  judge_version (findings, leaf);
  judge_strength (findings, chain);
  if (profile != NULL)
    judge_profile (findings, leaf, profile);
}
