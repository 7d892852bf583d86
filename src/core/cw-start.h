/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cw_start:
 *
 * What every program of Certwright does first: no core dumps, which would hold
 * private keys; the secure heap; locale and translations. Call it once, before
 * anything else.
 */
void cw_start (void);

G_END_DECLS
