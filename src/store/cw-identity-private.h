/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between CwIdentity and CwStore.
 */

#pragma once

#include "cw-identity-row.h"

G_BEGIN_DECLS

CwIdentityRow *cw_identity_to_row (CwIdentity *self);

/* Takes the row. Request and certificates are parsed when they are first asked for. */
CwIdentity *cw_identity_new_for_row (CwIdentityRow *row);

/* As cw_identity_row_merge(). */
void cw_identity_apply (CwIdentity *self, const CwIdentityRow *changes);

/* How often it was changed here, and how often it had been when what is stored was read:
 * between the two lies what a person has not saved yet. */
guint cw_identity_get_n_changes (CwIdentity *self);
void cw_identity_note_saved (CwIdentity *self, guint n_changes);

/* Takes over how @row is tested, and how that ended, unless something is not saved yet. */
void cw_identity_apply_test (CwIdentity *self, const CwIdentityRow *row);

/* Says that it is revoked, if it has that certificate. */
void cw_identity_note_revocation (CwIdentity *self, const char *certificate_pem, gint64 revoked_at);

G_END_DECLS
