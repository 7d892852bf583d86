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

/* Who sends more of them sends a collection. */
#define MAX_ROOTS 2

/* What is known of the issuer that did not come along. */
typedef struct
{
  CwCertificate *leaf;
  CwCertificate *last; /* the one that it issued */
  CwCertificate *root; /* one that came and is not in the chain; NULL if none did, or many */
  char *name;
  char *place;     /* where it says it can be fetched, as a sentence; NULL if it does not */
  gboolean alone;  /* nothing came between the leaf and it, and it is not known to be a root */
  gboolean needed; /* it may well be an intermediate, which has to be sent along */
} Gap;

static void
gap_clear (Gap *gap)
{
  g_free (gap->name);
  g_free (gap->place);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Gap, gap_clear)

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

static char *
describe_place (CwCertificate *certificate)
{
  const char *const *urls = cw_certificate_get_issuer_urls (certificate);
  if (urls[0] == NULL)
    return NULL;
  g_autofree char *url = cw_text_clean (urls[0]);
  /* Translators: an address, as in http://ca.example.com/issuing.cer */
  return g_strdup_printf (_ ("It is said to be at %s."), url);
}

static gboolean
is_in_chain (CwChain *chain, CwCertificate *certificate)
{
  return g_ptr_array_find_with_equal_func (cw_chain_get_certificates (chain), certificate,
                                           (GEqualFunc) cw_certificate_equal, NULL);
}

/* The first root that came and leads nowhere, and how many did, up to more than are counted. */
static CwCertificate *
find_root (CwReply *reply, CwChain *chain, guint *n_roots)
{
  CwCertificate *root = NULL;
  g_autoptr (GPtrArray) all = cw_reply_get_certificates (reply);
  for (guint i = 0; i < all->len && *n_roots <= MAX_ROOTS; i++)
    {
      CwCertificate *one = g_ptr_array_index (all, i);
      if (!cw_certificate_is_ca (one) || is_in_chain (chain, one) ||
          !cw_certificate_is_self_signed (one))
        continue;
      root = root != NULL ? root : one;
      (*n_roots)++;
    }
  return root;
}

static void
find_gap (CwChain *chain, CwReply *reply, Gap *gap)
{
  guint n_roots = 0;
  GPtrArray *certificates = cw_chain_get_certificates (chain);
  g_autofree char *name = cw_subject_get_title (cw_chain_get_missing_issuer (chain));
  gap->leaf = cw_chain_get_leaf (chain);
  gap->last = g_ptr_array_index (certificates, certificates->len - 1);
  gap->name = cw_text_clean (name);
  gap->place = describe_place (gap->last);
  if (names_root_as_issuer (gap->last))
    return;
  gap->root = reply != NULL ? find_root (reply, chain, &n_roots) : NULL;
  gap->alone = certificates->len == 1;
  /* Who sends a root along leaves no other one out. */
  gap->needed = gap->alone || gap->root != NULL;
  if (n_roots > MAX_ROOTS)
    gap->root = NULL;
}

static char *
make_remedy (const Gap *gap)
{
  g_autofree char *ask =
      g_strdup_printf (_ ("Ask the CA for its chain (“CA bundle”) with the certificate of “%s”, "
                          "and add it to these files."),
                       gap->name);
  return gap->place != NULL ? cw_text_join_sentences (ask, gap->place) : g_steal_pointer (&ask);
}

/* What is wrong here is not mended by issuing it again. */
static char *
make_letter (const Gap *gap)
{
  g_autofree char *serial = cw_text_clean (cw_certificate_get_serial (gap->leaf));
  /* Translators: a letter to the CA: the certificate's name, its serial number, and the name of a
   * CA above it */
  return g_strdup_printf (_ ("Hello,\n\n"
                             "thank you for the certificate for “%s” (serial number %s). The "
                             "certificate of the CA “%s” in its chain did not come along.\n\n"
                             "Could you send it, and those of the CAs above it?\n\n"
                             "Kind regards\n"),
                          cw_certificate_get_title (gap->leaf), serial, gap->name);
}

static void
append_incomplete (GListStore *findings, const Gap *gap)
{
  g_autofree char *title =
      g_strdup_printf (_ ("The certificate of the CA “%s” did not come along"), gap->name);
  g_autofree char *meaning =
      gap->needed
          ? g_strdup_printf (_ ("It works if the server knows “%s” itself. If “%s” is an "
                                "intermediate CA, its certificate has to be sent together with "
                                "yours, and it is missing."),
                             gap->name, gap->name)
          : g_strdup_printf (_ ("That is usual: the server has to know “%s” itself."), gap->name);
  g_autofree char *remedy = make_remedy (gap);
  g_autofree char *letter = make_letter (gap);
  cw_finding_append (findings, &(CwFindingTexts){
                                   .id = "chain-incomplete",
                                   .severity = gap->needed ? CW_SEVERITY_WARNING : CW_SEVERITY_NOTE,
                                   .title = title,
                                   .meaning = meaning,
                                   .remedy = gap->needed ? remedy : gap->place,
                                   .ca_text = gap->needed ? letter : NULL,
                               });
}

static void
append_wrong (GListStore *findings, const Gap *gap)
{
  g_autofree char *title =
      g_strdup_printf (_ ("A CA “%s” came along, but it is not the one that signed “%s”"),
                       gap->name, cw_certificate_get_title (gap->last));
  g_autofree char *remedy = make_remedy (gap);
  g_autofree char *letter = make_letter (gap);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "chain-wrong",
          .severity = gap->alone ? CW_SEVERITY_WARNING : CW_SEVERITY_NOTE,
          .title = title,
          .meaning = _ ("It has the same name and another key: an older or newer one of that CA, "
                        "or one of somebody else. It is left out, and a server that does not "
                        "know the right one will refuse the connection."),
          .remedy = remedy,
          .ca_text = letter,
      });
}

static void
append_unknown (GListStore *findings, const Gap *gap)
{
  g_autofree char *title = g_strdup_printf (_ ("Whether “%s” signed “%s” cannot be told here"),
                                            gap->name, cw_certificate_get_title (gap->last));
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "signature-unknown",
          .severity = CW_SEVERITY_WARNING,
          .title = title,
          .meaning = _ ("The signature, or the CA’s key, is of a kind that the OpenSSL of this "
                        "computer does not know. Servers may not know it either."),
          .remedy = _ ("Ask the service’s owner whether the server knows it. If not, ask the CA "
                       "for a certificate that is signed with RSA or ECDSA and SHA-256."),
      });
}

static void
append_broken (GListStore *findings, const Gap *gap)
{
  g_autofree char *title =
      g_strdup_printf (_ ("The signature of “%s” is broken"), cw_certificate_get_title (gap->last));
  g_autofree char *meaning = g_strdup_printf (
      _ ("The CA “%s” came along, with the very key that is said to have signed it, but the "
         "signature does not fit: something was changed or damaged on its way. The server will "
         "refuse the connection."),
      gap->name);
  g_autofree char *letter = cw_finding_letter (
      gap->leaf, _ ("Its signature, or that of a CA above it, does not verify with the key that is "
                    "said to have made it, so something was changed or damaged."));
  cw_finding_append (findings, &(CwFindingTexts){
                                   .id = "signature-broken",
                                   .severity = CW_SEVERITY_PROBLEM,
                                   .title = title,
                                   .meaning = meaning,
                                   .remedy = _ ("Ask the CA to send it again, best as a file."),
                                   .ca_text = letter,
                               });
}

static void
append_root_instead (GListStore *findings, const Gap *gap)
{
  g_autofree char *title = g_strdup_printf (_ ("A root came along, “%s”, but not the CA “%s”"),
                                            cw_certificate_get_title (gap->root), gap->name);
  g_autofree char *remedy = make_remedy (gap);
  g_autofree char *letter = make_letter (gap);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "root-for-intermediate",
          .severity = CW_SEVERITY_WARNING,
          .title = title,
          .meaning = _ ("Below the root an intermediate CA is missing, or the root is somebody "
                        "else’s. Most servers know only the root, and refuse the connection."),
          .remedy = remedy,
          .ca_text = letter,
      });
}

/* A CA with the name that is missing, which the signature did not lead to. */
static CwCertificate *
find_namesake (CwReply *reply, CwChain *chain, const Gap *gap)
{
  const X509_NAME *wanted = cw_certificate_peek_issuer_name (gap->last);
  g_autoptr (GPtrArray) all = cw_reply_get_certificates (reply);
  for (guint i = 0; i < all->len; i++)
    {
      CwCertificate *one = g_ptr_array_index (all, i);
      if (X509_NAME_cmp (cw_certificate_peek_subject_name (one), wanted) == 0 &&
          cw_certificate_is_ca (one) && !is_in_chain (chain, one))
        return one;
    }
  return NULL;
}

static gboolean
can_verify (CwCertificate *certificate, CwCertificate *issuer)
{
  int key_type;
  int algorithm = X509_get_signature_nid (cw_certificate_peek_x509 (certificate));
  return OBJ_find_sigid_algs (algorithm, NULL, &key_type) == 1 &&
         X509_get0_pubkey (cw_certificate_peek_x509 (issuer)) != NULL;
}

/* Whether @certificate itself says that it is @issuer's key that signed it. */
static gboolean
names_key_of (CwCertificate *certificate, CwCertificate *issuer)
{
  X509 *x509 = cw_certificate_peek_x509 (certificate);
  return X509_get0_authority_key_id (x509) != NULL &&
         X509_check_issued (cw_certificate_peek_x509 (issuer), x509) == X509_V_OK;
}

static void
append_gap (GListStore *findings, CwChain *chain, CwReply *reply)
{
  g_auto (Gap) gap = { 0 };
  find_gap (chain, reply, &gap);
  CwCertificate *namesake = reply != NULL ? find_namesake (reply, chain, &gap) : NULL;
  if (namesake != NULL && !can_verify (gap.last, namesake))
    append_unknown (findings, &gap);
  else if (namesake != NULL && names_key_of (gap.last, namesake))
    append_broken (findings, &gap);
  else if (namesake != NULL)
    append_wrong (findings, &gap);
  else if (gap.root != NULL)
    append_root_instead (findings, &gap);
  else
    append_incomplete (findings, &gap);
}

static void
append_self_signed (GListStore *findings, gboolean meant)
{
  if (meant)
    {
      cw_finding_append (
          findings, &(CwFindingTexts){
                        .id = "self-signed",
                        .severity = CW_SEVERITY_NOTE,
                        .title = _ ("Signed by itself, as it was meant to be"),
                        .meaning = _ ("The other side accepts it only once it was given this very "
                                      "certificate."),
                    });
      return;
    }

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

/* Not what the leaf may be used for: that is no fault of the chain. */
static gboolean
is_sound (CwChain *chain, gboolean for_server)
{
  GArray *objections = cw_chain_get_objections (chain, for_server);
  for (guint i = 0; i < objections->len; i++)
    {
      const CwVerification *one = &g_array_index (objections, CwVerification, i);
      if (one->depth != 0 || one->code != X509_V_ERR_INVALID_PURPOSE)
        return FALSE;
    }
  return TRUE;
}

static void
append_complete (GListStore *findings, CwChain *chain)
{
  GPtrArray *certificates = cw_chain_get_certificates (chain);
  CwCertificate *root = g_ptr_array_index (certificates, certificates->len - 1);
  g_autofree char *title =
      g_strdup_printf (_ ("The chain is complete, up to “%s”"), cw_certificate_get_title (root));
  cw_finding_append (findings, &(CwFindingTexts){ .id = "chain-complete", .title = title });
}

void
cw_lineage_append (GListStore *findings, const CwReportInput *input, gboolean for_server)
{
  CwChain *chain = input->chain;
  CwReply *reply = input->reply;

  g_return_if_fail (G_IS_LIST_STORE (findings));
  g_return_if_fail (CW_IS_CHAIN (chain));
  g_return_if_fail (reply == NULL || CW_IS_REPLY (reply));

  if (!cw_chain_is_complete (chain))
    append_gap (findings, chain, reply);
  else if (cw_chain_get_certificates (chain)->len == 1)
    append_self_signed (findings, input->self_signed);
  else if (is_sound (chain, for_server))
    append_complete (findings, chain);
}
