/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-authority.h"
#include "cw-chain.h"
#include "cw-key.h"
#include "cw-store.h"

G_BEGIN_DECLS

/*
 * Enrolment: the steps that change keyring and store together, in the order
 * that keeps the invariants whatever moment the program ends at. Used by the
 * window and the command line alike.
 */

/**
 * CwEnrolmentPhase:
 *
 * What is being done at the moment, for a progress display.
 */
typedef enum
{
  CW_ENROLMENT_LOOKING, /* for a key of an attempt that was interrupted */
  CW_ENROLMENT_GENERATING,
  CW_ENROLMENT_STORING, /* the key, in the keyring; then reading it back */
  CW_ENROLMENT_SIGNING, /* the request or the certificate */
  CW_ENROLMENT_SAVING,  /* in the store */
} CwEnrolmentPhase;

typedef void (*CwEnrolmentProgress) (CwEnrolmentPhase phase, gpointer user_data);

/**
 * cw_enrolment_request_async:
 * @identity: a draft whose request is valid
 * @progress: (nullable): called in the main thread when a phase begins
 *
 * Makes the key and the request (invariant 1): generates the key in a thread;
 * saves its fingerprint; stores the key in the keyring and reads it back; signs
 * the CSR with what was read back; saves the CSR. Only then does the identity
 * have a CSR. A key that an interrupted attempt left in the keyring is used if
 * it is of the kind that is asked for, and removed if it is not.
 *
 * Errors: %CW_KEYRING_ERROR, %CW_STORE_ERROR, %CW_ERROR, %G_IO_ERROR_CANCELLED.
 * After an error the identity is still a draft, with everything that was typed.
 */
void cw_enrolment_request_async (CwStore *store,
                                 CwIdentity *identity,
                                 CwEnrolmentProgress progress,
                                 gpointer progress_data,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean cw_enrolment_request_finish (CwStore *store, GAsyncResult *result, GError **error);

/**
 * cw_enrolment_self_sign_async:
 * @identity: a draft whose request is valid
 *
 * Makes the key and a certificate that the key itself signs, for the request's
 * days. Key and keyring as in cw_enrolment_request_async(), with its errors;
 * then cw_request_self_sign() with what was read back, and the certificate is
 * saved: the identity goes from draft to ready.
 */
void cw_enrolment_self_sign_async (CwStore *store,
                                   CwIdentity *identity,
                                   CwEnrolmentProgress progress,
                                   gpointer progress_data,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean cw_enrolment_self_sign_finish (CwStore *store, GAsyncResult *result, GError **error);

/**
 * cw_enrolment_create_authority_async:
 * @identity: from cw_identity_new_authority(), with a name in its request's subject
 *
 * Makes a private CA: its key as in cw_enrolment_request_async(), its
 * certificate by cw_authority_create_certificate(). That is then its chain.
 */
void cw_enrolment_create_authority_async (CwStore *store,
                                          CwIdentity *identity,
                                          CwEnrolmentProgress progress,
                                          gpointer progress_data,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean
cw_enrolment_create_authority_finish (CwStore *store, GAsyncResult *result, GError **error);

/**
 * cw_enrolment_issue_async:
 * @authority: a private CA kept here
 * @grant: what is granted, as it is now; later changes are not part of this call
 * @answered: (nullable): the waiting identity whose request that was: it gets
 *   the certificate with the CA's at once
 *
 * Signs what is granted with the CA's key, which is looked up in the keyring.
 * The certificate is recorded in the store, and saved for @answered, in one
 * transaction, before this returns it: none leaves without its record.
 *
 * Errors: %CW_KEYRING_ERROR, %CW_STORE_ERROR, %CW_ERROR (as of
 * cw_authority_sign(); %CW_ERROR_MISMATCH if @answered has another key),
 * %G_IO_ERROR_CANCELLED. After an error nothing has changed.
 *
 * Returns (finish): (transfer full) (nullable): the certificate, then the CA's
 */
void cw_enrolment_issue_async (CwStore *store,
                               CwIdentity *authority,
                               CwGrant *grant,
                               CwIdentity *answered,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
CwChain *cw_enrolment_issue_finish (CwStore *store, GAsyncResult *result, GError **error);

/**
 * cw_enrolment_issue_draft_async:
 * @identity: a draft whose request is valid
 * @authority: a private CA kept here
 *
 * Key, request and certificate in one go: as cw_enrolment_request_async(), then
 * as cw_enrolment_issue_async() with all that was asked for, for the request's
 * days. Request and certificate are saved together: the identity goes from
 * draft to ready, and stays a draft after an error.
 */
void cw_enrolment_issue_draft_async (CwStore *store,
                                     CwIdentity *identity,
                                     CwIdentity *authority,
                                     CwEnrolmentProgress progress,
                                     gpointer progress_data,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean cw_enrolment_issue_draft_finish (CwStore *store, GAsyncResult *result, GError **error);

/**
 * cw_enrolment_revoke_async:
 * @issued: from cw_store_load_issued_async()
 *
 * Notes that it is revoked, from now. It stays so; the first moment and reason
 * hold. Nobody hears of it before the next revocation list is handed out.
 */
void cw_enrolment_revoke_async (CwStore *store,
                                CwIssued *issued,
                                CwRevocationReason reason,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean cw_enrolment_revoke_finish (CwStore *store, GAsyncResult *result, GError **error);

/**
 * cw_enrolment_create_crl_async:
 * @days: until the next one is due; %CW_CRL_DAYS
 *
 * Makes the revocation list of all that @authority has revoked. Its number was
 * saved before it is handed out, so that no two lists have the same.
 *
 * Returns (finish): (transfer full) (nullable): the list
 */
void cw_enrolment_create_crl_async (CwStore *store,
                                    CwIdentity *authority,
                                    guint days,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
CwCrl *cw_enrolment_create_crl_finish (CwStore *store, GAsyncResult *result, GError **error);

/**
 * cw_enrolment_accept_async:
 * @identity: the identity whose key the certificate is for
 * @chain: the certificate and its chain
 * @key: (nullable): the private key, if it came along and is not in the keyring
 *   yet: it is stored there and read back before anything else
 *
 * Saves the certificate, with the best chain that @chain and what is stored for
 * @identity make together. %CW_ERROR_MISMATCH if it is for another key; then, as
 * after every error, nothing has changed.
 */
void cw_enrolment_accept_async (CwStore *store,
                                CwIdentity *identity,
                                CwChain *chain,
                                CwKey *key,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean cw_enrolment_accept_finish (CwStore *store, GAsyncResult *result, GError **error);

/**
 * cw_enrolment_import_async:
 * @key: a private key that a person already has
 * @chain: (nullable): its certificate and chain
 * @csr: (nullable): a request of theirs for that key, DER
 * @profile_id: (nullable): the consumer
 *
 * Makes a new identity for an existing key: ready with @chain, waiting with
 * only @csr, otherwise a draft whose request will be made with that key. Its
 * request's subject, names and usages are taken from @csr, or else from the
 * certificate.
 *
 * Returns (finish): (transfer full): the identity, in the store
 */
void cw_enrolment_import_async (CwStore *store,
                                CwKey *key,
                                CwChain *chain,
                                GBytes *csr,
                                const char *profile_id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
CwIdentity *cw_enrolment_import_finish (CwStore *store, GAsyncResult *result, GError **error);

/**
 * cw_enrolment_explain_deletion:
 *
 * Returns: (transfer none): what will stop working when @identity is deleted,
 *   to be said before a person agrees to it
 */
const char *cw_enrolment_explain_deletion (CwIdentity *identity);

/**
 * cw_enrolment_delete_async:
 *
 * Deletes the key from the keyring, then the identity from the store. If the
 * key cannot be deleted, nothing is; except where there is no keyring at all
 * (%CW_KEYRING_ERROR_ABSENT) and the identity is a draft whose key was not
 * imported: its fingerprint was saved before its key could be stored, and should
 * a keyring appear later that has such a key, nothing was ever asked for with it.
 * After cw_enrolment_request_async() failed because the keyring did not take the
 * key of such a draft (as when it is locked), it is not asked again.
 */
void cw_enrolment_delete_async (CwStore *store,
                                CwIdentity *identity,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean cw_enrolment_delete_finish (CwStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
