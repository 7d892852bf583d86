/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe: which CAs would verify a server.
 */

#pragma once

#include "cw-connection-result.h"
#include "cw-openssl.h"

G_BEGIN_DECLS

/**
 * CwTrust:
 *
 * CAs, and the system's beside them where the consumer has it so. Those are read
 * when the others do not do, since that may take a tenth of a second. For one
 * thread.
 */
typedef struct _CwTrust CwTrust;

/**
 * cw_trust_new:
 * @cas: (element-type CwCertificate) (nullable): %NULL for the system's alone
 * @beside_system: whether the system's count beside @cas
 *
 * Returns: (transfer full)
 */
CwTrust *cw_trust_new (GPtrArray *cas, gboolean beside_system);
void cw_trust_free (CwTrust *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwTrust, cw_trust_free)

/**
 * cw_trust_verify:
 * @leaf: a server's certificate
 * @untrusted: (nullable): what is known beside it
 * @culprit: (out) (optional) (transfer full): on failure, the certificate that it
 *   is about, if it is about one
 *
 * Returns: X509_V_OK, or why OpenSSL does not verify it for a server, now
 */
int cw_trust_verify (CwTrust *self, X509 *leaf, STACK_OF (X509) * untrusted, X509 **culprit);

/**
 * cw_trust_verifies:
 * @presented: (element-type CwCertificate): what the server sent
 * @more: (element-type CwCertificate) (nullable): what it could have sent too
 */
gboolean cw_trust_verifies (CwTrust *self, GPtrArray *presented, GPtrArray *more);

/**
 * cw_trust_find_offer:
 *
 * Returns: (transfer full) (nullable): the root among @presented, or the
 *   server's own self-signed certificate, with which it would verify
 */
CwCertificate *cw_trust_find_offer (GPtrArray *presented);

G_END_DECLS
