/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-request.h"

G_BEGIN_DECLS

/**
 * CwIgnored:
 * @oid: (nullable): dotted, of the extension or attribute that was asked for
 * @title: what was asked for, in words: "To be a CA (basicConstraints)"
 * @reason: a sentence that says why it is not granted, or what takes its place
 * @hostile: whether nobody asks for it in good faith, or by a grave mistake
 *
 * Something that a request asks for and that no certificate will have.
 */
typedef struct
{
  char *oid;
  char *title;
  char *reason;
  gboolean hostile;
} CwIgnored;

/**
 * CwGrant:
 *
 * What a private CA is about to grant to somebody's request: what was asked for
 * is kept apart from what will be granted, which can be changed until it is
 * signed. Belongs to the main thread.
 */
#define CW_TYPE_GRANT (cw_grant_get_type ())
G_DECLARE_FINAL_TYPE (CwGrant, cw_grant, CW, GRANT, GObject)

/* More alternative names (or usages, extensions, attributes), or a larger request, are refused. */
#define CW_GRANT_MAX_NAMES 100
#define CW_GRANT_MAX_SIZE  (64 * 1024)

/**
 * cw_grant_new_from_csr:
 * @csr: a CertificationRequest in DER, of this program's or of anybody's
 * @error: %CW_ERROR_UNREADABLE for a damaged one, or one whose own signature is
 *   wrong; %CW_ERROR_TOO_LARGE; %CW_ERROR_INVALID for a key that is too weak or
 *   of a kind that nothing takes, for a subject that deceives (a NUL or a
 *   character that cannot be seen in it), and where one thing is asked for twice
 *
 * Verifies that whoever asks has the key. What will be granted is at first what
 * was asked for, as far as it can be: subject, alternative names, extended key
 * usages (clientAuth if none was asked for). Everything else is in
 * cw_grant_get_ignored(). The days are the default of #CwRequest.
 */
CwGrant *cw_grant_new_from_csr (GBytes *csr, GError **error);

/* (transfer full): the same as it is now, for another thread */
CwGrant *cw_grant_copy (CwGrant *self);

/**
 * cw_grant_get_asked:
 *
 * Returns: (transfer none): what was asked for, to be shown; not to be changed
 */
CwRequest *cw_grant_get_asked (CwGrant *self);

/**
 * cw_grant_get_request:
 *
 * Returns: (transfer none): what will be granted: change its subject, its
 *   alternative names, its usages and its days. Its kind of key says nothing.
 */
CwRequest *cw_grant_get_request (CwGrant *self);

/**
 * cw_grant_set_purpose:
 * @usage: %CW_USAGE_CLIENT_AUTH or %CW_USAGE_SERVER_AUTH
 *
 * Grants that usage and no other, and to a server its host name: see
 * cw_request_add_host_name().
 */
void cw_grant_set_purpose (CwGrant *self, const char *usage);

/**
 * cw_grant_get_ignored:
 *
 * Returns: (transfer none) (element-type CwIgnored): what was asked for and is
 *   not granted, in the request's order; empty for most requests
 */
GPtrArray *cw_grant_get_ignored (CwGrant *self);

const char *cw_grant_get_key_title (CwGrant *self);       /* as cw_key_get_title() */
const char *cw_grant_get_key_fingerprint (CwGrant *self); /* as cw_key_get_fingerprint() */

GBytes *cw_grant_get_csr (CwGrant *self); /* (transfer none) */

/**
 * cw_grant_check:
 *
 * Whether what will be granted can be: as cw_request_check(), at least one
 * extended key usage, none that would let the certificate speak for the CA.
 */
gboolean cw_grant_check (CwGrant *self, GError **error);

G_END_DECLS
