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
 */
typedef struct
{
  int code;
  guint depth;
} CwVerification;

/**
 * cw_verification_run:
 * @certificates: (element-type CwCertificate): leaf first; the last is trusted
 * @at: (nullable): for which moment; %NULL for now
 * @with_dates: whether a certificate that is not valid at @at counts as a failure
 * @result: (out): set when the path does not verify
 *
 * Returns: whether a TLS server that trusts the last certificate accepts the first
 */
gboolean cw_verification_run (GPtrArray *certificates,
                              GDateTime *at,
                              gboolean with_dates,
                              CwVerification *result);

/**
 * cw_verification_set_error:
 *
 * Sets %CW_ERROR_MISMATCH with a sentence of ours for @result, and OpenSSL's
 * words as its details.
 */
void
cw_verification_set_error (const CwVerification *result, GPtrArray *certificates, GError **error);

G_END_DECLS
