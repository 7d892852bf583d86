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
 *
 * Returns: (transfer none) (element-type CwVerification): why a server would
 *   refuse the chain, its dates apart; empty if it would not
 */
GArray *cw_chain_get_objections (CwChain *self);

/**
 * cw_chain_get_strict_objections:
 *
 * Returns: (transfer none) (element-type CwVerification): why only a strict
 *   server would refuse it (X509_V_FLAG_X509_STRICT)
 */
GArray *cw_chain_get_strict_objections (CwChain *self);

G_END_DECLS
