/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to core: OpenSSL's judgement of a path.
 */

#pragma once

#include "cw-certificate.h"

G_BEGIN_DECLS

/**
 * CwVerification:
 * @code: one of X509_V_ERR (X509_STORE_CTX_get_error(3))
 * @depth: the certificate that it is about, 0 being the leaf
 * @for_server: whether it was asked about a server's certificate, not a client's
 */
typedef struct
{
  int code;
  guint depth;
  gboolean for_server;
} CwVerification;

/**
 * CwVerificationFlags:
 * @CW_VERIFICATION_DATES: a certificate that is not valid counts as a failure
 * @CW_VERIFICATION_STRICT: as strict as RFC 5280 (X509_V_FLAG_X509_STRICT)
 * @CW_VERIFICATION_KNOWN_SIGNATURES: each is known to be its issuer's, so none is
 *   verified; not together with dates
 * @CW_VERIFICATION_SERVER: as a TLS client verifies a server (purpose sslserver)
 */
typedef enum
{
  CW_VERIFICATION_DATES = 1 << 0,
  CW_VERIFICATION_STRICT = 1 << 1,
  CW_VERIFICATION_KNOWN_SIGNATURES = 1 << 2,
  CW_VERIFICATION_SERVER = 1 << 3,
} CwVerificationFlags;

/**
 * cw_verification_run:
 * @certificates: (element-type CwCertificate): leaf first; the last is trusted
 * @at: (nullable): for which moment; %NULL for now
 *
 * Verifies exactly this path with OpenSSL, as a TLS server would that trusts the
 * last certificate (purpose sslclient unless @flags say otherwise, partial
 * chain), and goes on after an objection where that makes sense.
 *
 * Returns: (transfer full) (element-type CwVerification): every objection, in
 *   OpenSSL's order; empty if the path is accepted
 */
GArray *cw_verification_run (GPtrArray *certificates, GDateTime *at, CwVerificationFlags flags);

/**
 * cw_verification_find_unknown_extension:
 *
 * Returns: (transfer full) (nullable): the first extension of @certificate that
 *   is critical and that OpenSSL does not know, as a dotted OID
 */
char *cw_verification_find_unknown_extension (CwCertificate *certificate);

/**
 * cw_verification_find_sentence:
 *
 * Returns: (nullable): the untranslated sentence for a code, with %s for the
 *   certificate's title; %NULL if it has none of its own
 */
const char *cw_verification_find_sentence (int code);

/**
 * cw_verification_describe:
 *
 * Returns: (transfer full): the sentence for @result
 */
char *cw_verification_describe (const CwVerification *result, GPtrArray *certificates);

/**
 * cw_verification_set_error:
 *
 * Sets %CW_ERROR_MISMATCH with a sentence of ours for @result, and OpenSSL's
 * words as its details.
 */
void
cw_verification_set_error (const CwVerification *result, GPtrArray *certificates, GError **error);

G_END_DECLS
