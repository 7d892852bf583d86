/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CwScheme:
 *
 * What is spoken over TLS.
 */
typedef enum
{
  CW_SCHEME_HTTPS,
  CW_SCHEME_WSS,
  CW_SCHEME_MQTTS,
} CwScheme;

/**
 * cw_scheme_from_name:
 * @name: "https", "wss" or "mqtts", as a profile says it
 * @scheme: (out): set only on success
 */
gboolean cw_scheme_from_name (const char *name, CwScheme *scheme);

/**
 * cw_scheme_get_name:
 *
 * Returns: "https", "wss" or "mqtts"
 */
const char *cw_scheme_get_name (CwScheme scheme);

/**
 * CwEndpoint:
 *
 * An address to connect to, taken apart (RFC 3986). Immutable and counted.
 */
typedef struct _CwEndpoint CwEndpoint;

#define CW_TYPE_ENDPOINT (cw_endpoint_get_type ())
GType cw_endpoint_get_type (void);

/**
 * cw_endpoint_new:
 * @text: what a person typed: "https://api.example.com/v1", "[::1]:8443",
 *   "mqtts://broker.example.com"; white space around it is dropped
 * @default_scheme: for a text without one: "example.com", "example.com:8443/path"
 * @error: %CW_ERROR_INVALID with a sentence that says what is wrong: nothing
 *   there, not encrypted (http, ws, mqtt), another scheme, a name or password
 *   in it, no host, a port out of range, a host that cannot be one
 *
 * A port that is not given is the scheme's: 443, or 8883 for MQTT. A host name
 * that is not ASCII becomes its A-labels (RFC 5890). A fragment is dropped.
 *
 * Returns: (transfer full) (nullable): the address
 */
CwEndpoint *cw_endpoint_new (const char *text, CwScheme default_scheme, GError **error);

CwEndpoint *cw_endpoint_ref (CwEndpoint *self);
void cw_endpoint_unref (CwEndpoint *self);

CwScheme cw_endpoint_get_scheme (CwEndpoint *self);

/**
 * cw_endpoint_get_host:
 *
 * Returns: (transfer none): the name in A-labels and without a final dot, or the
 *   IP address, IPv6 without its brackets
 */
const char *cw_endpoint_get_host (CwEndpoint *self);

gboolean cw_endpoint_is_ip (CwEndpoint *self); /* whether the host is an IP address */
guint16 cw_endpoint_get_port (CwEndpoint *self);

/**
 * cw_endpoint_get_path:
 *
 * Returns: (transfer none): path and query, percent-encoded, at least "/"
 */
const char *cw_endpoint_get_path (CwEndpoint *self);

/**
 * cw_endpoint_to_string:
 *
 * Returns: (transfer none): all of it, normalised; the port only if it is not
 *   the scheme's: what is stored and shown. cw_endpoint_new() takes it back.
 */
const char *cw_endpoint_to_string (CwEndpoint *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwEndpoint, cw_endpoint_unref)

G_END_DECLS
