/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CwUsage:
 * @id: the short name, as OpenSSL's configuration spells it: "clientAuth",
 *   "serverAuth", "emailProtection", "codeSigning", "msSmartcardLogin",
 *   "anyExtendedKeyUsage", …
 * @oid: dotted
 * @title: (translated on use with _()): "Prove who is calling (client authentication)"
 *
 * A known extended key usage (RFC 5280, 4.2.1.12). Throughout the program a
 * usage is held as its dotted OID.
 */
typedef struct
{
  const char *id;
  const char *oid;
  const char *title;
} CwUsage;

#define CW_USAGE_CLIENT_AUTH "1.3.6.1.5.5.7.3.2"
#define CW_USAGE_SERVER_AUTH "1.3.6.1.5.5.7.3.1"
#define CW_USAGE_ANY         "2.5.29.37.0"

/**
 * cw_usages:
 *
 * Returns: the known ones, those that can be offered first: clientAuth,
 *   serverAuth, emailProtection, codeSigning, smartcardLogon; then those that
 *   are only recognised
 */
const CwUsage *cw_usages (guint *n_usages);

/**
 * cw_usages_n_offered:
 *
 * Returns: how many of cw_usages(), from its start, a wizard offers as switches
 */
guint cw_usages_n_offered (void);

/**
 * cw_usage_find:
 * @name: a short name or a dotted OID
 *
 * Returns: (nullable): the known usage
 */
const CwUsage *cw_usage_find (const char *name);

/**
 * cw_usage_get_title:
 * @oid: dotted
 *
 * Returns: translated title of a known one, or @oid itself
 */
const char *cw_usage_get_title (const char *oid);

/**
 * cw_usages_only_serve:
 * @usages: (nullable): dotted OIDs, %NULL-terminated; %NULL if nothing is said
 *
 * Returns: whether they are those of who answers and never calls: serverAuth is
 *   among them, and clientAuth is not. anyExtendedKeyUsage is not counted, as in
 *   cw_certificate_has_usage().
 */
gboolean cw_usages_only_serve (const char *const *usages);

/**
 * cw_oid_check:
 * @text: (nullable): what was typed
 * @error: %CW_ERROR_INVALID with a sentence
 *
 * Whether @text is a dotted object identifier that can be encoded (X.660: first
 * arc 0 to 2, second under 40 below 0 and 1, at least two arcs, no leading
 * zeros).
 */
gboolean cw_oid_check (const char *text, GError **error);

G_END_DECLS
