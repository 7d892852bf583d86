/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-reply.h"

G_BEGIN_DECLS

/**
 * CwFoundView:
 *
 * What was found in a reply, each with the part that it plays and its place.
 * Invisible while there is nothing.
 */
#define CW_TYPE_FOUND_VIEW (cw_found_view_get_type ())
G_DECLARE_FINAL_TYPE (CwFoundView, cw_found_view, CW, FOUND_VIEW, AdwBin)

/**
 * CwFoundView::start-over:
 *
 * Emitted when a person wants all of it to be forgotten.
 */

/**
 * cw_found_view_set_reply:
 * @reply: whose roles have been assigned; it is read once
 * @any_yours: whether there is a certificate or a request that the others can
 *   be related to
 */
void cw_found_view_set_reply (CwFoundView *self, CwReply *reply, gboolean any_yours);

G_END_DECLS
