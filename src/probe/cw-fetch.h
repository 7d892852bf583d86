/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-certificate.h"

G_BEGIN_DECLS

/** CW_FETCH_MAX_SIZE: the most bytes that are taken from one address */
#define CW_FETCH_MAX_SIZE (1024 * 1024)

/** CW_FETCH_TIMEOUT: how long all of it may take, in seconds */
#define CW_FETCH_TIMEOUT 10

/**
 * cw_fetch_get_addresses:
 *
 * Returns: (transfer full): where cw_fetch_issuer_async() will ask, one address
 *   in a line, fit to be shown: a person has to agree to them
 */
char *cw_fetch_get_addresses (CwCertificate *certificate);

/**
 * cw_fetch_issuer_async:
 * @certificate: one whose issuer is missing
 * @cancellable: (nullable)
 *
 * Fetches the certificate of @certificate's issuer from the addresses that
 * @certificate names (authority information access, RFC 5280, 4.2.2.1), one
 * after the other, by HTTP or HTTPS. To be called only when the person has
 * agreed: whoever runs that server sees who asks. The answer may have any form
 * that #CwReply reads. Only a certificate that @certificate's signature
 * verifies with is returned; whatever else came is dropped.
 *
 * Errors: %CW_ERROR_EMPTY if @certificate names no address; %CW_ERROR_MISMATCH
 * if what came did not sign it; %G_IO_ERROR with a sentence that names the
 * address (%G_IO_ERROR_TIMED_OUT, %G_IO_ERROR_NOT_FOUND,
 * %G_IO_ERROR_HOST_UNREACHABLE, %G_IO_ERROR_FAILED, %G_IO_ERROR_CANCELLED);
 * %CW_ERROR_TOO_LARGE. Of several addresses, the last one's.
 */
void cw_fetch_issuer_async (CwCertificate *certificate,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/**
 * cw_fetch_issuer_finish:
 * @address: (out) (optional) (transfer full): where it came from
 *
 * Returns: (transfer full) (nullable): the issuer's certificate
 */
CwCertificate *cw_fetch_issuer_finish (GAsyncResult *result, char **address, GError **error);

G_END_DECLS
