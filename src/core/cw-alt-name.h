/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * CwAltNameKind:
 * @CW_ALT_NAME_EMAIL: rfc822Name
 * @CW_ALT_NAME_DNS: dNSName; one leading "*." label permitted; international
 *   names are converted to punycode when encoded
 * @CW_ALT_NAME_IP: iPAddress, IPv4 or IPv6
 * @CW_ALT_NAME_URI: uniformResourceIdentifier
 * @CW_ALT_NAME_UPN: otherName 1.3.6.1.4.1.311.20.2.3, Microsoft's user principal name
 * @CW_ALT_NAME_OTHER: otherName with a UTF8String: "OID;text"
 * @CW_ALT_NAME_UNKNOWN: something that was read and has no kind here
 *   (directoryName, registeredID, …), shown as text; cannot be asked for
 */
typedef enum
{
  CW_ALT_NAME_EMAIL,
  CW_ALT_NAME_DNS,
  CW_ALT_NAME_IP,
  CW_ALT_NAME_URI,
  CW_ALT_NAME_UPN,
  CW_ALT_NAME_OTHER,
  CW_ALT_NAME_UNKNOWN,
} CwAltNameKind;

/**
 * cw_alt_name_kind_get_id:
 *
 * Returns: "email", "dns", "ip", "uri", "upn", "other", "unknown": the stable
 *   name used in the store and in profiles
 */
const char *cw_alt_name_kind_get_id (CwAltNameKind kind);
gboolean cw_alt_name_kind_from_id (const char *id, CwAltNameKind *kind);

/**
 * cw_alt_name_kind_get_title:
 *
 * Returns: translated: "E-mail address", "Host name", "IP address", "URI",
 *   "User principal name", "Other name"
 */
const char *cw_alt_name_kind_get_title (CwAltNameKind kind);

/**
 * CwAltName:
 *
 * One subject alternative name (RFC 5280, 4.2.1.6). Immutable. It may hold
 * what cannot be encoded, since a draft may: see cw_alt_name_check().
 */
#define CW_TYPE_ALT_NAME (cw_alt_name_get_type ())
G_DECLARE_FINAL_TYPE (CwAltName, cw_alt_name, CW, ALT_NAME, GObject)

CwAltName *cw_alt_name_new (CwAltNameKind kind, const char *value);

CwAltNameKind cw_alt_name_get_kind (CwAltName *self);

/**
 * cw_alt_name_get_value:
 *
 * Returns: as it was typed, or for one that was read, as it would be typed
 */
const char *cw_alt_name_get_value (CwAltName *self);

/**
 * cw_alt_name_check:
 * @error: %CW_ERROR_INVALID with a sentence that says what is wrong and, where
 *   it can be told, what was probably meant
 *
 * Whether the name can be encoded as its kind: an e-mail address with one @
 * and a valid host (RFC 5321), a host name of valid labels (RFC 1123), an IP
 * address, an absolute URI with a scheme (RFC 3986), …
 */
gboolean cw_alt_name_check (CwAltName *self, GError **error);

/**
 * cw_alt_name_to_ascii:
 *
 * Returns: (transfer full) (nullable): the value as it will be encoded: host
 *   names and the host part of e-mail addresses in punycode and lower case,
 *   IP addresses in their shortest form (RFC 5952); %NULL with
 *   %CW_ERROR_INVALID if it cannot be encoded
 */
char *cw_alt_name_to_ascii (CwAltName *self, GError **error);

/**
 * cw_alt_name_equal:
 *
 * Whether both encode to the same name.
 */
gboolean cw_alt_name_equal (CwAltName *a, CwAltName *b);

/**
 * cw_alt_name_guess:
 * @text: what was typed as the common name
 *
 * Returns: (transfer full) (nullable): the alternative name that @text could
 *   be, if it is plainly an e-mail address, a host name with a dot, or an IP
 *   address
 */
CwAltName *cw_alt_name_guess (const char *text);

G_END_DECLS
