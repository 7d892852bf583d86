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
 * cw_trust_new:
 * @cas: (element-type CwCertificate) (nullable): beside the system's
 *
 * Returns: (transfer full): the system's CAs, which are read when one is looked
 *   for, and these
 */
X509_STORE *cw_trust_new (GPtrArray *cas);

/**
 * cw_trust_verifies:
 * @presented: (element-type CwCertificate): what the server sent
 * @more: (element-type CwCertificate) (nullable): what it could have sent too
 *
 * Whether OpenSSL verifies it for a server, now.
 */
gboolean cw_trust_verifies (X509_STORE *trust, GPtrArray *presented, GPtrArray *more);

/**
 * cw_trust_find_offer:
 *
 * Returns: (transfer full) (nullable): the root among @presented, or the
 *   server's own self-signed certificate, with which it would verify
 */
CwCertificate *cw_trust_find_offer (GPtrArray *presented);

G_END_DECLS
