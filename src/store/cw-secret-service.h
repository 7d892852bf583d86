/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What libsecret's simple API cannot say of the Secret Service: whether it is
 * there, answers, and is locked. Spoken to directly (the freedesktop.org Secret
 * Service API, 0.2), since libsecret's own objects load every item's proxy
 * before they tell. All functions block: call them in a thread.
 */

#pragma once

#include "cw-keyring.h"

G_BEGIN_DECLS

typedef struct _CwSecretService CwSecretService;

/**
 * cw_secret_service_new:
 * @error: %CW_KEYRING_ERROR_ABSENT at once, %CW_KEYRING_ERROR_NOT_ANSWERING
 *   after 5 seconds
 *
 * Starts the service, if the bus knows how to, and makes sure that it answers.
 */
CwSecretService *cw_secret_service_new (GError **error);
void cw_secret_service_free (CwSecretService *self);

/**
 * cw_secret_service_get_owner:
 *
 * Returns: its unique name on the bus: another one after a restart
 */
const char *cw_secret_service_get_owner (CwSecretService *self);

/**
 * cw_secret_service_unlock_default:
 * @error: %CW_KEYRING_ERROR_DISMISSED, %CW_KEYRING_ERROR_LOCKED
 *
 * Unlocks the keyring that new items go into, if there is one yet. Waits as
 * long as the person needs for the prompt.
 */
gboolean cw_secret_service_unlock_default (CwSecretService *self, GError **error);

/**
 * cw_secret_service_unlock_item:
 * @error: %CW_KEYRING_ERROR_DISMISSED, %CW_KEYRING_ERROR_LOCKED, or
 *   %CW_KEYRING_ERROR_NOT_FOUND if it is certain that no such item exists
 */
gboolean cw_secret_service_unlock_item (CwSecretService *self,
                                        const char *identity,
                                        const char *key_fingerprint,
                                        GError **error);

/**
 * cw_secret_service_describe:
 * @locked: (out): whether a password will be asked for
 *
 * Returns: (transfer full) (nullable): the default keyring's name
 */
char *cw_secret_service_describe (CwSecretService *self, gboolean *locked, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwSecretService, cw_secret_service_free)

G_END_DECLS
