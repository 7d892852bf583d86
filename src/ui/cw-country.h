/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CwCountry:
 *
 * A country of ISO 3166-1: its two-letter code, which is what a subject's C
 * holds, and its name in the person's language.
 */
#define CW_TYPE_COUNTRY (cw_country_get_type ())
G_DECLARE_FINAL_TYPE (CwCountry, cw_country, CW, COUNTRY, GObject)

const char *cw_country_get_code (CwCountry *self); /* "" for no country */
const char *cw_country_get_name (CwCountry *self); /* "Germany (DE)" */

/**
 * cw_countries_load:
 *
 * Returns: (transfer full): a list model of #CwCountry: "None" first, then
 *   those of iso-codes by name. Only "None" if iso-codes is not installed.
 */
GListModel *cw_countries_load (void);

/**
 * cw_countries_find:
 * @position: (out): set only if found
 */
gboolean cw_countries_find (GListModel *countries, const char *code, guint *position);

G_END_DECLS
