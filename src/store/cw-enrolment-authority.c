/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-enrolment.h"

void
cw_enrolment_self_sign_async (CwStore *store,
                              CwIdentity *identity,
                              CwEnrolmentProgress progress,
                              gpointer progress_data,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_task_report_new_error (store, callback, user_data, cw_enrolment_self_sign_async, G_IO_ERROR,
                           G_IO_ERROR_NOT_SUPPORTED, "not yet");
}

gboolean
cw_enrolment_self_sign_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cw_enrolment_create_authority_async (CwStore *store,
                                     CwIdentity *identity,
                                     CwEnrolmentProgress progress,
                                     gpointer progress_data,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_task_report_new_error (store, callback, user_data, cw_enrolment_create_authority_async,
                           G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not yet");
}

gboolean
cw_enrolment_create_authority_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cw_enrolment_issue_draft_async (CwStore *store,
                                CwIdentity *identity,
                                CwIdentity *authority,
                                CwEnrolmentProgress progress,
                                gpointer progress_data,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_task_report_new_error (store, callback, user_data, cw_enrolment_issue_draft_async, G_IO_ERROR,
                           G_IO_ERROR_NOT_SUPPORTED, "not yet");
}

gboolean
cw_enrolment_issue_draft_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cw_enrolment_issue_async (CwStore *store,
                          CwIdentity *authority,
                          CwGrant *grant,
                          CwIdentity *answered,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_task_report_new_error (store, callback, user_data, cw_enrolment_issue_async, G_IO_ERROR,
                           G_IO_ERROR_NOT_SUPPORTED, "not yet");
}

CwChain *
cw_enrolment_issue_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cw_enrolment_revoke_async (CwStore *store,
                           CwIssued *issued,
                           CwRevocationReason reason,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_task_report_new_error (store, callback, user_data, cw_enrolment_revoke_async, G_IO_ERROR,
                           G_IO_ERROR_NOT_SUPPORTED, "not yet");
}

gboolean
cw_enrolment_revoke_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cw_enrolment_create_crl_async (CwStore *store,
                               CwIdentity *authority,
                               guint days,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_task_report_new_error (store, callback, user_data, cw_enrolment_create_crl_async, G_IO_ERROR,
                           G_IO_ERROR_NOT_SUPPORTED, "not yet");
}

CwCrl *
cw_enrolment_create_crl_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
