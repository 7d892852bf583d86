/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-report.h"

G_BEGIN_DECLS

/**
 * CwChainView:
 *
 * A chain as a picture: a card for each certificate, leaf first, joined by a
 * line, with what is wrong in its place, and a gap where one is missing.
 */
#define CW_TYPE_CHAIN_VIEW (cw_chain_view_get_type ())
G_DECLARE_FINAL_TYPE (CwChainView, cw_chain_view, CW, CHAIN_VIEW, AdwBin)

/**
 * cw_chain_view_set_chain:
 * @chain: (nullable): what it shows; hidden without
 * @report: (nullable): what is said of it as a whole: a problem that lies in no
 *   CA stands with the leaf
 * @revoked: whether the leaf is known to be revoked
 * @now: (nullable): the moment to judge dates by; %NULL for the clock's
 */
void cw_chain_view_set_chain (
    CwChainView *self, CwChain *chain, CwReport *report, gboolean revoked, GDateTime *now);

G_END_DECLS
