/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON as the manual documents it: members without a value are left out, times
 * are RFC 3339 in UTC, and everything that is not ASCII is escaped.
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** CW_JSON_VERSION: the member "version" of each object that is printed */
#define CW_JSON_VERSION 1

/* Each adds a member to the object that is open; nothing if there is no value. */
void cw_json_add_string (JsonBuilder *builder, const char *name, const char *value);
void cw_json_add_boolean (JsonBuilder *builder, const char *name, gboolean value);
void cw_json_add_int (JsonBuilder *builder, const char *name, gint64 value);
void cw_json_add_time (JsonBuilder *builder, const char *name, GDateTime *time);

/* Hexadecimal pairs with colons, as lower-case digits without them. */
void cw_json_add_hex (JsonBuilder *builder, const char *name, const char *pairs);

/**
 * cw_json_print:
 *
 * Prints what was built on standard output.
 */
void cw_json_print (JsonBuilder *builder);

G_END_DECLS
