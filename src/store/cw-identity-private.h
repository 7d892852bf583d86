/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between CwIdentity and CwStore: an identity as a row of the database.
 */

#pragma once

#include "cw-identity.h"

G_BEGIN_DECLS

/**
 * CwIdentityRow:
 *
 * A copy of everything of an identity that is stored; may go to another thread.
 * Times are seconds since the epoch, 0 for none.
 */
typedef struct
{
  char *id;
  char *title;
  char *profile_id;
  char *step;
  char *request; /* cw_request_to_text() */
  char *key_fingerprint;
  gboolean key_imported; /* a person brought the key: never replaced by a new one */
  GBytes *csr;
  char *certificate; /* PEM of the leaf */
  char *issuers;     /* PEM of those above it, in order */
  gint64 created_at;
  gint64 requested_at;
  gint64 not_before;
  gint64 not_after;
  int server_cas;
  char *server_cas_pem;
  gboolean verify_server;
  char *replaced_by;
  int signer;
  char *authority_id;
  gboolean is_authority;
  char *address;      /* of the server that it is used with */
  char *test_verdict; /* of the last connection test; NULL for none */
  int test_severity;  /* of that verdict */
  gint64 tested_at;
  gint64 revoked_at; /* the certificate, by a private CA; not saved with the row */
} CwIdentityRow;

void cw_identity_row_free (CwIdentityRow *row);
CwIdentityRow *cw_identity_to_row (CwIdentity *self);

/* Takes the row. Request and certificates are parsed when they are first asked for. */
CwIdentity *cw_identity_new_for_row (CwIdentityRow *row);

/* Sets the certificate with all that depends on it: issuers, title, dates. */
void cw_identity_row_set_chain (CwIdentityRow *row, CwChain *chain);

/*
 * @changes is a row of which only the key's fingerprint, the CSR with its time,
 * the private CA that signs, or the certificate with all that depends on it are
 * set: they replace those of @row; everything else stays.
 */
void cw_identity_row_merge (CwIdentityRow *row, const CwIdentityRow *changes);
void cw_identity_apply (CwIdentity *self, const CwIdentityRow *changes);

/* How often it was changed here, and how often it had been when what is stored was read:
 * between the two lies what a person has not saved yet. */
guint cw_identity_get_n_changes (CwIdentity *self);
void cw_identity_note_saved (CwIdentity *self, guint n_changes);

/* Takes over how @row is tested, and how that ended, unless something is not saved yet. */
void cw_identity_apply_test (CwIdentity *self, const CwIdentityRow *row);

/* Says that it is revoked, if it has that certificate. */
void cw_identity_note_revocation (CwIdentity *self, const char *certificate_pem, gint64 revoked_at);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwIdentityRow, cw_identity_row_free)

G_END_DECLS
