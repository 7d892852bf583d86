/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe, its tests, and the command that lets a person choose.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long each phase may take from now on, in milliseconds: tests do not have the time. */
void cw_connection_test_set_limit (guint milliseconds);

G_END_DECLS
