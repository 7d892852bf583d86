/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-chain-private.h"
#include "cw-finding-private.h"
#include "cw-openssl.h"
#include "cw-text.h"
#include "cw-verification.h"

/*
 * What OpenSSL objects to, by what a person would call it. Several codes may
 * mean the same; those that are not here are "chain-invalid", or
 * "strict-refused" if only a strict server objects.
 */
typedef struct
{
  const char *id;
  const char *title;
  int codes[5]; /* up to the first 0 */
} Fault;

static const Fault faults[] = {
  { "not-a-ca",
    N_ ("A certificate in the chain stands as a CA, but may not be one"),
    { X509_V_ERR_INVALID_CA, X509_V_ERR_INVALID_NON_CA, X509_V_ERR_KEYUSAGE_NO_CERTSIGN } },
  { "ca-usage-limited",
    N_ ("A CA in the chain is not meant for client certificates"),
    { X509_V_ERR_INVALID_PURPOSE } },
  { "path-length-exceeded",
    N_ ("There are more CAs in the chain than one of them permits"),
    { X509_V_ERR_PATH_LENGTH_EXCEEDED } },
  { "name-constraints-violated",
    N_ ("Its CA may not issue certificates for this name"),
    { X509_V_ERR_PERMITTED_VIOLATION, X509_V_ERR_EXCLUDED_VIOLATION } },
  { "name-constraints-unclear",
    N_ ("Its CA may only issue for certain names, and whether this is "
        "one of them cannot be told"),
    { X509_V_ERR_SUBTREE_MINMAX, X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE,
      X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, X509_V_ERR_UNSUPPORTED_NAME_SYNTAX } },
  { "critical-extension-unknown",
    N_ ("It demands something that servers do not understand"),
    { X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION } },
  { "authority-key-id-missing",
    N_ ("It is not said which of its CA’s keys signed it"),
    { X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER } },
  { "subject-key-id-missing",
    N_ ("A CA in the chain has no identifier for its key"),
    { X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER } },
  { "key-id-critical",
    N_ ("The identifier of a key is marked critical"),
    { X509_V_ERR_AUTHORITY_KEY_IDENTIFIER_CRITICAL, X509_V_ERR_SUBJECT_KEY_IDENTIFIER_CRITICAL } },
  { "ca-mark-not-critical",
    N_ ("A CA’s mark as a CA is not critical (basic constraints)"),
    { X509_V_ERR_CA_BCONS_NOT_CRITICAL } },
  { "ca-key-usage-missing",
    N_ ("A CA in the chain does not say what its key is for"),
    { X509_V_ERR_CA_CERT_MISSING_KEY_USAGE } },
  { "ca-rights-misplaced",
    N_ ("A certificate has rights of a CA without being one"),
    { X509_V_ERR_PATHLEN_INVALID_FOR_NON_CA, X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN,
      X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA } },
  { "name-empty",
    N_ ("A name in the chain is empty"),
    { X509_V_ERR_ISSUER_NAME_EMPTY, X509_V_ERR_SUBJECT_NAME_EMPTY,
      X509_V_ERR_EMPTY_SUBJECT_ALT_NAME, X509_V_ERR_EMPTY_SUBJECT_SAN_NOT_CRITICAL } },
  { "signature-inconsistent",
    N_ ("A signature in the chain contradicts itself"),
    { X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY, X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH } },
  { "version-inconsistent",
    N_ ("A certificate has extensions that its version does not permit"),
    { X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3 } },
  { "curve-spelt-out",
    N_ ("The curve of a key is spelt out instead of named"),
    { X509_V_ERR_EC_KEY_EXPLICIT_PARAMS } },
};

/* Where it is the certificate itself, for a reason that is not looked at on its own. */
static const Fault unsuited = { "client-auth-missing",
                                N_ ("It may not be used to prove who is calling (client "
                                    "authentication)"),
                                { 0 } };

/* The same of a server's certificate, and of a CA above it. */
static const Fault unsuited_server = { "server-auth-missing",
                                       N_ ("It may not be used to prove which server this is "
                                           "(server authentication)"),
                                       { 0 } };

static const Fault limited_server = { "ca-usage-limited",
                                      N_ ("A CA in the chain is not meant for servers’ "
                                          "certificates"),
                                      { 0 } };

static const Fault invalid = { "chain-invalid",
                               N_ ("The chain does not pass the check that a server makes"),
                               { 0 } };

static const Fault refused = { "strict-refused",
                               N_ ("The chain does not pass the check that a strict server makes"),
                               { 0 } };

static const Fault *
find_fault (const CwVerification *objection, gboolean strict)
{
  if (objection->code == X509_V_ERR_INVALID_PURPOSE && objection->depth == 0)
    return objection->for_server ? &unsuited_server : &unsuited;
  if (objection->code == X509_V_ERR_INVALID_PURPOSE && objection->for_server)
    return &limited_server;
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    for (guint j = 0; j < G_N_ELEMENTS (faults[i].codes) && faults[i].codes[j] != 0; j++)
      if (faults[i].codes[j] == objection->code)
        return &faults[i];
  return strict ? &refused : &invalid;
}

static gboolean
has_finding (GListStore *findings, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (findings)); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (findings), i);
      if (g_str_equal (cw_finding_get_id (finding), id))
        return TRUE;
    }
  return FALSE;
}

/* Whether a finding of its own says already what OpenSSL objects to in the leaf. */
static gboolean
is_said_already (GListStore *findings, const CwVerification *objection)
{
  if (objection->depth != 0)
    return FALSE;
  /* All that OpenSSL says of a key that it cannot read. */
  if (objection->code == X509_V_ERR_UNSPECIFIED)
    return has_finding (findings, "key-unusable");
  return objection->code == X509_V_ERR_INVALID_PURPOSE &&
         (has_finding (findings, "any-usage-only") ||
          has_finding (findings, "key-usage-no-signature"));
}

static void
add_sentence (GString *text, const CwVerification *objection, GPtrArray *certificates)
{
  g_autofree char *sentence = cw_verification_describe (objection, certificates);
  cw_text_append_sentence (text, sentence);

  if (objection->code != X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION)
    return;
  guint i = MIN (objection->depth, certificates->len - 1);
  g_autofree char *oid =
      cw_verification_find_unknown_extension (g_ptr_array_index (certificates, i));
  if (oid == NULL)
    return;
  /* Translators: a dotted number, as in 1.2.3.4 */
  g_autofree char *number = g_strdup_printf (_ ("Its number is %s."), oid);
  cw_text_append_sentence (text, number);
}

/* What comes of it, by who looks at the chain. */
static const char *
get_consequence (gboolean strict, gboolean for_server)
{
  if (strict)
    return for_server ? _ ("Most clients let that pass. Strict ones refuse the connection, those "
                           "in Python 3.13 and newer among them.")
                      : _ ("Most servers let that pass. Strict ones refuse the connection, "
                           "those in Python 3.13 and newer among them.");
  return for_server ? _ ("Clients will refuse the connection.")
                    : _ ("The server will refuse the connection.");
}

static char *
make_complaint (gboolean strict, gboolean for_server, const char *sentences)
{
  if (strict)
    return g_strdup_printf (for_server ? _ ("Strict clients refuse its chain: %s")
                                       : _ ("Strict servers refuse its chain: %s"),
                            sentences);
  return g_strdup_printf (for_server ? _ ("A client’s check of its chain fails: %s")
                                     : _ ("A server’s check of its chain fails: %s"),
                          sentences);
}

static void
append_fault (GListStore *findings,
              const Fault *fault,
              gboolean strict,
              gboolean for_server,
              const char *sentences,
              CwChain *chain)
{
  g_autofree char *meaning =
      cw_text_join_sentences (sentences, get_consequence (strict, for_server));
  g_autofree char *complaint = make_complaint (strict, for_server, sentences);
  g_autofree char *letter = cw_finding_letter (cw_chain_get_leaf (chain), complaint);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = fault->id,
          .severity = strict ? CW_SEVERITY_WARNING : CW_SEVERITY_PROBLEM,
          .title = _ (fault->title),
          .meaning = meaning,
          .remedy = strict ? _ ("If the server refuses it, the CA has to fix it.")
                           : _ ("Make sure that all files of the CA’s reply are here. If they are, "
                                "the CA has to fix it."),
          .ca_text = letter,
      });
}

/* One finding for each fault, with a sentence for each certificate that has it. */
static void
append_objections (GListStore *findings, CwChain *chain, GArray *objections, gboolean strict)
{
  GPtrArray *certificates = cw_chain_get_certificates (chain);
  for (guint i = 0; i < objections->len; i++)
    {
      const CwVerification *first = &g_array_index (objections, CwVerification, i);
      const Fault *fault = find_fault (first, strict);
      if (is_said_already (findings, first) || has_finding (findings, fault->id))
        continue;

      g_autoptr (GString) sentences = g_string_new (NULL);
      for (guint j = i; j < objections->len; j++)
        {
          const CwVerification *objection = &g_array_index (objections, CwVerification, j);
          if (find_fault (objection, strict) == fault && !is_said_already (findings, objection))
            add_sentence (sentences, objection, certificates);
        }
      append_fault (findings, fault, strict, first->for_server, sentences->str, chain);
    }
}

/* OpenSSL's strict check begins where there is somebody above the leaf. */
static GArray *
check_alone (CwCertificate *leaf, gboolean for_server)
{
  GArray *objections = g_array_new (FALSE, FALSE, sizeof (CwVerification));
  X509 *x509 = cw_certificate_peek_x509 (leaf);
  if (cw_certificate_is_self_signed (leaf))
    return objections;

  gboolean is_version_3 = X509_get_version (x509) >= X509_VERSION_3;
  const X509_ALGOR *algorithm;
  X509_get0_signature (NULL, &algorithm, x509);
  const struct
  {
    int code;
    gboolean applies;
  } checks[] = {
    { X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3, !is_version_3 && X509_get_ext_count (x509) > 0 },
    { X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY,
      X509_ALGOR_cmp (algorithm, X509_get0_tbs_sigalg (x509)) != 0 },
    { X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER,
      is_version_3 && X509_get0_authority_key_id (x509) == NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    if (checks[i].applies)
      {
        CwVerification objection = { checks[i].code, 0, for_server };
        g_array_append_val (objections, objection);
      }
  return objections;
}

static void
append_strict (
    GListStore *findings, CwCertificate *leaf, const char *id, const char *title, const char *fault)
{
  g_autofree char *letter = cw_finding_letter (leaf, fault);
  cw_finding_append (findings,
                     &(CwFindingTexts){
                         .id = id,
                         .severity = CW_SEVERITY_WARNING,
                         .title = title,
                         .meaning = _ ("OpenSSL lets that pass. Stricter servers refuse the "
                                       "connection."),
                         .remedy = _ ("If the server refuses it, the CA has to fix it."),
                         .ca_text = letter,
                     });
}

/* RFC 5280, 4.1.2.2: positive, at most 20 octets. */
static const char *
find_serial_fault (X509 *x509)
{
  const ASN1_INTEGER *serial = X509_get0_serialNumber (x509);
  const guint8 *data = ASN1_STRING_get0_data (serial);
  int length = ASN1_STRING_length (serial);
  if ((ASN1_STRING_type (serial) & V_ASN1_NEG) != 0)
    return _ ("The serial number of “%s” is negative");
  if (length == 0 || (length == 1 && data[0] == 0))
    return _ ("The serial number of “%s” is zero");
  /* A first bit that is set takes an octet before it. */
  if (length > 20 || (length == 20 && data[0] >= 0x80))
    return _ ("The serial number of “%s” is longer than permitted");
  return NULL;
}

static void
judge_serial (GListStore *findings, CwCertificate *leaf, CwCertificate *certificate)
{
  const char *format = find_serial_fault (cw_certificate_peek_x509 (certificate));
  if (format == NULL)
    return;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_autofree char *title = g_strdup_printf (format, cw_certificate_get_title (certificate));
#pragma GCC diagnostic pop
  append_strict (findings, leaf, "serial-invalid", title,
                 _ ("A serial number, its own or that of a CA above it, is not permitted by RFC "
                    "5280, 4.1.2.2: it has to be positive and at most 20 octets long."));
}

static void
judge_leaf_constraints (GListStore *findings, CwCertificate *leaf)
{
  if (X509_get_ext_by_NID (cw_certificate_peek_x509 (leaf), NID_name_constraints, -1) >= 0)
    append_strict (findings, leaf, "name-constraints-in-leaf",
                   _ ("It has name constraints, which only a CA may have"),
                   _ ("It has name constraints, which only a CA may have (RFC 5280, 4.2.1.10)."));
}

static gboolean
is_constrained (GPtrArray *certificates)
{
  for (guint i = 1; i < certificates->len; i++)
    if (X509_get_ext_by_NID (cw_certificate_peek_x509 (g_ptr_array_index (certificates, i)),
                             NID_name_constraints, -1) >= 0)
      return TRUE;
  return FALSE;
}

/* A name that cannot be read cannot be compared with what is permitted. */
static void
judge_names (GListStore *findings, CwCertificate *leaf, GPtrArray *certificates)
{
  GListModel *names = cw_certificate_get_alt_names (leaf);
  if (!is_constrained (certificates) || has_finding (findings, "name-constraints-unclear"))
    return;
  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);
      if (cw_alt_name_get_kind (name) == CW_ALT_NAME_UNKNOWN || cw_alt_name_check (name, NULL))
        continue;
      g_autofree char *value = cw_text_clean (cw_alt_name_get_value (name));
      g_autofree char *title =
          g_strdup_printf (_ ("Its alternative name “%s” is malformed, and its CA may only issue "
                              "for certain names"),
                           value);
      append_strict (findings, leaf, "alt-name-malformed", title,
                     _ ("One of its alternative names is malformed, so that it cannot be compared "
                        "with the name constraints of its CA."));
      return;
    }
}

static gboolean
is_unusual_rsa (EVP_PKEY *pkey)
{
  if (pkey == NULL || !EVP_PKEY_is_a (pkey, "RSA"))
    return FALSE;
  BIGNUM *exponent = NULL;
  gboolean small = EVP_PKEY_get_bn_param (pkey, "e", &exponent) == 1 &&
                   (BN_num_bits (exponent) < 2 || !BN_is_odd (exponent));
  BN_free (exponent);
  return small || EVP_PKEY_get_bits (pkey) % 8 != 0;
}

static void
judge_key (GListStore *findings, CwCertificate *leaf, CwCertificate *certificate)
{
  if (!is_unusual_rsa (X509_get0_pubkey (cw_certificate_peek_x509 (certificate))))
    return;
  g_autofree char *title =
      g_strdup_printf (_ ("The key of “%s” is unusual: %s"), cw_certificate_get_title (certificate),
                       cw_certificate_get_key_title (certificate));
  append_strict (findings, leaf, "key-unusual", title,
                 _ ("Its RSA key, or that of a CA above it, has a length that is no multiple of 8 "
                    "bits, or an exponent below 3."));
}

void
cw_conformity_append (GListStore *findings, CwChain *chain, gboolean for_server)
{
  g_return_if_fail (G_IS_LIST_STORE (findings));
  g_return_if_fail (CW_IS_CHAIN (chain));

  GPtrArray *certificates = cw_chain_get_certificates (chain);
  CwCertificate *leaf = cw_chain_get_leaf (chain);
  append_objections (findings, chain, cw_chain_get_objections (chain, for_server), FALSE);
  append_objections (findings, chain, cw_chain_get_strict_objections (chain, for_server), TRUE);
  if (certificates->len == 1)
    {
      g_autoptr (GArray) alone = check_alone (leaf, for_server);
      append_objections (findings, chain, alone, TRUE);
    }

  judge_leaf_constraints (findings, leaf);
  judge_names (findings, leaf, certificates);
  for (guint i = 0; i < certificates->len; i++)
    {
      CwCertificate *certificate = g_ptr_array_index (certificates, i);
      judge_key (findings, leaf, certificate);
      /* Nobody sends a root; many old ones have the number 0. */
      if (i == 0 || !cw_certificate_is_self_signed (certificate))
        judge_serial (findings, leaf, certificate);
    }
}
