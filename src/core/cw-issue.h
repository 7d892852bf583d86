/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Making a certificate: what is the same whoever signs it. Private to core.
 */

#pragma once

#include "cw-certificate.h"
#include "cw-extension.h"
#include "cw-openssl.h"

G_BEGIN_DECLS

/* A certificate begins that long ago, so that a clock that is a little slow takes it. */
#define CW_ISSUE_BACKDATE (60 * 60)

#define CW_ISSUE_DAY (24 * 60 * 60)

/**
 * CwIssue:
 * @request: the subject, and for a leaf all its extensions
 * @pkey: the key to certify; only its public half is used
 * @is_ca: a CA's certificate instead of a leaf
 * @issuer: (nullable): the CA's certificate; %NULL for a self-signed one
 * @issuer_pkey: what signs
 * @not_before, @not_after: seconds since the epoch
 */
typedef struct
{
  CwRequest *request;
  EVP_PKEY *pkey;
  gboolean is_ca;
  X509 *issuer;
  EVP_PKEY *issuer_pkey;
  gint64 not_before;
  gint64 not_after;
} CwIssue;

/* NULL with @error, or with OpenSSL's reason in its queue. */
CwCertificate *cw_issue_sign (const CwIssue *self, GError **error);

/* The hash to sign with; NULL for an algorithm that names none, as Ed25519 (RFC 8410, 3). */
const EVP_MD *cw_pkey_choose_hash (EVP_PKEY *pkey);

/* For a function that failed: OpenSSL's reason, unless there is an error already. Takes @reason. */
void cw_issue_set_error (GError **error, GError *reason, EVP_PKEY *pkey);

G_END_DECLS
