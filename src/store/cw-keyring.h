/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "cw-secret.h"

G_BEGIN_DECLS

/**
 * CW_KEYRING_ERROR:
 *
 * The keyring's error domain. Each message is a sentence for the person, and
 * says what to do.
 */
#define CW_KEYRING_ERROR (cw_keyring_error_quark ())

/**
 * CwKeyringError:
 * @CW_KEYRING_ERROR_FAILED: anything else; the message has the keyring's own words
 * @CW_KEYRING_ERROR_LOCKED: it is locked and could not be unlocked
 * @CW_KEYRING_ERROR_DISMISSED: the question for its password was closed
 * @CW_KEYRING_ERROR_ABSENT: there is none: no service on the bus, or no bus
 * @CW_KEYRING_ERROR_NOT_ANSWERING: it is there and does not answer
 * @CW_KEYRING_ERROR_NOT_FOUND: it is unlocked, and the key is not in it
 * @CW_KEYRING_ERROR_READ_BACK: it said "stored" and gives back something else
 * @CW_KEYRING_ERROR_BUSY: another Certwright is writing, and did not end within 30 seconds
 */
typedef enum
{
  CW_KEYRING_ERROR_FAILED,
  CW_KEYRING_ERROR_LOCKED,
  CW_KEYRING_ERROR_DISMISSED,
  CW_KEYRING_ERROR_ABSENT,
  CW_KEYRING_ERROR_NOT_ANSWERING,
  CW_KEYRING_ERROR_NOT_FOUND,
  CW_KEYRING_ERROR_READ_BACK,
  CW_KEYRING_ERROR_BUSY,
} CwKeyringError;

GQuark cw_keyring_error_quark (void);

/*
 * The system's keyring through libsecret: the Secret Service, or inside a
 * sandbox the Secret portal with libsecret's encrypted file. One item for each
 * key, with the attributes "identity" and "spki-sha256".
 *
 * All functions are asynchronous and never block the main loop. Cancelling
 * ends the wait at once; a prompt of the keyring's own stays open, since
 * cancelling it can crash the service. A service that was restarted is found
 * again. The main loop has to run in the default main context.
 */

/**
 * cw_keyring_store_async:
 * @identity: the identity's id
 * @key_fingerprint: of the key
 * @label: what a person will read in their keyring's program
 * @pem: the private key, PKCS#8
 *
 * Stores it, under the lock that all of Certwright's writers share
 * ($XDG_DATA_HOME/certwright/keyring.lock), then reads it back and compares.
 * An item with the same attributes is replaced.
 */
void cw_keyring_store_async (const char *identity,
                             const char *key_fingerprint,
                             const char *label,
                             CwSecret *pem,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean cw_keyring_store_finish (GAsyncResult *result, GError **error);

/**
 * cw_keyring_lookup_async:
 *
 * Reads a key. The keyring is asked to unlock itself if it is locked.
 * %CW_KEYRING_ERROR_NOT_FOUND only if it is certain that it is not locked.
 */
void cw_keyring_lookup_async (const char *identity,
                              const char *key_fingerprint,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
CwSecret *cw_keyring_lookup_finish (GAsyncResult *result, GError **error); /* (transfer full) */

/**
 * cw_keyring_clear_async:
 *
 * Deletes a key, under the same lock. That it was not there is no error; that
 * the keyring is locked is.
 */
void cw_keyring_clear_async (const char *identity,
                             const char *key_fingerprint,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean cw_keyring_clear_finish (GAsyncResult *result, GError **error);

/**
 * cw_keyring_describe_async:
 *
 * Finds out where keys will be kept, without a prompt, and whether that is
 * locked. Fails with %CW_KEYRING_ERROR_ABSENT or %CW_KEYRING_ERROR_NOT_ANSWERING.
 *
 * Returns (finish): (transfer full): a whole phrase for a person, as in
 *   "The keyring “Login”" or "Certwright’s own encrypted file"
 */
void cw_keyring_describe_async (GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
char *cw_keyring_describe_finish (GAsyncResult *result, gboolean *locked, GError **error);

G_END_DECLS
