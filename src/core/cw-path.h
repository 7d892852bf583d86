/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to core: the way from a certificate up to a root (RFC 4158).
 */

#pragma once

#include "cw-certificate.h"

G_BEGIN_DECLS

/**
 * cw_path_find:
 * @leaf: where it starts
 * @candidates: (element-type CwCertificate) (nullable): in any order, with
 *   anything else among them
 * @at: the moment it is wanted for
 * @n_signatures: (out) (optional): how many signatures were verified for it
 *
 * Builds the paths that names and signatures permit, gives each to OpenSSL, and
 * takes the best: one that verifies at @at before one that does not, a complete
 * one before a partial one, then one that fails far up before one that fails
 * early, a shorter one, a newer one. A leaf that may serve and not call is judged as
 * a server's, any other as a client's. OpenSSL itself would follow one path and
 * give up. The work is bounded, whatever @candidates hold, and linear in their
 * number.
 *
 * Returns: (transfer full) (element-type CwCertificate): leaf first, the last
 *   self-signed if the path is complete
 */
GPtrArray *
cw_path_find (CwCertificate *leaf, GPtrArray *candidates, GDateTime *at, guint *n_signatures);

G_END_DECLS
