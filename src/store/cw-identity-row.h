/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An identity as a row of the database. Private to the store.
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
CwIdentityRow *cw_identity_row_copy (const CwIdentityRow *row);

/* Puts a copy of @value in @place, and says whether that is another text. */
gboolean cw_identity_row_replace (char **place, const char *value);

/* A test proves nothing about another certificate, server or choice. */
void cw_identity_row_forget_test (CwIdentityRow *row);

/* Sets the certificate with all that depends on it: issuers, title, dates. */
void cw_identity_row_set_chain (CwIdentityRow *row, CwChain *chain);

/*
 * @changes is a row of which only the key's fingerprint, the CSR with its time,
 * the private CA that signs, or the certificate with all that depends on it are
 * set: they replace those of @row; everything else stays.
 */
void cw_identity_row_merge (CwIdentityRow *row, const CwIdentityRow *changes);

/* Whether key, CSR, certificate or issuers differ. */
gboolean cw_identity_row_has_other_files (const CwIdentityRow *row, const CwIdentityRow *other);

/* Whether they are tested otherwise, or that ended otherwise. */
gboolean cw_identity_row_has_other_test (const CwIdentityRow *row, const CwIdentityRow *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwIdentityRow, cw_identity_row_free)

G_END_DECLS
