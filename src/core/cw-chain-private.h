/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to core: what OpenSSL has to say of a chain, asked once.
 */

#pragma once

#include "cw-chain.h"

G_BEGIN_DECLS

/**
 * cw_chain_get_objections:
 * @for_server: whether it is to be a server's; a client's otherwise
 *
 * Returns: (transfer none) (element-type CwVerification): why the other side
 *   would refuse the chain, its dates apart; empty if it would not
 */
GArray *cw_chain_get_objections (CwChain *self, gboolean for_server);

/**
 * cw_chain_get_strict_objections:
 * @for_server: as in cw_chain_get_objections()
 *
 * Returns: (transfer none) (element-type CwVerification): why the other side
 *   would refuse it only if it is strict (X509_V_FLAG_X509_STRICT)
 */
GArray *cw_chain_get_strict_objections (CwChain *self, gboolean for_server);

G_END_DECLS
