/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What enrolling and importing have in common.
 */

#pragma once

#include "cw-enrolment.h"
#include "cw-identity-private.h"

G_BEGIN_DECLS

/*
 * Each piece of work is a GTask whose data is a CwEnrolment, passed from step
 * to step; each step's callback takes the reference over. What blocks runs in a
 * thread, on a CwEnrolmentWork of its own: when it is cancelled the thread may
 * go on for a moment, and what it makes is dropped.
 */
typedef enum
{
  CW_ENROLMENT_REQUEST,       /* a CSR for a CA elsewhere */
  CW_ENROLMENT_SELF_SIGNED,   /* a leaf */
  CW_ENROLMENT_OWN_AUTHORITY, /* a private CA's certificate */
  CW_ENROLMENT_ISSUED,        /* a CSR for a private CA that is kept here */
} CwEnrolmentProduct;

typedef struct
{
  CwIdentity *identity;
  gboolean busy; /* holds the identity's mark */
  CwEnrolmentProduct product;

  CwEnrolmentProgress progress;
  gpointer progress_data;

  CwRequest *request;     /* as it was when the work began */
  char *key_fingerprint;  /* of the key that is being stored */
  CwSecret *pem;          /* that key, on its way to the keyring */
  CwKey *key;             /* that came along */
  CwIdentityRow *changes; /* the last step's */
  CwIdentity *authority;  /* that issues */
  CwIdentity *answered;   /* the identity that it issues for */
  CwGrant *grant;
  CwChain *chain;  /* that was issued */
  guint days;      /* until the next revocation list */
  GObject *result; /* what the task returns, if not its identity */
  GError *error;   /* while cleaning up */
} CwEnrolment;

typedef struct
{
  CwKeyKind kind;
  CwKey *key;
  CwSecret *pem;
  char *fingerprint;
  CwRequest *request;
  CwEnrolmentProduct product;
  CwGrant *grant;
  CwChain *chain;
  GBytes *csr;
  GPtrArray *issued; /* (element-type CwIssuedRow) */
  guint64 crl_number;
  guint days;
} CwEnrolmentWork;

void cw_enrolment_work_free (gpointer data);

/* (transfer full): to be ended by one of the next two */
GTask *cw_enrolment_new_task (CwStore *store,
                              CwIdentity *identity,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data,
                              gpointer tag);

/* With success: the task returns its result, or else its identity. Takes the task. */
void cw_enrolment_end (GTask *task);

/* Takes task and error. */
void cw_enrolment_end_with_error (GTask *task, GError *error);

/* Marks the identity as being worked on, until the end; ends the task if it is already. */
gboolean cw_enrolment_begin (GTask *task);

/* Takes the error. Whether the next step may begin; ends the task if it failed or was cancelled. */
gboolean cw_enrolment_go_on (GTask *task, GError *error);

void cw_enrolment_report (GTask *task, CwEnrolmentPhase phase);

CwStore *cw_enrolment_get_store (GTask *task);

/* Takes the work; the callback gets the task. */
void cw_enrolment_run_in_thread (GTask *task,
                                 CwEnrolmentWork *work,
                                 GTaskThreadFunc func,
                                 GAsyncReadyCallback callback);

/* In the thread: returns a CwEnrolmentWork with kind, fingerprint and PEM, or the error. */
void cw_enrolment_return_key (GTask *thread, CwKey *key, GError *error);

/* The key that came along as PEM, in a thread; then cw_enrolment_take_key(). */
void cw_enrolment_write_key (GTask *task, GAsyncReadyCallback callback);

/* Takes from a thread the key that is to be stored. */
gboolean cw_enrolment_take_key (GTask *task, GAsyncResult *result, GError **error);

/* Before the key is stored, so that it never lies there unknown. */
void cw_enrolment_save_fingerprint (GTask *task, gboolean listed, GAsyncReadyCallback callback);

void cw_enrolment_store_key (GTask *task, GAsyncReadyCallback callback);

/* Whether @error of storing a key says that the keyring surely does not have it. */
gboolean cw_enrolment_was_not_stored (const GError *error);

/*
 * Makes the key of a draft, stores it and reads it back, then makes @product
 * with it and saves that; an interrupted attempt's key is used again. Takes the
 * task, whose identity is marked.
 */
void cw_enrolment_make (GTask *task, CwEnrolmentProduct product);

/* Signs the grant with the authority's key, and records it. Takes the task. */
void cw_enrolment_issue_grant (GTask *task);

/* Whether it ended with an identity, for the functions that say no more. */
gboolean cw_enrolment_finish (GAsyncResult *result, GError **error);

/* The last step: saves the changes and ends the task. */
void cw_enrolment_save_result (GTask *task);

gboolean cw_enrolment_check_fits (const char *key_fingerprint, CwChain *chain, GError **error);

CwIdentityRow *cw_enrolment_changes_for (CwChain *chain, GBytes *csr);

G_END_DECLS
