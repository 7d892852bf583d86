/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * cw_fingerprint_wrap:
 * @fingerprint: "AB:CD:…"
 *
 * Returns: (transfer full): @fingerprint in lines that can be read out, and that fit
 *   into the narrowest window; each break takes the place of a colon
 */
char *cw_fingerprint_wrap (const char *fingerprint);

/**
 * cw_fingerprint_row_new:
 * @title: whose it is
 * @fingerprint: "AB:CD:…"
 *
 * Returns: (transfer floating): an #AdwActionRow that shows it wrapped
 */
GtkWidget *cw_fingerprint_row_new (const char *title, const char *fingerprint);

G_END_DECLS
