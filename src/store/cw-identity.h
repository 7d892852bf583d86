/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "cw-chain.h"
#include "cw-report.h"
#include "cw-request.h"

G_BEGIN_DECLS

/**
 * CwIdentityState:
 * @CW_IDENTITY_DRAFT: no request has been made yet
 * @CW_IDENTITY_WAITING: the request exists, the CA has not answered
 * @CW_IDENTITY_READY: it has its certificate
 * @CW_IDENTITY_EXPIRING: its certificate ends within %CW_EXPIRES_SOON_DAYS
 * @CW_IDENTITY_EXPIRED: its certificate has ended
 * @CW_IDENTITY_REVOKED: a private CA that is kept here has revoked its certificate
 * @CW_IDENTITY_REPLACED: another identity has taken its place
 *
 * Computed from what is stored and the date; never stored.
 */
typedef enum
{
  CW_IDENTITY_DRAFT,
  CW_IDENTITY_WAITING,
  CW_IDENTITY_READY,
  CW_IDENTITY_EXPIRING,
  CW_IDENTITY_EXPIRED,
  CW_IDENTITY_REVOKED,
  CW_IDENTITY_REPLACED,
} CwIdentityState;

/**
 * CwServerCas:
 *
 * Which CAs the server's certificate may come from: the system's, those of
 * the CA's reply, or those of a file (whose content is kept).
 */
typedef enum
{
  CW_SERVER_CAS_SYSTEM,
  CW_SERVER_CAS_REPLY,
  CW_SERVER_CAS_FILE,
} CwServerCas;

/**
 * CwSigner:
 * @CW_SIGNER_CA: a CA elsewhere, which is sent a request
 * @CW_SIGNER_SELF: its own key: it is self-signed
 * @CW_SIGNER_AUTHORITY: a private CA that is kept here
 *
 * Who signs the certificate.
 */
typedef enum
{
  CW_SIGNER_CA,
  CW_SIGNER_SELF,
  CW_SIGNER_AUTHORITY,
} CwSigner;

/**
 * CwIdentity:
 *
 * One certificate's life, from draft to replaced. Belongs to the main thread.
 * It holds what is public; its private key is in the keyring, under its id and
 * the key's fingerprint. Changes are kept by cw_store_save_async().
 */
#define CW_TYPE_IDENTITY (cw_identity_get_type ())
G_DECLARE_FINAL_TYPE (CwIdentity, cw_identity, CW, IDENTITY, GObject)

/**
 * CwIdentity::changed:
 *
 * Emitted after each change of what is stored, also of its request.
 */

/**
 * cw_identity_new:
 *
 * Returns: (transfer full): an empty draft with an id of its own (a random UUID)
 */
CwIdentity *cw_identity_new (void);

/**
 * cw_identity_new_renewal:
 *
 * Returns: (transfer full): a new draft that asks for what @former asks for, with
 *   a new key
 */
CwIdentity *cw_identity_new_renewal (CwIdentity *former);

/**
 * cw_identity_new_authority:
 *
 * Returns: (transfer full): the empty draft of a private CA: what it asks for
 *   is the subject, key and validity of the CA's own certificate
 */
CwIdentity *cw_identity_new_authority (void);

/* Whether it is a private CA, whose key signs certificates. */
gboolean cw_identity_get_is_authority (CwIdentity *self);

const char *cw_identity_get_id (CwIdentity *self);

/**
 * cw_identity_get_title:
 *
 * Returns: (transfer full): the certificate's name, or what the request's
 *   subject says, or a translated "Untitled certificate"
 */
char *cw_identity_get_title (CwIdentity *self);

/**
 * cw_identity_get_state:
 * @now: (nullable): the moment to judge by; %NULL for the clock's
 */
CwIdentityState cw_identity_get_state (CwIdentity *self, GDateTime *now);

/**
 * cw_identity_get_status:
 * @now: (nullable): as in cw_identity_get_state()
 *
 * Returns: (transfer full): the state in words: "Waiting for the CA, 6 days",
 *   "Expires in 21 days"
 */
char *cw_identity_get_status (CwIdentity *self, GDateTime *now);

/**
 * cw_identity_compare_urgency:
 *
 * Orders for the list: revoked, expired, expiring (the next to end first),
 * waiting (the longest first), drafts (the latest first), ready (the next to
 * end first), replaced; then by title.
 */
int cw_identity_compare_urgency (CwIdentity *a, CwIdentity *b, GDateTime *now);

/**
 * cw_identity_matches:
 * @words: what was typed into the search
 *
 * Whether each word occurs, whatever its case or accents, in the title, the
 * subject, an alternative name or the consumer's id.
 */
gboolean cw_identity_matches (CwIdentity *self, const char *words);

/* The consumer's profile; NULL until chosen. */
const char *cw_identity_get_profile_id (CwIdentity *self);
void cw_identity_set_profile_id (CwIdentity *self, const char *profile_id);

/**
 * cw_identity_get_step:
 *
 * Returns: (nullable): the name of the wizard's step where it stopped
 */
const char *cw_identity_get_step (CwIdentity *self);
void cw_identity_set_step (CwIdentity *self, const char *step);

CwSigner cw_identity_get_signer (CwIdentity *self);
void cw_identity_set_signer (CwIdentity *self, CwSigner signer);

/* The id of the private CA that signs, or has signed; NULL unless the signer is one. */
const char *cw_identity_get_authority_id (CwIdentity *self);
void cw_identity_set_authority_id (CwIdentity *self, const char *id);

/* What is asked for; never NULL; (transfer none). A change of it is a change of the identity. */
CwRequest *cw_identity_get_request (CwIdentity *self);

/**
 * cw_identity_get_key_fingerprint:
 *
 * Returns: (nullable): of the key that is, or is about to be, in the keyring.
 *   It is stored before the key is, so that a key never lies there unknown.
 */
const char *cw_identity_get_key_fingerprint (CwIdentity *self);

/* Whether a person brought the key: it is used as it is, and never replaced by a new one. */
gboolean cw_identity_get_key_imported (CwIdentity *self);
void cw_identity_set_key_fingerprint (CwIdentity *self, const char *fingerprint);

/* The request as it left, DER; NULL while a draft. Setting it notes the time. */
GBytes *cw_identity_get_csr (CwIdentity *self);
void cw_identity_set_csr (CwIdentity *self, GBytes *csr);
GDateTime *cw_identity_get_requested_at (CwIdentity *self); /* (nullable), UTC */

/**
 * cw_identity_get_chain:
 *
 * Returns: (transfer none) (nullable): the certificate with its chain, as it was accepted
 */
CwChain *cw_identity_get_chain (CwIdentity *self);

/**
 * cw_identity_require_chain:
 * @error: %CW_ERROR_FAILED if it has no certificate yet
 *
 * Returns: (transfer none) (nullable): as of cw_identity_get_chain()
 */
CwChain *cw_identity_require_chain (CwIdentity *self, GError **error);
void cw_identity_set_chain (CwIdentity *self, CwChain *chain);

GDateTime *cw_identity_get_not_after (CwIdentity *self); /* (nullable), UTC; needs no parsing */

/* When a private CA that is kept here has revoked it; (nullable), UTC. Not set with another
 * certificate. */
GDateTime *cw_identity_get_revoked_at (CwIdentity *self);

CwServerCas cw_identity_get_server_cas (CwIdentity *self);
void cw_identity_set_server_cas (CwIdentity *self, CwServerCas choice);

/* PEM of the chosen file's CAs; kept while another choice is made. */
const char *cw_identity_get_server_cas_pem (CwIdentity *self);
void cw_identity_set_server_cas_pem (CwIdentity *self, const char *pem);

/**
 * cw_identity_dup_server_cas_pem:
 * @error: %CW_ERROR_FAILED if the choice is another one than the system's, and
 *   there are none: a chain may have come without its root after the choice
 *
 * Returns: (transfer full) (nullable): PEM of the CAs of the choice that was
 *   made; %NULL without an error for the system's alone
 */
char *cw_identity_dup_server_cas_pem (CwIdentity *self, GError **error);

/* Whether the consumer verifies the server; TRUE until a person chooses otherwise. */
gboolean cw_identity_get_verify_server (CwIdentity *self);
void cw_identity_set_verify_server (CwIdentity *self, gboolean verify);

/* Where it is used, as it was typed: "https://api.example.com/"; NULL until known. */
const char *cw_identity_get_address (CwIdentity *self);
void cw_identity_set_address (CwIdentity *self, const char *address);

/**
 * cw_identity_set_test:
 * @verdict: (nullable): the stable id of the connection test's verdict; %NULL forgets it
 * @severity: how bad it is: a problem did not work, a warning did in part
 * @at: when
 *
 * Keeps how the connection test ended. What it proved is forgotten with the
 * certificate, the address or the server's CAs that it was made with.
 */
void
cw_identity_set_test (CwIdentity *self, const char *verdict, CwSeverity severity, GDateTime *at);
const char *cw_identity_get_test_verdict (CwIdentity *self); /* (nullable) */
CwSeverity cw_identity_get_test_severity (CwIdentity *self); /* of a test that was made */

/**
 * cw_identity_get_test_status:
 *
 * Returns: (transfer full) (nullable): "Worked on 20 November 2026", "Did not
 *   work on 20 November 2026", "Tested on 20 November 2026, with a warning"; %NULL if it was not
 * tested
 */
char *cw_identity_get_test_status (CwIdentity *self);

/* The id of the identity that has taken its place; NULL for none. */
const char *cw_identity_get_replaced_by (CwIdentity *self);
void cw_identity_set_replaced_by (CwIdentity *self, const char *id);

G_END_DECLS
