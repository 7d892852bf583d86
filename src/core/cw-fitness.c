/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-finding-private.h"
#include "cw-openssl.h"
#include "cw-profile-private.h"
#include "cw-usage.h"

/* Below this, OpenSSL refuses keys and signatures at the security level that Debian and others set
 * (2, see SSL_CTX_set_security_level(3)); SHA-1 it refuses at level 1 already. */
#define SECURITY_BITS 112

/* What is said if the usage is not there that a TLS client or server needs. */
typedef struct
{
  const char *usage;
  const char *id;
  const char *title;
  const char *meaning;
  const char *any_title;
  const char *any_meaning;
  const char *remedy;
  const char *fault; /* in the letter to the CA */
} Need;

/* clang-format off */
static const Need client = {
  CW_USAGE_CLIENT_AUTH,
  "client-auth-missing",
  N_ ("It may not be used to prove who is calling (client authentication)"),
  N_ ("The server will refuse the connection. The CA probably used its template for servers’ "
      "certificates."),
  N_ ("It permits “any usage”, but does not name client authentication"),
  N_ ("Servers that use OpenSSL, nginx among them, do not take “any usage” for client "
      "authentication and refuse the connection."),
  N_ ("Ask the CA to issue the certificate again with the extended key usage “clientAuth”."),
  N_ ("Its extended key usage does not name client authentication (clientAuth, "
      "1.3.6.1.5.5.7.3.2), which it needs."),
};

static const Need server = {
  CW_USAGE_SERVER_AUTH,
  "server-auth-missing",
  N_ ("It may not be used to prove which server this is (server authentication)"),
  N_ ("Clients will refuse the connection. The CA probably used its template for clients’ "
      "certificates."),
  N_ ("It permits “any usage”, but does not name server authentication"),
  N_ ("Clients that use OpenSSL, curl among them, do not take “any usage” for server "
      "authentication and refuse the connection."),
  N_ ("Ask the CA to issue the certificate again with the extended key usage “serverAuth”."),
  N_ ("Its extended key usage does not name server authentication (serverAuth, "
      "1.3.6.1.5.5.7.3.1), which it needs."),
};
/* clang-format on */

static void
judge_usage (GListStore *findings, CwCertificate *leaf, const Need *need)
{
  if (cw_certificate_has_usage (leaf, need->usage))
    return;

  gboolean any = cw_certificate_has_usage (leaf, CW_USAGE_ANY);
  g_autofree char *letter = cw_finding_letter (leaf, _ (need->fault));
  cw_finding_append (findings, &(CwFindingTexts){
                                   .id = any ? "any-usage-only" : need->id,
                                   .severity = CW_SEVERITY_PROBLEM,
                                   .title = any ? _ (need->any_title) : _ (need->title),
                                   .meaning = any ? _ (need->any_meaning) : _ (need->meaning),
                                   .remedy = _ (need->remedy),
                                   .ca_text = letter,
                               });
}

static const char *
get_signature_meaning (gboolean for_server)
{
  return for_server ? _ ("A server proves who it is by a signature, so clients will refuse the "
                         "connection.")
                    : _ ("A caller proves who it is by a signature, so the server will refuse the "
                         "connection.");
}

static void
judge_key_usage (GListStore *findings, CwCertificate *leaf, gboolean for_server)
{
  gboolean present;
  CwKeyUsage usage = cw_certificate_get_key_usage (leaf, &present);
  if (!present || (usage & CW_KEY_USAGE_DIGITAL_SIGNATURE) != 0)
    return;

  g_autofree char *letter = cw_finding_letter (
      leaf, for_server ? _ ("Its key usage lacks digitalSignature, without which it cannot be used "
                            "for server authentication.")
                       : _ ("Its key usage lacks digitalSignature, without which it cannot be used "
                            "for client authentication."));
  cw_finding_append (
      findings, &(CwFindingTexts){
                    .id = "key-usage-no-signature",
                    .severity = CW_SEVERITY_PROBLEM,
                    .title = _ ("Its key may not be used for signatures"),
                    .meaning = get_signature_meaning (for_server),
                    .remedy = _ ("Ask the CA to issue the certificate again with the key usage "
                                 "“digitalSignature”."),
                    .ca_text = letter,
                });
}

static gboolean
can_sign (CwCertificate *certificate)
{
  ERR_clear_error ();
  EVP_PKEY *pkey = X509_get0_pubkey (cw_certificate_peek_x509 (certificate));
  gboolean can = pkey != NULL && EVP_PKEY_can_sign (pkey) == 1;
  ERR_clear_error ();
  return can;
}

static void
judge_key_use (GListStore *findings, CwCertificate *leaf, gboolean for_server)
{
  if (can_sign (leaf))
    return;

  g_autofree char *title =
      /* Translators: a kind of key, as in "X25519" */
      g_strdup_printf (_ ("Its key cannot sign, or is of a kind that is not known here: %s"),
                       cw_certificate_get_key_title (leaf));
  cw_finding_append (findings,
                     &(CwFindingTexts){
                         .id = "key-unusable",
                         .severity = CW_SEVERITY_PROBLEM,
                         .title = title,
                         .meaning = get_signature_meaning (for_server),
                         .remedy = _ ("Start a new request with the recommended kind of key."),
                     });
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
  /* With extensions it is another fault. */
  X509 *x509 = cw_certificate_peek_x509 (leaf);
  if (X509_get_version (x509) >= X509_VERSION_3 || X509_get_ext_count (x509) > 0)
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
find_weak_hash (X509 *x509)
{
  int hash = NID_undef, bits = 0;
  gboolean known = X509_get_signature_info (x509, &hash, NULL, &bits, NULL) == 1;
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
      return known && hash != NID_undef && bits < SECURITY_BITS ? OBJ_nid2sn (hash) : NULL;
    }
}

static void
judge_signature (GListStore *findings, CwCertificate *leaf, CwCertificate *certificate)
{
  const char *hash = find_weak_hash (cw_certificate_peek_x509 (certificate));
  if (hash == NULL)
    return;

  g_autofree char *title =
      certificate == leaf
          ? g_strdup_printf (_ ("Signed with %s, which is no longer safe"), hash)
          : g_strdup_printf (_ ("The CA “%s” is signed with %s, which is no longer safe"),
                             cw_certificate_get_title (certificate), hash);
  g_autofree char *fault = g_strdup_printf (
      _ ("It, or a CA above it, is signed with %s, which servers refuse. It needs SHA-256."), hash);
  g_autofree char *letter = cw_finding_letter (leaf, fault);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "signature-weak",
          .severity = CW_SEVERITY_PROBLEM,
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
  if (pkey == NULL || bits >= SECURITY_BITS)
    return;

  const char *kind = cw_certificate_get_key_title (certificate);
  g_autofree char *title = is_leaf ? g_strdup_printf (_ ("Its key is too weak: %s"), kind)
                                   : g_strdup_printf (_ ("The key of the CA “%s” is too weak: %s"),
                                                      cw_certificate_get_title (certificate), kind);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "key-weak",
          .severity = CW_SEVERITY_PROBLEM,
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
        judge_signature (findings, cw_chain_get_leaf (chain), certificate);
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

static void
judge_host_name (GListStore *findings, CwCertificate *leaf)
{
  GListModel *names = cw_certificate_get_alt_names (leaf);
  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);
      CwAltNameKind kind = cw_alt_name_get_kind (name);
      if (kind == CW_ALT_NAME_DNS || kind == CW_ALT_NAME_IP)
        return;
    }

  g_autofree char *letter =
      cw_finding_letter (leaf, _ ("It has no host name or IP address among its subject alternative "
                                  "names, which a server’s certificate needs."));
  cw_finding_append (findings,
                     &(CwFindingTexts){
                         .id = "host-name-missing",
                         .severity = CW_SEVERITY_PROBLEM,
                         .title = _ ("It has no host name or IP address as an alternative name"),
                         .meaning = _ ("Clients look for the server’s name there alone, so they "
                                       "will refuse the connection."),
                         .remedy = _ ("Start a new request with the server’s name as an "
                                      "alternative name."),
                         .ca_text = letter,
                     });
}

void
cw_fitness_append (GListStore *findings, CwChain *chain, CwProfile *profile, gboolean for_server)
{
  g_return_if_fail (G_IS_LIST_STORE (findings));
  g_return_if_fail (CW_IS_CHAIN (chain));

  CwCertificate *leaf = cw_chain_get_leaf (chain);
  judge_usage (findings, leaf, for_server ? &server : &client);
  if (for_server)
    judge_host_name (findings, leaf);
  judge_key_usage (findings, leaf, for_server);
  judge_key_use (findings, leaf, for_server);
  judge_role (findings, leaf);
  judge_version (findings, leaf);
  judge_strength (findings, chain);
  if (profile != NULL)
    judge_profile (findings, leaf, profile);
}
