/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CwSecret:
 *
 * Text that must not outlive its use: a private key, a passphrase. It is
 * immutable, counted, lies on OpenSSL's secure heap (OPENSSL_secure_malloc(3))
 * when there is one, and is wiped when its last reference goes.
 */
typedef struct _CwSecret CwSecret;

#define CW_TYPE_SECRET (cw_secret_get_type ())
GType cw_secret_get_type (void);

/**
 * cw_secret_heap_init:
 *
 * Makes OpenSSL's secure heap (1 MiB, locked in memory and kept out of core
 * dumps where the system permits). Call it once, before the first key.
 *
 * Returns: %TRUE if the heap is locked in memory; %FALSE if it exists but can
 *   be swapped out, or could not be made at all. Keys work in each case.
 */
gboolean cw_secret_heap_init (void);

/**
 * cw_secret_new:
 * @text: what to keep; need not be NUL-terminated if @length is given
 * @length: bytes of @text, or -1 up to its NUL
 *
 * Returns: (transfer full): a copy of @text. The caller still has to wipe its own.
 */
CwSecret *cw_secret_new (const char *text, gssize length);

/**
 * cw_secret_new_wiping:
 * @text: (transfer full) (nullable): a NUL-terminated g_malloc()ed text
 *
 * Copies @text, then wipes and frees it.
 *
 * Returns: (transfer full) (nullable): the secret; %NULL if @text is %NULL
 */
CwSecret *cw_secret_new_wiping (char *text);

CwSecret *cw_secret_ref (CwSecret *self);
void cw_secret_unref (CwSecret *self);

/**
 * cw_secret_peek:
 *
 * Returns: the text, NUL-terminated, valid as long as @self is. Never copy it
 *   into anything that does not wipe itself.
 */
const char *cw_secret_peek (CwSecret *self);

/**
 * cw_secret_get_length:
 *
 * Returns: the length in bytes, without the final NUL
 */
gsize cw_secret_get_length (CwSecret *self);

/**
 * cw_secret_equal:
 *
 * Compares in constant time for texts of one length (CRYPTO_memcmp(3)).
 */
gboolean cw_secret_equal (CwSecret *a, CwSecret *b);

/**
 * cw_secret_to_bytes:
 *
 * Returns: (transfer full): the text as #GBytes that share @self's memory and
 *   hold a reference to it, for APIs that take bytes (clipboard, file)
 */
GBytes *cw_secret_to_bytes (CwSecret *self);

/**
 * CwSecretBuilder:
 *
 * Grows a secret piece by piece; each time it moves, the old place is wiped.
 */
typedef struct _CwSecretBuilder CwSecretBuilder;

CwSecretBuilder *cw_secret_builder_new (void);
void cw_secret_builder_append (CwSecretBuilder *self, const char *text, gssize length);
void cw_secret_builder_free (CwSecretBuilder *self);

/**
 * cw_secret_builder_end:
 * @self: (transfer full): the builder, which is gone afterwards
 *
 * Returns: (transfer full): what was appended
 */
CwSecret *cw_secret_builder_end (CwSecretBuilder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwSecret, cw_secret_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwSecretBuilder, cw_secret_builder_free)

G_END_DECLS
