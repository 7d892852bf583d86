/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The extensions that this program writes into requests and certificates (RFC
 * 5280, 4.2.1). Private to core. Each returns FALSE with OpenSSL's reason in
 * its queue, or with @error where there is one.
 */

#pragma once

#include "cw-openssl.h"
#include "cw-request.h"

G_BEGIN_DECLS

/* A stack that owns its elements. */
typedef STACK_OF (X509_EXTENSION) CwExtensions;

static inline void
cw_extensions_free (CwExtensions *extensions)
{
  sk_X509_EXTENSION_pop_free (extensions, X509_EXTENSION_free);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwExtensions, cw_extensions_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_BIT_STRING, ASN1_BIT_STRING_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free)

/* What is asked for, and what a leaf gets: keyUsage, extKeyUsage, subjectAltName. */
gboolean cw_extensions_add_requested (CwExtensions **extensions,
                                      CwRequest *request,
                                      EVP_PKEY *pkey,
                                      GError **error);

/* The keyUsage of a leaf whose key is @pkey. */
CwKeyUsage cw_key_usage_for (CwRequest *request, EVP_PKEY *pkey);

gboolean cw_extensions_add_key_usage (CwExtensions **extensions, CwKeyUsage usage);

/* basicConstraints, critical: CA:FALSE, or CA:TRUE with a path length of 0 */
gboolean cw_extensions_add_basic_constraints (CwExtensions **extensions, gboolean is_ca);

gboolean cw_extensions_add_subject_key_id (CwExtensions **extensions, EVP_PKEY *pkey);

/* The key identifier of @issuer, or of @pkey if there is no such certificate yet. */
gboolean
cw_extensions_add_authority_key_id (CwExtensions **extensions, X509 *issuer, EVP_PKEY *pkey);

G_END_DECLS
